from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from dlp.outbox.delivery.loop import Loop


class Command(BaseCommand):
    help = (
        "Send letters as they fall due, without any broker. Any number of these may run. "
        "SIGTERM and Ctrl-C end it after the letter in hand."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        loop = Loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.stop())
        loop.run()
