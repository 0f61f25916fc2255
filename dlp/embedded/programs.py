"""The programs that run side by side: web server, Celery worker and beat, outbox loop."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dlp.embedded.environment import ROOT
from dlp.embedded.supervisor import Program

WEB_WORKERS = "2"
WEB_THREADS = "4"
WORKER_PROCESSES = "2"
SAID_ENOUGH = (
    "ignore:You're running the worker with superuser privileges"  # JSON only: no pickle to fear
)


UNREAD = ("jquery.js", "select2.full.js", "xregexp.js", "htmx-2.js", "htmx-4*", "htmax-*")
"""Static files that only debugging reads, or no page of ours. To compress them takes half of the time."""
COLLECT = ["manage.py", "collectstatic", "--no-input", "--verbosity", "0"] + [
    word for name in UNREAD for word in ("--ignore", name)
]


def static_program(env: Mapping[str, str]) -> Program:
    """Collects the static files, hashed and compressed; needs neither server."""
    return _ours("static", COLLECT, env)


def setup_program(env: Mapping[str, str], *, with_demo: bool) -> Program:
    """Migrates and fills an empty database; prints who can sign in."""
    demo = ["--demo"] if with_demo else []
    return _ours("setup", ["manage.py", "prepare", *demo], env, keeps_output=True)


def who_program(env: Mapping[str, str]) -> Program:
    """Prints who can sign in, when nothing needs setting up."""
    return _ours("setup", ["manage.py", "demo", "--who"], env, keeps_output=True)


def web_program(env: Mapping[str, str], listening_on: Sequence[int]) -> Program:
    binds = [word for descriptor in listening_on for word in ("--bind", f"fd://{descriptor}")]
    workers = [] if "WEB_CONCURRENCY" in env else ["--workers", WEB_WORKERS]
    command = ["-m", "gunicorn", "dlp.wsgi", *binds, *workers]
    command += ["--preload", "--worker-class", "gthread", "--threads", WEB_THREADS]
    command += ["--no-control-socket", "--graceful-timeout", "8", "--log-level", "warning"]
    return _ours("web", command, env, pass_fds=listening_on)


def background_programs(env: Mapping[str, str], var: Path) -> list[Program]:
    """Everything but the web server. The outbox may be sending a letter: it gets time to finish."""
    schedule = var / "beat" / "schedule"
    schedule.parent.mkdir(exist_ok=True)
    celery = ["-m", "celery", "--quiet", "--app"]
    quietly = ["--loglevel", "WARNING"]
    env = {**env, "PYTHONWARNINGS": SAID_ENOUGH}
    worker = [
        "dlp",
        "worker",
        "--concurrency",
        WORKER_PROCESSES,
        "--without-gossip",
        "--without-mingle",
    ]
    beat = ["dlp.beat", "beat", "--schedule", str(schedule), "--pidfile="]
    return [
        _ours("worker", [*celery, *worker, *quietly], env, grace=30),
        _ours("beat", [*celery, *beat, *quietly], env),
        _ours("outbox", ["manage.py", "outbox_loop"], env, grace=200),
    ]


def _ours(
    name: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    *,
    grace: float = 10.0,
    keeps_output: bool = False,
    pass_fds: Sequence[int] = (),
) -> Program:
    return Program(
        name,
        [sys.executable, *arguments],
        env=env,
        cwd=ROOT,
        grace=grace,
        keeps_output=keeps_output,
        pass_fds=pass_fds,
    )
