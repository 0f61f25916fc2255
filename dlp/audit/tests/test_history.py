"""What changed is kept: every model's columns, and what joins its rows to others."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from cohorts.models import Person
from dlp.audit.joins import joins_of
from dlp.tests.test_structure import APPS

# Models without a history table, and what tells their past instead.
TOLD_OTHERWISE = {
    "cohorts.ParticipationChange": "append-only: it is the history of a participation",
    "cohorts.Likeness": "made anew every ten minutes from rows that keep theirs",
    "cohorts.PersonMerge": "append-only: it says who made one record of which two",
    "cohorts.Correction": "append-only: it says what was changed, by whom and why",
    "cohorts.Completion": "append-only: it is the history of a completion",
    "placements.PlacementChange": "append-only: it is the history of a placement",
    "placements.Acceptance": "append-only: it says who agreed to a placement, when and how",
    "cohorts.ImportRun": "its rows say what was done, when and by whom",
    "training.RegisterTap": "only added to: it is the history of a register",
    "training.Feedback": "said once and never changed; a history would tell who said it",
    "training.Need": "sealed, and erased when it is taken back: nothing of it stays",
    "outbox.Message": "it carries its own times, and its attempts",
    "outbox.Attempt": "append-only",
    "outbox.JobRun": "a row a day, never changed",
    "outbox.Outage": "it carries its own times: it is the history of a relay",
    "outbox.RelayState": "a measure of this moment",
    "outbox.SenderRound": "one row a doorbell, written every few seconds",
    "outbox.SweepDay": "it counts what other rows tell",
    "audit.AccessRecord": "append-only",
    "audit.ExportRecord": "append-only",
}
OURS = [
    model
    for app in (*APPS, "outbox", "audit")
    for model in apps.get_app_config(app).get_models()
    if not hasattr(model, "pgh_tracked_model") and not model._meta.proxy
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_keeps_its_history_or_says_what_tells_it(model):
    assert hasattr(model, "events") != (model._meta.label in TOLD_OTHERWISE)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_everything_many_to_many_keeps_its_history(model):
    untold = [field.name for field, kept in joins_of(model) if kept is None]

    assert not untold, f"Track a proxy of the table that joins them: {untold}"


def test_a_many_to_many_without_history_is_noticed():
    """`Group.permissions` is not ours: what a group may do is written anew at every upgrade."""
    assert [field.name for field, kept in joins_of(Group) if kept is None] == ["permissions"]
    assert [kept is None for _, kept in joins_of(Person)] == [False, False]
