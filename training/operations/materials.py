"""What a session leaves behind: files that were handed out, and its practice card."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from cohorts.models import Person
from dlp import files
from dlp.errors import Refused
from dlp.files import Upload
from training.models import PracticeCard, Resource, Session

FOLDER = "resources"


class CardFields(TypedDict):
    """The four answers, and that no pupil can be recognised in them."""

    context: str
    what_we_did: str
    what_changed: str
    do_again: str
    no_pupil_named: bool


@transaction.atomic
def hand_in(
    session: Session,
    upload: Upload,
    *,
    by: Person,
    title: str,
    circle: str,
    has_rights: bool,
    no_pupil_named: bool,
) -> Resource:
    """Store a file of a session for a circle of people. Raises Refused without both confirmations."""
    if not (has_rights and no_pupil_named):
        raise Refused("Say that we may hand it out, and that no pupil can be recognised in it.")
    resource = Resource(
        session=session,
        title=title,
        file_name=upload.name,
        content_type=upload.kind.content_type,
        size=upload.file.size or 0,
        circle=circle,
        has_rights=has_rights,
        no_pupil_named=no_pupil_named,
        handed_in_by=by,
    )
    upload.keep(resource.file)
    resource.save()
    return resource


@transaction.atomic
def remove(resource: Resource) -> None:
    """Delete a file for good; its history says that it existed."""
    name = resource.file.name
    resource.delete()
    files.erase_after(name)


def erase_left_behind() -> int:
    """Erase files that no row refers to; return how many."""
    kept = Resource.objects.values_list("file", flat=True)
    return files.erase_left_behind(FOLDER, set(kept))


@transaction.atomic
def write_card(session: Session, *, by: Person, **fields: Unpack[CardFields]) -> PracticeCard:
    """Write the card of a session, or rewrite it. Raises Refused before the session was held."""
    session = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    if session.state != Session.State.PUBLISHED or not session.is_over:
        raise Refused("The card is written once the session was held.")
    if not fields["no_pupil_named"]:
        raise Refused("Say that no pupil can be recognised in it.")
    card, _ = PracticeCard.objects.update_or_create(
        session=session, defaults={**fields, "written_by": by, "written_at": timezone.now()}
    )
    return card
