"""Sealed text: encrypted, shown by the database to certain people only, opened on record."""

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
    """Let the database show this person's sealed rows until the transaction ends.

    Tables with row-level security show nothing until somebody is named. Raises
    TransactionManagementError outside a transaction, where it would have no effect.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Who looks is said for one transaction: begin it first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.person', %s, true)", [str(person.pk)])


class Sealed:
    """A sealed text. It reveals nothing until it is opened, which is recorded first."""

    __slots__ = ("_bytes", "_name", "_row")

    def __init__(self, row: models.Model, name: str, sealed: bytes) -> None:
        self._row, self._name, self._bytes = row, name, sealed

    def __str__(self) -> str:
        return "sealed"

    def open(self, *, by: Person, about: Person, purpose: str) -> str:
        """The text, after recording who reads it. Raises dlp.sealing.SealBroken."""
        note_reading(self._row, by=by, about=about, purpose=purpose)
        return unseal(self._bytes, bound_to=_place(self._row, self._name)).decode()


class _Locked(bytes):
    """The raw value from the database, useless without the row that it belongs to."""


class _SealedAttribute(DeferredAttribute):
    """Returns stored text as `Sealed`; text that was just assigned, as assigned."""

    def __get__(self, row: models.Model | None, owner: Any = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        held = row.__dict__[name] if name in row.__dict__ else super().__get__(row, owner)
        return Sealed(row, self.field.name, held) if isinstance(held, _Locked) else held

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):
    """Text for certain people only: encrypted when its row is saved, and bound to the row's key.

    The key exists before the row is saved (a UUID). Only `save()` writes it: `update()` raises
    TypeError, and what `values()` returns cannot be opened.
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
