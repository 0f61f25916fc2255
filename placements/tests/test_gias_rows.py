"""What one row of a GIAS file means."""

from __future__ import annotations

from datetime import date

import pytest

from dlp.postcodes import as_postcode
from dlp.tables import Row, with_its_zero
from placements.gias.codes import SETTING_BY_TYPE
from placements.gias.rows import (
    COLUMNS,
    LeftOut,
    RowProblem,
    as_latitude_and_longitude,
    as_website,
    read_school,
)
from placements.models import Setting

FOUND = frozenset(column.name for column in COLUMNS)


def row(**cells: str) -> Row:
    return Row(7, {"urn": "141164", "name": "The ArtsXchange", "type_code": "38", **cells})


@pytest.mark.parametrize("day", ["31-12-2020", "31/12/2020"])
def test_dates_are_read_before_and_after_a_spreadsheet(day):
    assert read_school(row(opened_on=day), FOUND).values["opened_on"] == date(2020, 12, 31)


@pytest.mark.parametrize("code", ["7", "07", "'07"])
def test_codes_get_back_the_zero_that_a_spreadsheet_ate(code):
    facts = read_school(row(type_code=code.strip("'")), FOUND)

    assert facts.values["type_code"] == "07"
    assert facts.values["setting"] == Setting.SPECIAL


@pytest.mark.parametrize("code", ["14", "38", "42", "43"])
def test_four_types_are_alternative_provision(code):
    assert SETTING_BY_TYPE[code] == Setting.ALTERNATIVE_PROVISION


def test_a_type_nobody_knows_is_unclassified_and_comes_in():
    assert read_school(row(type_code="88"), FOUND).values["setting"] == Setting.UNCLASSIFIED


@pytest.mark.parametrize("nothing", ["Not applicable", "Does not apply", "", "not APPLICABLE"])
def test_three_ways_to_say_nothing_are_nothing(nothing):
    facts = read_school(row(phase_name=nothing, trust_uid=nothing, town=nothing), FOUND)

    assert facts.values["phase_name"] == facts.values["town"] == ""
    assert facts.trust is None  # as of a pupil referral unit


def test_a_column_that_the_file_lacks_says_nothing():
    facts = read_school(row(), frozenset({"urn", "name"}))

    assert facts.values == {"name": "The ArtsXchange"}


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"type_code": "30", "name": "Ysgol Gymraeg"}, "Ysgol Gymraeg is in Wales"),
        ({"region": "Wales (pseudo)"}, "is in Wales"),
        ({"type_code": "37"}, "is a British school overseas"),
        ({"type_code": "25"}, "is an offshore school"),
        ({"country": "United Arab Emirates"}, "is in United Arab Emirates"),
        ({"type_code": "47", "urn": "20001"}, "is a children’s centre"),
    ],
)
def test_schools_outside_england_are_left_out_in_a_sentence(cells, reason):
    with pytest.raises(LeftOut, match=reason):
        read_school(row(**cells), FOUND)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"urn": ""}, "The URN is missing. A URN is a number from 100000 to 999999."),
        ({"urn": "1234"}, "“1234” is not a URN."),
        ({"name": ""}, "URN 141164 has no name."),
        ({"opened_on": "31-02-2020"}, "“31-02-2020” under OpenDate is not a date."),
        ({"easting": "Richmond upon Thames"}, "“Richmond upon Thames” under Easting"),
        ({"low_age": "16", "high_age": "11"}, "The oldest age, 11, is under the youngest, 16."),
        ({"status_code": "9"}, "“9” is no establishment status"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(cells, sentence):
    with pytest.raises(RowProblem, match=sentence.replace("(", r"\(")):
        read_school(row(**cells), FOUND)


@pytest.mark.parametrize(
    ("easting", "northing", "latitude", "longitude"),
    [
        (533498, 181201, 51.513969, -0.077531),
        (531614, 191115, 51.603502, -0.100957),
        (651409, 313177, 52.657977, 1.716038),
    ],
)
def test_the_national_grid_is_shifted_to_what_gps_says(easting, northing, latitude, longitude):
    found = as_latitude_and_longitude(easting, northing)

    # One ten-thousandth of a degree is 11 m north, and less than 8 m east in England.
    assert found == (pytest.approx(latitude, abs=9e-5), pytest.approx(longitude, abs=9e-5))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.school.org.uk", "http://www.school.org.uk"),
        ("https://school.org.uk/a", "https://school.org.uk/a"),
        ("http:/school.org.uk", "http://school.org.uk"),
        ("none", ""),
        ("javascript:alert(1)", ""),
        ("www.school.org.uk or ask", ""),
    ],
)
def test_websites_get_their_scheme_or_go(typed, kept):
    assert as_website(typed) == kept


def test_telephones_and_postcodes_are_put_right():
    assert with_its_zero("2072831147") == "02072831147"
    assert with_its_zero("020 7283 1147") == "020 7283 1147"
    assert as_postcode("nw51aa") == "NW5 1AA"
    assert as_postcode("Ms") == ""
