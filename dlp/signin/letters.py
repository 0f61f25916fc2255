"""The letters about signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.outbox.writing.rendering import letter

CODE = "signin.code"
UNKNOWN_ADDRESS = "signin.unknown_address"
NOTICE = "signin.notice"
AFTER_TEN_MINUTES = "Ten minutes after it was asked for."


@dataclass(frozen=True)
class Notice:
    """The content of a letter that tells somebody about a change to their sign-in."""

    subject: str
    sentence: str


NOTICES = {
    "app_added": Notice(
        "An authenticator app was added",
        "An authenticator app was added to your account. Other browsers were signed out.",
    ),
    "app_removed": Notice(
        "An authenticator app was taken away",
        "The authenticator app was taken off your account. Other browsers were signed out.",
    ),
    "passkey_added": Notice(
        "A passkey was added",
        "A passkey was added to your account. Other browsers were signed out.",
    ),
    "passkey_removed": Notice(
        "A passkey was taken away",
        "A passkey was taken off your account. Other browsers were signed out.",
    ),
    "codes_made": Notice(
        "New recovery codes were made",
        "New recovery codes were made for your account. Older ones no longer work.",
    ),
    "address_left": Notice(
        "Your address was changed",
        "The address of your account was changed to another one. Letters and codes no longer come "
        "here, and every browser was signed out.",
    ),
    "address_new": Notice(
        "This is your address now",
        "From now on letters and codes for your account come to this address.",
    ),
    "merged": Notice(
        "Your two records are one",
        "We had written you down twice, and made one record of the two. Sign in with your other "
        "address; letters and codes no longer come to this one.",
    ),
    "other": Notice(
        "Something about your sign-in was changed",
        "Something about the way you sign in was changed.",
    ),
}

_NOTICE_OF = {
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
}


def kind_of(template_prefix: str, context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Our kind for a letter of allauth's, and what it needs to be written."""
    if template_prefix == "account/email/login_code":
        return CODE, {"code": context["code"]}
    if template_prefix == "account/email/unknown_account":
        return UNKNOWN_ADDRESS, {}
    return NOTICE, {"notice": _NOTICE_OF.get(template_prefix, "other")}


def render_code(message: Message) -> kinds.Letter:
    code = message.secret["code"]
    return letter("signin/code", {"code": code}, subject="Your code to sign in")


def render_unknown_address(message: Message) -> kinds.Letter:
    return letter("signin/unknown_address", {}, subject="Signing in with this address")


def render_notice(message: Message) -> kinds.Letter:
    notice = NOTICES[message.lead]
    return letter("signin/notice", {"notice": notice}, subject=notice.subject)


def register() -> None:
    kinds.register(
        kinds.Kind(
            name=CODE,
            label="Code to sign in",
            purpose="Holds the code that signs somebody in.",
            audience="Whoever gave their address at the sign-in page",
            too_late=AFTER_TEN_MINUTES,
            render=render_code,
            priority=kinds.Priority.SECURITY,
            secret=True,
            heeds_quiet_hours=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=UNKNOWN_ADDRESS,
            label="Sign-in with an address nobody has",
            purpose="Says that no account has this address, and whom to ask.",
            audience="Whoever gave an address at the sign-in page that no account has",
            too_late=AFTER_TEN_MINUTES,
            render=render_unknown_address,
            priority=kinds.Priority.SECURITY,
            secret=True,
            heeds_quiet_hours=False,
        )
    )
    kinds.register(
        kinds.Kind(
            name=NOTICE,
            label="Change to somebody’s sign-in",
            purpose="Says what was changed about the way somebody signs in, in case it was not them.",
            audience="The person whose sign-in was changed",
            too_late="Three days after the change.",
            render=render_notice,
            priority=kinds.Priority.SECURITY,
            heeds_quiet_hours=False,
        )
    )
