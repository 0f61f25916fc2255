"""Small database types that every app uses."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func, URLField
from django.forms import Field


class DateRange(Func):
    """The days from the first expression to the second, for exclusion constraints.

    Give the bounds as a third expression: `RangeBoundary(inclusive_upper=True)` where the
    last day counts. An end of NULL is an open end.
    """

    function = "DATERANGE"
    output_field = DateRangeField()


class WebAddressField(URLField):
    """An address on the web; typed without a scheme, it is taken to be https.

    In the database, and so in migrations, it is a plain URLField.
    """

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
