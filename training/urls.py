"""Addresses of sessions and supervision."""

from django.urls import path

from training.views import (
    calendar,
    certificates,
    copying,
    cover,
    exports,
    groups,
    invitations,
    learning,
    letter_replies,
    needs,
    registers,
    replies,
    safeguarding,
    sessions,
)

app_name = "training"

urlpatterns = [
    path("sessions/", calendar.calendar, name="calendar"),
    path("sessions/export/", exports.sessions_export, name="sessions_export"),
    path("sessions/attendance/export/", exports.attendance_export, name="attendance_export"),
    path("cohorts/<int:pk>/copy-calendar/", copying.calendar_copy, name="calendar_copy"),
    path("sessions/add/", sessions.session_add, name="session_add"),
    path("sessions/series/add/", sessions.series_add, name="series_add"),
    path("sessions/series/<int:pk>/", calendar.series, name="series"),
    path("sessions/series/<int:pk>/publish/", calendar.series_publish, name="series_publish"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/bookings/export/", exports.bookings_export, name="bookings_export"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session_edit"),
    path("sessions/<int:pk>/publish/", sessions.session_publish, name="session_publish"),
    path("sessions/<int:pk>/postpone/", sessions.session_postpone, name="session_postpone"),
    path("sessions/<int:pk>/cancel/", sessions.session_cancel, name="session_cancel"),
    path("sessions/<int:pk>/reinstate/", sessions.session_reinstate, name="session_reinstate"),
    path("sessions/<int:pk>/invite/", invitations.invite, name="invite"),
    path("sessions/<int:pk>/invite/cohort/", invitations.invite_cohort, name="invite_cohort"),
    path("sessions/<int:pk>/invite/group/", invitations.invite_group, name="invite_group"),
    path("sessions/<int:pk>/invite/person/", invitations.invite_person, name="invite_person"),
    path("sessions/<int:pk>/needs/", needs.session_needs, name="session_needs"),
    path("me/needs/", needs.my_needs, name="my_needs"),
    path("me/needs/take-back/", needs.my_needs_take_back, name="my_needs_take_back"),
    path("sessions/<int:pk>/reply/", replies.reply, name="reply"),
    path("sessions/<int:pk>/sign-up/", replies.sign_up, name="sign_up"),
    path("sessions/<int:pk>/register/", registers.register, name="register"),
    path("sessions/<int:pk>/register/mark/", registers.register_mark, name="register_mark"),
    path("sessions/<int:pk>/register/rest/", registers.register_rest, name="register_rest"),
    path("sessions/<int:pk>/register/close/", registers.register_close, name="register_close"),
    path("sessions/<int:pk>/register/reopen/", registers.register_reopen, name="register_reopen"),
    path("bookings/<int:pk>/withdraw/", invitations.booking_withdraw, name="booking_withdraw"),
    path("supervision/", groups.groups, name="groups"),
    path("supervision/export/", exports.groups_export, name="groups_export"),
    path("supervision/add/", groups.group_add, name="group_add"),
    path("supervision/<int:pk>/", groups.group, name="group"),
    path("supervision/<int:pk>/edit/", groups.group_edit, name="group_edit"),
    path("supervision/<int:pk>/members/add/", groups.member_add, name="member_add"),
    path("supervision/members/<int:pk>/end/", groups.member_end, name="member_end"),
    path("me/learning/", learning.my_learning, name="my_learning"),
    path("safeguarding/", safeguarding.safeguarding_list, name="safeguarding_list"),
    path("people/<int:pk>/safeguarding/", safeguarding.safeguarding, name="safeguarding"),
    path(
        "people/<int:pk>/safeguarding/certificates/add/",
        certificates.certificate_add,
        name="certificate_add",
    ),
    path("people/<int:pk>/safeguarding/updates/add/", safeguarding.update_add, name="update_add"),
    path("updates/<int:pk>/remove/", safeguarding.update_remove, name="update_remove"),
    path("guidance/<int:pk>/read/", safeguarding.acknowledge, name="acknowledge"),
    path("certificates/<int:pk>/", certificates.certificate, name="certificate"),
    path("certificates/<int:pk>/file/", certificates.certificate_evidence, name="certificate_file"),
    path(
        "certificates/<int:pk>/hand-in/",
        certificates.certificate_hand_in,
        name="certificate_hand_in",
    ),
    path(
        "certificates/<int:pk>/accept/", certificates.certificate_accept, name="certificate_accept"
    ),
    path(
        "certificates/<int:pk>/reject/", certificates.certificate_reject, name="certificate_reject"
    ),
    path(
        "sessions/<int:pk>/certificates/",
        certificates.session_certificates,
        name="session_certificates",
    ),
    path("schools/<int:pk>/safeguarding/", cover.school_safeguarding, name="school_safeguarding"),
    path("schools/<int:pk>/safeguarding/pack/", cover.inspection_pack, name="inspection_pack"),
    path(
        "schools/<int:pk>/safeguarding/pack/pdf/",
        cover.inspection_pack_pdf,
        name="inspection_pack_pdf",
    ),
    path("r/<str:token>/", letter_replies.letter_reply, name="letter_reply"),
]
