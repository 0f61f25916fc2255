"""Forms to sign in, and to change one's address."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context, ratelimit
from django import forms


class ConfirmCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """allauth's form, with its three attempts counted in Valkey too.

    allauth counts them in the session, where a hundred answers sent at once all read zero.
    """

    def clean_code(self) -> str:
        request = context.request
        login = request._login_stage.state
        key = f"code:{login.get('email')}:{login.get('at')}"
        if not ratelimit.consume(request, action="confirm_login_code", key=key):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        return code


class AddressForm(forms.Form):
    """The new address of a person, typed twice, since a slip would lock them out."""

    email = forms.EmailField(
        label="New address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Codes to sign in and every letter will go there.",
        error_messages={"required": "Write the new address."},
    )
    again = forms.EmailField(
        label="The same address again",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the address once more."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        email, again = cleaned.get("email"), cleaned.get("again")
        if email and again and email.strip().lower() != again.strip().lower():
            self.add_error("again", "This is not the same address. Compare the two.")
        return cleaned
