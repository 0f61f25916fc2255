"""The letters about people: the invitation, and the review of a deferral."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cohorts import samples
from cohorts.answering import reply_to
from cohorts.models import Cohort, Participation, Person
from cohorts.reminders import DEFERRAL_REVIEW, deferral_of
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Placeholder, Wording, Words
from dlp.signin.links import absolute, make
from dlp.words import day, plain_day

INVITATION = "cohorts.welcome"
INVITATION_LASTS = timedelta(days=7)


def invitation_is_wanted(message: Message) -> bool:
    person = message.person
    if person is None or not person.is_active:
        raise kinds.NotWanted("They were deactivated.")
    if not person.email:
        raise kinds.NotWanted("They have no e-mail address.")
    return True


def invitation(message: Message) -> Draft:
    """What the programme's site is, how to sign in, and how long the link works."""
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
        reply_to=reply_to(coordinator),
    )


def _place(cohort: Cohort | None) -> str:
    programme = "the Difference Leadership Programme"
    if cohort is None:
        return f"The programme team has made a place for you with {programme}."
    verb = "started" if cohort.starts_on < timezone.localdate() else "starts"
    return f"You are in the {cohort} of {programme}, which {verb} on {plain_day(cohort.starts_on)}."


INVITATION_WORDING = Wording(
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
    samples.people_to_invite,
    note="People at schools and supervisors get this letter too, and are in no cohort.",
)


def review_is_wanted(message: Message) -> bool:
    """Whether this coordinator still has to review the deferral on this day."""
    participation = _participation(message)
    deferral = deferral_of(participation)
    if deferral is None or str(deferral.review_on) != message.lead:
        raise kinds.NotWanted("There is no deferral to look at on that day.")
    return participation.cohort.coordinator_id == message.person_id


def deferral_review(message: Message) -> Draft:
    """That a deferral is to be reviewed, and where; never why somebody is deferred."""
    participation = _participation(message)
    deferral, person = deferral_of(participation), participation.person
    assert message.person is not None and deferral is not None  # noqa: PT018, S101  review_is_wanted has looked
    back = deferral.back_on
    expected = f"They are expected back on {day(back)}." if back else ""
    said = {
        "first_name": message.person.first_name,
        "name": person.name,
        "cohort": participation.cohort.name,
        "since": plain_day(deferral.deferred_on),
        "review_day": day(deferral.review_on) if deferral.review_on else "",
        "expected_back": expected,
    }
    facts = {**said, "page_path": person.get_absolute_url()}
    return Draft("cohorts/deferral_review", said, facts)


def _participation(message: Message) -> Participation:
    return Participation.objects.select_related("person", "cohort__coordinator").get(
        pk=message.subject_id
    )


def coordinates_a_cohort(person: Person) -> bool:
    return person.coordinated_cohorts.exists()


DEFERRALS = kinds.Topic("deferrals", "Deferrals to look at again", coordinates_a_cohort)
REVIEW_WORDING = Wording(
    Words(
        "Look again at {name}’s deferral",
        "Hello {first_name}. {name} has been deferred since {since}, and {review_day} is the day "
        "on which to look at it again. {expected_back}",
    ),
    (
        Placeholder("first_name", "What the coordinator is called", "Lena"),
        Placeholder("name", "Who is deferred", "Ada Fenwick"),
        Placeholder("cohort", "Their cohort", "2026 Cohort"),
        Placeholder("since", "The first day of the deferral", "1 September 2026"),
        Placeholder("review_day", "The day to look again", "Tue 24 November 2026"),
        Placeholder(
            "expected_back",
            "A sentence: when they are expected, where that is known",
            "They are expected back on Mon 4 January 2027.",
        ),
    ),
    deferral_review,
    samples.deferrals_to_look_at,
    note="A letter is no place for why somebody is deferred: their page is.",
)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=INVITATION,
            label="Invitation to sign in",
            purpose="Welcomes somebody and holds the link that signs them in for the first time.",
            audience="A person whom the programme team invites",
            too_late="Three days after it was asked for.",
            render=INVITATION_WORDING,
            priority=kinds.Priority.PERSONAL,
            holds_link=True,
            heeds_quiet_hours=False,  # somebody pressed the button, and somebody may be waiting
            lock_subject=kinds.share_lock(Person),
            is_wanted=invitation_is_wanted,
        )
    )
    kinds.register(
        kinds.Kind(
            name=DEFERRAL_REVIEW,
            label="Deferral to look at again",
            purpose="Tells a coordinator that the day has come to look at somebody’s deferral again.",
            audience="Whoever coordinates the cohort",
            too_late="A fortnight after the day.",
            render=REVIEW_WORDING,
            topic=DEFERRALS,
            priority=kinds.Priority.REMINDER,
            holds_link=True,
            lock_subject=kinds.share_lock(Participation),
            is_wanted=review_is_wanted,
        )
    )
