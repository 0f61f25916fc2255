"""Filters that several admin pages share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohorts.cohort_states import CohortState
from cohorts.models import Cohort, Likeness


class LatestCohortFilter(admin.RelatedFieldListFilter):
    """The cohorts that began last, not every one there ever was."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[Any]:
        latest = Cohort.objects.to_choose_from(request.GET.get(self.lookup_kwarg))
        return [(cohort.pk, cohort.name) for cohort in latest]


class CohortStateFilter(admin.SimpleListFilter):
    """Filters by the state that follows from dates and people today; needs `with_state`."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        return list(CohortState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class SignFilter(admin.SimpleListFilter):
    """Filters pairs by one of the signs that make two people look alike."""

    title = "alike in"
    parameter_name = "sign"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        return list(Likeness.Sign.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(signs__contains=[self.value()]) if self.value() else queryset
