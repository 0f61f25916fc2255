"""Merging two records of a person: ways to sign in to the record that goes are removed."""

from dlp import merging
from dlp.merging import Handler, Pair, drop
from dlp.signin.operations import end_sessions


def sign_out(pair: Pair) -> None:
    end_sessions(pair.gone)


def register() -> None:
    merging.register(
        drop("account.EmailAddress.user"),
        drop("mfa.Authenticator.user"),
        Handler("usersessions.UserSession.user", move=sign_out),
    )
