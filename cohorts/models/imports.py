"""Files that staff brought in: what was in them and what was done."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohorts.models.cohorts import Cohort
from cohorts.models.people import Person


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, user: Person) -> ImportRunQuerySet:
        """Staff see every import; nobody else sees any."""
        return self if user.is_staff else self.none()


class ImportRun(models.Model):
    """One file that staff brought in: read, shown row by row, then confirmed or abandoned.

    A large file is processed in the background: `attempts` counts how often its current step was
    begun, so that a step which always breaks off is given up.

    `rows` holds one object for each row worth showing: {"line": 2, "state": "new", "name": …,
    "message": …, "data": {…}, "written": […]}; `counts` says how many rows are shown in each state.
    A row of a people file also has the people it could mean and the choice made ("candidates",
    "choice"), what it added once saved ("made"), and why that stayed if the import was reverted
    ("kept"). `columns` is the header of the file, in the order of `written`; `notes` are sentences
    about how the file was read.
    """

    class Kind(models.TextChoices):
        PEOPLE = "people", "People"
        SCHOOLS = "schools", "Schools"

    class State(models.TextChoices):
        READING = "reading", "Being read"
        STOPPED = "stopped", "Not read"
        PREVIEWED = "previewed", "Waiting for a yes"
        APPLYING = "applying", "Being brought in"
        APPLIED = "applied", "Done"
        REVERTED = "reverted", "Taken back"

    AT_WORK = frozenset({State.READING, State.APPLYING})
    """States in which a worker has something to do."""

    class RowState(models.TextChoices):
        NEW = "new", "New"
        MATCHES = "matches", "Matches"
        AMBIGUOUS = "ambiguous", "To decide"
        UNCHANGED = "unchanged", "Unchanged"
        ERROR = "error", "Error"
        OUT = "out", "Left out"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEWED)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, related_name="import_runs"
    )
    rows: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list
    )
    columns: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    ignored_columns: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True
    )
    notes: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    counts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField("taken back at", null=True, blank=True, editable=False)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="taken back by",
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["applied", "reverted"], applied_at__isnull=False)
                | Q(state="applying", applied_at=None)
                | Q(
                    state__in=["reading", "stopped", "previewed"],
                    applied_at=None,
                    applied_by=None,
                ),
                name="import_run_application_is_whole",
                violation_error_message="An import that was done records when.",
            ),
            models.CheckConstraint(
                condition=Q(state="reverted", reverted_at__isnull=False)
                | ~Q(state="reverted") & Q(reverted_at=None, reverted_by=None),
                name="import_run_reversal_is_whole",
                violation_error_message="An import that was taken back records when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.get_kind_display().lower()}"

    @property
    def is_erased(self) -> bool:
        """Whether the rows of a people file have been erased; the counts stay."""
        return not self.rows and bool(self.counts)

    @property
    def good_count(self) -> int:
        """How many rows would change something."""
        return sum(
            self.counts.get(state, 0) for state in (self.RowState.NEW, self.RowState.MATCHES)
        )

    @property
    def error_count(self) -> int:
        """How many rows cannot be saved as they are."""
        return self.counts.get(self.RowState.ERROR, 0)

    @property
    def undecided_count(self) -> int:
        """How many rows wait for somebody to choose whom they mean."""
        return self.counts.get(self.RowState.AMBIGUOUS, 0)

    @property
    def unsaved_count(self) -> int:
        """How many rows would not be saved: wrong, undecided, or left out by choice."""
        left = self.counts.get(self.RowState.OUT, 0)
        return self.error_count + self.undecided_count + left
