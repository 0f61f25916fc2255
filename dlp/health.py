"""/healthz: are the database and Valkey there? For the supervisor and for monitoring; says no more."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError


@login_not_required
@transaction.non_atomic_requests  # a transaction would need the database before we can say it is away
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when both answer, else 503 and which of them is away."""
    answers = {"database": database_answers(), "valkey": valkey_answers()}
    return JsonResponse(
        {name: "ok" if well else "away" for name, well in answers.items()},
        status=200 if all(answers.values()) else 503,
    )


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
