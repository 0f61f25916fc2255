"""bin/bench: measures the product on a Postgres and a Valkey of its own, set up as the real ones are."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence

from dlp.embedded.console import Console
from dlp.embedded.environment import ROOT
from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.postgres import prepared_cluster
from dlp.embedded.programs import static_program
from dlp.embedded.scratch import scratch_environment, scratch_folder, start_servers
from dlp.embedded.supervisor import Program, Stopped, Supervisor
from dlp.embedded.valkey import prepared_valkey


def bench(arguments: Sequence[str]) -> int:
    """Set up, measure, print. 0 unless it could not be measured."""
    console = Console()
    guard = Guard()
    supervisor = Supervisor(console, guard)
    try:
        return _measured(arguments, guard, supervisor)
    except Stopped:
        console.say("Stopped.")
        return 130
    except CannotStart as reason:
        console.say(str(reason))
        return 1
    finally:
        supervisor.stop()
        guard.dismiss()


def _measured(arguments: Sequence[str], guard: Guard, supervisor: Supervisor) -> int:
    folder = scratch_folder(guard, "bench")
    env = scratch_environment(folder)
    valkey, cluster = prepared_valkey(folder, guard), prepared_cluster(folder, guard)
    env |= start_servers(supervisor, valkey, cluster)
    if supervisor.finish(supervisor.begin(static_program(env))).code != 0:
        raise CannotStart("The static files could not be collected; the reason is above.")
    return supervisor.finish(supervisor.begin(_program(arguments, env))).code or 0


def _program(arguments: Sequence[str], env: Mapping[str, str]) -> Program:
    return Program(
        "bench",
        [sys.executable, "-m", "dlp.bench", *arguments],
        env=env,
        cwd=ROOT,
        is_heard=False,
        stop_signal=signal.SIGINT,
    )
