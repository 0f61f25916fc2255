"""The real files, where they lie beside the project; the same cases stand in test_gias_import."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from dlp.errors import Refused
from placements.gias.codes import LEFT_OUT_TYPES, SETTING_BY_TYPE
from placements.gias.rows import as_latitude_and_longitude
from placements.models import School, SchoolLink
from placements.operations.gias import import_gias

pytestmark = pytest.mark.django_db
SHARED = Path(settings.BASE_DIR).parent / "shared" / "data" / "gias"
FIXTURES = {
    "buy-for-your-school__example_schools_data.csv": {"new": 3},
    "check-your-eligibility__GIASDataSubset.csv": {"new": 41},
    "early-careers-framework__ecf_tech.csv": {"new": 1, "left_out": 3, "error": 2},
    "find-placement-schools__gias_subset.csv": {"new": 7, "left_out": 1},
    "get-help-with-tech__school_data.csv": {"new": 13},
    "npq-registration__gias_sample.csv": {"new": 48, "left_out": 51},
    "publish-teacher-training__downloaded.csv": {"new": 1},
    "publish-teacher-training__test_schools.csv": {"new": 5, "left_out": 1, "error": 1},
    "schools-experience__edubase.csv": {"new": 4},
    "schools-experience__example_schools.csv": {"new": 2},
    "teaching-vacancies__example_schools_data.csv": {"new": 9, "error": 10},
    "teaching-vacancies__example_groups_data.csv": {},
}


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.mark.parametrize("name", FIXTURES)
def test_every_vintage_comes_in_or_says_why_not(name):
    with shared(f"fixtures/{name}").open("rb") as file:
        if not FIXTURES[name]:
            with pytest.raises(Refused, match="no column for the URN"):
                import_gias(file, file_name=name)
            return
        run = import_gias(file, file_name=name)

    told = {count: number for count, number in run.counts.items() if number}
    assert told == FIXTURES[name]


def test_every_type_of_school_that_there_is_has_a_setting_or_is_left_out():
    with shared("gias_establishment_types_20250422.csv").open(encoding="cp1252") as file:
        codes = {row["type-of-establishment-code"].zfill(2) for row in csv.DictReader(file)}

    assert len(codes) == 39
    assert codes <= {*SETTING_BY_TYPE, *LEFT_OUT_TYPES}


def test_schools_lie_where_the_vectors_say_within_a_metre():
    """Every tenth of the whole list, by the national grid and by what GPS says."""
    raw = gzip.decompress(shared("gias_index_all_urns.csv.gz").read_bytes()).decode()
    rows = list(csv.DictReader(io.StringIO(raw)))[::10]
    placed = [row for row in rows if row["Easting"] and row["latitude"]]
    assert len(placed) > 2_000
    for row in placed:
        found = as_latitude_and_longitude(int(row["Easting"]), int(row["Northing"]))
        said = float(row["latitude"]), float(row["longitude"])
        assert found == pytest.approx(said, abs=1e-5), row["URN"]


def links_between(urns: set[str], raw: bytes) -> set[tuple[int, int, str]]:
    """What the file says of successions where both schools are among these."""
    rows = csv.DictReader(io.StringIO(raw.decode("cp1252"), newline=""))
    return {
        (int(row["URN"]), int(row["LinkURN"]), row["LinkType"].split(" ")[0].lower())
        for row in rows
        if row["LinkType"].startswith(("Successor", "Predecessor"))
        and {row["URN"], row["LinkURN"]} <= urns
    }


def test_settings_and_links_of_the_whole_sample_are_those_of_its_files():
    raw = gzip.decompress(shared("gias_sample.csv.gz").read_bytes())
    links = gzip.decompress(shared("gias_links_20250422.csv.gz").read_bytes())
    rows = list(csv.DictReader(io.StringIO(raw.decode("cp1252"), newline="")))
    expected = Counter(SETTING_BY_TYPE[row["TypeOfEstablishment (code)"]].value for row in rows)

    run = import_gias(io.BytesIO(raw), file_name="gias_sample.csv", links=io.BytesIO(links))

    assert run.counts["new"] == 3_853
    assert Counter(School.objects.values_list("setting", flat=True)) == expected
    assert expected["alternative_provision"] == 409
    kept = SchoolLink.objects.values_list("school__urn", "other__urn", "kind")
    assert set(kept) == links_between({row["URN"] for row in rows}, links) != set()
