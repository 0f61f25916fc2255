"""For supervisors and monitoring: /healthz checks the servers, /healthz/deep also letters.

Neither reveals anything about anybody.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from dlp.outbox.watch import health
from dlp.outbox.watch.health import Pulse

KEPT_SECONDS = 5.0


@login_not_required
@transaction.non_atomic_requests  # a transaction would need the database before we can say it is away
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if both answer, else 503 and which of them does not."""
    answers = {"database": database_answers(), "valkey": valkey_answers()}
    return JsonResponse(in_words(answers), status=200 if all(answers.values()) else 503)


@login_not_required
@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz_deep(request: HttpRequest) -> JsonResponse:
    """200 if all is well, else 503 and why not, a sentence for each reason."""
    health = deep_health()
    pulse = health.pulse
    return JsonResponse(
        {
            "status": "wrong" if health.troubles else "ok",
            **in_words({"database": pulse is not None, "valkey": health.valkey}),
            "troubles": health.troubles,
            "oldest_due_seconds": seconds(pulse.oldest_due if pulse else None),
            "last_round_seconds": seconds(pulse.last_round if pulse else None),
        },
        status=503 if health.troubles else 200,
    )


@dataclass(frozen=True)
class Health:
    """Whether Valkey answers, and the state of letters; None if the database does not."""

    valkey: bool
    pulse: Pulse | None

    @property
    def troubles(self) -> list[str]:
        """What is wrong, a sentence for each."""
        away = [] if self.pulse else ["The database does not answer."]
        away += [] if self.valkey else ["Valkey does not answer."]
        return [*away, *(self.pulse.troubles if self.pulse else ())]


class Kept:
    """An answer cached for a few seconds in one process, however often it is asked for."""

    def __init__(self, find: Callable[[], Health]) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._answer: tuple[float, Health] | None = None

    def __call__(self) -> Health:
        with self._lock:
            if self._answer is None or time.monotonic() - self._answer[0] > KEPT_SECONDS:
                self._answer = (time.monotonic(), self._find())
            return self._answer[1]

    def forget(self) -> None:
        self._answer = None


def find_health() -> Health:
    valkey = valkey_answers()
    try:
        return Health(valkey, health.pulse())
    except DatabaseError:
        connection.close()
        return Health(valkey, None)


deep_health = Kept(find_health)


def in_words(answers: dict[str, bool]) -> dict[str, str]:
    return {name: "ok" if well else "away" for name, well in answers.items()}


def seconds(length: timedelta | None) -> int | None:
    return None if length is None else int(length.total_seconds())


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()  # so that the next question dials again
        return False
    return True


def valkey_answers() -> bool:
    try:
        cache.get("healthz")
    except RedisError:
        return False
    return True
