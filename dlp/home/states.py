"""Which of the six states a tag shows, for every state of every model: one table."""

from __future__ import annotations

GOOD, SOON, DUE, BAD, REST, NOW = "good", "soon", "due", "bad", "rest", "now"

STATES: dict[str, str] = {
    # participations and placements
    "proposed": REST,
    "offered": SOON,
    "accepted": SOON,
    "confirmed": SOON,
    "active": GOOD,
    "deferred": DUE,
    "paused": DUE,
    "completed": GOOD,
    "transferred": REST,
    "withdrawn": REST,
    "declined": REST,
    "ended_early": REST,
    # cohorts
    "planned": REST,
    "recruiting": SOON,
    # openings and partnerships
    "draft": REST,
    "open": SOON,
    "filled": GOOD,
    "sent": DUE,
    "signed": SOON,
    "expiring": DUE,
    "ended": REST,
    # schools
    "closing": DUE,
    "closed": REST,
    # placement reviews
    "with_leader": DUE,
    "queried": DUE,
    "agreed": GOOD,
    "taken_back": REST,
    # sessions, as stored and as bookings, clock and register make them
    "published": SOON,
    "postponed": DUE,
    "cancelled": BAD,
    "full": SOON,
    "running": NOW,
    "register_due": DUE,
    "done": REST,
    # bookings and attendance
    "invited": DUE,
    "coming": GOOD,
    "not_coming": REST,
    "waiting": DUE,
    "lapsed": REST,
    "present": GOOD,
    "online": GOOD,
    "late": DUE,
    "left_early": DUE,
    "excused": REST,
    "absent": BAD,
    # ideas for twilights
    "scheduled": SOON,
    "delivered": GOOD,
    "written_up": GOOD,
    # what a plan asks
    "not_started": REST,
    "booked": SOON,
    "waiting_for_you": DUE,
    "waiting_for_us": DUE,
    "met": GOOD,
    "to_repeat": BAD,
    "waived": REST,
    "not_applicable": REST,
    "not_counted": REST,
    # safeguarding: how training stands, and how far a certificate is looked at
    "current": GOOD,
    "refresh_due_soon": DUE,
    "refresh_overdue": BAD,
    "no_record": REST,
    "refresh_recommended": SOON,
    "in_review": SOON,
    "rejected": BAD,
    # imports and their rows
    "reading": NOW,
    "stopped": BAD,
    "previewed": DUE,
    "applying": NOW,
    "applied": GOOD,
    "new": SOON,
    "matches": GOOD,
    "ambiguous": DUE,
    "out": REST,
    "reverted": REST,
    "unchanged": REST,
    "error": BAD,
    # letters
    "claimed": NOW,
    "held": DUE,
    "retry": DUE,
    "uncertain": BAD,
    "dead": BAD,
    "superseded": REST,
    "expired": REST,
    "suppressed": REST,
    "undone": REST,
}

OF_KIND: dict[tuple[str, str], str] = {
    ("booking", "offered"): DUE,
    ("twilightidea", "proposed"): DUE,
    ("presenter", "asked"): DUE,
    ("presenter", "confirmed"): GOOD,
    ("school", "open"): GOOD,
    ("school", "proposed"): SOON,
    ("certificate", "claimed"): DUE,
    ("certificate", "accepted"): GOOD,
    ("message", "planned"): SOON,
    ("message", "sent"): GOOD,
    ("message", "cancelled"): REST,
    ("mailing", "sent"): GOOD,
    ("mailing", "draft"): DUE,
}
"""Where a word means something else for one model, by the model's name."""


def state_of(value: str, kind: str = "") -> str:
    """One of the six; "rest" for a state that is not in the table."""
    return OF_KIND.get((kind, value)) or STATES.get(value, REST)
