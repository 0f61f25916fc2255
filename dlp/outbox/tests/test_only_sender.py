"""Only the outbox sends mail, and only on conditions that hold everywhere."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks

PACKAGES = ("dlp", "cohorts", "placements", "training")
SENDS = {
    "smtplib": {"dlp/outbox/delivery/relays/smtp.py"},
    "django.core.mail": {"dlp/outbox/backend.py"},
}
PROMPT = 60  # seconds: nothing is left to a broker for longer


def modules():
    for package in PACKAGES:
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            if "tests" not in path.parts:
                yield path.relative_to(settings.BASE_DIR), ast.parse(path.read_text())


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports."""
    return {str(path): imported(tree) for path, tree in modules()}


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("library", SENDS)
def test_no_code_elsewhere_talks_to_a_relay(library):
    found = {
        path
        for path, names in imports().items()
        if any(name == library or name.startswith(f"{library}.") for name in names)
    }

    assert found == SENDS[library], f"{library} may be imported in {SENDS[library]} alone."


def test_nothing_waits_in_the_broker():
    """ETA and countdown are delivered twice or never by the broker; the table keeps the time (R32)."""
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("eta", "countdown")
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value <= PROMPT)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("apply_async", "retry", "send_task", "signature")
    ]

    assert offenders == []


def test_every_task_has_a_limit_and_every_ring_goes_stale():
    from dlp.celery import app

    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith(PACKAGES)}

    assert ours
    for name, task in ours.items():
        assert task.soft_time_limit < task.time_limit <= 900, f"{name} has no time limits."
        assert task.expires, f"{name} never goes stale."
        given = inspect.signature(task.run).parameters.values()
        assert {one.annotation for one in given} <= {"int", "str"}, f"{name} carries more than ids."
        assert not task.acks_late or task.reject_on_worker_lost, f"{name} is rung again for ever."
    for entry in app.conf.beat_schedule.values():
        assert isinstance(entry["schedule"], float)
        assert entry["task"] in ours
        assert entry["options"]["expires"] <= entry["schedule"]


def test_relay_in_the_clear_is_noticed_before_the_first_letter(settings):
    settings.EMAIL_URL = "smtp://relay.example.org"

    assert "outbox.E001" in [problem.id for problem in run_checks(tags=["outbox"])]


def test_failpoints_are_noticed_where_people_are_written_to(settings):
    settings.FAILPOINTS = True

    problems = run_checks(tags=["outbox"], include_deployment_checks=True)

    assert "outbox.E002" in [problem.id for problem in problems]


def test_templates_of_letters_use_no_style_of_their_own():
    for path in Path(settings.BASE_DIR / "templates/emails").rglob("*.html"):
        if path.name != "_base.html":
            assert "style" not in path.read_text(), f"{path} styles itself; emails/_base.html does."
