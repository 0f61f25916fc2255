"""Entry point of bin/drill, once its servers are up."""

from __future__ import annotations

import argparse
import os
import random
import sys

import django

LOGS = {"exact": "mailbox", "none": "none"}
PATIENCE = 4.0
"""After this silence the relay hangs up: sooner than a lease or a settling time runs out."""
AS_IN_A_DRILL = {
    "QUIET_HOURS": "0",
    "FAILPOINTS": "1",
    "LEASE_SECONDS": "5",
    "SETTLE_SECONDS": "10",
    "RELAY_RATE": "0",
    "RELAY_CONNECTIONS": "0",
    "RELAY_PAUSE_SECONDS": "1",
    "LOG_LEVEL": "CRITICAL",
}


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    from dlp.drill.relay import ChaosRelay
    from dlp.drill.relay_faults import RelayFaults

    faults = RelayFaults(random.Random(options.seed))  # noqa: S311
    has_log = options.relay_log == "exact"
    relay = ChaosRelay(draw=faults, keeps_log=has_log, patience=PATIENCE)
    os.environ |= {**AS_IN_A_DRILL, "EMAIL_URL": relay.url, "RELAY_LOG": LOGS[options.relay_log]}
    django.setup()
    from dlp.drill.outbox import Plan, drill_outbox

    plan = Plan(options.messages, options.seconds, options.kills, options.seed, options.senders)
    return 0 if drill_outbox(plan, relay, faults) else 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="bin/drill", description="Break things on purpose and print what was lost."
    )
    outbox = top.add_subparsers(dest="command", required=True).add_parser(
        "outbox", help="letters, while senders, servers and the relay fail"
    )
    outbox.add_argument("--messages", type=int, default=2_000, help="about how many (2000)")
    outbox.add_argument("--seconds", type=float, default=60, help="how long things break (60)")
    outbox.add_argument("--kills", type=int, default=200, help="processes to kill (200)")
    outbox.add_argument("--seed", type=int, default=1, help="the same dice again")
    outbox.add_argument("--senders", type=int, default=4, help="one of them Celery's (4)")
    outbox.add_argument(
        "--relay-log",
        choices=LOGS,
        default="exact",
        help="whether the relay can say what it took (exact) or not (none)",
    )
    return top


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
