"""What a page says after something was done."""

from __future__ import annotations

from django.contrib import messages

from dlp.errors import Refused
from dlp.http import Request


def said(request: Request, sentence: str) -> None:
    messages.success(request, sentence)


def refused(request: Request, refusal: Refused) -> None:
    messages.error(request, str(refusal))
