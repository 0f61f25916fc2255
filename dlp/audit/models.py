"""Who read which sensitive record, and who exported which list. Changes are in history tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from cohorts.models import Person


class AccessRecordQuerySet(models.QuerySet["AccessRecord"]):
    def visible_to(self, user: Person) -> AccessRecordQuerySet:
        """People see who read records about them, and what they read themselves."""
        theirs = get_user_model().everyone.records_of(user)
        return self.filter(models.Q(person__in=theirs) | models.Q(about__in=theirs))


class AccessRecord(models.Model):
    """One reading of one sealed record, written before it is shown; never altered."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="readings", help_text="Who read it."
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="readings_about",
        help_text="Whom it is about.",
    )
    subject_kind = models.CharField(max_length=60, help_text="The model, such as training.Need.")
    subject_id = models.BigIntegerField(null=True)
    subject_key = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60)
    read_at = models.DateTimeField(db_default=Now())

    objects = AccessRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_key"], name="access_record_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject_id__isnull=False, subject_key=None)
                | models.Q(subject_id=None, subject_key__isnull=False),
                name="access_record_names_one_row",
                violation_error_message="A reading names the record by its number or by its key.",
            ),
            models.CheckConstraint(
                condition=~models.Q(purpose=""),
                name="access_record_has_a_purpose",
                violation_error_message="A reading says what it was for.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} read for {self.purpose}"


class ExportRecordQuerySet(models.QuerySet["ExportRecord"]):
    def visible_to(self, user: Person) -> ExportRecordQuerySet:
        """People see their own exports; all of them are in the admin."""
        return self.filter(person=user)


class ExportRecord(models.Model):
    """One list exported as a file, written before its first row is sent; never altered (R-SEC-03)."""

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", help_text="Who took it."
    )
    what = models.CharField(max_length=60, help_text="Such as people.")
    address = models.TextField(help_text="What was asked for, with the filters in it.")
    form = models.CharField(max_length=4, choices=Form)
    count = models.PositiveIntegerField("rows")
    exported_at = models.DateTimeField(db_default=Now())

    objects = ExportRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-exported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(what="") & ~models.Q(address=""),
                name="export_record_says_what_left",
                violation_error_message="An export says what was taken, and by which address.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.count} rows"
