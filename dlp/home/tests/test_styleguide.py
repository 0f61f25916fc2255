"""The styleguide shows the living components, and its colours can be read."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from dlp.calendar import LONDON
from dlp.home.colours import contrast, ratio, tokens
from dlp.home.icons import ICONS
from dlp.home.parts import styleguide
from dlp.home.states import OF_KIND, STATES
from dlp.home.tests.asking import page, queries, status

ON_PAPER = ("ink", "ink-soft", "act", "good", "soon", "due", "bad")
PAIRS = [
    *((name, ground) for name in ON_PAPER for ground in ("paper", "sheet")),
    *((name, "well") for name in ("ink", "ink-soft", "act")),
    *((name, f"{name}-tint") for name in ("good", "soon", "due", "bad")),
    *(("on-act", "act"), ("on-now", "now"), ("chalk", "board"), ("chalk-soft", "board")),
]
COMPONENTS = (
    "arc", "bars", "board", "card", "cards", "chips", "code-entry", "crumbs", "display", "drop",
    "empty", "england", "error", "facts", "field", "figures", "filters", "hint", "key", "leaf",
    "notice", "pager", "register", "rows", "segments", "sign", "steps", "strip", "tabs", "tag",
    "timeline", "toast", "who",
)  # fmt: skip


# Colours


def test_contrast_is_what_wcag_says_it_is():
    assert ratio("#000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#fff", "#fff") == 1


@pytest.mark.parametrize(("name", "ground"), PAIRS)
def test_words_can_be_read_by_day_and_by_night(name, ground):
    found = contrast(name, ground)

    assert min(found.light, found.dark) >= 4.5


def test_edges_of_inputs_can_be_seen():
    for ground in ("paper", "sheet"):
        found = contrast("line-strong", ground)
        assert min(found.light, found.dark) >= 3


def test_a_token_of_one_colour_is_the_same_by_night():
    assert tokens()["now"].light == tokens()["now"].dark
    assert tokens()["paper"].light != tokens()["paper"].dark


# The page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["percy", "olive", "marcus", "ruth"])
def test_the_styleguide_is_for_staff(client, request, percy, name):
    assert status(client, request.getfixturevalue(name), "home:styleguide") == 403


@pytest.mark.django_db
def test_every_component_is_on_it(client, lena):
    text = page(client, lena, "home:styleguide")
    classes = {word for found in re.findall(r'class="([^"]*)"', text) for word in found.split()}

    assert set(COMPONENTS) <= classes
    for swatch in styleguide.swatches():
        assert f"<strong>{swatch.name}</strong>" in text
    assert "14.0 / 14.6 on paper" in text
    assert text.count('class="sign"') >= len(ICONS)


@pytest.mark.django_db
def test_every_state_of_every_model_is_on_it(client, lena):
    text = page(client, lena, "home:styleguide")

    for value, state in STATES.items():
        assert f'data-state="{state}">{styleguide.spoken(value)}</span>' in text
    for (kind, value), state in OF_KIND.items():
        assert f'data-state="{state}">{styleguide.spoken(value)} ({kind})</span>' in text


@pytest.mark.django_db
def test_a_form_with_errors_is_on_it_and_leaves_the_focus_alone(client, lena):
    text = page(client, lena, "home:styleguide")

    assert "2 things to put right" in text
    assert 'aria-invalid="true"' in text
    assert "data-dlp-focus" not in text


@pytest.mark.django_db
def test_what_is_invented_asks_the_database_nothing(client, lena):
    asked = queries(client, lena, "home:styleguide")

    assert len(asked) <= 4
    assert not any("placement" in sql or "cohorts_cohort" in sql for sql in asked)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_arc_is_in_its_second_year_in_every_month(month):
    way = styleguide.arc_of(datetime(2026, month, 15, 12, tzinfo=LONDON))

    assert way.tag.startswith("Year two")
    assert way.way.wide.done
    assert way.way.wide.ahead
