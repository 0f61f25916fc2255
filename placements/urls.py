"""Addresses of schools, agreements, posts and placements; a school's own page is home's."""

from django.urls import path

from placements.views import (
    destinations,
    gias,
    hosts,
    listing,
    mapping,
    partnerships,
    placements,
    reviews,
    safeguarding,
    schools,
    successions,
)

app_name = "placements"

urlpatterns = [
    path("schools/", schools.school_list, name="schools"),
    path("schools/export/", schools.school_export, name="schools_export"),
    path("schools/import/", gias.gias_import, name="gias_import"),
    path("schools/import/<int:pk>/", gias.gias_run, name="gias_run"),
    path("schools/import/<int:pk>/confirm/", gias.gias_confirm, name="gias_confirm"),
    path("schools/import/<int:pk>/again/", gias.gias_again, name="gias_again"),
    path("schools/<int:pk>/edit/", schools.school_edit, name="school_edit"),
    path("schools/<int:pk>/follow-gias/", schools.school_follow_gias, name="school_follow_gias"),
    path("schools/<int:pk>/parts/add/", schools.school_add, name="school_add"),
    path("schools/<int:pk>/names/add/", schools.name_add, name="name_add"),
    path("schools/<int:pk>/contacts/add/", schools.contact_add, name="contact_add"),
    path("schools/<int:pk>/partner/", partnerships.partnership_add, name="partnership_add"),
    path("schools/<int:pk>/openings/add/", partnerships.opening_add, name="opening_add"),
    path("schools/<int:pk>/partner/next/", hosts.partnership_renew, name="partnership_renew"),
    path("schools/<int:pk>/to-know/", hosts.profile_edit, name="profile_edit"),
    path("schools/<int:pk>/to-know/confirm/", hosts.profile_confirm, name="profile_confirm"),
    path("handovers/<int:pk>/welcome/", hosts.handover_welcome, name="handover_welcome"),
    path("clashes/<int:pk>/answer/", hosts.clash_answer, name="clash_answer"),
    path("contacts/<int:pk>/edit/", schools.contact_edit, name="contact_edit"),
    path(
        "contacts/<int:pk>/letters-bounce/",
        schools.contact_letters_bounce,
        name="contact_letters_bounce",
    ),
    path(
        "contacts/<int:pk>/letters-arrive/",
        schools.contact_letters_arrive,
        name="contact_letters_arrive",
    ),
    path(
        "schools/<int:pk>/safeguarding-roles/add/",
        safeguarding.role_add,
        name="safeguarding_role_add",
    ),
    path("safeguarding-roles/<int:pk>/end/", safeguarding.role_end, name="safeguarding_role_end"),
    path("contacts/<int:pk>/sign-in/", schools.contact_sign_in, name="contact_sign_in"),
    path("contacts/<int:pk>/end/", schools.contact_end, name="contact_end"),
    path("partnerships/<int:pk>/agreement/", hosts.agreement, name="agreement"),
    path("partnerships/<int:pk>/agreement/edit/", hosts.agreement_edit, name="agreement_edit"),
    path("partnerships/<int:pk>/send/", partnerships.partnership_send, name="partnership_send"),
    path("partnerships/<int:pk>/sign/", partnerships.partnership_sign, name="partnership_sign"),
    path(
        "partnerships/<int:pk>/activate/",
        partnerships.partnership_activate,
        name="partnership_activate",
    ),
    path("partnerships/<int:pk>/end/", partnerships.partnership_end, name="partnership_end"),
    path(
        "schools/<int:pk>/carry-over/",
        successions.partnership_carry_over,
        name="partnership_carry_over",
    ),
    path("placements/<int:pk>/follow/", successions.placement_follow, name="placement_follow"),
    path("openings/<int:pk>/open/", partnerships.opening_open, name="opening_open"),
    path("openings/<int:pk>/withdraw/", partnerships.opening_withdraw, name="opening_withdraw"),
    path("openings/<int:pk>/place/", placements.place, name="place"),
    path("participations/<int:pk>/destination/", destinations.destination, name="destination"),
    path("map/", mapping.school_map, name="map"),
    path("placements/", listing.placement_list, name="placements"),
    path("placements/export/", listing.placement_export, name="placements_export"),
    path("placements/<int:pk>/day-one/", hosts.day_one, name="day_one"),
    path("placements/<int:pk>/offer/", placements.placement_offer, name="placement_offer"),
    path("placements/<int:pk>/accept/", placements.placement_accept, name="placement_accept"),
    path("placements/<int:pk>/decline/", placements.placement_decline, name="placement_decline"),
    path("placements/<int:pk>/confirm/", placements.placement_confirm, name="placement_confirm"),
    path("placements/<int:pk>/withdraw/", placements.placement_withdraw, name="placement_withdraw"),
    path("placements/<int:pk>/activate/", placements.placement_activate, name="placement_activate"),
    path("placements/<int:pk>/pause/", placements.placement_pause, name="placement_pause"),
    path("placements/<int:pk>/resume/", placements.placement_resume, name="placement_resume"),
    path("placements/<int:pk>/complete/", placements.placement_complete, name="placement_complete"),
    path(
        "placements/<int:pk>/end-early/", placements.placement_end_early, name="placement_end_early"
    ),
    path(
        "placements/<int:pk>/reviews/<int:item>/write/", reviews.review_write, name="review_write"
    ),
    path(
        "placements/<int:pk>/reviews/<int:item>/without/",
        reviews.review_without,
        name="review_without",
    ),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/edit/", reviews.review_edit, name="review_edit"),
    path("reviews/<int:pk>/agree/", reviews.review_agree, name="review_agree"),
    path("reviews/<int:pk>/query/", reviews.review_query, name="review_query"),
    path("reviews/<int:pk>/close/", reviews.review_close, name="review_close"),
    path("reviews/<int:pk>/take-back/", reviews.review_take_back, name="review_take_back"),
]
