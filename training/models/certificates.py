"""Certificates of safeguarding training, and how long the rules let them count."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Subquery
from django.db.models.functions import Least, TruncDate
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from training.models.guidance import GuidanceEdition
from training.models.sessions import Session

FOLDER = "certificates"


class CertificatePolicyQuerySet(models.QuerySet["CertificatePolicy"]):
    def visible_to(self, user: Person) -> CertificatePolicyQuerySet:
        """The rules are no secret among people who are signed in."""
        return self

    def on(self, day: Any) -> CertificatePolicyQuerySet:
        """The policy in force on a day; the day may be a column of an outer query."""
        return self.filter(valid_from__lte=day).order_by("-valid_from")[:1]


@pghistory.track()
class CertificatePolicy(models.Model):
    """How long training counts, and when we remind: the rules of a period, each with its source.

    Each day goes by the rules in force on it. One policy is in force until the next begins; the
    first covers everything before.
    """

    valid_from = models.DateField("in force from", unique=True)
    refresh_months = models.PositiveSmallIntegerField("training counts for, in months", default=24)
    update_months = models.PositiveSmallIntegerField("updates are due after, in months", default=12)
    notice_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="days before at which we write",
        help_text="The longest notice first, with 0 for the day itself.",
    )
    weekly_count = models.PositiveSmallIntegerField("weekly letters after that, at most", default=4)
    review_days = models.PositiveSmallIntegerField(
        "days that a certificate in review counts", default=14
    )
    prevent_months = models.PositiveSmallIntegerField(
        "Prevent training is fresh for, in months",
        default=24,
        help_text="Recommended, not statutory: it is shown, and nobody is written to about it.",
    )
    source_note = models.CharField("how we know", max_length=300)

    objects = CertificatePolicyQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name_plural = "certificate policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    refresh_months__range=(1, 120),
                    update_months__range=(1, 120),
                    prevent_months__range=(1, 120),
                ),
                name="certificate_policy_counts_months",
                violation_error_message="Training counts for 1 month to 10 years.",
            ),
            models.CheckConstraint(
                condition=~Q(source_note=""),
                name="certificate_policy_has_its_source",
                violation_error_message="Say where the rule stands, such as the paragraph of KCSIE.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refresh_months} months, from {self.valid_from:%-d %B %Y}"


class MonthsLater(Func):
    """A day so many months later; from the 29th to 28 February where needed (R-DSL-01)."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(months => "
    output_field = models.DateField()


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Person) -> CertificateQuerySet:
        """Staff see all, others their own; school leads see only how people stand."""
        return self if user.is_staff else self.filter(person=user)

    def of_dsl(self) -> CertificateQuerySet:
        """Certificates of safeguarding leads: all that counts, except on the page about Prevent."""
        return self.filter(kind__in=Certificate.DSL_KINDS)

    def verified(self) -> CertificateQuerySet:
        """Those that were accepted, whether or not a later one has superseded them."""
        return self.filter(state__in=Certificate.VERIFIED_STATES)

    def current_on(self, day: date) -> CertificateQuerySet:
        """Verified ones of safeguarding leads that count on a day, by the rules of that day."""
        return self.verified()._lasting_on(day)

    def in_review_on(self, day: date) -> CertificateQuerySet:
        """Those of safeguarding leads that count on a day although nobody has reviewed them yet."""
        days = CertificatePolicy.objects.on(day).values("review_days")
        until = ExpressionWrapper(
            TruncDate("submitted_at") + Subquery(days), output_field=models.DateField()
        )
        waiting = self.filter(state=Certificate.State.IN_REVIEW)._lasting_on(day)
        return waiting.alias(review_until=until).filter(review_until__gte=day)

    def _lasting_on(self, day: date) -> CertificateQuerySet:
        months = CertificatePolicy.objects.on(day).values("refresh_months")
        until = Least(MonthsLater(F("completed_on"), Subquery(months)), F("says_until"))
        return (
            self.of_dsl()
            .alias(counts_until=until)
            .filter(completed_on__lte=day, counts_until__gte=day)
        )

    def proving_nothing_since(self, moment: datetime) -> CertificateQuerySet:
        """Those whose file has proved nothing since a moment.

        They were rejected, or superseded, by then.
        """
        rejected = Q(state=Certificate.State.REJECTED, reviewed_at__lte=moment)
        return self.exclude(evidence="").filter(rejected | Q(superseded_at__lte=moment))

    def for_display(self) -> CertificateQuerySet:
        return self.select_related("person", "edition", "session", "uploaded_by", "reviewed_by")


@pghistory.track()
class Certificate(models.Model):
    """Completed training, as safeguarding lead (R-DSL-01..04) or in Prevent (R-DSL-07).

    Prevent stands apart and counts for nothing else. How long training counts follows from its day
    and the rules, and is not stored. The state says how far we have reviewed it: a claim has no
    evidence yet, one in review has, and an accepted one is superseded by a later one.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", "First training"
        REFRESHER = "refresher", "Refresher"
        PREVENT = "prevent", "Prevent awareness"
        PREVENT_LEAD = "prevent_lead", "Prevent lead"

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online, live"
        ELEARNING = "elearning", "Online, in my own time"
        BLENDED = "blended", "Some of each"

    class State(models.TextChoices):
        CLAIMED = "claimed", "Evidence missing"
        IN_REVIEW = "in_review", "In review"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Followed by a later one"

    DSL_KINDS = (Kind.INITIAL, Kind.REFRESHER)
    PREVENT_KINDS = (Kind.PREVENT, Kind.PREVENT_LEAD)
    OPEN_STATES = (State.CLAIMED, State.IN_REVIEW)
    VERIFIED_STATES = (State.ACCEPTED, State.SUPERSEDED)
    REVIEWED_STATES = (State.ACCEPTED, State.REJECTED, State.SUPERSEDED)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates"
    )
    kind = models.CharField("what it was", max_length=20, choices=Kind, default=Kind.INITIAL)
    title = models.CharField("course", max_length=200)
    provider = models.CharField("who gave it", max_length=200)
    mode = models.CharField("how it was held", max_length=20, choices=Mode, default=Mode.IN_PERSON)
    hours = models.DecimalField(max_digits=4, decimal_places=1)
    completed_on = models.DateField("completed on")
    says_until = models.DateField(
        "valid until, as it says",
        null=True,
        blank=True,
        help_text="Where a local partnership asks for a refresh sooner than the rules do.",
    )
    edition = models.ForeignKey(
        GuidanceEdition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="certificates",
        verbose_name="guidance in force",
        editable=False,
    )
    number = models.CharField("number on it", max_length=60, blank=True)
    evidence = models.FileField(upload_to=FOLDER, blank=True, editable=False)
    evidence_name = models.CharField("file", max_length=120, blank=True, editable=False)
    evidence_hash = models.CharField(max_length=64, blank=True, editable=False)
    evidence_erased_at = models.DateTimeField("file erased", null=True, blank=True, editable=False)
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="certificates",
        verbose_name="issued from the register of",
    )
    state = models.CharField(max_length=12, choices=State, default=State.CLAIMED, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("handed in", null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    reviewed_at = models.DateTimeField("reviewed", null=True, blank=True, editable=False)
    superseded_at = models.DateTimeField(
        "followed by a later one", null=True, blank=True, editable=False
    )
    note = models.CharField("what the reviewer says", max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-completed_on", "-pk"]
        indexes = [
            models.Index(fields=["person", "completed_on"], name="certificate_of_person"),
            models.Index(
                fields=["submitted_at"],
                name="certificate_in_review",
                condition=Q(state="in_review"),
            ),
            models.Index(fields=["evidence_hash"], name="certificate_evidence"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(provider=""),
                name="certificate_says_what_and_whose",
                violation_error_message="Give the course and who gave it.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=200),
                name="certificate_has_its_hours",
                violation_error_message="Give the hours it took, such as 6 or 7.5.",
            ),
            models.CheckConstraint(
                condition=Q(
                    evidence="", evidence_hash="", evidence_name="", evidence_erased_at=None
                )
                | ~Q(evidence_hash="")
                & ~Q(evidence_name="")
                & (
                    ~Q(evidence="") & Q(evidence_erased_at=None)
                    | Q(evidence="", evidence_erased_at__isnull=False)
                ),
                name="certificate_evidence_is_whole",
                violation_error_message=(
                    "A file has its name and what tells it from others, also once it is erased."
                ),
            ),
            models.CheckConstraint(
                condition=Q(says_until=None) | Q(says_until__gte=F("completed_on")),
                name="certificate_says_until_after_its_day",
                violation_error_message="It cannot end before the day on which it was completed.",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_review") | ~Q(evidence="") & Q(submitted_at__isnull=False),
                name="certificate_in_review_has_evidence",
                violation_error_message="Only a certificate that was handed in can be reviewed.",
            ),
            models.CheckConstraint(
                condition=Q(uploaded_by__isnull=False) | Q(session__isnull=False),
                name="certificate_comes_from_somewhere",
                violation_error_message="A certificate is handed in by somebody, or from a register.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["accepted", "rejected", "superseded"],
                    reviewed_by__isnull=False,
                    reviewed_at__isnull=False,
                )
                | Q(state__in=["claimed", "in_review"], reviewed_by=None, reviewed_at=None),
                name="certificate_review_is_whole",
                violation_error_message="A review has who made it and when.",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_at__isnull=False)
                | ~Q(state="superseded") & Q(superseded_at=None),
                name="certificate_superseded_at_a_moment",
                violation_error_message="One that a later one follows says since when.",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None)
                | (Q(uploaded_by=None) | ~Q(reviewed_by=F("uploaded_by")))
                & ~Q(reviewed_by=F("person")),
                name="certificate_reviewed_by_another",
                violation_error_message=(
                    "Somebody else must review it: neither who handed it in nor whose it is."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(note=""),
                name="certificate_rejected_with_a_reason",
                violation_error_message="Say why: they read it.",
            ),
            models.UniqueConstraint(
                fields=["person", "session"],
                condition=Q(session__isnull=False) & ~Q(state="rejected"),
                name="certificate_once_a_session",
                violation_error_message="They have a certificate of this session already.",
            ),
            models.UniqueConstraint(
                fields=["person", "evidence_hash"],
                condition=~Q(evidence_hash="") & ~Q(state="rejected"),
                name="certificate_file_once_a_person",
                violation_error_message="This file is handed in already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.completed_on:%-d %B %Y}"

    def get_absolute_url(self) -> str:
        return reverse("training:certificate", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES

    @property
    def is_prevent(self) -> bool:
        return self.kind in self.PREVENT_KINDS

    def with_the_same_file(self) -> CertificateQuerySet:
        """Others with an identical file: a scan that was handed in twice."""
        if not self.evidence_hash:
            return Certificate.objects.none()
        same = Certificate.objects.filter(evidence_hash=self.evidence_hash)
        return same.exclude(pk=self.pk).select_related("person")
