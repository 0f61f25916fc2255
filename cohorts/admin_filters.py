"""Filters that several admin pages share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cohorts.models import Cohort


class LatestCohortFilter(admin.RelatedFieldListFilter):
    """The cohorts that began last, not every one there ever was."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> list[Any]:
        latest = Cohort.objects.to_choose_from(request.GET.get(self.lookup_kwarg))
        return [(cohort.pk, cohort.name) for cohort in latest]
