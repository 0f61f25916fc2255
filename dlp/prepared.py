"""Questions that are put together once and asked again and again: the first is most of the work."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

SOMEBODY, SOMETHING = -(2**62), 1 - 2**62
SOME_TIME = datetime.min.replace(tzinfo=UTC)


class Prepared:
    """The rows of a queryset of plain values, as the database tells them: JSON comes as text.

    What it says of whoever asks, or of the moment, may be a stand-in that `rows` puts something
    else for; for one in a list, a list.
    """

    def __init__(self, asked: QuerySet[Any]) -> None:
        compose = connection.ops.compose_sql  # type: ignore[attr-defined]
        self._sql = str(compose(*asked.query.sql_with_params()))

    def rows(
        self, instead: Mapping[Any, Any] | None = None, *, around: str = "{}"
    ) -> list[tuple[Any, ...]]:
        """`around` is a query with this one in its braces."""
        with connection.cursor() as cursor:
            cursor.execute(around.format(self._with(instead or {})))
            return list(cursor.fetchall())

    def among(self, instead: Mapping[Any, Any]) -> RawSQL:
        """For another question to ask about: `filter(pk__in=keys.among({SOMEBODY: user.pk}))`."""
        return RawSQL(self._with(instead).replace("%", "%%"), [])  # noqa: S611  our own question

    def _with(self, instead: Mapping[Any, Any]) -> str:
        sql = self._sql
        for stand_in, meant in instead.items():
            several = meant if isinstance(meant, list) else [meant]
            sql = sql.replace(_literal(stand_in), ", ".join(map(_literal, several)))
        return sql


def _literal(value: Any) -> str:
    """The value as SQL writes it."""
    return str(connection.ops.compose_sql("%s", [value])).strip()  # type: ignore[attr-defined]
