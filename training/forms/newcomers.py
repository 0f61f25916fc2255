"""The form that chooses the sessions to which a newcomer is invited."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from dlp import words
from training.models import Session
from training.models.sessions import SessionQuerySet


class _Sessions(forms.ModelMultipleChoiceField):
    def label_from_instance(self, session: Any) -> str:
        return f"{session.title}, {words.when(session.starts_at, session.ends_at)}"


class NewcomerForm(forms.Form):
    sessions = _Sessions(
        Session.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one session."},
    )

    def __init__(self, data: Any, *, sessions: SessionQuerySet) -> None:
        super().__init__(data, initial={"sessions": sessions})
        cast(forms.ModelMultipleChoiceField, self.fields["sessions"]).queryset = sessions
