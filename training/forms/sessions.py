"""Planning one session: one form for all kinds, with the fields that the kind needs."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.utils import timezone

from cohorts.models import Cohort
from dlp.calendar import NoSuchTime, TwoSuchTimes, instant
from dlp.editing import EditForm
from training.forms.calling_off import marks_go
from training.forms.people import PeopleField
from training.forms.times import happens_twice, which_hour
from training.forms.venues import VenueField
from training.models import Kind, Mode, Session, SignUp, SupervisionGroup
from training.models.sessions import LONGEST
from training.operations.series import following_in_series
from training.operations.sessions import SessionFields
from training.planning_clashes import Asked, Times, asked_to, planned_for

USUAL_TIMES = {
    Kind.TRAINING_DAY: (time(9, 30), time(15, 30)),
    Kind.DSL_TRAINING: (time(9, 30), time(15, 30)),
    Kind.TWILIGHT: (time(16), time(18)),
    Kind.SUPERVISION: (time(16), time(17)),
    Kind.RESIDENTIAL: (time(17), time(14)),
}
_SEVERAL_DAYS = {"ends_on", "arrival", "to_bring"}
NOT_FOR = {
    Kind.TRAINING_DAY: {"group"} | _SEVERAL_DAYS,
    Kind.DSL_TRAINING: {"group"} | _SEVERAL_DAYS,
    Kind.TWILIGHT: {"group", "course"} | _SEVERAL_DAYS,
    Kind.SUPERVISION: {"course", "cohorts", "capacity", "sign_up", "facilitators"} | _SEVERAL_DAYS,
    Kind.RESIDENTIAL: {"group"},
}


class SessionForm(EditForm):
    """Add or change one session of a kind.

    A time skipped when the clocks go forward is refused at its field. A time that occurs twice adds
    the question `in_second_hour`, and nothing typed is lost.
    """

    facilitators = PeopleField(
        label="Who leads it", required=False, help_text="One a line, by name or e-mail address."
    )
    arrival = forms.CharField(
        label="Getting there",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="When to arrive, which train, who meets them.",
    )
    venue = VenueField(
        required=False,
        help_text="Leave it empty when people meet online, or while it is not decided. "
        "A partner school becomes a venue when you choose it.",
    )
    to_bring = forms.CharField(
        label="What to bring", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    class Meta:
        model = Session
        fields = [
            "title",
            "starts_on",
            "ends_on",
            "starts_time",
            "ends_time",
            "group",
            "cohorts",
            "mode",
            "join_link",
            "course",
            "capacity",
            "sign_up",
            "summary",
        ]
        labels = {"cohorts": "For which cohorts", "summary": "What it is"}
        help_texts = {
            "capacity": "Leave it empty for no limit. Once all are taken, people join a waiting list.",
            "sign_up": "They find it among their sessions and take a place themselves.",
            "summary": "What people read before they come: what it is, and what to bring.",
            "course": "Leave it empty if it stands alone.",
        }
        error_messages = {
            "title": {"required": "Give it a title."},
            "starts_on": {"required": "Say on which date it is."},
            "ends_on": {"required": "Say on which date it ends."},
            "starts_time": {"required": "Say when it starts."},
            "ends_time": {"required": "Say when it ends."},
            "group": {"required": "Choose the supervision group."},
        }
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4}),
            "cohorts": forms.CheckboxSelectMultiple,
            "mode": forms.RadioSelect,
        }

    first_fields = [
        "title",
        "starts_on",
        "ends_on",
        "starts_time",
        "ends_time",
        "in_second_hour",
        "marks_go",
        "group",
        "cohorts",
        "facilitators",
        "mode",
        "venue",
        "join_link",
    ]

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        self.kind = Kind(kind)
        kwargs["initial"] = {**self._usual(kwargs.get("instance")), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        for name in NOT_FOR[self.kind] & set(self.fields):
            del self.fields[name]
        if "sign_up" in self.fields:
            self.fields["sign_up"].required = False
        self._narrow()
        self._ask_about_marks()
        self._ask_which_hour()
        self.order_fields(self.first_fields)

    def clean_starts_on(self) -> date | None:
        starts_on: date | None = self.cleaned_data["starts_on"]
        if starts_on and not 2018 <= starts_on.year <= timezone.localdate().year + 5:
            raise forms.ValidationError(f"The year {starts_on.year} cannot be right.")
        return starts_on

    def clean_sign_up(self) -> str:
        return self.cleaned_data["sign_up"] or SignUp.INVITED

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first = cleaned.get("starts_on")
        last = cleaned.get("ends_on") or first
        starts_at = self._instant("starts_time", first)
        ends_at = self._instant("ends_time", last)
        if starts_at and ends_at and ends_at <= starts_at:
            at_fault = "ends_time" if first == last else "ends_on"
            self.add_error(at_fault, "The session must end after it starts.")
        elif starts_at and ends_at and ends_at - starts_at > LONGEST:
            self.add_error("ends_on", "A session lasts 31 days at most. Plan a series instead.")
        elsewhere = cleaned.get("mode") == Mode.ONLINE or cleaned.get("venue")
        if self.instance.pk and self.instance.state != Session.State.DRAFT and not elsewhere:
            self.add_error("venue", "Choose where people meet, or make it online.")
        return cleaned

    def values(self) -> SessionFields:
        """The cleaned values, as the operations take them. Only for a valid form."""
        typed = {"in_second_hour": None, **self.cleaned_data, "kind": self.kind.value}
        if "ends_on" not in self.fields:
            typed["ends_on"] = typed["starts_on"]
        return cast(SessionFields, typed)

    def planned(self) -> list[Times]:
        """The times typed so far, as far as they make sense."""
        starts, ends = (self.cleaned_data.get(name) for name in ("starts_time", "ends_time"))
        if starts is None or ends is None:
            return []
        return [Times(first, starts, last, ends) for first, last in self.typed_days()]

    def typed_days(self) -> list[tuple[date, date]]:
        """The first and last day of each session that the form would plan or move."""
        first = self.cleaned_data.get("starts_on")
        return [(first, self.cleaned_data.get("ends_on") or first)] if first else []

    def asked(self) -> Asked:
        """The people it is planned for, and those asked already who have not declined."""
        typed = self.cleaned_data
        is_told = self.instance.pk and self.instance.state != Session.State.DRAFT
        cohorts = [] if is_told else typed.get("cohorts", [])
        group = typed.get("group") or self.instance.group
        asked = planned_for(cohorts, group, typed.get("facilitators", []))
        return asked | asked_to(self.instance) if self.instance.pk else asked

    def besides(self) -> list[int]:
        """The sessions that the form itself is about."""
        return [self.instance.pk] if self.instance.pk else []

    def _usual(self, instance: Session | None) -> dict[str, Any]:
        if instance is None or instance.pk is None:
            starts_time, ends_time = USUAL_TIMES[self.kind]
            usual: dict[str, Any] = {"starts_time": starts_time, "ends_time": ends_time}
            return usual | ({"title": "Supervision"} if self.kind == Kind.SUPERVISION else {})
        initial: dict[str, Any] = {
            "facilitators": list(instance.facilitators.all()),
            "venue": instance.venue_id,
        }
        if instance.in_second_hour is not None:
            initial["in_second_hour"] = str(instance.in_second_hour)
        if self.kind == Kind.RESIDENTIAL:
            initial["arrival"] = instance.residential.arrival
            initial["to_bring"] = instance.residential.to_bring
        return initial

    def _narrow(self) -> None:
        """Offer current cohorts and groups, and those the session already has."""
        today = timezone.localdate()
        if "cohorts" in self.fields:
            cohorts = Cohort.objects.filter(ends_on__gte=today)
            if self.instance.pk:
                cohorts |= Cohort.objects.filter(sessions=self.instance)
            cast(forms.ModelChoiceField, self.fields["cohorts"]).queryset = cohorts.distinct()
        if "group" in self.fields:
            groups = SupervisionGroup.objects.current_on(today)
            if self.instance.group_id:
                groups |= SupervisionGroup.objects.filter(pk=self.instance.group_id)
            cast(forms.ModelChoiceField, self.fields["group"]).queryset = groups
            self.fields["group"].required = True
        if "ends_on" in self.fields:
            self.fields["ends_on"].required = True

    def _ask_about_marks(self) -> None:
        """Add the question about marks, if the register has any and the time can still change."""
        if self.instance.pk is None or not self.instance.has_begun or self.instance.is_over:
            return
        if field := marks_go(self.instance, "The marks go if it moves to a time yet to come"):
            self.fields["marks_go"] = field

    def _ask_which_hour(self) -> None:
        """Add the question which hour is meant, if a typed or stored time occurs twice."""
        first = self._now_in("starts_on")
        for name, day in (("starts_time", first), ("ends_time", self._now_in("ends_on") or first)):
            at = self._now_in(name)
            if isinstance(day, date) and isinstance(at, time) and happens_twice(day, at):
                self.fields["in_second_hour"] = which_hour(day, at)
                return

    def _now_in(self, name: str) -> Any:
        """The current value of a field, typed or stored; None if it makes no sense."""
        if name not in self.fields:
            return None
        field = self.fields[name]
        if not self.is_bound:
            return self.get_initial_for_field(field, name)
        try:
            return field.clean(self.data.get(self.add_prefix(name)))
        except forms.ValidationError:
            return None

    def _instant(self, name: str, day: date | None) -> datetime | None:
        """The moment of a local time; None, with an error at its field, if there is none."""
        at = self.cleaned_data.get(name)
        if day is None or at is None:
            return None
        try:
            return instant(day, at, second=self.cleaned_data.get("in_second_hour"))
        except NoSuchTime as error:
            self.add_error(name, f"{error} Choose another time.")
        except TwoSuchTimes:
            return None  # in_second_hour asks, and has its own error
        return None


class InSeriesForm(SessionForm):
    """Change one session of a series, alone or with all that follow."""

    following = forms.ChoiceField(
        label="What changes",
        choices=[("", "This session alone"), ("yes", "This one and those after it")],
        required=False,
        widget=forms.RadioSelect,
        help_text="If its day moves, theirs move by as many days.",
    )

    def typed_days(self) -> list[tuple[date, date]]:
        typed = super().typed_days()
        if not typed or not self.cleaned_data.get("following"):
            return typed
        [(first, last)] = typed
        following = following_in_series(self.instance).values_list("starts_on", flat=True)
        later = [day + (first - self.initial["starts_on"]) for day in following]
        return [*typed, *((day, day + (last - first)) for day in later)]

    def besides(self) -> list[int]:
        following = following_in_series(self.instance).values_list("pk", flat=True)
        return [*super().besides(), *following]

    def values(self) -> SessionFields:
        values: dict[str, Any] = {**super().values()}
        del values["following"]
        return cast(SessionFields, values)
