"""The letters about an offer: the offer with its yes and no, the outcome, and changed days."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from cohorts.answering import reply_to
from cohorts.models import Person
from cohorts.samples import samples_of
from dlp import words
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from placements.models import Placement
from placements.offers import (
    DAYS,
    DECIDED,
    OFFERED,
    PROGRAMME,
    SUBJECT,
    Addressee,
    Side,
    addressees,
    asked_before,
    changed_before,
    token,
)

State = Placement.State
ANSWER_HERE = "Say yes or no with the buttons below. It is agreed once both sides have said yes."
NOBODY_THERE = (
    "Nobody who decides at the school can be written to. Add its host lead, or ask the school and "
    "write down what it says."
)
AGREED = "Both sides have said yes. The school now makes the checks that come before a first day."
ASKED_AGAIN = (
    "The days have changed, so both sides are asked again: a yes to other days does not count."
)
COME_ALONG = (
    "Reviews and reminders move along. If these days do not suit you, answer this letter: a person "
    "reads it."
)
CAME_TO_NOTHING = "It does not go ahead, and there is nothing for you to do."


def offer_is_wanted(message: Message) -> bool:
    """Whether it is still on offer, and the reader's side has not answered."""
    placement = _placement(message)
    if placement.state != State.OFFERED:
        raise kinds.NotWanted("It is not offered any more.")
    if message.revision != asked_before(placement):
        raise kinds.NotWanted("Its days have changed since.")
    if placement.acceptances.standing().filter(side=message.lead).exists():
        raise kinds.NotWanted("This side has said yes already.")
    return _addressee(message, placement) is not None


def outcome_is_wanted(message: Message) -> bool:
    """Whether the outcome it tells still stands, and the reader is still concerned."""
    placement = _placement(message)
    stands = placement.state in (
        Placement.LIVE_STATES if message.lead == State.ACCEPTED else (message.lead,)
    )
    is_latest = message.revision == asked_before(placement)
    return stands and is_latest and _addressee(message, placement) is not None


def days_are_wanted(message: Message) -> bool:
    """Whether these are still the days of an agreed placement, and the reader is still concerned."""
    placement = _placement(message)
    if message.revision != changed_before(placement):
        raise kinds.NotWanted("Its days have changed again since.")
    return placement.state in Placement.LIVE_STATES and _addressee(message, placement) is not None


def _addressee(message: Message, placement: Placement) -> Addressee | None:
    """The reader with their current role; None if the placement no longer concerns them."""
    for one in addressees(placement):
        if one.recipient == message.recipient:
            known = message.open_context().get("address", "") if one.person is None else ""
            is_theirs = one.person is not None or (one.contact and one.contact.email == known)
            return one if is_theirs else None
    return None


def _placement(message: Message) -> Placement:
    known = Placement.objects.for_display().select_related("participation__cohort__coordinator")
    return known.get(pk=message.subject_id)


def offered(message: Message) -> Draft:
    placement, to = _subject(message)
    is_own = to.side == Side.LEADER
    leader, host = placement.participation.person.name, placement.host_name
    asked = f"{ASKED_AGAIN} {ANSWER_HERE}" if asked_before(placement) else ANSWER_HERE
    said = _said(placement, to) | {
        "what_is_offered": f"You are offered a placement at {host}"
        if is_own
        else f"{leader} is offered a placement at {host}",
        "what_to_do": NOBODY_THERE if to.side == PROGRAMME else asked,
    }
    may_answer = to.side != PROGRAMME
    answer = reverse("placements:letter_answer", args=[token(placement, to)]) if may_answer else ""
    page = placement.get_absolute_url() if to.person else ""
    return _draft("offered", placement, said, answer_path=answer, page_path=page)


def decided(message: Message) -> Draft:
    placement, to = _subject(message)
    is_agreed = placement.state in Placement.LIVE_STATES
    whose = "Your" if to.side == Side.LEADER else f"{placement.participation.person.name}’s"
    became = "is agreed" if is_agreed else "does not come about"
    said = _said(placement, to) | {
        "what_happened": f"{whose} placement at {placement.host_name} {became}",
        "what_now": AGREED if is_agreed else CAME_TO_NOTHING,
    }
    page = placement.get_absolute_url() if to.person and is_agreed else ""
    return _draft("decided", placement, said, page_path=page)


def days_changed(message: Message) -> Draft:
    placement, to = _subject(message)
    now = _said(placement, to)
    is_own = to.side == Side.LEADER
    whose = "Your" if is_own else f"{placement.participation.person.name}’s"
    at = placement.host_name if is_own else "your school"
    said = now | {
        "what_changed": f"{whose} days at {at} are now {now['dates']}",
        "days_before": _days_before(placement),
        "what_now": COME_ALONG,
    }
    page = placement.get_absolute_url() if to.person else ""
    return _draft("days_changed", placement, said, page_path=page)


def _days_before(placement: Placement) -> str:
    """The days before the latest change; the current ones if they never changed."""
    change = placement.changes.of_days().last()
    first = (change and change.starts_on_before) or placement.starts_on
    last = (change and change.ends_on_before) or placement.ends_on
    return words.span(first, last)


def _said(placement: Placement, to: Addressee) -> dict[str, str]:
    return {
        "first_name": to.name,
        "school": placement.host_name,
        "role": placement.get_role_title_display(),
        "dates": words.span(placement.starts_on, placement.ends_on),
    }


def _draft(template: str, placement: Placement, said: dict[str, str], **paths: str) -> Draft:
    coordinator = placement.participation.cohort.coordinator
    facts = {**said, "leader": placement.participation.person.name, **paths}
    return Draft(
        f"placements/{template}",
        said,
        facts,
        reply_to=reply_to(coordinator),
    )


def _subject(message: Message) -> tuple[Placement, Addressee]:
    placement = _placement(message)
    to = _addressee(message, placement)
    assert to is not None  # noqa: S101  whether it is wanted has been asked
    return placement, to


def offers_made() -> list[Sample]:
    """Current and future placements as if they were on offer, to try the wording on."""
    placements = Placement.objects.filter(state__in=[State.OFFERED, *Placement.LIVE_STATES])
    people = Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=placements.order_by().values("participation__person")
    )

    def about(person: Person) -> Message:
        one = placements.filter(participation__person=person).order_by("-pk")[:1].get()
        to = Addressee(Side.LEADER, person=person)
        return Message(
            person=person,
            recipient=to.recipient,
            subject_kind=SUBJECT,
            subject_id=one.pk,
            lead=Side.LEADER,
        )

    return samples_of(people, about, nobody="Nobody is offered a placement.")


ABOUT_AN_OFFER = (
    Placeholder("first_name", "What they are called", "Ada"),
    Placeholder("school", "The school, as it is called", "Harbour Lane School"),
    Placeholder("role", "The post", "Associate Leader"),
    Placeholder("dates", "From the first day to the last", "1 September 2027 to 31 August 2029"),
)
OFFERED_WORDING = Wording(
    Words(
        "{what_is_offered}",
        "Hello {first_name}. {what_is_offered} as {role}, {dates}.\n\n{what_to_do}",
    ),
    (
        *ABOUT_AN_OFFER,
        Placeholder(
            "what_is_offered",
            "What is offered to whom: “You are” to the leader, else their name",
            "You are offered a placement at Harbour Lane School",
        ),
        Placeholder("what_to_do", "How to answer", ANSWER_HERE),
    ),
    offered,
    offers_made,
)
DECIDED_WORDING = Wording(
    Words("{what_happened}", "Hello {first_name}. {what_happened}.\n\n{what_now}"),
    (
        *ABOUT_AN_OFFER,
        Placeholder(
            "what_happened",
            "What became of it",
            "Your placement at Harbour Lane School is agreed",
        ),
        Placeholder("what_now", "What comes next, or that nothing does", AGREED),
    ),
    decided,
    offers_made,
)
DAYS_WORDING = Wording(
    Words(
        "{what_changed}",
        "Hello {first_name}. {what_changed}. Until now they were {days_before}.\n\n{what_now}",
    ),
    (
        *ABOUT_AN_OFFER,
        Placeholder(
            "what_changed",
            "Whose days are which now",
            "Your days at Harbour Lane School are now 8 September 2027 to 31 August 2029",
        ),
        Placeholder("days_before", "The days until now", "1 September 2027 to 31 August 2029"),
        Placeholder("what_now", "What comes of it", COME_ALONG),
    ),
    days_changed,
    offers_made,
)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=OFFERED,
            label="Placement that is offered",
            purpose="Asks a leader, and those who decide at the school, for a yes or a no.",
            audience="The leader, the host leads and the head; the coordinator where the school has none",
            too_late="A fortnight after it was offered.",
            render=OFFERED_WORDING,
            holds_link=True,
            lock_subject=kinds.share_lock(Placement),
            is_wanted=offer_is_wanted,
            useful_for=timedelta(days=14),
        )
    )
    kinds.register(
        kinds.Kind(
            name=DECIDED,
            label="What became of an offer",
            purpose="Says that a placement is agreed, or that it does not come about.",
            audience="The leader, the host leads and the head",
            too_late="A fortnight after it was decided.",
            render=DECIDED_WORDING,
            priority=kinds.Priority.UPDATE,
            lock_subject=kinds.share_lock(Placement),
            is_wanted=outcome_is_wanted,
            useful_for=timedelta(days=14),
        )
    )
    kinds.register(
        kinds.Kind(
            name=DAYS,
            label="Other days for a placement",
            purpose="Says that a placement that is sure begins or ends on another day.",
            audience="The leader, the host leads and the head",
            too_late="A fortnight after they changed.",
            render=DAYS_WORDING,
            priority=kinds.Priority.UPDATE,
            lock_subject=kinds.share_lock(Placement),
            is_wanted=days_are_wanted,
            useful_for=timedelta(days=14),
        )
    )
