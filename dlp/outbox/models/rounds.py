"""When senders last finished a round: proof that they work, not only run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, models

if TYPE_CHECKING:
    from cohorts.models import Person

NOTE = """
    INSERT INTO outbox_senderround (ringer, ended_at) VALUES (%s, statement_timestamp())
    ON CONFLICT (ringer) DO UPDATE SET ended_at = excluded.ended_at
"""


class SenderRoundQuerySet(models.QuerySet["SenderRound"]):
    def visible_to(self, user: Person) -> SenderRoundQuerySet:
        return self if user.is_staff else self.none()

    def note(self, ringer: str) -> None:
        """A round ended just now, according to the database."""
        with connection.cursor() as cursor:
            cursor.execute(NOTE, [ringer])


class SenderRound(models.Model):
    """The last full round of the senders behind one doorbell.

    A full round looked for due letters, and sent or released what it claimed, each with a commit. A
    sender that hangs, or whose relay cannot be used, completes none.
    """

    class Ringer(models.TextChoices):
        LOOP = "loop", "The outbox loop"
        CELERY = "celery", "Celery"

    ringer = models.CharField(max_length=10, choices=Ringer, unique=True)
    ended_at = models.DateTimeField()

    objects = SenderRoundQuerySet.as_manager()

    class Meta:
        ordering = ["ringer"]

    def __str__(self) -> str:
        return self.get_ringer_display()
