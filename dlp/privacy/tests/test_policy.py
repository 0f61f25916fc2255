"""No column without a rule, no rule without a column."""

import tomllib
from functools import cache

import pytest

from cohorts.models import ParticipationChange, Person
from dlp.privacy import policy
from dlp.privacy.policy import Kind


@pytest.fixture
def policy_without():
    """The policy file with one line taken out; put back afterwards."""
    original = policy.rules

    def replace(text: str, by: str) -> None:
        document = tomllib.loads(policy.POLICY.read_text().replace(text, by, 1))
        policy.rules = cache(lambda: policy.parse(document))

    yield replace
    policy.rules = original


def test_every_column_has_a_rule():
    missing = policy.columns_without_a_rule()

    assert not missing, (
        f"Add these to dlp/privacy/policy.toml, with their class, why they are kept and how long: "
        f"{', '.join(missing)}"
    )


def test_every_rule_has_a_column():
    stray = policy.rules_without_a_column()

    assert not stray, f"dlp/privacy/policy.toml has rules about nothing: {', '.join(stray)}"


def test_a_column_that_loses_its_rule_is_noticed(policy_without):
    policy_without('"note_private"', "")

    assert "cohorts.ParticipationChange.note_private" in policy.columns_without_a_rule()


def test_a_rule_about_nothing_is_noticed(policy_without):
    policy_without('"note_private"', '"note_private", "shoe_size"')

    assert policy.rules_without_a_column() == ["cohorts.ParticipationChange.shoe_size"]


def test_two_rules_for_one_column_are_refused(policy_without):
    policy_without('"note_private"', '"note_private", "reason"')

    with pytest.raises(ValueError, match="two rules"):
        policy.rules()


def test_history_follows_what_it_tracks():
    event = next(
        model
        for model, _ in policy.columns()
        if getattr(model, "pgh_tracked_model", None) is Person
    )

    assert policy.rule_for(event, "email") == policy.rule_for(Person, "email")
    assert policy.rule_for(event, "pgh_created_at").keep.name == "record"


def test_reasons_for_leaving_are_sensitive_and_do_not_outlive_the_matter():
    rule = policy.rule_for(ParticipationChange, "note_private")

    assert rule.kind == Kind.SENSITIVE
    assert rule.keep.days == 365


def test_whatever_is_not_kept_for_good_has_a_number_of_days():
    for rule in policy.rules().values():
        assert (rule.keep.days is None) == (rule.keep.name == "always")
        if rule.keep.name == "always":
            assert rule.kind == Kind.PUBLIC, f"{rule.model}.{rule.field} is about people"
