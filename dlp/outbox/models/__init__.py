from dlp.outbox.models.attempts import Attempt
from dlp.outbox.models.leads import LeadPolicy
from dlp.outbox.models.messages import Message

__all__ = ["Attempt", "LeadPolicy", "Message"]
