"""What the codes of GIAS mean to us (domain.md 3.1 and 3.2)."""

from __future__ import annotations

from placements.models.schools import Region, School, Setting

_CODES: dict[Setting, str] = {
    Setting.ALTERNATIVE_PROVISION: "14 38 42 43",
    Setting.SPECIAL: "07 08 10 12 32 33 36 44",
    Setting.MAINSTREAM: "01 02 03 05 06 28 34 35 39 40 41 45 46",
    Setting.OTHER: "11 15 18 24 27 29 31 49 56 57",
}
SETTING_BY_TYPE: dict[str, Setting] = {
    code: setting for setting, codes in _CODES.items() for code in codes.split()
}

LEFT_OUT_TYPES: dict[str, str] = {
    "25": "is an offshore school",
    "26": "teaches service children outside England",
    "30": "is in Wales",
    "37": "is a British school overseas",
    "47": "is a children’s centre",
    "48": "is a children’s centre",
}
LEFT_OUT_REGIONS: dict[str, str] = {
    "wales (pseudo)": "is in Wales",
    "wales": "is in Wales",
    "scotland": "is in Scotland",
    "northern ireland": "is in Northern Ireland",
}

STATUS_BY_CODE: dict[str, str] = {
    "1": School.Status.OPEN,
    "2": School.Status.CLOSED,
    "3": School.Status.CLOSING,
    "4": School.Status.PROPOSED,
}
STATUS_BY_NAME: dict[str, str] = {
    "open": School.Status.OPEN,
    "closed": School.Status.CLOSED,
    "open, but proposed to close": School.Status.CLOSING,
    "proposed to open": School.Status.PROPOSED,
}

REGION_BY_NAME: dict[str, str] = {region.label.lower(): region.value for region in Region}

NOTHING = frozenset(
    {"", "not applicable", "does not apply", "not recorded", "not supplied", "unknown"}
)
"""Words by which GIAS says that there is nothing to say."""
