"""Small database types that every app uses."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func


class DateRange(Func):
    """The days from the first expression to the second, for exclusion constraints.

    Give the bounds as a third expression: `RangeBoundary(inclusive_upper=True)` where the
    last day counts. An end of NULL is an open end.
    """

    function = "DATERANGE"
    output_field = DateRangeField()
