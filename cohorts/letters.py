"""The letters about people: the invitation."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Participation, Person
from cohorts.samples import three_of
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.rendering import as_header
from dlp.outbox.wording import Draft, Placeholder, Sample, Wording, Words
from dlp.signin.links import absolute, make
from dlp.words import plain_day

INVITATION = "cohorts.invitation"
INVITATION_LASTS = timedelta(days=7)


def invitation_is_wanted(message: Message) -> bool:
    person = message.person
    if person is None or not person.is_active:
        raise kinds.NotWanted("They were deactivated.")
    if not person.email:
        raise kinds.NotWanted("They have no e-mail address.")
    return True


def invitation(message: Message) -> Draft:
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
    return Draft(
        "cohorts/invitation",
        {"first_name": person.first_name, "their_place": _place(cohort)},
        {
            "person": person,
            "link": absolute(reverse("signin:welcome", args=[token])),
            "sign_in": absolute(reverse("account_login")),
            "days": INVITATION_LASTS.days,
        },
        reply_to=as_header(coordinator.name, coordinator.email)
        if coordinator is not None and coordinator.email
        else "",
    )


def _place(cohort: Cohort | None) -> str:
    programme = "the Difference Leadership Programme"
    if cohort is None:
        return f"The programme team has made a place for you with {programme}."
    verb = "started" if cohort.starts_on < timezone.localdate() else "starts"
    return f"You are in the {cohort} of {programme}, which {verb} on {plain_day(cohort.starts_on)}."


def _samples() -> list[Sample]:
    """People of cohorts that run or are to come, invited already or not."""
    people = Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=Participation.objects.current().values("person")
    )
    found = three_of(people)
    if not any(one.person for one in found):
        return [Sample("Nobody", None, "Nobody with an address is in a cohort.")]
    return [
        Sample(one.who, Message(person=one.person) if one.person else None, one.note)
        for one in found
    ]


WORDING = Wording(
    Words(
        "Your way in to the Difference Leadership Programme",
        "{their_place}\n\n"
        "One page of your own shows your sessions, your school and what comes next. "
        "Say there which sessions you can come to.",
    ),
    (
        Placeholder("first_name", "What they are called", "Ada"),
        Placeholder(
            "their_place",
            "A sentence: the cohort they are in and when it starts, or that there is a place for them",
            "You are in the 2026 Cohort of the Difference Leadership Programme, "
            "which starts on 1 September 2026.",
        ),
    ),
    invitation,
    _samples,
    note="People at schools and supervisors get this letter too, and are in no cohort.",
)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=INVITATION,
            label="Invitation to sign in",
            purpose="Welcomes somebody and holds the link that signs them in for the first time.",
            audience="A person whom the programme team invites",
            too_late="Three days after it was asked for.",
            render=WORDING,
            priority=kinds.Priority.PERSONAL,
            holds_link=True,
            heeds_quiet_hours=False,  # somebody pressed the button, and somebody may be waiting
            lock_subject=kinds.share_lock(Person),
            is_wanted=invitation_is_wanted,
        )
    )
