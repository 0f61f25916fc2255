"""What a school's cover comes to in a sentence: none, thin or enough."""

from datetime import date

import pytest

from placements.models import School
from training.certificates.standing import Held, Standing, Training
from training.dsl_cover import DslCover, Leader

TODAY = date(2026, 11, 26)


def leader(until=date(2028, 5, 3), *, standing=Standing.CURRENT, leaves_on=None, review_until=None):
    held = Held(date(2026, 5, 3), pk=1) if until else None
    training = Training(standing, TODAY, held, until, review_until)
    return Leader(1, "Ada Fenwick", "", (), training, leaves_on)


SURE = leader()
LEAVES = leader(leaves_on=date(2027, 1, 29))
SOON = leader(date(2027, 1, 9), standing=Standing.DUE_SOON)
IN_REVIEW = leader(review_until=date(2026, 12, 8))
OVERDUE = leader(date(2026, 10, 1), standing=Standing.OVERDUE)
NOTHING = leader(None, standing=Standing.NO_RECORD)


@pytest.mark.parametrize(
    ("leaders", "said"),
    [
        ([], "None of our leaders is here now."),
        ([NOTHING, OVERDUE], "None of our leaders here is trained now."),
        ([SURE, SURE, NOTHING], "Two trained, earliest due 3 May 2028: enough."),
        ([SURE, NOTHING], "One trained, earliest due 3 May 2028: thin."),
        ([SURE, LEAVES], "Two trained, earliest due 3 May 2028, one is leaving: thin."),
        ([SURE, SOON, LEAVES], "Three trained, earliest due 9 January 2027, one is leaving: thin."),
        ([LEAVES, LEAVES], "Two trained, earliest due 3 May 2028, two are leaving: thin."),
        ([SURE, IN_REVIEW], "Two trained, earliest due 3 May 2028: thin."),
    ],
)
def test_cover_is_enough_with_two_who_are_sure_to_stay_trained(leaders, said):
    assert DslCover(School(name="Harbour Lane School"), leaders, TODAY).said == said
