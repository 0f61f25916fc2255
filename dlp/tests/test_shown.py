"""What bin/shots shows is there to be shown."""

from __future__ import annotations

import pytest

from dlp.tests import shown

FIVE = ["cohort", "desk", "participant-home", "placement", "session"]


@pytest.mark.parametrize("number", [0, 1, 12])
def test_the_five_pages_stand_with_any_number_of_rows(client, db, number):
    crowd = shown.Crowd()
    crowd.grow_to(number)

    assert answers(client, crowd.views()) == dict.fromkeys(FIVE, 200)


def answers(client, views):
    found = {}
    for name, (person, path) in sorted(views.items()):
        client.force_login(person)
        found[name] = client.get(path).status_code
    return found
