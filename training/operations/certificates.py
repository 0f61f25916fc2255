"""Handing in and reviewing certificates. Every change of a certificate goes through here.

Each change updates which of somebody's certificates stands, their plan, and the waiting letters.
The person is locked first, so that of two changes the later sees the earlier.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp import files, words
from dlp.errors import Refused
from dlp.files import Upload
from dlp.outbox.operations import enqueue
from dlp.privacy.policy import rule_for
from training import certificate_reminders, certificate_reports
from training.certificates.standing import Held, latest
from training.models import Certificate, GuidanceEdition
from training.models.certificates import FOLDER
from training.safeguarding import rules_known

State = Certificate.State
REVIEWED = "training.certificate_reviewed"
WORDS_OF_A_REASON = 3


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a certificate says."""

    kind: str
    title: str
    provider: str
    mode: str
    hours: Decimal
    completed_on: date
    number: str = ""
    says_until: date | None = None


@transaction.atomic
def claim(person: Person, said: Claim, *, evidence: Upload | None, by: Person) -> Certificate:
    """Hand in somebody's certificate; without a file it waits for one, and counts for nothing.

    Training more than two years ago is accepted: it shows that a refresh is overdue (R-DSL-04).
    Raises Refused for training in the future, and for a file they handed in before.
    """
    if said.completed_on > timezone.localdate():
        raise Refused("Choose today or an earlier day: training counts once it is completed.")
    _lock([person.pk])
    certificate = Certificate(
        person=person,
        edition=GuidanceEdition.objects.in_force_on(said.completed_on),
        uploaded_by=by,
        **vars(said),
    )
    if evidence is not None:
        _attach(certificate, evidence)
    certificate.save()
    bring_into_line([person.pk])
    return certificate


@transaction.atomic
def hand_in(certificate: Certificate, evidence: Upload, *, by: Person) -> Certificate:
    """Give a claim its file, or replace the file before it is reviewed.

    Raises Refused as claim does.
    """
    certificate = _locked(certificate)
    if not certificate.is_open:
        raise Refused("This certificate was looked at already. Hand in a new one instead.")
    old = certificate.evidence.name
    certificate.uploaded_by = by
    _attach(certificate, evidence)
    certificate.save()
    files.erase_after(old)
    bring_into_line([certificate.person_id])
    return certificate


@transaction.atomic
def accept(certificate: Certificate, *, by: Person, note: str = "") -> Certificate:
    """Accept that the evidence shows what the certificate says (R-DSL-09); one letter says so.

    Repeating it changes nothing. Raises Refused without evidence, and for the person who handed it
    in or whose it is.
    """
    certificate = _locked(certificate)
    if certificate.state in Certificate.VERIFIED_STATES:
        return certificate
    if certificate.state == State.CLAIMED:
        raise Refused("There is no file to look at yet, so it cannot be accepted.")
    if certificate.state == State.REJECTED:
        raise Refused("It was rejected. They can hand it in anew.")
    return _review(certificate, State.ACCEPTED, note, by)


@transaction.atomic
def reject(certificate: Certificate, *, reason: str, by: Person) -> Certificate:
    """Reject a certificate, also one accepted by mistake; one letter says why.

    Repeating it changes nothing. Raises Refused without a reason, and for the person who handed it
    in.
    """
    certificate = _locked(certificate)
    if certificate.state == State.REJECTED:
        return certificate
    if len(reason.split()) < WORDS_OF_A_REASON:
        raise Refused("Say in a few words why: they read it.")
    return _review(certificate, State.REJECTED, reason, by)


def _review(certificate: Certificate, state: str, note: str, by: Person) -> Certificate:
    if by.pk in (certificate.uploaded_by_id, certificate.person_id):
        raise Refused("Somebody else must look at it: neither who handed it in nor whose it is.")
    certificate.state, certificate.note = state, " ".join(note.split())
    certificate.reviewed_by, certificate.reviewed_at = by, timezone.now()
    certificate.superseded_at = None
    certificate.save(update_fields=["state", "note", "reviewed_by", "reviewed_at", "superseded_at"])
    bring_into_line([certificate.person_id])
    tell(certificate)
    certificate.refresh_from_db()
    return certificate


def tell(certificate: Certificate) -> None:
    """Plan the letter that says whether somebody's certificate counts; once for each outcome."""
    enqueue(
        REVIEWED,
        person=certificate.person,
        subject_kind=certificate_reminders.SUBJECT,
        subject_id=certificate.pk,
        lead=certificate.state,
    )


def bring_into_line(people: Collection[int]) -> None:
    """Let each person's latest accepted certificate stand, and update plans and letters.

    Locks the people. A certificate supersedes only one of its own kind: safeguarding lead, Prevent
    awareness, or Prevent lead.
    """
    _lock(people)
    verified = Certificate.objects.verified().filter(person__in=people)
    known = rules_known()
    sorts: dict[tuple[int, str], list[Held]] = defaultdict(list)
    for one in verified.order_by("pk"):
        sort = one.kind if one.is_prevent else ""
        sorts[one.person_id, sort].append(Held(one.completed_on, None, one.pk, one.says_until))
    standing = {latest(held, known).pk for held in sorts.values()}
    verified.filter(pk__in=standing, state=State.SUPERSEDED).update(
        state=State.ACCEPTED, superseded_at=None
    )
    verified.exclude(pk__in=standing).exclude(state=State.SUPERSEDED).update(
        state=State.SUPERSEDED, superseded_at=timezone.now()
    )
    certificate_reports.report_on(people)
    certificate_reminders.plan_of_people(people)


@transaction.atomic
def erase_old_files() -> int:
    """Erase files that have proved nothing for a year, and record when; return how many.

    The certificate stays, with the file's name and digest, so that the same scan is recognised if
    it is handed in again. Safe to run any number of times.
    """
    now, days = timezone.now(), rule_for(Certificate, "evidence").keep.days
    assert days is not None  # noqa: S101  the policy gives a number for it
    due = Certificate.objects.proving_nothing_since(now - timedelta(days=days))
    found = list(due.select_for_update(of=("self",), skip_locked=True))
    for one in found:
        files.erase_after(one.evidence.name)
        one.evidence, one.evidence_erased_at = "", now
        one.save(update_fields=["evidence", "evidence_erased_at"])
    return len(found)


def erase_left_behind() -> int:
    """Erase files that no row refers to, as a crashed server may have left; return how many."""
    kept = Certificate.objects.exclude(evidence="").values_list("evidence", flat=True)
    return files.erase_left_behind(FOLDER, set(kept))


def settle_anew(people: Collection[int]) -> None:
    """Recompute for those of these people with certificates: their time or the rules have changed."""
    holders = (
        Certificate.objects.filter(person__in=people).order_by().values_list("person", flat=True)
    )
    if holders:
        bring_into_line(set(holders))


@transaction.atomic
def follow_rules() -> None:
    """Recompute for everybody, after a change of the rules."""
    settle_anew(set(Certificate.objects.order_by().values_list("person", flat=True)))


def _attach(certificate: Certificate, evidence: Upload) -> None:
    """Put the file on the certificate, which is then in review; saves no row."""
    certificate.evidence_hash = _digest(evidence)
    same = certificate.with_the_same_file().filter(person=certificate.person_id)
    if before := same.exclude(state=State.REJECTED).first():
        day = words.plain_day(before.completed_on)
        raise Refused(f"You handed this file in already, for “{before.title}” of {day}.")
    evidence.keep(certificate.evidence)
    certificate.evidence_name = evidence.name
    certificate.state, certificate.submitted_at = State.IN_REVIEW, timezone.now()


def _digest(evidence: Upload) -> str:
    """A digest that is the same for the same content, whatever its name."""
    digest = hashlib.sha256()
    evidence.file.seek(0)
    for chunk in evidence.file.chunks():
        digest.update(chunk)
    evidence.file.seek(0)
    return digest.hexdigest()


def _locked(certificate: Certificate) -> Certificate:
    _lock([certificate.person_id])
    return Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)


def _lock(people: Collection[int]) -> None:
    rows = Person.objects.get_queryset().filter(pk__in=people).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
