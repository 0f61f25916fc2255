"""Fields that are drawn by templates of our own."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH


def test_a_list_to_choose_from_marks_what_is_chosen_and_its_labels_are_words():
    choices = [("", "Any"), ("a", "<b>&"), ("Others", [(3, "Three")])]

    drawn = forms.Select(choices=choices).render("which", 3, {"id": "id_which"})

    assert '<select name="which" id="id_which">' in drawn
    assert '<option value="">Any</option>' in drawn
    assert '<option value="a">&lt;b&gt;&amp;</option>' in drawn
    assert '<optgroup label="Others">' in drawn
    assert '<option value="3" selected>Three</option>' in drawn


def test_nothing_to_choose_from_is_said_in_words():
    drawn = forms.Select(choices=BLANK_CHOICE_DASH).render("which", "")

    assert '<option value="" selected>Nothing chosen</option>' in drawn
