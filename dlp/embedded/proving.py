"""bin/bench and bin/drill: each with its own Postgres and Valkey, set up as the real ones."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from dlp.embedded.environment import ROOT
from dlp.embedded.errors import CannotStart
from dlp.embedded.guard import Guard
from dlp.embedded.postgres import prepared_cluster
from dlp.embedded.programs import static_program
from dlp.embedded.scratch import (
    scratch_environment,
    scratch_folder,
    start_servers,
    supervised,
)
from dlp.embedded.supervisor import Program, Supervisor
from dlp.embedded.valkey import prepared_valkey


def run_on_servers(module: str, arguments: Sequence[str], *, with_static: bool = False) -> int:
    """Set up, run the module, and return its code; 1 if it could not be run."""
    return supervised(
        lambda guard, supervisor: _run(module, arguments, guard, supervisor, with_static)
    )


def _run(
    module: str, arguments: Sequence[str], guard: Guard, supervisor: Supervisor, with_static: bool
) -> int:
    folder = scratch_folder(guard, module.rpartition(".")[2])
    env = scratch_environment(folder)
    valkey, cluster = prepared_valkey(folder, guard), prepared_cluster(folder, guard)
    env |= start_servers(supervisor, valkey, cluster)
    env["POSTGRES_DATA"] = str(cluster.data)  # for a drill that pulls its plug
    if with_static and supervisor.finish(supervisor.begin(static_program(env))).code != 0:
        raise CannotStart("The static files could not be collected; the reason is above.")
    program = Program(
        module,
        [sys.executable, "-m", module, *arguments],
        env=env,
        cwd=ROOT,
        is_heard=False,
        stop_signal=signal.SIGINT,
    )
    return supervisor.finish(supervisor.begin(program)).code or 0
