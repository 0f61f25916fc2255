"""The letter about a reviewed certificate: accepted, or not and why."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.models.people import PersonQuerySet
from cohorts.samples import samples_of
from dlp import words
from dlp.outbox import kinds
from dlp.outbox.kinds import Kind, NotWanted, Priority
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from training.certificate_reminders import SUBJECT
from training.certificates.rules import prevent_until, training_until
from training.models import Certificate
from training.models.certificates import CertificateQuerySet
from training.operations.certificates import REVIEWED
from training.safeguarding import rules_known

State = Certificate.State


def reviewed(message: Message) -> Draft:
    """The outcome, and what to do now; names the course, but no number or file."""
    certificate = _certificate(message)
    is_rejected = certificate.state == State.REJECTED
    values = {
        "first_name": certificate.person.first_name,
        "title": certificate.title,
        "completed_day": words.plain_day(certificate.completed_on),
        "outcome": _rejected(certificate) if is_rejected else _accepted(certificate),
    }
    stands_on = reverse("training:safeguarding", args=[certificate.person_id])
    page = certificate.get_absolute_url() if is_rejected else stands_on
    return Draft(
        "training/certificate_reviewed",
        values,
        {**values, "page_path": page, "is_rejected": is_rejected},
    )


def _rejected(certificate: Certificate) -> str:
    why = certificate.note if certificate.note.endswith((".", "!", "?")) else f"{certificate.note}."
    return (
        f"It does not count as it is. The reviewer says: {why} "
        "Hand it in anew once you have put that right, or answer this letter."
    )


def _accepted(certificate: Certificate) -> str:
    facts = certificate.completed_on, rules_known(), certificate.says_until
    if certificate.is_prevent:
        last_on = prevent_until(*facts)
        how = (
            "has been recommended since" if last_on < timezone.localdate() else "is recommended by"
        )
        return f"It is accepted. A refresh {how} {words.plain_day(last_on)}."
    if certificate.state == State.SUPERSEDED:
        return "It is accepted. A later one counts for you already."
    last_on = training_until(*facts)
    until = words.plain_day(last_on)
    if last_on < timezone.localdate():
        return f"It is accepted. It counted until {until}, so a refresh is due now."
    return f"It is accepted: your training counts until {until}."


def still_so(message: Message) -> bool:
    """Whether the outcome still stands; a later certificate may have replaced it meanwhile."""
    is_rejected = _certificate(message).state == State.REJECTED
    if is_rejected != (message.lead == State.REJECTED):
        raise NotWanted("Somebody has looked at it again since.")
    return True


def _certificate(message: Message) -> Certificate:
    return Certificate.objects.select_related("person").get(pk=message.subject_id)


def people_reviewed() -> list[Sample]:
    """People with a reviewed certificate, each with the latest."""

    def about(person: Person) -> Message:
        latest = _handed_in().filter(person=person).order_by("-reviewed_at", "-pk")[:1].get()
        return Message(person=person, subject_kind=SUBJECT, subject_id=latest.pk)

    people: PersonQuerySet = Person.objects.get_queryset()
    of_whom = people.filter(email__isnull=False, pk__in=_handed_in().order_by().values("person"))
    return samples_of(of_whom, about, nobody="No certificate was looked at yet.")


def _handed_in() -> CertificateQuerySet:
    return Certificate.objects.filter(session=None, reviewed_at__isnull=False)


WORDING = Wording(
    Words(
        "Your certificate: {title}",
        "Hello {first_name}. We have looked at your certificate, {title} of {completed_day}. {outcome}",
    ),
    (
        Placeholder("first_name", "What they are called", "Ada"),
        Placeholder("title", "The course", "Designated safeguarding lead"),
        Placeholder("completed_day", "The day it was completed", "3 May 2026"),
        Placeholder(
            "outcome",
            "In sentences: accepted and until when it counts, or why not and what to do",
            "It is accepted: your training counts until 3 May 2028.",
        ),
    ),
    reviewed,
    people_reviewed,
)


def register() -> None:
    kinds.register(
        Kind(
            name=REVIEWED,
            label="What became of a certificate",
            purpose="Says that a certificate is accepted, or why it does not count and what to do.",
            audience="Whoever’s certificate was looked at",
            too_late="Three days after it was looked at.",
            render=WORDING,
            priority=Priority.PERSONAL,
            lock_subject=kinds.share_lock(Certificate),
            is_wanted=still_so,
        )
    )
