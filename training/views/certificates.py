"""Certificates: handing one in, its file, and reviewing it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.guards import changing_programme
from dlp import files, words
from dlp.asking import act, ask, done
from dlp.audit.operations import note_reading
from dlp.http import Request
from training.certificates.rules import rules_on
from training.forms.certificates import ClaimForm, EvidenceForm, RejectForm
from training.models import Certificate, Session
from training.operations import certificates as operations
from training.operations.certificates import Claim
from training.operations.issuing import Issued, issue
from training.permissions import can_review_certificates
from training.safeguarding import rules_known
from training.views.safeguarding import above, may_add_for, person_to_add_for

CONTENT_TYPES = {f".{kind.ending}": kind.content_type for kind in files.SCANS}


@require_safe
def certificate(request: Request, pk: int) -> HttpResponse:
    """What it says, its file, and for reviewers the actions."""
    found = _seen(request, pk)
    may_review = can_review_certificates(request.user)
    context = {
        "certificate": found,
        "is_self": found.person_id == request.user.pk,
        "can_review": may_review and not _is_involved(request, found),
        "is_involved": may_review and _is_involved(request, found),
        "can_open": may_review or found.person_id == request.user.pk,
        "can_hand_in": found.is_open and may_add_for(request, found.person),
        "may_add_another": found.state == Certificate.State.REJECTED
        and may_add_for(request, found.person),
        "twins": found.with_the_same_file() if may_review else [],
    }
    return render(request, "training/certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_add(request: Request, pk: int) -> HttpResponse:
    """Hand in a certificate: one's own, or as staff somebody else's."""
    person = person_to_add_for(request, pk)
    form = ClaimForm(request.POST or None, request.FILES or None)

    def claim() -> Certificate:
        said = dict(form.cleaned_data)
        evidence = said.pop("evidence", None)
        return operations.claim(person, Claim(**said), evidence=evidence, by=request.user)

    made = done(form, claim, at="evidence")
    if made is not None:
        messages.success(request, f"Handed in. {_what_now(made)}")
        return redirect("training:safeguarding", person.pk)
    return ask(
        request, form, title="Hand in a certificate", button="Hand it in",
        above=above(request, person),
        lead="Of training as a designated safeguarding lead or of Prevent training, wherever it was. "
        "Somebody else looks at it.",
    )  # fmt: skip


def _what_now(made: Certificate) -> str:
    """What happens next with a certificate that was just handed in."""
    if made.state == Certificate.State.CLAIMED:
        return "It waits for its file."
    if made.is_prevent:
        return "It is in review."
    today = timezone.localdate()
    until = today + timedelta(days=rules_on(today, rules_known()).review_days)
    return f"It is in review: until {words.plain_day(until)} it counts meanwhile."


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_hand_in(request: Request, pk: int) -> HttpResponse:
    """Give a claim its file, or replace the file before it is reviewed."""
    found = _seen(request, pk)
    if not may_add_for(request, found.person):
        raise PermissionDenied("Only the leader and programme staff can hand in a file.")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if done(
        form,
        lambda: operations.hand_in(found, form.cleaned_data["evidence"], by=request.user),
        at="evidence",
    ):
        messages.success(request, "The file is handed in, and the certificate is in review.")
        return redirect("training:certificate", found.pk)
    return ask(
        request, form, title="Hand in the file", button="Hand it in",
        above=(*above(request, found.person), found.title, found.get_absolute_url()),
    )  # fmt: skip


@require_safe
def certificate_evidence(request: Request, pk: int) -> HttpResponseBase:
    """The file, to its person and to those who review; each handing out is noted (R-DSL-09).

    404 once it is erased.
    """
    found = _seen(request, pk)
    if found.person_id != request.user.pk:
        _only_reviewers(request)
    name = found.evidence_name
    ending = name[name.rfind(".") :]
    kind = CONTENT_TYPES.get(ending, "application/octet-stream")
    answer = files.attachment(found.evidence, name=name, content_type=kind)
    note_reading(found, by=request.user, purpose="Certificate file", about=found.person)
    return answer


@require_POST
def certificate_accept(request: Request, pk: int) -> HttpResponse:
    found = _to_review(request, pk)
    return act(
        request,
        lambda: operations.accept(found, by=request.user),
        said=f"Accepted, and {found.person} is written to.",
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def certificate_reject(request: Request, pk: int) -> HttpResponse:
    found = _to_review(request, pk)
    form = RejectForm(request.POST or None)
    if done(form, lambda: operations.reject(found, **form.cleaned_data, by=request.user)):
        messages.success(request, "It is rejected, and they read why.")
        return redirect(found)
    return ask(
        request, form, title="It does not count", button="Reject it", kind="danger",
        above=(*above(request, found.person), found.title, found.get_absolute_url()),
        lead=f"{found}, of {found.person}.",
    )  # fmt: skip


@require_POST
@changing_programme
def session_certificates(request: Request, pk: int) -> HttpResponse:
    """Issue certificates to everybody who came to DSL training."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    return act(
        request,
        lambda: issue(session, by=request.user),
        said=_issued,
        back=session.get_absolute_url(),
    )


def _issued(issued: Issued) -> str:
    if issued.is_nothing:
        return "Everybody who came has their certificate already."
    made = f"{issued.made} issued" if issued.made else ""
    taken_back = f"{issued.taken_back} taken back" if issued.taken_back else ""
    return f"Certificates: {', '.join(filter(None, (made, taken_back)))}."


def _seen(request: Request, pk: int) -> Certificate:
    seen = Certificate.objects.visible_to(request.user).for_display()
    return get_object_or_404(seen, pk=pk)


def _to_review(request: Request, pk: int) -> Certificate:
    found = _seen(request, pk)
    _only_reviewers(request)
    return found


def _only_reviewers(request: Request) -> None:
    if not can_review_certificates(request.user):
        raise PermissionDenied(
            "Only programme leads, coordinators and safeguarding leads look at certificates."
        )


def _is_involved(request: Request, found: Certificate) -> bool:
    """Whether they handed it in or it is theirs: then somebody else must review it."""
    return request.user.pk in (found.person_id, found.uploaded_by_id)
