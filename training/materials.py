"""The presenters of a session, its files and its practice card, as far as somebody may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Subquery

from cohorts.models import Person
from training import permissions
from training.letters.presenters import presenter_token
from training.models import Kind, PracticeCard, Presenter, Resource, Session

YES, NO = Presenter.Answer.YES, Presenter.Answer.NO
SHOWN = 20
WHETHER_LEFT = {
    "has_presenters": Exists(Presenter.objects.filter(session=OuterRef("pk"))),
    "has_files": Exists(Resource.objects.filter(session=OuterRef("pk"))),
}
"""Read with a session, so that the page of one without materials asks nothing more."""


def materials_of(user: Person, session: Any) -> dict[str, Any]:
    """The presenters, files and card of a session that this person may see."""
    asked = list(session.presenters.select_related("person")) if session.has_presenters else []
    mine = next((one for one in asked if one.person_id == user.pk and one.answer != NO), None)
    card = getattr(session, "practice_card", None)
    if card and not PracticeCard.objects.visible_to(user).filter(pk=card.pk).exists():
        card = None
    knows_all = permissions.can_see_bookings(user, session)
    takes_it = permissions.can_take_register(user, session)
    is_group = session.kind == Kind.SUPERVISION
    files = (
        list(Resource.objects.visible_to(user).filter(session=session)) if session.has_files else []
    )
    return {
        "presents": mine,
        "presenters": [one for one in asked if knows_all or one.answer == YES],
        "asks_presenters": takes_it and session.kind == Kind.TWILIGHT,
        "presenting": presenter_token(mine) if mine and session.is_ahead else "",
        "files": files,
        "card": card,
        "can_add": not is_group and (takes_it or mine is not None),
    }


def past(user: Person) -> list[Session]:
    """Past sessions with something to read, the latest first: its `files`, and the `card` key."""
    files = Resource.objects.visible_to(user)
    cards = PracticeCard.objects.visible_to(user).filter(session=OuterRef("pk"))
    left = Exists(files.filter(session=OuterRef("pk"))) | Exists(cards)
    return list(
        Session.objects.filter(left)
        .annotate(card=Subquery(cards.order_by().values("pk")))
        .order_by("-starts_at", "-pk")
        .prefetch_related(Prefetch("resources", queryset=files, to_attr="files"))[:SHOWN]
    )
