"""The drawn England: the ground lies where England does, and every host can be told from the next."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placements.england import remake
from placements.england.drawing import (
    GAP,
    HEIGHT,
    INSET,
    SHEET,
    WIDTH,
    Host,
    draw,
    ground,
    labels,
    radius_of_one,
)
from placements.england.ground import ENGLAND, LONDON, Ground
from placements.models import Setting
from placements.models.schools import Region

LEEDS = (429_900, 433_800)


def host(at: tuple[int, int] = LEEDS, setting: str = "alternative_provision", leaders: int = 1):
    return Host("Harbour Lane School", *at, setting, "yorkshire", leaders)


def drawn(hosts: list[Host]):
    return [one for found in draw(hosts, {}).shapes.values() for one in found]


def is_on(land: Ground, easting: int, northing: int) -> bool:
    """Whether a dot of the ground lies nearer than one step."""
    row = round(northing / land.rise)
    column = (easting - (land.step / 2 if row % 2 else 0)) / land.step
    return any(
        first - 0.5 <= column <= last + 0.5
        for at, runs in land.rows
        if at == row
        for first, last in runs
    )


# The ground


@pytest.mark.parametrize(
    "place",
    [LEEDS, (530_000, 180_400), (424_900, 564_300), (292_700, 92_500), (623_000, 308_500)],
    ids=["Leeds", "London", "Newcastle", "Exeter", "Norwich"],
)
def test_english_cities_lie_on_the_ground(place):
    assert is_on(ENGLAND, *place)


@pytest.mark.parametrize(
    "place",
    [(318_200, 176_500), (325_800, 673_900), (258_400, 281_600), (480_000, 520_000)],
    ids=["Cardiff", "Edinburgh", "Aberystwyth", "the North Sea"],
)
def test_what_is_not_england_does_not(place):
    assert not is_on(ENGLAND, *place)


@pytest.mark.parametrize(("land", "square_km"), [(ENGLAND, 130_280), (LONDON, 1_572)])
def test_the_ground_is_as_large_as_the_country(land, square_km):
    dots = sum(last - first + 1 for _, runs in land.rows for first, last in runs)

    assert dots * land.step * land.rise / 1e6 == pytest.approx(square_km, rel=0.03)


def test_a_run_of_dots_is_one_line_as_long_as_its_steps():
    land = Ground(13_000, 11_250, ((2, ((20, 22),)), (3, ((20, 20),))))

    assert ground(land, SHEET) == "M71 324.8h13.001M74.2 319.1h0.001"


# Hosts


def test_a_school_stands_where_its_grid_reference_says():
    (one,) = drawn([host((430_000, 434_000))])

    assert float(one.x) == SHEET.left + (430_000 - SHEET.west) / SHEET.scale
    assert float(one.y) == SHEET.top + (SHEET.north - 434_000) / SHEET.scale


def test_a_school_in_london_stands_in_the_larger_piece_alone():
    (one,) = drawn([host((530_000, 180_000))])

    assert (float(one.x), float(one.y)) == pytest.approx(INSET.at(530_000, 180_000), abs=0.05)


def test_four_leaders_are_drawn_four_times_as_large_as_one():
    four, one = drawn([host(leaders=4), host()])

    assert float(four.radius) == pytest.approx(2 * float(one.radius))


def test_shapes_shrink_where_england_would_be_full():
    assert radius_of_one(0) == radius_of_one(100) == 5
    assert radius_of_one(400) == pytest.approx(2.5)
    assert radius_of_one(20_000) == 1.2


def test_settings_differ_in_shape_not_in_colour_alone():
    kinds = {setting: list(draw([host(setting=setting)], {}).shapes) for setting in Setting.values}

    assert kinds["alternative_provision"] == ["ap"]
    assert kinds["special"] == ["special"]
    assert kinds["internal_ap"] == ["internal"]
    assert kinds["mainstream"] == kinds["other"] == kinds["unclassified"] == ["other"]


def test_schools_at_one_place_stand_side_by_side():
    shapes = drawn([host() for _ in range(40)])

    assert len({(one.x, one.y) for one in shapes}) == 40


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            host,
            st.tuples(st.integers(420_000, 440_000), st.integers(425_000, 440_000)),
            st.sampled_from(Setting.values),
            st.integers(1, 9),
        ),
        max_size=40,
    )
)
def test_no_host_lies_on_another(hosts):
    shapes = drawn(hosts)

    assert len(shapes) == len(hosts)
    for one, other in combinations(shapes, 2):
        apart = dist((float(one.x), float(one.y)), (float(other.x), float(other.y)))
        assert apart >= float(one.radius) + float(other.radius) + GAP - 0.3


def test_the_same_hosts_in_any_order_make_the_same_drawing():
    hosts = [host(leaders=n) for n in (1, 3, 2, 2)]

    assert draw(hosts, {}) == draw(hosts[::-1], {})


@pytest.mark.parametrize("region", Region.values)
def test_every_region_has_a_label_on_the_sheet_with_its_number(region):
    said = list(labels(region, 12))

    assert said[-1].text.endswith(", 12")
    for line in said:
        x, width = float(line.x), 6.7 * len(line.text)
        assert 12 <= float(line.y) <= HEIGHT or region == "london"
        assert (x if line.anchor == "start" else x - width) > -6
        assert (x + width if line.anchor == "start" else x) < WIDTH + 6


def boxes(region: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each line of a region's label."""
    found = []
    for line in labels(region, 12):
        left = float(line.x) - (6.7 * len(line.text) if line.anchor == "end" else 0)
        top = float(line.y) - 11
        found.append((left, top, left + 6.7 * len(line.text), top + 14))
    return found


def meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_no_label_lies_on_another():
    for one, other in combinations(Region.values, 2):
        assert not any(meet(a, b) for a in boxes(one) for b in boxes(other))


@pytest.mark.parametrize("region", sorted(set(Region.values) - {"london"}))
def test_no_label_reads_as_that_of_the_larger_london(region):
    left, top = INSET.left, INSET.top
    right, bottom = INSET.at(INSET.east, INSET.south)
    around = (left - 20, top - 30, right + 20, bottom + 30)

    assert not any(meet(line, around) for line in boxes(region))


def test_a_region_of_which_nothing_is_drawn_has_no_label():
    said = draw([host()], {"yorkshire": 1, "north_west": 2}).labels

    assert [one.text for one in said] == ["Yorkshire, 1"]


def test_a_region_that_nobody_knows_has_no_label():
    assert list(labels("", 3)) == []


# Remaking the ground


def test_ground_is_cut_from_the_outlines_row_by_row():
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    beside = [(10.0, 0.0), (14.0, 0.0), (14.0, 10.0), (10.0, 10.0)]

    assert list(remake.rows([square, beside], 4, 5)) == [(0, [(0, 3)]), (1, [(0, 3)])]
    assert remake.crossings([square, beside], 5) == [0, 10, 10, 14]
    assert list(remake.columns([0, 10, 10, 14], 4, 0)) == [0, 1, 2, 3]
    assert remake.runs([7, 1, 2, 2, 3, 8]) == [(1, 3), (7, 8)]


def test_an_arc_may_be_walked_backwards():
    assert remake.joined([0, ~1], [[(0, 0), (1, 1)], [(3, 3), (2, 2)]]) == [
        (0, 0), (1, 1), (2, 2), (3, 3),
    ]  # fmt: skip


def test_no_part_of_the_kingdom_is_in_two_countries():
    countries = [remake.names(text) for text in (remake.SCOTLAND, remake.WALES)]
    countries += [remake.names(remake.NORTHERN_IRELAND), remake.names(remake.LONDON)]

    assert [len(country) for country in countries] == [32, 22, 26, 33]
    assert len(set().union(*countries)) == 32 + 22 + 26 + 33
