"""Twilights: ideas for them, their presenters, and the practice card that each leaves."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Person
from cohorts.models.strands import Strand
from training.models.community import belongs
from training.models.sessions import Session


class Stage(models.TextChoices):
    """How far an idea is: as stored, then as its session and card show."""

    DRAFT = "draft", "Draft"
    PROPOSED = "proposed", "Proposed"
    ACCEPTED = "accepted", "Accepted"
    SCHEDULED = "scheduled", "Scheduled"
    DELIVERED = "delivered", "Delivered"
    WRITTEN_UP = "written_up", "Written up"
    DECLINED = "declined", "Not this time"
    WITHDRAWN = "withdrawn", "Withdrawn"


def _stage() -> Case:
    has_card = Exists(PracticeCard.objects.filter(session=OuterRef("session")))
    goes_ahead = Q(session__state=Session.State.PUBLISHED)
    return Case(
        When(~Q(state=Stage.ACCEPTED), then="state"),
        When(goes_ahead & Q(has_card), then=Value(Stage.WRITTEN_UP)),
        When(goes_ahead & Q(session__ends_at__lt=Now()), then=Value(Stage.DELIVERED)),
        When(
            Q(session__isnull=False) & ~Q(session__state=Session.State.CANCELLED),
            then=Value(Stage.SCHEDULED),
        ),
        default=Value(Stage.ACCEPTED),
        output_field=CharField(),
    )


class TwilightIdeaQuerySet(models.QuerySet["TwilightIdea"]):
    def visible_to(self, user: Person) -> TwilightIdeaQuerySet:
        """People see their own; staff everybody's, except drafts, which are private."""
        own = Q(proposed_by=user)
        return self.filter(own | ~Q(state=Stage.DRAFT)) if user.is_staff else self.filter(own)

    def with_stage(self) -> TwilightIdeaQuerySet:
        """Annotate `stage`.

        If its session is cancelled, an idea is accepted again and can be scheduled anew.
        """
        return self.annotate(stage=_stage())

    def at(self, stage: str) -> TwilightIdeaQuerySet:
        return self.annotate(stage=_stage()).filter(stage=stage)

    def for_display(self) -> TwilightIdeaQuerySet:
        return self.with_stage().select_related("proposed_by", "session")


@pghistory.track()
class TwilightIdea(models.Model):
    """What somebody of the community would like to present to the others after school.

    Stored are the steps that people take; whether it is scheduled, delivered or written up follows
    from its session and practice card.
    """

    STORED = (
        Stage.DRAFT,
        Stage.PROPOSED,
        Stage.ACCEPTED,
        Stage.DECLINED,
        Stage.WITHDRAWN,
    )
    OPEN = frozenset({Stage.DRAFT, Stage.PROPOSED})
    """Stages in which its author may change it."""

    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="twilight_ideas"
    )
    title = models.CharField(max_length=200)
    what_changed = models.TextField("what changed, and how you know", blank=True)
    who_it_helps = models.TextField("who would be helped by hearing it", blank=True)
    strand = models.CharField(max_length=40, choices=Strand, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.label) for one in STORED],
        default=Stage.DRAFT,
        editable=False,
    )
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    answer = models.CharField("what was said to it", max_length=300, blank=True, editable=False)
    session = models.OneToOneField(
        Session, models.PROTECT, null=True, blank=True, editable=False, related_name="idea"
    )

    objects = TwilightIdeaQuerySet.as_manager()

    class Meta:
        verbose_name = "twilight idea"
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["state", "proposed_at"], name="idea_state_proposed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="withdrawn")
                | (~Q(what_changed="") & ~Q(who_it_helps="") & ~Q(strand="")),
                name="idea_is_whole_once_proposed",
                violation_error_message="Say what changed, who it helps and the strand first.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(proposed_at__isnull=False),
                name="idea_proposed_at_a_time",
                violation_error_message="A proposed idea records when it was proposed.",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["accepted", "declined"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | (~Q(state__in=["accepted", "declined"]) & Q(decided_at=None, decided_by=None)),
                name="idea_decision_is_whole",
                violation_error_message="A decision records who took it and when.",
            ),
            models.CheckConstraint(
                condition=Q(session=None) | Q(state="accepted"),
                name="idea_scheduled_once_accepted",
                violation_error_message="Only an accepted idea is scheduled.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:idea", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def get_stage_display(self) -> str:
        """Only known after `with_stage`."""
        return Stage(self.stage).label  # type: ignore[attr-defined]


class PresenterQuerySet(models.QuerySet["Presenter"]):
    def visible_to(self, user: Person) -> PresenterQuerySet:
        """Staff see all; presenters themselves; those who lead a session everybody at it."""
        if user.is_staff:
            return self
        led = Session.objects.led_by(user).order_by()
        return self.filter(Q(person=user) | Q(session__in=led.values("pk")))

    def confirmed(self) -> PresenterQuerySet:
        return self.filter(answer=Presenter.Answer.YES)

    def standing(self) -> PresenterQuerySet:
        """All except those who cannot present."""
        return self.exclude(answer=Presenter.Answer.NO)


@pghistory.track()
class Presenter(models.Model):
    """Somebody asked to present at a session: a person we know, or a name and an address."""

    class Answer(models.TextChoices):
        NONE = "asked", "Not answered"
        YES = "confirmed", "Confirmed"
        NO = "declined", "Cannot"

    session = models.ForeignKey(Session, models.PROTECT, related_name="presenters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="presents",
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.NONE, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    reason = models.CharField("why not", max_length=200, blank=True, editable=False)

    objects = PresenterQuerySet.as_manager()

    class Meta:
        ordering = ["session", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="", email="")
                | (Q(person=None) & ~Q(name="") & ~Q(email="")),
                name="presenter_is_somebody",
                violation_error_message="Choose a person, or give a name and an address.",
            ),
            models.UniqueConstraint(
                fields=["session", "person"],
                name="presenter_person_once",
                violation_error_message="This person is asked to present already.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "session",
                condition=Q(person=None),
                name="presenter_address_once",
                violation_error_message="Somebody at this address is asked to present already.",
            ),
            models.CheckConstraint(
                condition=Q(answer="asked", answered_at=None)
                | (~Q(answer="asked") & Q(answered_at__isnull=False)),
                name="presenter_answer_is_whole",
                violation_error_message="An answer records when it came.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}, {self.session}"

    @property
    def who(self) -> str:
        """Reads self.person if there is one."""
        return self.person.name if self.person else self.name

    @property
    def first_name(self) -> str:
        return self.person.first_name if self.person else self.name.split()[0]


class PracticeCardQuerySet(models.QuerySet["PracticeCard"]):
    def visible_to(self, user: Person) -> PracticeCardQuerySet:
        """Everybody in the community reads what its twilights found out."""
        return self if user.is_staff else self.filter(Q(written_by=user) | belongs(user))


@pghistory.track()
class PracticeCard(models.Model):
    """What a twilight leaves behind, in four answers; kept so that it can become an Insight."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="practice_card")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now, editable=False)
    context = models.TextField("the setting, and what it was like before")
    what_we_did = models.TextField("what we did")
    what_changed = models.TextField("what changed, and how we know")
    do_again = models.TextField("what we would do again, and what we would not")
    no_pupil_named = models.BooleanField("no pupil can be recognised in it", default=False)

    objects = PracticeCardQuerySet.as_manager()

    class Meta:
        verbose_name = "practice card"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(no_pupil_named=True),
                name="practice_card_names_no_pupil",
                violation_error_message="Say that no pupil can be recognised in it.",
            )
        ]

    def __str__(self) -> str:
        return f"Practice card of {self.session}"
