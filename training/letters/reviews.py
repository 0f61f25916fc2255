"""The letter about a certificate: accepted, issued after training of ours, or not and why."""

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
    facts = {
        "page_path": certificate.get_absolute_url() if is_rejected else stands_on,
        "is_rejected": is_rejected,
        "is_ours": certificate.session_id is not None,
    }
    return Draft("training/certificate_reviewed", values, {**values, **facts})


def _rejected(certificate: Certificate) -> str:
    if certificate.session_id is not None:
        return f"It does not count any more. {certificate.note} Answer this letter if you did come."
    why = certificate.note if certificate.note.endswith((".", "!", "?")) else f"{certificate.note}."
    return (
        f"It does not count as it is. The reviewer says: {why} "
        "Hand it in anew once you have put that right, or answer this letter."
    )


def _accepted(certificate: Certificate) -> str:
    facts = certificate.completed_on, rules_known(), certificate.says_until
    begins = "It is accepted" if certificate.session_id is None else "We have issued it"
    if certificate.is_prevent:
        last_on = prevent_until(*facts)
        how = (
            "has been recommended since" if last_on < timezone.localdate() else "is recommended by"
        )
        return f"{begins}. A refresh {how} {words.plain_day(last_on)}."
    if certificate.state == State.SUPERSEDED:
        return f"{begins}. A later one counts for you already."
    last_on = training_until(*facts)
    until = words.plain_day(last_on)
    if last_on < timezone.localdate():
        return f"{begins}. It counted until {until}, so a refresh is due now."
    return f"{begins}: your training counts until {until}."


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
        latest = _reviewed().filter(person=person).order_by("-reviewed_at", "-pk")[:1].get()
        return Message(person=person, subject_kind=SUBJECT, subject_id=latest.pk)

    people: PersonQuerySet = Person.objects.get_queryset()
    of_whom = people.filter(email__isnull=False, pk__in=_reviewed().order_by().values("person"))
    return samples_of(of_whom, about, nobody="No certificate was looked at yet.")


def _reviewed() -> CertificateQuerySet:
    return Certificate.objects.filter(reviewed_at__isnull=False)


WORDING = Wording(
    Words(
        "Your certificate: {title}",
        "Hello {first_name}. This is about your certificate, {title} of {completed_day}. {outcome}",
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
            purpose="Says that a certificate is accepted or issued, or why it does not count and what to do.",
            audience="Whoever’s certificate was looked at, or issued from a register",
            too_late="Three days after that.",
            render=WORDING,
            priority=Priority.PERSONAL,
            lock_subject=kinds.share_lock(Certificate),
            is_wanted=still_so,
        )
    )
