"""bin/test: every check and every test, on a Postgres and a Valkey of their own."""

from __future__ import annotations

import signal
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dlp.embedded.browser.find import NoBrowser, find_browser
from dlp.embedded.environment import ROOT
from dlp.embedded.guard import Guard
from dlp.embedded.postgres import Cluster, cluster_for_tests, copy_cluster
from dlp.embedded.programs import COLLECT
from dlp.embedded.scratch import (
    scratch_environment,
    scratch_folder,
    start_servers,
    supervised,
)
from dlp.embedded.supervisor import Program, Supervisor
from dlp.embedded.valkey import prepared_valkey

NOTHING_COLLECTED = 5
WORKERS = ("-n", "2")
BY_FILE = (*WORKERS, "--dist", "loadfile", "--no-loadscope-reorder")
"""A file stays with one worker, whose database it may fill; in the order in which they are found."""
MIGRATED = "dlp"
"""The database of the scratch cluster: migrated once, and copied by every worker that tests."""
COUNTS = ("passed", "failed", "errors", "skipped")


@dataclass
class Step:
    """One line of the summary."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    is_pytest: bool = False
    program: str = "python"  # of the virtual environment
    seconds: float = 0.0
    code: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    why_not_run: str = ""

    @property
    def is_well(self) -> bool:
        return self.code == 0 or (self.is_pytest and self.code == NOTHING_COLLECTED)


def test(arguments: Sequence[str]) -> int:
    """Run everything; `arguments` go to pytest alone. 0 only if all is well."""
    return supervised(lambda guard, supervisor: Trial(arguments, guard, supervisor).run())


class Trial:
    """One run, from the servers to the summary."""

    def __init__(self, arguments: Sequence[str], guard: Guard, supervisor: Supervisor) -> None:
        self.arguments, self.guard, self.supervisor = list(arguments), guard, supervisor
        self.console = supervisor.console
        self.folder = scratch_folder(guard, "test")
        self.begun: dict[str, Program] = {}

    def run(self) -> int:
        """Both runs of tests go side by side: one often waits for other processes, and the other never."""
        began = time.monotonic()
        env = scratch_environment(self.folder)
        valkey = prepared_valkey(self.folder, self.guard, is_for_tests=True)
        cluster = cluster_for_tests(self.folder, self.guard)
        env |= start_servers(self.supervisor, valkey, cluster)
        checks, tests = check_steps(), self.pytest_steps()
        mypy, migrate, *quick, makemigrations = checks
        self.begin(env, mypy, migrate)
        self.do(env, *quick)
        self.finish(migrate)
        env["CLUSTER_TO_COPY"] = str(self.copy_of(cluster))
        together, *others = tests
        self.begin(env, makemigrations, *others)
        self.do(env, together)
        self.finish(mypy, makemigrations, *others)
        return self.summary([*checks, *tests], time.monotonic() - began)

    def copy_of(self, cluster: Cluster) -> Path:
        """The cluster as it is now, for products that tests start; its server stands still meanwhile."""
        server = next(one for one in self.supervisor.programs if one.name == "postgres")
        self.supervisor.end([server])
        copy_cluster(cluster.data, copy := self.folder / "migrated", self.guard)
        self.supervisor.restart([server])
        self.supervisor.wait_until(cluster.readiness_of(server), server, seconds=60)
        return copy

    def pytest_steps(self) -> list[Step]:
        """Tests in rolled-back transactions; then those that commit and those in a browser, by file."""
        together = self.pytest_step("tests", "not commits and not browser", *WORKERS)
        try:
            found = find_browser()
        except NoBrowser as reason:
            commits = self.pytest_step("tests that commit", "commits and not browser", *BY_FILE)
            walks = self.pytest_step("tests in a browser", "browser", *BY_FILE)
            walks.why_not_run = str(reason)
            return [together, commits, walks]
        rest = self.pytest_step("tests that commit or browse", "commits or browser", *BY_FILE)
        rest.env["CHROMIUM"] = found.executable
        return [together, rest]

    def pytest_step(self, name: str, marks: str, *options: str) -> Step:
        slug = name.replace(" ", "-")
        report = str(self.folder / f"{slug}.xml")
        own = ["-m", marks, *options, "--junit-xml", report, "-o", "junit_family=xunit1"]
        if self.console.is_coloured:
            own.append("--color=yes")
        env = {
            "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's calls run in an event loop, which Django would refuse
            "MIGRATED_DATABASE": MIGRATED,
            "REDIS_PREFIX": f"dlp-{slug}",  # apart from the other run's
        }
        return Step(name, ["-m", "pytest", "-q", *own, *self.arguments], env, is_pytest=True)

    def do(self, env: dict[str, str], *steps: Step) -> None:
        """Run them one after the other, with their output on the terminal."""
        for step in steps:
            self.console.say(self.console.bold(f"\n{step.name}"))
            program = self.supervisor.begin(self.program(step, env, keeps_output=False))
            self.await_end(step, program)

    def begin(self, env: dict[str, str], *steps: Step) -> None:
        """Start them side by side; what they say is kept."""
        for step in steps:
            if not step.why_not_run:
                program = self.program(step, env, keeps_output=True)
                self.begun[step.name] = self.supervisor.begin(program)

    def finish(self, *steps: Step) -> None:
        """Wait for those that were begun, and show what each has said."""
        for step in steps:
            if (program := self.begun.pop(step.name, None)) is None:
                step.code = 0
                continue
            self.await_end(step, program)
            self.console.say(self.console.bold(f"\n{step.name}"))
            self.console.say(program.output.decode(errors="replace").rstrip())

    def program(self, step: Step, env: dict[str, str], *, keeps_output: bool) -> Program:
        return Program(
            step.name,
            [Path(sys.executable).with_name(step.program), *step.command],
            env=env | step.env,
            cwd=ROOT,
            is_heard=keeps_output,
            keeps_output=keeps_output,
            stop_signal=signal.SIGINT,
        )

    def await_end(self, step: Step, program: Program) -> None:
        """Wait for it, and note how it went."""
        self.supervisor.finish(program)
        step.code, step.seconds = program.code, program.ended_at - program.started_at
        if step.is_pytest:
            step.counts = counted(self.folder / f"{step.name.replace(' ', '-')}.xml")

    def summary(self, steps: Sequence[Step], seconds: float) -> int:
        """A line a step, then the counts of all three runs as pytest would put them."""
        self.console.say()
        for step in (each for each in steps if not each.why_not_run):
            mark = "ok    " if step.is_well else "FAILED"
            colour = 72 if step.is_well else 131
            self.console.say(
                f"{self.console.colour(mark, colour)} {step.seconds:6.1f} s  {step.name}"
            )
        for step in (each for each in steps if each.why_not_run):
            why = " ".join(step.why_not_run.split())
            self.console.say(self.console.colour(f"NOT RUN  {step.name}: {why}", 214))
        totals = {name: sum(step.counts.get(name, 0) for step in steps) for name in COUNTS}
        words = [f"{number} {name}" for name, number in totals.items() if number]
        self.console.say(f"\n== {', '.join(words) or 'no tests ran'} in {seconds:.1f} s ==")
        is_well = all(step.is_well for step in steps)
        return 0 if is_well and any(totals.values()) else 1


def check_steps() -> list[Step]:
    """What is checked without running a test: first the two that take long, last what needs the second."""
    templates = [
        str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))
    ]
    production = {"BASE_URL": "https://dlp.example.org", "PROXY_COUNT": "1"}
    deploy = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return [
        Step("mypy", ["-m", "mypy", "."]),
        Step("migrate", ["manage.py", "migrate", "--verbosity", "0"]),
        Step("ruff check", ["-m", "ruff", "check", "--quiet", "."]),
        Step("ruff format", ["-m", "ruff", "format", "--check", "--quiet", "."]),
        Step("djade", ["--check", "--target-version", "5.2", *templates], program="djade"),
        Step("check --deploy", deploy, env=production),
        Step("collectstatic", COLLECT, env=production),
        Step("makemigrations", ["manage.py", "makemigrations", "--check", "--dry-run"]),
    ]


def counted(report: Path) -> dict[str, int]:
    """pytest's own counts, from the report it leaves."""
    try:
        suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - pytest's own
    except (FileNotFoundError, ElementTree.ParseError):
        return {}
    if suite is None:
        return {}
    number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    bad = number["failures"] + number["errors"] + number["skipped"]
    return {
        "passed": number["tests"] - bad,
        "failed": number["failures"],
        "errors": number["errors"],
        "skipped": number["skipped"],
    }
