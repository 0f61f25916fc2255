from django.urls import path

from dlp.home.views.cohorts import cohort, cohort_completing, completing_export
from dlp.home.views.covers import cover_end, covers
from dlp.home.views.desk import desk
from dlp.home.views.home import home, invitations
from dlp.home.views.our_schools import handover, our_dates, our_school, our_schools
from dlp.home.views.people import person, timeline
from dlp.home.views.placements import placement
from dlp.home.views.schools import school, school_timeline
from dlp.home.views.search import search
from dlp.home.views.styleguide import styleguide
from dlp.home.views.two_years import two_years

app_name = "home"

urlpatterns = [
    path("", home, name="home"),
    path("invitations/", invitations, name="invitations"),
    path("desk/", desk, name="desk"),
    path("cover/", covers, name="covers"),
    path("cover/<int:pk>/end/", cover_end, name="cover_end"),
    path("people/<int:pk>/", person, name="person"),
    path("people/<int:pk>/timeline/", timeline, name="timeline"),
    path("people/<int:pk>/two-years/", two_years, name="two_years"),
    path("cohorts/<int:pk>/", cohort, name="cohort"),
    path("cohorts/<int:pk>/completing/", cohort_completing, name="cohort_completing"),
    path("cohorts/<int:pk>/completing/export/", completing_export, name="completing_export"),
    path("placements/<int:pk>/", placement, name="placement"),
    path("schools/<int:pk>/", school, name="school"),
    path("schools/<int:pk>/timeline/", school_timeline, name="school_timeline"),
    path("our-schools/", our_schools, name="our_schools"),
    path("our-schools/<int:pk>/", our_school, name="our_school"),
    path("our-dates/", our_dates, name="our_dates"),
    path("handovers/<int:pk>/", handover, name="handover"),
    path("search/", search, name="search"),
    path("styleguide/", styleguide, name="styleguide"),
]
