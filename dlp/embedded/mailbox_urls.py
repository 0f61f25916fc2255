from django.urls import path

from dlp.embedded import mailbox_views

app_name = "mailbox"

urlpatterns = [
    path("mailbox/<str:token>/", mailbox_views.letter_list, name="list"),
    path("mailbox/<str:token>/<str:key>/", mailbox_views.letter, name="letter"),
    path("mailbox/<str:token>/<str:key>/html/", mailbox_views.letter_html, name="letter_html"),
]
