"""Finding people who may be the same, and declaring that a pair is two people.

Comparing everybody with everybody would be two hundred million pairs, so only people who share
something are compared: a phone number, the part before the @, most digits of a TRN, or the
beginnings of their names. What many people share says nothing and is skipped.
"""

from __future__ import annotations

from django.db import connection, transaction

from cohorts.models import Likeness, NotDuplicate, Person
from dlp.errors import Refused

SHARED_BY_AT_MOST = 40
PAIRS_AT_MOST = 500
ALIKE_BY_NAME, HARDLY_ALIKE = 0.8, 0.4
COMPARE = """
    WITH told AS (
        SELECT id, trn,
            split_part(coalesce(email, ''), '@', 1) AS mailbox,
            right(regexp_replace(phone, '\\D', '', 'g'), 9) AS phone,
            regexp_replace(
                split_part(search_text, ' ' || coalesce(email, '@'), 1), ' \\d{7}$', ''
            ) AS named
        FROM cohorts_person
        WHERE merged_into_id IS NULL
    ), worded AS (
        SELECT *, split_part(named, ' ', 1) AS given, substring(named FROM '[^ ]+$') AS family
        FROM told
    ), shared AS (
        SELECT id, unnest(ARRAY[
            'named ' || named,
            'family ' || family || left(given, 1),
            'given ' || given || left(family, 2),
            CASE WHEN length(phone) = 9 THEN 'phone ' || phone END,
            CASE WHEN length(mailbox) > 4 THEN 'mailbox ' || mailbox END,
            'trn ' || left(trn, 5),
            'trn ends ' || right(trn, 5)
        ]) AS what
        FROM worded
    ), telling AS (
        SELECT array_agg(id) AS ids FROM shared
        WHERE what IS NOT NULL
        GROUP BY what HAVING count(*) BETWEEN 2 AND %(at_most)s
    ), pairs AS (
        SELECT DISTINCT one.id AS first, other.id AS second
        FROM telling, unnest(ids) AS one (id), unnest(ids) AS other (id)
        WHERE one.id < other.id
    ), compared AS (
        SELECT first, second,
            similarity(one.named, other.named) AS name,
            length(one.mailbox) > 4 AND one.mailbox = other.mailbox AS email,
            length(one.phone) = 9 AND one.phone = other.phone AS phone,
            coalesce(left(one.trn, 5) = left(other.trn, 5)
                OR right(one.trn, 5) = right(other.trn, 5), false) AS trn,
            one.trn <> other.trn AS two_trns
        FROM pairs
        JOIN worded AS one ON one.id = first
        JOIN worded AS other ON other.id = second
    )
    SELECT first, second,
        least(100, round(name * 60)::int + 25 * (email::int + phone::int + trn::int)) AS score,
        array_remove(ARRAY[
            CASE WHEN name >= %(alike)s THEN 'name' END, CASE WHEN email THEN 'email' END,
            CASE WHEN phone THEN 'phone' END, CASE WHEN trn THEN 'trn' END
        ], NULL) AS signs
    FROM compared
    WHERE (name >= %(hardly)s AND (email OR phone OR trn))
        OR (name >= %(alike)s AND two_trns IS NOT TRUE)
    ORDER BY score DESC, first, second
    LIMIT %(pairs)s
"""


@transaction.atomic
def compare_everybody() -> int:
    """Find people who look alike, and drop pairs that no longer do.

    Returns how many pairs there are. Safe to repeat.
    """
    found = _found()
    known = {(row.first_id, row.second_id): row for row in Likeness.objects.all()}
    gone = [row.pk for pair, row in known.items() if found.get(pair) != (row.score, row.signs)]
    Likeness.objects.filter(pk__in=gone).delete()
    Likeness.objects.bulk_create(
        [
            Likeness(first_id=first, second_id=second, score=score, signs=signs)
            for (first, second), (score, signs) in found.items()
            if (first, second) not in known or known[first, second].pk in gone
        ],
        ignore_conflicts=True,
    )
    return len(found)


def _found() -> dict[tuple[int, int], tuple[int, list[str]]]:
    limits = {
        "at_most": SHARED_BY_AT_MOST,
        "alike": ALIKE_BY_NAME,
        "hardly": HARDLY_ALIKE,
        "pairs": PAIRS_AT_MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(COMPARE, limits)
        return {(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()}


@transaction.atomic
def say_two_people(one: Person, other: Person, *, by: Person) -> NotDuplicate:
    """Declare that two who look alike are two people. Repeating it changes nothing.

    Raises Refused for one and the same person.
    """
    if one.pk == other.pk:
        raise Refused("That is one person, and no pair.")
    first, second = sorted((one.pk, other.pk))
    said, _ = NotDuplicate.objects.get_or_create(
        first_id=first, second_id=second, defaults={"by": by}
    )
    return said


@transaction.atomic
def take_back(said: NotDuplicate) -> None:
    """Withdraw that two are two people. Repeating it changes nothing."""
    NotDuplicate.objects.filter(pk=said.pk).delete()
