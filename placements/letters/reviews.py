"""The letters about placement reviews: one is due soon, or overdue."""

from __future__ import annotations

from django.utils import timezone

from cohorts.answering import reply_to
from cohorts.models import Person, PlanItem
from cohorts.samples import samples_of
from dlp import words
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.writing.wording import Draft, Placeholder, Sample, Wording, Words
from placements.models import Placement, SchoolContact
from placements.reminders import DUE, NOT_DUE, OVERDUE, SUBJECT, holders
from placements.reviews import asked_for, is_overdue, placed_in

TO_LEADER = "Agree a time with your host lead. They write it down, and you say whether it was so."
TO_HOST = "Agree a time. Once it is held, write down on the placement’s page what you agreed."

TO_PROGRAMME = (
    "Nobody who leads on it at the school can be written to. Ask the school who does, and add them."
)


def due_is_wanted(message: Message) -> bool:
    """Whether the review is still due on that day, and the reader still holds it."""
    return message.person_id in holders([_due_item(message)]).get(message.subject_id or 0, ())


def overdue_is_wanted(message: Message) -> bool:
    """Whether it is still overdue, and the reader still coordinates the cohort."""
    item = _due_item(message)
    if not is_overdue(item, timezone.localdate()):
        raise kinds.NotWanted(NOT_DUE)
    return item.participation.cohort.coordinator_id == message.person_id


def _due_item(message: Message) -> PlanItem:
    """The review that is due. Raises NotWanted if it is not, or has another day."""
    found = asked_for().filter(pk=message.subject_id, due_on=message.lead).first()
    if found is None:
        raise kinds.NotWanted(NOT_DUE)
    return _item(message)


def due(message: Message) -> Draft:
    """What is due, when, and what to do; worded for the leader or for others."""
    assert message.person is not None  # noqa: S101  due_is_wanted has looked
    item = _item(message)
    is_own = item.participation.person_id == message.person_id
    is_instead = item.participation.cohort.coordinator_id == message.person_id
    said = _said(item, message.person) | {
        "time_left": words.from_today(item.due_on) if item.due_on else "",
        "what_to_do": TO_LEADER if is_own else TO_PROGRAMME if is_instead else TO_HOST,
    }
    return _draft("due", item, said)


def overdue(message: Message) -> Draft:
    """Which review has not been written up, and since when."""
    assert message.person is not None  # noqa: S101  overdue_is_wanted has looked
    item = _item(message)
    return _draft("overdue", item, _said(item, message.person))


def _said(item: PlanItem, to: Person) -> dict[str, str]:
    leader = item.participation.person
    whose = "Your" if leader.pk == to.pk else f"{leader.name}’s"
    return {
        "first_name": to.first_name,
        "whose_review": f"{whose} {item.title[:1].lower()}{item.title[1:]}",
        "school": _placement(item).host_name,
        "due_day": words.day(item.due_on) if item.due_on else "",
    }


def _draft(template: str, item: PlanItem, said: dict[str, str]) -> Draft:
    coordinator = item.participation.cohort.coordinator
    facts = {**said, "page_path": _placement(item).get_absolute_url()}
    return Draft(
        f"placements/review_{template}",
        said,
        facts,
        reply_to=reply_to(coordinator),
    )


def _item(message: Message) -> PlanItem:
    known = PlanItem.objects.select_related(
        "participation__person", "participation__cohort__coordinator"
    )
    return known.annotate(placement_id=placed_in()).get(pk=message.subject_id)


def _placement(item: PlanItem) -> Placement:
    return Placement.objects.get(pk=item.placement_id)  # type: ignore[attr-defined]


def reviews_to_hold() -> list[Sample]:
    """Reviews that are due, as their leaders would read of them."""
    items = asked_for()
    people = Person.objects.get_queryset().filter(
        email__isnull=False, pk__in=items.order_by().values("participation__person")
    )

    def about(person: Person) -> Message:
        item = items.filter(participation__person=person)[:1].get()
        return Message(person=person, subject_kind=SUBJECT, subject_id=item.pk)

    return samples_of(people, about, nobody="No review is to be held.")


def reviews_overdue() -> list[Sample]:
    """Reviews that are due, as if overdue, as their coordinators would read of them."""
    items = asked_for().filter(participation__cohort__coordinator__isnull=False)
    people = Person.objects.get_queryset().filter(
        pk__in=items.order_by().values("participation__person")
    )

    def about(person: Person) -> Message:
        item = items.filter(participation__person=person)[:1].get()
        coordinator = item.participation.cohort.coordinator
        return Message(person=coordinator, subject_kind=SUBJECT, subject_id=item.pk)

    return samples_of(people, about, nobody="No review is to be held.")


def holds_reviews(person: Person) -> bool:
    """Whether somebody can get letters about reviews at all."""
    return (
        person.coordinated_cohorts.exists()
        or Placement.objects.live().filter(participation__person=person).exists()
        or SchoolContact.objects.signing_in_on(timezone.localdate())
        .filter(person=person, role=SchoolContact.Role.HOST_LEAD)
        .exists()
    )


REVIEWS = kinds.Topic("reviews", "Placement reviews", holds_reviews)
ABOUT_A_REVIEW = (
    Placeholder("first_name", "What they are called", "Ada"),
    Placeholder(
        "whose_review",
        "Which review, and whose: “Your” to the leader, else their name",
        "Ada Fenwick’s termly placement review 2",
    ),
    Placeholder("school", "The school, as it was called", "Harbour Lane School"),
    Placeholder("due_day", "The day on which it is due", "Tue 24 November 2026"),
)
DUE_WORDING = Wording(
    Words(
        "{whose_review}: due on {due_day}",
        "Hello {first_name}. {whose_review} at {school} is due on {due_day}, {time_left}. "
        "{what_to_do}",
    ),
    (
        *ABOUT_A_REVIEW,
        Placeholder("time_left", "How long there is", "in 7 days"),
        Placeholder("what_to_do", "What the leader does, or the host lead", TO_HOST),
    ),
    due,
    reviews_to_hold,
)
OVERDUE_WORDING = Wording(
    Words(
        "{whose_review} is overdue",
        "Hello {first_name}. {whose_review} at {school} was due on {due_day}, and nobody has "
        "written it down. Write it down, or say why it is not held, on the placement’s page.",
    ),
    ABOUT_A_REVIEW,
    overdue,
    reviews_overdue,
)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=DUE,
            label="Placement review that is near",
            purpose="Says a week before that a placement review is due, and who does what.",
            audience="The leader, and the host leads of the school who sign in; else the coordinator",
            too_late="Once the day of the review has passed.",
            render=DUE_WORDING,
            topic=REVIEWS,
            priority=kinds.Priority.REMINDER,
            holds_link=True,
            lock_subject=kinds.share_lock(PlanItem),
            is_wanted=due_is_wanted,
        )
    )
    kinds.register(
        kinds.Kind(
            name=OVERDUE,
            label="Placement review that is overdue",
            purpose="Tells a coordinator of a placement review that was due a fortnight ago.",
            audience="Whoever coordinates the cohort",
            too_late="A fortnight after it became overdue.",
            render=OVERDUE_WORDING,
            topic=REVIEWS,
            priority=kinds.Priority.REMINDER,
            holds_link=True,
            lock_subject=kinds.share_lock(PlanItem),
            is_wanted=overdue_is_wanted,
        )
    )
