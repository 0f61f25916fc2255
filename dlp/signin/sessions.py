"""Sessions as Django keeps them. They are read at every request, so that question is a plain one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

QUESTION = """
SELECT "session_data" FROM "django_session" WHERE "session_key" = %s AND "expire_date" > %s
"""


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(QUESTION, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])
