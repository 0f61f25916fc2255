"""Dates, lengths, names, tags and drawings read the way people write them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template import Context, Template
from django.template.loader import get_template

from dlp import words
from dlp.home.icons import ICONS, SIGNS
from dlp.home.navigation import DESK, HOME, LEADERS, SESSIONS
from dlp.home.states import OF_KIND, STATES, state_of
from dlp.home.templatetags.dlp import strip, strip_title

TODAY = date(2026, 11, 23)


def render(source: str, **context: object) -> str:
    return Template("{% load dlp %}" + source).render(Context(context)).strip()


def test_days_are_written_in_full():
    assert words.day(date(2026, 11, 24)) == "Tue 24 November 2026"
    assert words.plain_day(date(2026, 9, 1)) == "1 September 2026"
    assert words.short_day(date(2026, 11, 24), today=TODAY) == "Tue 24 Nov"
    assert words.short_day(date(2027, 1, 22), today=TODAY) == "Fri 22 Jan 2027"


def test_a_thousand_and_more_has_its_comma():
    assert words.count(1, "person", "people") == "1 person"
    assert words.count(12_480, "person", "people") == "12,480 people"
    assert words.named(list("abcd") * 300) == "a, b, c and 1,197 more"
    assert render("{{ n|count:'place' }}, {{ n|figure }}", n=1_204) == "1,204 places, 1,204"


def test_an_instant_falls_on_the_day_that_england_has():
    assert words.day(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Thu 2 July 2026"


def test_a_session_is_said_with_its_hours_and_several_days_without():
    starts_at = datetime(2026, 11, 24, 16, tzinfo=UTC)

    assert words.when(starts_at, starts_at + timedelta(hours=2)) == (
        "Tue 24 November 2026, 16:00–18:00"
    )
    assert words.when(
        datetime(2027, 7, 9, 12, tzinfo=UTC), datetime(2027, 7, 11, 12, tzinfo=UTC)
    ) == ("9 to 11 July 2027")


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (date(2027, 7, 9), "9 July 2027"),
        (date(2027, 7, 11), "9 to 11 July 2027"),
        (date(2027, 8, 1), "9 July to 1 August 2027"),
        (date(2028, 8, 31), "9 July 2027 to 31 August 2028"),
        (None, "from 9 July 2027"),
    ],
)
def test_a_span_repeats_nothing(last: date | None, said: str):
    assert words.span(date(2027, 7, 9), last) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (3, "in 3 days"),
        (-4, "4 days ago"),
        (60, "in 9 weeks"),
        (150, "in 5 months"),
        (-800, "2 years ago"),
        (-1_090, "2 years ago"),
    ],
)
def test_distance_from_today_is_said_in_words(days: int, said: str):
    assert words.from_today(TODAY + timedelta(days=days), today=TODAY) == said


def test_lengths_are_in_minutes():
    assert words.minutes(120) == "120 minutes"
    assert words.minutes(timedelta(minutes=1)) == "1 minute"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Fenwick", "AF"), ("Ana María de la Cruz", "AC"), ("Bo", "B"), ("", "")],
)
def test_initials_are_the_first_and_last_words(name: str, letters: str):
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140 Safari/537.36", "Chrome on a Chromebook"),
        ("curl/8.0", "A browser"),
    ],
)
def test_a_browser_is_named_as_people_know_it(user_agent: str, said: str):
    assert words.browser(user_agent) == said


def test_a_date_that_is_missing_leaves_nothing():
    assert render("{{ none|day }}{{ none|from_today }}{{ none|minutes }}", none=None) == ""


def test_the_leaf_is_marigold_only_when_told():
    on = date(2026, 11, 24)

    assert "data-now" in render("{% leaf on now=True %}", on=on)
    assert "data-now" not in render("{% leaf on %}", on=on)


def test_crumbs_end_with_this_page():
    html = render('{% crumbs "Cohorts" "/cohorts/" name %}', name="2026 <Cohort>")

    assert '<a href="/cohorts/">Cohorts</a>' in html
    assert '<li aria-current="page">2026 &lt;Cohort&gt;</li>' in html


def test_the_strip_says_what_it_shows():
    marks = ["present"] * 3 + ["late", "absent", "", ""]

    assert strip_title(marks) == "5 sessions: 3 present, 1 late, 1 absent; 2 to come"
    assert strip(marks).count("<rect ") == 6
    assert strip(marks).count("<path ") == 1


def test_a_strip_that_leaves_some_out_says_so():
    assert strip_title(["present"] * 20, 22) == "The last 20 of 22 sessions: 20 present"


OTHER_WORDS = re.compile(r"can’t (?:come|make it)|said (?:no|yes)", re.I)
"""What the states of bookings and placements are not called."""
THEIR_OWN = {"_reply.html", "letter_reply.html"} | {
    "answer.html",
    "_placement_board.html",
    "_beginning.html",
}
"""Where people say of themselves that they can’t make it, and where one of an offer's two sides has said yes."""


def test_an_answer_has_one_word_on_every_page():
    found = [
        f"{path.name}: {said[0]}"
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if path.name not in THEIR_OWN and "emails" not in path.parts
        for said in [OTHER_WORDS.search(path.read_text())]
        if said
    ]

    assert not found


def stateful_fields() -> list[tuple[str, str, str]]:
    return [
        (model._meta.model_name or "", field.name, str(value))
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in ("cohorts", "placements", "training", "dlp")
        for model in config.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name in ("state", "status", "attendance")
        for value, _ in field.flatchoices
        if value
    ]


def test_every_state_of_every_model_has_a_tag():
    missing = [
        f"{kind}.{name}: {value}"
        for kind, name, value in stateful_fields()
        if value not in STATES and (kind, value) not in OF_KIND
    ]

    assert not missing, f"dlp/home/states.py does not place {', '.join(missing)}"


def test_a_word_may_mean_something_else_for_one_model():
    assert state_of("open") == "soon"
    assert state_of("open", "school") == "good"


def test_every_icon_that_is_asked_for_is_drawn():
    asked = {place.icon for place in [*DESK, HOME, LEADERS, SESSIONS]} | set(SIGNS.values())

    assert asked <= set(ICONS)


@pytest.mark.parametrize(
    "name",
    sorted(
        str(path.relative_to(settings.BASE_DIR / "templates"))
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
    ),
)
def test_every_template_is_whole(name: str):
    get_template(name)


def test_every_form_on_a_page_comes_with_its_error_summary():
    bare = [
        path.relative_to(settings.BASE_DIR)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        if "{{ form }}" in (text := path.read_text())
        and 'method="post"' in text
        and "_error_summary.html" not in text
    ]

    assert not bare, f"Without _error_summary.html: {bare}"


def test_hours_and_days_never_break_over_two_lines():
    template = Template("{% load dlp %}{{ said|whole }}")

    assert template.render(Context({"said": "1 May 2026 to 2 June 2027, <b>, 16:00–18:00"})) == (
        '<span class="whole">1 May 2026</span> <span class="whole">to 2 June 2027</span>, '
        '&lt;b&gt;, <span class="whole">16:00–18:00</span>'
    )
