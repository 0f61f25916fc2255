"""Schools, agreements with them, the posts they offer, who is placed where, and reviews."""

from placements.models.acceptances import Acceptance
from placements.models.checks import Check
from placements.models.clashes import Clash
from placements.models.closed_days import ClosedDays
from placements.models.conflicts import ConflictOfInterest
from placements.models.handovers import Handover
from placements.models.openings import Opening
from placements.models.partnerships import Partnership
from placements.models.pencils import Pencil
from placements.models.placements import Placement, PlacementChange
from placements.models.posts import Post, UnknownDestination
from placements.models.profiles import SchoolProfile
from placements.models.reviews import Review
from placements.models.safeguarding import SafeguardingRole
from placements.models.school_links import SchoolLink
from placements.models.school_names import SchoolName
from placements.models.schools import School, SchoolContact, Setting
from placements.models.travel import TravelTime
from placements.models.trusts import LocalAuthority, Trust

__all__ = [
    "ConflictOfInterest",
    "Clash",
    "ClosedDays",
    "Handover",
    "Acceptance",
    "Check",
    "LocalAuthority",
    "Opening",
    "Partnership",
    "Pencil",
    "Placement",
    "PlacementChange",
    "Post",
    "Review",
    "SafeguardingRole",
    "School",
    "SchoolContact",
    "SchoolLink",
    "SchoolName",
    "SchoolProfile",
    "Setting",
    "TravelTime",
    "Trust",
    "UnknownDestination",
]
