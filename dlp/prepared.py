"""Queries that are built once and run again and again, since building is most of the work."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable
from django.http import Http404

SOMEBODY, SOMETHING = -(2**62), 1 - 2**62
SOME_DAY = date.min
SOME_TIME = datetime.min.replace(tzinfo=UTC)
ANOTHER_TIME = SOME_TIME + timedelta(days=1)


class Prepared:
    """A queryset whose SQL is kept.

    It may contain placeholders (`SOMEBODY`, `SOME_DAY` and others) for the viewer or the moment,
    which each run replaces by values; a placeholder in a list is replaced by a list.
    """

    def __init__(self, asked: QuerySet[Any]) -> None:
        compose = connection.ops.compose_sql  # type: ignore[attr-defined]
        self._compiler = asked.query.get_compiler(connection=connection)
        self._lookups = asked._prefetch_related_lookups  # type: ignore[attr-defined]
        self._sql = str(compose(*self._compiler.as_sql()))

    def rows(
        self, instead: Mapping[Any, Any] | None = None, *, around: str = "{}"
    ) -> list[tuple[Any, ...]]:
        """Plain values as the database returns them: JSON comes as text.

        `around` is a query with this one in its braces.
        """
        with connection.cursor() as cursor:
            cursor.execute(around.format(self._with(instead or {})))
            return list(cursor.fetchall())

    def models(self, instead: Mapping[Any, Any] | None = None) -> list[Any]:
        """The model instances that the queryset finds, with everything that it fetches with them."""
        answered = copy(self._compiler)
        answered.execute_sql = lambda **_: [self.rows(instead)]
        query = SimpleNamespace(get_compiler=lambda using: answered)
        asked: Any = SimpleNamespace(db=connection.alias, query=query, _known_related_objects={})
        found: list[Any] = list(ModelIterable(asked))
        prefetch_related_objects(found, *self._lookups)
        return found

    def one_or_404(self, instead: Mapping[Any, Any]) -> Any:
        """The only instance that it can find. Raises Http404 if there is none."""
        for found in self.models(instead):
            return found
        raise Http404

    def among(self, instead: Mapping[Any, Any]) -> RawSQL:
        """For use in another query: `filter(pk__in=keys.among({SOMEBODY: user.pk}))`."""
        return RawSQL(self._with(instead).replace("%", "%%"), [])  # noqa: S611  our own question

    def _with(self, instead: Mapping[Any, Any]) -> str:
        sql = self._sql
        for stand_in, meant in instead.items():
            several = meant if isinstance(meant, list) else [meant]
            sql = sql.replace(_literal(stand_in), ", ".join(map(_literal, several)))
        return sql


def _literal(value: Any) -> str:
    """The value as an SQL literal."""
    if isinstance(value, int):
        return str(value)
    return str(connection.ops.compose_sql("%s", [value])).strip()  # type: ignore[attr-defined]
