"""What staff may put in their own words, and what becomes of it in a letter."""

from __future__ import annotations

import pytest

from dlp.outbox import kinds
from dlp.outbox.writing import wording
from dlp.outbox.writing.wording import Words, fill

VALUES = {"first_name": "Zoë <b>", "title": "Reading & fluency", "reason": ""}


def said(body: str, subject: str = "About {title}"):
    return fill(Words(subject, body), VALUES)


def test_placeholders_are_filled_in_the_subject_the_text_and_the_html():
    filled = said("Hello {first_name}. This is {title}.")

    assert filled.subject == "About Reading & fluency"
    assert filled.text == "Hello Zoë <b>. This is Reading & fluency."
    assert filled.html == "<p>Hello Zoë &lt;b&gt;. This is Reading &amp; fluency.</p>"


def test_typed_html_is_shown_as_it_was_typed():
    filled = said("<script>alert(1)</script> and <b>bold</b>")

    assert "<b>bold</b>" in filled.text
    assert "&lt;script&gt;" in filled.html
    assert "<script>" not in filled.html


def test_blank_lines_make_paragraphs_and_single_ones_new_lines():
    filled = said("One\r\ntwo\r\n \r\n\r\nthree")

    assert filled.text == "One\ntwo\n\nthree"
    assert filled.html == "<p>One<br>two</p>\n<p>three</p>"


def test_what_a_placeholder_leaves_empty_leaves_no_gap():
    assert said("{reason}\n\nHello {reason} there.").text == "Hello there."


@pytest.mark.parametrize(
    ("typed", "link", "after"),
    [
        ("See https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&amp;c=2", "."),
        ("(https://example.org/a)", "https://example.org/a", ")"),
    ],
)
def test_a_bare_link_leads_where_it_says(typed: str, link: str, after: str):
    assert f'<a href="{link}">{link}</a>{after}' in said(typed).html


def test_a_link_that_is_not_https_stays_words():
    assert "<a " not in said("http://example.org javascript:alert(1) example.org").html


def test_somebodys_name_never_becomes_a_link():
    filled = fill(Words("S", "Hello {first_name}"), {"first_name": "https://example.org"})

    assert "<a " not in filled.html


def test_the_subject_is_one_line_that_begins_with_a_capital():
    assert said("x", "{reason} soon:\n{title}").subject == "Soon: Reading & fluency"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Hello {firstname}", "There is no {firstname}. Here you can use {first_name}, {title},"),
        ("Hello {0} { first_name }", "There is no {0} and { first_name }."),
        ("Hello {}", "There is no {}."),
        ("Hello {first_name", "A { or a } stands alone"),
        ("Hello first_name}", "A { or a } stands alone"),
        ("Hello {{first_name}}", "A { or a } stands alone"),
        ("Hello {first_name.password}", "There is no {first_name.password}."),
    ],
)
def test_what_could_not_be_filled_is_named_with_what_could(typed: str, sentence: str):
    kind = wording.of(kinds.get("training.session_reminder"))

    assert kind is not None
    assert sentence in kind.problem(typed)


def worded() -> list[kinds.Kind]:
    return [kind for kind in kinds.all_kinds() if wording.of(kind)]


def test_what_keeps_accounts_safe_is_not_put_in_other_words():
    assert not [kind for kind in worded() if kind.secret or kind.name.startswith("signin.")]


@pytest.mark.parametrize("name", [kind.name for kind in worded()])
def test_the_programmes_own_words_would_be_taken_if_somebody_typed_them(name: str):
    kind = wording.of(kinds.get(name))

    assert kind is not None
    assert not kind.problem(kind.default.subject)
    assert not kind.problem(kind.default.body)
