"""What the programme teaches, when people meet, and who was there."""

from training.models.bookings import Booking
from training.models.certificates import Certificate, CertificatePolicy
from training.models.courses import Course, Venue, VenueOperator
from training.models.guidance import Acknowledgement, GuidanceEdition, KnowledgeUpdate
from training.models.needs import Need
from training.models.residentials import Residential
from training.models.sessions import Kind, Mode, Phase, Series, Session
from training.models.supervision import GroupMember, SupervisionGroup

__all__ = [
    "Acknowledgement",
    "Booking",
    "Certificate",
    "CertificatePolicy",
    "Course",
    "GroupMember",
    "GuidanceEdition",
    "Kind",
    "KnowledgeUpdate",
    "Mode",
    "Need",
    "Phase",
    "Residential",
    "Series",
    "Session",
    "SupervisionGroup",
    "Venue",
    "VenueOperator",
]
