"""The letters about certificates due for a refresh: to the leader, and to their coordinator."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from cohorts.answering import reply_to
from cohorts.models import Participation, Person
from cohorts.models.people import PersonQuerySet
from cohorts.samples import samples_of
from dlp import words
from dlp.http import addresses
from dlp.outbox import kinds, names
from dlp.outbox.models import Message
from dlp.outbox.names import Name, Naming
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from training import certificate_reminders
from training.certificate_reminders import DUE, DUE_TO_LEAD, NOT_DUE, SUBJECT
from training.certificates.rules import training_until
from training.models import Certificate
from training.models.certificates import CertificateQuerySet
from training.safeguarding import rules_known


def is_wanted(message: Message) -> bool:
    """Whether the certificate still decides how they stand, and the letter is still due."""
    pk = message.subject_id or 0
    for one in certificate_reminders.wanted([pk]).get(pk, ()):
        if (one.kind, one.person_id, one.lead) == (message.kind, message.person_id, message.lead):
            return True
    raise kinds.NotWanted(NOT_DUE)


def due(message: Message) -> Draft:
    """Until when the training counts, and what to do. No course, number or file."""
    assert message.person is not None  # noqa: S101  is_wanted has looked
    certificate = Certificate.objects.select_related("person").get(pk=message.subject_id)
    until = training_until(certificate.completed_on, rules_known(), certificate.says_until)
    is_late = until < timezone.localdate()
    said = {
        "first_name": message.person.first_name,
        "leader": certificate.person.name,
        "due_day": words.day(until),
        "is_or_was_due": "was due" if is_late else "is due",
        "time_left": words.from_today(until),
    }
    template = "certificate_due" if message.kind == DUE else "certificate_due_to_lead"
    page = addresses("training:safeguarding")(certificate.person_id)
    coordinator = _coordinator(certificate.person)
    return Draft(
        f"training/{template}",
        said,
        {**said, "page_path": page},
        reply_to=reply_to(coordinator),
    )


def _coordinator(person: Person) -> Person | None:
    time = (
        Participation.objects.current().filter(person=person).select_related("cohort__coordinator")
    )
    found = time.first()
    return found.cohort.coordinator if found else None


def leaders_with_training() -> list[Sample]:
    """Accepted certificates, as their leaders would read of them."""

    def about(person: Person) -> Message:
        return Message(person=person, subject_kind=SUBJECT, subject_id=_latest(person).pk)

    return samples_of(_leaders(), about, nobody="No certificate is accepted yet.")


def leaders_with_training_to_leads() -> list[Sample]:
    """The same, as the coordinators of their cohorts would read of them."""

    def about(person: Person) -> Message:
        to = _coordinator(person) or person
        return Message(person=to, subject_kind=SUBJECT, subject_id=_latest(person).pk)

    return samples_of(_leaders(), about, nobody="No certificate is accepted yet.")


def _leaders() -> PersonQuerySet:
    accepted = Certificate.objects.of_dsl().filter(state=Certificate.State.ACCEPTED)
    return Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=accepted.order_by().values("person")
    )


def _latest(person: Person) -> Certificate:
    accepted = Certificate.objects.of_dsl().filter(state=Certificate.State.ACCEPTED)
    return accepted.get(person=person)


def holds_certificates(person: Person) -> bool:
    """Whether somebody can get letters about certificates at all."""
    return person.certificates.exists() or person.coordinated_cohorts.exists()


SAFEGUARDING = kinds.Topic("safeguarding", "Safeguarding training", holds_certificates)
FIRST_NAME = Placeholder("first_name", "What they are called", "Ada")
DUE_DAY = Placeholder(
    "due_day", "The last day on which the training counts", "Tue 24 November 2026"
)
IS_OR_WAS = Placeholder("is_or_was_due", "“is due”, or “was due” once it is past", "is due")
TIME_LEFT = Placeholder("time_left", "How long there is, or since when", "in 30 days")
LEADER = Placeholder("leader", "The leader", "Ada Fenwick")
DUE_WORDING = Wording(
    Words(
        "Your safeguarding training {is_or_was_due} for a refresh: {due_day}",
        "Hello {first_name}. The refresh of your training as a safeguarding lead {is_or_was_due} on "
        "{due_day}, {time_left}. Book a course, and hand in the certificate once you have it. If you "
        "have done it already, hand it in now.",
    ),
    (FIRST_NAME, DUE_DAY, IS_OR_WAS, TIME_LEFT),
    due,
    leaders_with_training,
)
DUE_TO_LEAD_WORDING = Wording(
    Words(
        "{leader}: safeguarding training {is_or_was_due} on {due_day}",
        "Hello {first_name}. The refresh of {leader}’s training as a safeguarding lead "
        "{is_or_was_due} on {due_day}, {time_left}. Ask whether a course is booked.",
    ),
    (FIRST_NAME, LEADER, DUE_DAY, IS_OR_WAS, TIME_LEFT),
    due,
    leaders_with_training_to_leads,
)


def named(viewer: Person, pks: Collection[int]) -> dict[int, Name]:
    """Whose training it is, with the page that shows it."""
    page = addresses("training:safeguarding")
    rows = Certificate.objects.visible_to(viewer).filter(pk__in=pks).select_related("person")
    return {one.pk: Name(f"{one}, {one.person}", page(one.person_id)) for one in rows}


def matching(viewer: Person, said: str) -> CertificateQuerySet:
    """The certificates of people whom the search finds."""
    people = Person.objects.visible_to(viewer).matching(said).order_by()
    return Certificate.objects.visible_to(viewer).filter(person__in=people).order_by()


def _kind(name: str, label: str, purpose: str, audience: str, wording: Wording) -> None:
    kinds.register(
        kinds.Kind(
            name=name,
            label=label,
            purpose=purpose,
            audience=audience,
            too_late="Once the next of these letters is due.",
            render=wording,
            topic=SAFEGUARDING,
            priority=kinds.Priority.REMINDER,
            holds_link=True,
            lock_subject=kinds.share_lock(Certificate),
            is_wanted=is_wanted,
        )
    )


def register() -> None:
    names.register(SUBJECT, Naming(named, matching))
    _kind(
        DUE,
        "Safeguarding training that is due for its refresh",
        "Says 90, 30 and 7 days before, on the day, and four times weekly after it that a refresh is due.",
        "The leader whose training it is",
        DUE_WORDING,
    )
    _kind(
        DUE_TO_LEAD,
        "A leader’s safeguarding training that is due",
        "Says 30 and 7 days before, and a week after the day, that a leader’s refresh is due.",
        "Whoever coordinates the cohort, else the programme leads",
        DUE_TO_LEAD_WORDING,
    )
