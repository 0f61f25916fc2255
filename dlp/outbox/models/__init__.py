from dlp.outbox.models.attempts import Attempt
from dlp.outbox.models.feed_tokens import FeedToken
from dlp.outbox.models.job_runs import JobRun
from dlp.outbox.models.kind_texts import KindText
from dlp.outbox.models.leads import LeadPolicy
from dlp.outbox.models.mailings import Mailing
from dlp.outbox.models.messages import Message
from dlp.outbox.models.muted_topics import MutedTopic
from dlp.outbox.models.quiet_hours import QuietHours
from dlp.outbox.models.relays import Outage, RelayState
from dlp.outbox.models.rounds import SenderRound
from dlp.outbox.models.sweeps import SweepDay

__all__ = [
    "Attempt",
    "FeedToken",
    "JobRun",
    "KindText",
    "LeadPolicy",
    "Mailing",
    "Message",
    "MutedTopic",
    "Outage",
    "QuietHours",
    "RelayState",
    "SenderRound",
    "SweepDay",
]
