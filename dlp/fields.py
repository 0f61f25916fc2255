"""Small database types that every app uses, and what holds for every day that is typed."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db.models import Func, URLField
from django.forms import Field


class DateRange(Func):
    """The days from one expression to another, for exclusion constraints.

    Give the bounds as a third expression: `RangeBoundary(inclusive_upper=True)` if the last day
    counts. NULL as the end means no end.
    """

    function = "DATERANGE"
    output_field = DateRangeField()


class WebAddressField(URLField):
    """A web address; typed without a scheme, it becomes https.

    In the database, and so in migrations, it is a plain URLField.
    """

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs


def in_reach(day: date) -> None:
    """A form's validator: 0026 and 20260 are slips of the hand, and no arithmetic reaches them."""
    if not 1900 <= day.year <= 2100:
        raise ValidationError(f"The year {day.year} cannot be meant. Write it with four figures.")
