import pytest
from django.db import DatabaseError, transaction

from dlp.audit.models import AccessRecord
from dlp.audit.operations import note_reading


def test_a_reading_says_who_read_what_about_whom(lena, percy, cohort):
    record = note_reading(cohort, by=lena, about=percy, purpose="support")

    assert (record.person, record.about, record.purpose) == (lena, percy, "support")
    assert (record.subject_kind, record.subject_id) == ("cohorts.Cohort", cohort.pk)


def test_a_reading_cannot_be_altered_or_taken_away(lena, cohort):
    record = note_reading(cohort, by=lena, purpose="support")
    for change in (
        lambda: AccessRecord.objects.filter(pk=record.pk).update(purpose="nothing"),
        lambda: AccessRecord.objects.filter(pk=record.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_people_see_who_read_about_them_and_nothing_else(lena, percy, olive, cohort):
    note_reading(cohort, by=lena, about=percy, purpose="support")

    assert AccessRecord.objects.visible_to(percy).count() == 1
    assert AccessRecord.objects.visible_to(olive).count() == 0
