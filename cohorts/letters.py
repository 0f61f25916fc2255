"""The letters about people: the invitation."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from cohorts.models import Participation, Person
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.rendering import as_header, letter
from dlp.signin.links import absolute, make

INVITATION = "cohorts.invitation"
INVITATION_LASTS = timedelta(days=7)


def invitation_is_wanted(message: Message) -> bool:
    person = message.person
    if person is None or not person.is_active:
        raise kinds.NotWanted("They were deactivated.")
    if not person.email:
        raise kinds.NotWanted("They have no e-mail address.")
    return True


def render_invitation(message: Message) -> kinds.Letter:
    """What this is, how to sign in, and until when the link opens."""
    person = message.person
    assert person is not None  # noqa: S101  invitation_is_wanted has looked
    participation = (
        Participation.objects.filter(person=person)
        .current()
        .select_related("cohort__coordinator")
        .order_by("starts_on")
        .first()
    )
    cohort = participation.cohort if participation is not None else None
    coordinator = cohort.coordinator if cohort is not None else None
    token = make("invitation", INVITATION_LASTS, person=person.pk)
    return letter(
        "cohorts/invitation",
        {
            "person": person,
            "cohort": cohort,
            "link": absolute(reverse("signin:welcome", args=[token])),
            "sign_in": absolute(reverse("account_login")),
            "days": INVITATION_LASTS.days,
        },
        subject="Your way in to the Difference Leadership Programme",
        reply_to=as_header(coordinator.name, coordinator.email)
        if coordinator is not None and coordinator.email
        else "",
    )


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=INVITATION,
            label="Invitation to sign in",
            purpose="Welcomes somebody and holds the link that signs them in for the first time.",
            audience="A person whom the programme team invites",
            too_late="Three days after it was asked for.",
            render=render_invitation,
            priority=kinds.Priority.PERSONAL,
            holds_link=True,
            heeds_quiet_hours=False,  # somebody pressed the button, and somebody may be waiting
            lock_subject=kinds.share_lock(Person),
            is_wanted=invitation_is_wanted,
        )
    )
