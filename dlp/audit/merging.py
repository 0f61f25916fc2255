"""Merging two records of a person: who read and who did something stays as it was."""

from dlp import merging
from dlp.merging import Handler

NEVER_REWRITTEN = "What was done, by whom and about whom is never rewritten."


def register() -> None:
    merging.register(
        Handler("audit.AccessRecord.person", stays=NEVER_REWRITTEN),
        Handler("audit.AccessRecord.about", stays=NEVER_REWRITTEN),
        Handler("audit.ExportRecord.person", stays=NEVER_REWRITTEN),
        Handler("admin.LogEntry.user", stays=NEVER_REWRITTEN),
    )
