"""Text that lies sealed in its row, is shown by the database to those named only, and opened on record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models.query_utils import DeferredAttribute
from django.db.transaction import TransactionManagementError

from dlp.audit.operations import note_reading
from dlp.sealing import seal, unseal

if TYPE_CHECKING:
    from cohorts.models import Person


def look_as(person: Person) -> None:
    """Until this transaction ends, let the database show the sealed rows that this person may see.

    Tables under row-level security show nothing to whoever has not said who looks. Raises
    TransactionManagementError outside a transaction, where it would be forgotten at once.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Who looks is said for one transaction: begin it first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.person', %s, true)", [str(person.pk)])


class Sealed:
    """A text as it lies in its row. It says nothing until it is opened, which is written down first."""

    __slots__ = ("_bytes", "_name", "_row")

    def __init__(self, row: models.Model, name: str, sealed: bytes) -> None:
        self._row, self._name, self._bytes = row, name, sealed

    def __str__(self) -> str:
        return "sealed"

    def open(self, *, by: Person, about: Person, purpose: str) -> str:
        """The text, once it is written down who reads it. Raises dlp.sealing.SealBroken."""
        note_reading(self._row, by=by, about=about, purpose=purpose)
        return unseal(self._bytes, bound_to=_place(self._row, self._name)).decode()


class _Locked(bytes):
    """What the database gave: of no use without the row that it belongs to."""


class _SealedAttribute(DeferredAttribute):
    """Hands out what its row holds as something to open; what was just written, as it was written."""

    def __get__(self, row: models.Model | None, owner: Any = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        held = row.__dict__[name] if name in row.__dict__ else super().__get__(row, owner)
        return Sealed(row, self.field.name, held) if isinstance(held, _Locked) else held

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):
    """Text for those named only: sealed when its row is saved, and bound to that row's key.

    The key is made before the row is saved (a UUID). Written by `save()` alone: `update()` raises
    TypeError, and what `values()` gives cannot be opened.
    """

    _pyi_private_set_type: str
    _pyi_private_get_type: Sealed  # type: ignore[assignment]
    descriptor_class = _SealedAttribute

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> _Locked | None:
        return None if value is None else _Locked(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> _Locked:
        held: str | _Locked = model_instance.__dict__[self.attname]
        if isinstance(held, _Locked):
            return held
        sealed = seal(held.encode(), bound_to=_place(model_instance, self.name))
        model_instance.__dict__[self.attname] = locked = _Locked(sealed)
        return locked

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, _Locked):
            raise TypeError("A sealed text is written by saving its row, and is not looked for.")
        return super().get_db_prep_value(value, connection, prepared)


def _place(row: models.Model, name: str) -> str:
    return f"{row._meta.label}:{row.pk}:{name}"
