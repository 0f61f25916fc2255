"""The styleguide: invented content for every component, so that the real templates can show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page, Paginator

from cohorts.listing import Entry
from cohorts.models import Cohort, Participation, Person
from cohorts.models.strands import Strand
from dlp import words
from dlp.calendar import LONDON
from dlp.home import journey, term_calendar
from dlp.home.colours import Contrast, contrast
from dlp.home.entries import Stay, entries_of
from dlp.home.icons import ICONS
from dlp.home.journey import Journey
from dlp.home.meetings import Meeting
from dlp.home.states import BAD, DUE, GOOD, NOW, OF_KIND, REST, SOON, STATES
from dlp.home.term_calendar import TermCalendar
from placements.forms.placements import PlacementFilterForm
from placements.models import Setting
from placements.models.schools import Region
from placements.where import Hosted, Where, where_of
from training import turnout
from training.models import Booking, Kind

LONG_NAME = "Bartholomew Featherstonehaugh-Cholmondeley-Worthington Smythe"


# Colours


class Swatch(NamedTuple):
    """A colour, what it is for, and its contrast on the grounds it is used on."""

    name: str
    fill: str
    use: str
    on: list[Contrast]


PAPERS = ("paper", "sheet", "well")
COLOURS = (
    ("paper", "ground", "the page", ()),
    ("sheet", "sheet", "cards and inputs", ()),
    ("well", "well", "what is set in", ()),
    ("line", "line", "hairlines, decoration alone", ()),
    ("line-strong", "edge", "edges of inputs", ("paper", "sheet")),
    ("board", "board", "one panel a page", ()),
    ("ink", "ink", "words", PAPERS),
    ("ink-soft", "soft", "second lines", PAPERS),
    ("act", "act", "links and buttons", PAPERS),
    ("now", "now", "today, next, here", ("board",)),
    ("good", "good", "met, current", ("paper", "good-tint")),
    ("soon", "soon", "booked, coming", ("paper", "soon-tint")),
    ("due", "due", "waiting, due soon", ("paper", "due-tint")),
    ("bad", "bad", "overdue, wrong", ("paper", "bad-tint")),
    ("on-act", "", "words on buttons", ("act",)),
    ("on-now", "", "words on marigold", ("now",)),
    ("chalk", "", "words on the board", ("board",)),
    ("chalk-soft", "", "second lines on the board", ("board",)),
)


def swatches() -> list[Swatch]:
    return [
        Swatch(name, fill, use, [contrast(name, ground) for ground in grounds])
        for name, fill, use, grounds in COLOURS
    ]


# States


class StateRow(NamedTuple):
    """One of the six states, its meaning, and the labels of every model that show it."""

    state: str
    meaning: str
    words: list[str]


MEANINGS = {
    GOOD: "met, current, going well",
    SOON: "booked, coming, on its way",
    DUE: "waits for somebody",
    BAD: "overdue, wrong",
    REST: "over, or not begun",
    NOW: "happens now",
}


def state_rows() -> list[StateRow]:
    """Every state of every model, under the one of the six that shows it."""
    said = [(state, spoken(value)) for value, state in STATES.items()]
    said += [(state, f"{spoken(value)} ({kind})") for (kind, value), state in OF_KIND.items()]
    return [
        StateRow(state, meaning, [word for one, word in said if one == state])
        for state, meaning in MEANINGS.items()
    ]


def spoken(value: str) -> str:
    return value.replace("_", " ").capitalize()


# Forms


class ExampleForm(forms.Form):
    """Every kind of field; two of them are wrong."""

    title = forms.CharField(help_text="What would make you stay until 18:00?")
    held_on = forms.DateField(label="Day")
    ends_at = forms.TimeField(label="Ends at")
    strand = forms.ChoiceField(choices=Strand.choices)
    where = forms.ChoiceField(
        choices=[("school", "At a host school"), ("online", "Online")], widget=forms.RadioSelect
    )
    is_anonymous = forms.BooleanField(label="No pupil can be recognised in what I share")
    notes = forms.CharField(widget=forms.Textarea, required=False)
    certificate = forms.FileField(
        help_text="PDF, JPG or PNG, up to 10 MB.",
        error_messages={"required": "The file is 14 MB. Choose one under 10 MB."},
    )

    def clean_ends_at(self) -> time:
        raise forms.ValidationError("The end comes before the start. Choose a later time.")


class CodeForm(forms.Form):
    code = forms.CharField()


def example_form(today: date) -> ExampleForm:
    typed = {
        "title": "Reading fluency in small groups",
        "held_on": today,
        "ends_at": "15:00",
        "strand": Strand.TEACHING_AND_LEARNING,
        "where": "school",
        "is_anonymous": True,
    }
    return ExampleForm(typed, auto_id="example_%s")


# Drawings


def arc_of(now: datetime) -> Journey:
    """A leader in the second year, whatever the date."""
    today = words.as_day(now)
    first = date(today.year - (1 if today.month >= 9 else 2), 9, 1)
    cohort = Cohort(name="The cohort", starts_on=first, ends_on=date(first.year + 2, 8, 31))
    way = Participation(
        cohort=cohort, state="active", starts_on=first, expected_end_on=cohort.ends_on
    )
    stays = [Stay("The school", first, first)]
    return journey.describe(way, entries_of(meetings(first, today), [], stays, way, now), now=now)


def meetings(first: date, today: date) -> Iterator[Meeting]:
    """Sessions of every kind over the two years; those that are over were attended."""
    kinds = (Kind.TRAINING_DAY, Kind.DSL_TRAINING, Kind.TWILIGHT, Kind.SUPERVISION)
    for number in range(22):
        day = first + timedelta(days=20 + 31 * number)
        kind = Kind.RESIDENTIAL if number in (1, 13) else kinds[number % len(kinds)]
        starts_at = datetime.combine(day, time(16, 0), LONDON)
        yield Meeting(
            pk=number,
            person_id=0,
            state=Booking.State.COMING,
            attendance="present" if day < today else "",
            reply_reason="",
            session_id=number,
            kind=kind,
            title=kind.label,
            session_state="published",
            mode="in_person",
            venue_name="",
            school_id=None,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            supervisor=None,
            said=None,
            facilitators=[],
        )


PLACES = (
    (425_000, 564_000, Region.NORTH_EAST, Setting.SPECIAL, 2),
    (384_000, 398_000, Region.NORTH_WEST, Setting.ALTERNATIVE_PROVISION, 5),
    (430_000, 434_000, Region.YORKSHIRE, Setting.INTERNAL_AP, 4),
    (407_000, 287_000, Region.WEST_MIDLANDS, Setting.MAINSTREAM, 1),
    (530_000, 181_000, Region.LONDON, Setting.ALTERNATIVE_PROVISION, 9),
    (537_000, 176_000, Region.LONDON, Setting.SPECIAL, 3),
    (292_000, 93_000, Region.SOUTH_WEST, Setting.ALTERNATIVE_PROVISION, 1),
)


def map_of_places() -> Where:
    return where_of(
        Hosted(pk, region.label, region, east, north, setting)
        for pk, (east, north, region, setting, leaders) in enumerate(PLACES, start=1)
        for _ in range(leaders)
    )


def term_of(today: date) -> TermCalendar:
    name, first, last = term_calendar.school_term(today)
    out = {first + timedelta(days=9): ["AF"], first + timedelta(days=24): ["AF", "TO"]}
    meeting = {first + timedelta(days=16): ["TO"]}
    return term_calendar.draw(first, last, name, out, meeting, today)


def room() -> dict[str, Any]:
    """A turnout, as the drawing of the places needs it."""
    groups = [
        turnout.Group(answer.key, answer.words, number, answer.shape, is_current=False)
        for answer, number in zip(turnout.ASKED, (14, 3, 1, 1, 2), strict=True)
    ]
    return {
        "title": turnout.title(groups, 2),
        "groups": groups,
        "free": 2,
        "wide": turnout.places(groups, 2, turnout.WIDE_ROW),
        "tall": turnout.places(groups, 2, turnout.TALL_ROW),
    }


# The page


@dataclass(frozen=True)
class Styleguide:
    swatches: list[Swatch]
    states: list[StateRow]
    form: ExampleForm
    code: CodeForm
    filters: PlacementFilterForm
    register: list[dict[str, Any]]
    people: list[Entry]
    pager: Page[int]
    toasts: list[Message]
    strip: list[str]
    journey: Journey
    where: Where
    term: TermCalendar
    room: dict[str, Any]
    icons: list[str]
    today: date
    later: date
    long_name: str = LONG_NAME


def styleguide(viewer: Person, now: datetime) -> Styleguide:
    today = words.as_day(now)
    return Styleguide(
        swatches=swatches(),
        states=state_rows(),
        form=example_form(today),
        code=CodeForm(auto_id="code_%s"),
        filters=PlacementFilterForm({}, cohorts=Cohort.objects.none(), auto_id="filter_%s"),
        register=[
            {
                "note": "Coming",
                "field": "mark-1",
                "mark": "present",
                "name": "Ada Fenwick",
            },
            {"note": "", "field": "mark-2", "mark": "", "name": LONG_NAME},
        ],
        people=[
            Entry(
                viewer.get_absolute_url(),
                name,
                "ada@example.org",
                "2025 Cohort",
                state,
                state.capitalize(),
                *door,
            )
            for name, state, door in (
                ("Ada Fenwick", "active", ("Has signed in", GOOD)),
                (LONG_NAME, "deferred", ("Not invited", DUE)),
            )
        ],
        pager=Paginator(range(120), 50).page(2),
        toasts=[
            Message(constants.SUCCESS, "The register is saved."),
            Message(constants.ERROR, "The session is over. It can no longer be moved."),
        ],
        strip=[*["present"] * 5, "late", "excused", "present", "absent", "online", "", "", ""],
        journey=arc_of(now),
        where=map_of_places(),
        term=term_of(today),
        room=room(),
        icons=sorted(ICONS),
        today=today,
        later=today + timedelta(days=61),
    )
