"""The filters of the list of sessions, which live in the URL."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from cohorts.models import Cohort, Person
from training.days import Span, month_of, week_of
from training.models import Kind, Session
from training.models.sessions import SessionQuerySet

ALL = "all"


class CalendarFilter(forms.Form):
    """Which sessions to list: staff begin with their own, others see no others."""

    view = forms.ChoiceField(
        choices=[("", "List"), ("month", "Month"), ("week", "Week")],
        required=False,
        widget=forms.HiddenInput,
    )
    on = forms.DateField(required=False, widget=forms.HiddenInput)
    when = forms.ChoiceField(choices=[("", "To come"), ("past", "Past")], required=False)
    kind = forms.ChoiceField(choices=[("", "Every kind"), *Kind.choices], required=False)
    cohort = forms.ModelChoiceField(
        Cohort.objects.none(), required=False, empty_label="Every cohort"
    )
    whose = forms.ChoiceField(
        choices=[("", "Mine"), (ALL, "Everybody’s")], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.is_staff:
            cohorts = cast(forms.ModelChoiceField, self.fields["cohort"])
            offered = Cohort.objects.visible_to(person).to_choose_from(self.data.get("cohort"))
            cohorts.queryset = offered
        else:
            del self.fields["cohort"], self.fields["whose"]
        self.is_valid()
        if self.span:
            del self.fields["when"]

    def narrow(self, sessions: SessionQuerySet) -> SessionQuerySet:
        """The sessions asked for; invalid filters are ignored."""
        asked = self.cleaned_data
        now = timezone.now()
        if self.span:
            sessions = sessions.on_days(self.span.first, self.span.last)
        elif asked.get("when") == "past":
            sessions = sessions.filter(ends_at__lt=now).order_by("-starts_at", "-pk")
        else:
            sessions = sessions.to_come(now)
        if asked.get("kind"):
            sessions = sessions.filter(kind=asked["kind"])
        if asked.get("cohort"):
            of_cohort = Session.cohorts.through.objects.filter(cohort=asked["cohort"])
            sessions = sessions.filter(pk__in=of_cohort.values("session"))
        return sessions.concerning(self.person) if self.is_of_mine else sessions

    @property
    def is_of_mine(self) -> bool:
        """Whether staff see only their own: until they ask for everybody's."""
        return self.person.is_staff and self.cleaned_data.get("whose") != ALL

    @cached_property
    def span(self) -> Span | None:
        """The days of the month or week asked for; None for the list."""
        day = self.cleaned_data.get("on") or timezone.localdate()
        match self.cleaned_data.get("view"):
            case "month":
                return month_of(day)
            case "week":
                return week_of(day)
        return None

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("kind", "cohort"))
