"""What the programme teaches, when people meet, and who attended."""

from training.models.bookings import Booking
from training.models.certificates import Certificate, CertificatePolicy
from training.models.community import Guests, SignUp
from training.models.courses import Course, Venue, VenueOperator
from training.models.feedback import Feedback
from training.models.guidance import Acknowledgement, GuidanceEdition, KnowledgeUpdate
from training.models.needs import Need
from training.models.residentials import Residential
from training.models.resources import Circle, Resource
from training.models.series import Series
from training.models.sessions import Kind, Mode, Phase, Session
from training.models.supervision import GroupMember, SupervisionGroup
from training.models.taps import RegisterTap
from training.models.twilights import PracticeCard, Presenter, Stage, TwilightIdea

__all__ = [
    "Acknowledgement",
    "Booking",
    "Certificate",
    "CertificatePolicy",
    "Circle",
    "Course",
    "Feedback",
    "GroupMember",
    "GuidanceEdition",
    "Guests",
    "Kind",
    "KnowledgeUpdate",
    "Mode",
    "Need",
    "Phase",
    "PracticeCard",
    "Presenter",
    "RegisterTap",
    "Residential",
    "Resource",
    "Series",
    "Session",
    "SignUp",
    "Stage",
    "SupervisionGroup",
    "TwilightIdea",
    "Venue",
    "VenueOperator",
]
