"""Which checks a host confirms before a leader's first day (R-PLC-02; domain.md 5.3)."""

from __future__ import annotations

from placements.models import Check, School

Kind = Check.Kind

ALWAYS = (
    Kind.IDENTITY,
    Kind.BARRED_LIST,
    Kind.ENHANCED_DBS,
    Kind.PROHIBITION,
    Kind.QUALIFICATIONS,
    Kind.RIGHT_TO_WORK,
)
SECTION_128_TYPES = frozenset({
    "06", "10", "11", "28", "33", "34", "35", "36", "38", "39", "40", "41", "42", "43", "44", "45",
    "46", "57",
})  # fmt: skip
"""The GIAS types of academies, free schools and independent schools."""
WHEN = {
    Kind.OVERSEAS: "Where they have lived or worked abroad",
    Kind.SECTION_128: "Where the school is an academy, a free school or independent",
}
"""When a check that is not required is to be made."""


def asked_of(school: School, *, is_slt: bool) -> dict[Kind, bool]:
    """The checks before a first day at a school, each with whether it is required.

    Section 128 is required for people who join the senior leadership team of an academy, free
    school or independent school. An internal AP counts as its parent's type; where the type is
    unknown, it is only a reminder. Needs `school.parent` loaded.
    """
    asked = dict.fromkeys(ALWAYS, True)
    type_code = (school.parent or school).type_code
    if is_slt and (type_code in SECTION_128_TYPES or not type_code):
        asked[Kind.SECTION_128] = bool(type_code)
    return {**asked, Kind.OVERSEAS: False}
