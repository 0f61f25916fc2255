from django.urls import path

from dlp.outbox import views

app_name = "outbox"

urlpatterns = [
    path("messages/", views.message_list, name="messages"),
    path("messages/<uuid:pk>/", views.message_detail, name="message"),
    path("messages/<uuid:pk>/retry/", views.message_retry, name="message_retry"),
    path("messages/<uuid:pk>/hold/", views.message_hold, name="message_hold"),
    path("messages/<uuid:pk>/release/", views.message_release, name="message_release"),
    path("messages/<uuid:pk>/cancel/", views.message_cancel, name="message_cancel"),
]
