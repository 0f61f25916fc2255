"""Operations on several sessions at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Unpack

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp.errors import Refused
from training.models import Series, Session
from training.models.sessions import SessionQuerySet
from training.operations import bookings, sessions
from training.operations.sessions import SessionFields

MOST_SESSIONS = 60


@transaction.atomic
def create_series(
    *, days: Sequence[date], **fields: Unpack[SessionFields]
) -> tuple[Series, list[Session]]:
    """Create one draft a day, each at the same local time.

    Raises Refused without days, with more than sixty, and if any session would be refused, naming
    its day; then none is created.
    """
    if not days:
        raise Refused("Give at least one date.")
    if len(set(days)) > MOST_SESSIONS:
        raise Refused(f"A series has at most {MOST_SESSIONS} sessions. Make two of it.")
    series = Series.objects.create(title=fields["title"], kind=fields["kind"])
    length = (fields.get("ends_on") or fields["starts_on"]) - fields["starts_on"]
    made = [_one(series, day, length, fields=fields) for day in sorted(set(days))]
    return series, made


@transaction.atomic
def publish_series(series: Series) -> list[Session]:
    """Publish every draft of a series, and invite its group or cohorts to each.

    Raises Refused, and publishes none, if one cannot be; the sentence names the day.
    """
    drafts = Session.objects.filter(series=series, state=Session.State.DRAFT)
    return [_publish(session) for session in drafts.order_by("starts_at")]


@transaction.atomic
def edit_following(
    session: Session, *, by: Person, **fields: Unpack[SessionFields]
) -> list[Session]:
    """Change a session and, in the same way, those of its series after it.

    Their days move by as many days as its own. Cancelled ones stay. Raises Refused, and changes
    none, if one cannot change; the sentence names the day.
    """
    was = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    moved = fields["starts_on"] - was.starts_on
    length = (fields.get("ends_on") or fields["starts_on"]) - fields["starts_on"]
    following = list(following_in_series(was))
    changed = [sessions.edit_session(session, by=by, **fields)]
    for later in following:
        day = later.starts_on + moved
        own: SessionFields = {
            **fields,
            "starts_on": day,
            "ends_on": day + length,
            "in_second_hour": later.in_second_hour,
        }
        try:
            changed.append(sessions.edit_session(later, by=by, **own))
        except Refused as refusal:
            raise Refused(f"{day:%-d %B %Y}: {refusal}") from refusal
    return changed


def following_in_series(session: Session) -> SessionQuerySet:
    """The later sessions of its series that can still change; none outside a series."""
    later = Session.objects.filter(series=session.series_id, series__isnull=False)
    return (
        later.filter(starts_at__gt=session.starts_at, ends_at__gte=timezone.now())
        .exclude(state=Session.State.CANCELLED)
        .order_by("starts_at")
    )


def _publish(session: Session) -> Session:
    try:
        published = sessions.publish(session)
        if published.group_id:
            bookings.invite_group(published)
        for cohort in published.cohorts.all():
            bookings.invite_cohort(published, cohort)
    except Refused as refusal:
        raise Refused(f"{session.starts_on:%-d %B %Y}: {refusal}") from refusal
    return published


def _one(series: Series, day: date, length: timedelta, *, fields: SessionFields) -> Session:
    on_the_day: SessionFields = {
        **fields,
        "series": series,
        "starts_on": day,
        "ends_on": day + length,
    }
    try:
        return sessions.create_session(**on_the_day)
    except Refused as refusal:
        raise Refused(f"{day:%-d %B %Y}: {refusal}") from refusal
