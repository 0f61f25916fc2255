"""Asking the relay whether it took a letter."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from dlp.embedded import mailbox
from dlp.outbox.delivery import relay_logs
from dlp.outbox.delivery.relay_logs import Answer

LETTER = b"Message-ID: <1@example.org>\r\nTo: ada@example.org\r\n\r\nHello.\r\n"
RELAY = "smtp://127.0.0.1:2525"


@pytest.fixture(autouse=True)
def empty_mailbox(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path


@pytest.mark.parametrize("email_url", ["", RELAY])
def test_mailbox_knows_what_it_took_whoever_brought_it(settings, email_url):
    settings.EMAIL_URL, settings.RELAY_LOG = email_url, "mailbox"
    mailbox.deliver(LETTER, to="ada@example.org")

    log = relay_logs.configured_log()

    assert log.took("<1@example.org>") == Answer.TAKEN
    assert log.took("<2@example.org>") == Answer.NOT_TAKEN


def test_letter_that_was_begun_and_not_delivered_is_not_taken(settings, tmp_path, monkeypatch):
    settings.RELAY_LOG = "mailbox"

    def break_off(*args):
        raise InterruptedError

    monkeypatch.setattr("pathlib.Path.rename", break_off)
    with pytest.raises(InterruptedError):
        mailbox.deliver(LETTER, to="ada@example.org")

    assert relay_logs.configured_log().took("<1@example.org>") == Answer.NOT_TAKEN


def test_mailbox_is_listed_once_however_many_ask(settings, tmp_path):
    settings.RELAY_LOG = "mailbox"
    mailbox.deliver(LETTER, to="ada@example.org")
    log = relay_logs.configured_log()
    for path in tmp_path.glob("new/*"):
        path.unlink()

    assert log.took("<1@example.org>") == Answer.TAKEN


def test_mailbox_that_cannot_be_read_proves_nothing(settings, tmp_path):
    settings.RELAY_LOG = "mailbox"
    settings.MAILBOX_DIR = tmp_path / "file"
    settings.MAILBOX_DIR.write_text("no folder")

    assert relay_logs.configured_log().took("<1@example.org>") == Answer.CANNOT_KNOW


def test_relay_without_a_log_cannot_know(settings):
    settings.RELAY_LOG = "none"
    mailbox.deliver(LETTER, to="ada@example.org")

    assert relay_logs.configured_log().took("<1@example.org>") == Answer.CANNOT_KNOW


@pytest.mark.parametrize(("name", "problems"), [("mailbox", 0), ("none", 0), ("postfix", 1)])
def test_log_of_another_name_is_noticed_before_the_first_letter(settings, name, problems):
    settings.RELAY_LOG = name

    found = [one for one in run_checks(tags=["outbox"]) if one.id == "outbox.E003"]

    assert len(found) == problems
