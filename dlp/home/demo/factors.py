"""The authenticators of the demonstration's staff and supervisors.

They have a second factor like everybody who must. Nobody has their phones, so the person who runs
the demonstration is shown what the phone would show.
"""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from cohorts.models import Person


def give_authenticator(person: Person) -> None:
    TOTP.activate(person, generate_totp_secret())


def figures_now(emails: list[str]) -> dict[str, str]:
    """What the authenticator of each of these people shows now; good for half a minute."""
    factors = Authenticator.objects.filter(
        type=Authenticator.Type.TOTP, user__email__in=emails
    ).select_related("user")
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return {
        factor.user.email: format_hotp_value(hotp_value(decrypt(factor.data["secret"]), counter))
        for factor in factors
    }
