from django.urls import path

from dlp.outbox.views import feeds, mailings, messages, my_letters, reminders, watch

app_name = "outbox"

urlpatterns = [
    path("calendar/<str:token>.ics", feeds.feed, name="feed"),
    path("me/calendar/", feeds.my_calendar, name="my_calendar"),
    path("me/calendar/off/", feeds.my_calendar_off, name="my_calendar_off"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/export/", messages.message_export, name="messages_export"),
    path("messages/watch/", watch.watch, name="watch"),
    path("messages/many/", mailings.mailing_list, name="mailings"),
    path("messages/many/new/", mailings.mailing_new, name="mailing_new"),
    path("messages/many/<int:pk>/", mailings.mailing_detail, name="mailing"),
    path("messages/many/<int:pk>/edit/", mailings.mailing_edit, name="mailing_edit"),
    path("messages/many/<int:pk>/send/", mailings.mailing_send, name="mailing_send"),
    path("messages/many/<int:pk>/now/", mailings.mailing_now, name="mailing_now"),
    path("messages/many/<int:pk>/undo/", mailings.mailing_undo, name="mailing_undo"),
    path("messages/many/<int:pk>/discard/", mailings.mailing_discard, name="mailing_discard"),
    path("messages/reminders/", reminders.reminder_list, name="reminders"),
    path("messages/reminders/add/", reminders.lead_add, name="lead_add"),
    path("messages/reminders/<int:pk>/", reminders.lead_edit, name="lead_edit"),
    path("messages/reminders/quiet-hours/", reminders.quiet_hours, name="quiet_hours"),
    path("messages/<uuid:pk>/", messages.message_detail, name="message"),
    path("messages/<uuid:pk>/retry/", messages.message_retry, name="message_retry"),
    path("messages/<uuid:pk>/hold/", messages.message_hold, name="message_hold"),
    path("messages/<uuid:pk>/release/", messages.message_release, name="message_release"),
    path("messages/<uuid:pk>/cancel/", messages.message_cancel, name="message_cancel"),
    path("messages/<uuid:pk>/arrived/", messages.message_arrived, name="message_arrived"),
    path("messages/<uuid:pk>/again/", messages.message_again, name="message_again"),
    path("me/letters/", my_letters.my_letters, name="my_letters"),
    path("me/letters/<slug:topic>/mute/", my_letters.mute, name="mute"),
    path("me/letters/<slug:topic>/unmute/", my_letters.unmute, name="unmute"),
    path("letters/stop/<str:token>/", my_letters.stop, name="stop"),
]
