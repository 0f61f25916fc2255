"""Rules about the whole repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from dlp.tests.permissions import rows_for
from dlp.tests.routes import routes

ROOT = settings.BASE_DIR
WRITTEN = (".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".csv")
APPS = ("cohorts", "placements", "training")

# The order of the house: a module may import its own floor and those below.
FLOORS = {
    "dlp": 0, "cohorts": 1, "placements": 2, "training": 3, "dlp.home": 4, "dlp.urls": 4,
    "dlp.bench": 5, "dlp.drill": 5,
}  # fmt: skip

TOP_LEVEL = {
    ".ci", ".env.example", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "bin", "cohorts",
    "conftest.py", "dlp", "docs", "manage.py", "placements", "pyproject.toml", "pytest.ini",
    "requirements.in", "requirements.txt", "static", "templates", "training",
}  # fmt: skip

PUBLIC_VIEWS = {
    "healthz", "healthz_deep",
    "help", "privacy", "accessibility",
    "admin:login",
    "account_login", "account_sign_in", "account_logout", "account_confirm_login_code",
    "account_code_request", "account_request_login_code", "account_closed", "account_signup",
    "account_inactive", "account_email_verification_sent", "account_confirm_email",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate", "mfa_login_webauthn",
    "signin:welcome",
    "training:letter_reply", "training:presenter_reply", "placements:letter_answer", "outbox:stop",
    "outbox:feed",
    "mailbox:list", "mailbox:letter",
    "mailbox:letter_html",
}  # fmt: skip

# Words that promise work to nobody in particular.
FORBIDDEN_WORDS = re.compile(
    r"\b(TODO|FIXME|XXX|HACK|lorem ipsum|claude|anthropic|chatgpt|copilot|language model)\b", re.I
)
MAIL_MODULES = ("smtplib", "django.core.mail")
VIEW_LINES, FUNCTION_LINES, MODULE_LINES = 40, 60, 450


@cache
def tracked() -> list[Path]:
    """The files of the repository, as version control knows them, or all but what is made."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if found.returncode == 0 and found.stdout:
        names = found.stdout.splitlines()
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    made = {".venv", "var", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not made & set(path.relative_to(ROOT).parts)
    ]


def sources() -> list[Path]:
    """Our Python, without migrations."""
    return [p for p in tracked() if p.suffix == ".py" and "migrations" not in p.parts]


def is_test(path: Path) -> bool:
    return "tests" in path.parts or path.name == "conftest.py"


def is_view(path: Path) -> bool:
    return path.name == "views.py" or path.parent.name == "views"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def floor_of(module: str) -> int | None:
    """Which floor a module is on; None if it is not of the house."""
    for room in sorted(FLOORS, key=len, reverse=True):
        if module == room or module.startswith(f"{room}."):
            return FLOORS[room]
    return None


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports when it runs; names needed for types alone do not count."""
    return tuple(_imports(ast.parse(path.read_text()), module_of(path)))


def _imports(node: ast.AST, module: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (name.name for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            above = module.split(".")[: -child.level] if child.level else []
            base = ".".join([*above, *([child.module] if child.module else [])])
            yield base
            yield from (f"{base}.{name.name}" for name in child.names)
        else:
            yield from _imports(child, module)


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_nothing_imports_upward():
    upward = [
        f"{short(path)} imports {module}"
        for path in sources()
        if not is_test(path) and (own := floor_of(module_of(path))) is not None
        for module in imports(path)
        if (other := floor_of(module)) is not None and other > own
    ]

    assert not upward, "\n".join(upward)


def test_the_check_on_imports_sees_an_upward_one(tmp_path):
    tree = ast.parse("def late():\n    from training.models import Session\n")

    assert "training.models" in set(_imports(tree, "cohorts.operations"))
    assert floor_of("training.models") > floor_of("cohorts.operations")


def test_only_the_outbox_sends_mail():
    senders = [
        f"{short(path)} imports {module}"
        for path in sources()
        if not is_test(path) and not short(path).startswith("dlp/outbox/")
        for module in imports(path)
        if module.startswith(MAIL_MODULES)
    ]

    assert not senders, "\n".join(senders)


def test_only_the_listed_views_are_open_to_visitors():
    public = {route.name for route in routes() if route.is_public}

    assert public <= PUBLIC_VIEWS, f"Open, and not on the list: {sorted(public - PUBLIC_VIEWS)}"


# Where something else has decided who may see it: why, file by file.
SCOPED_OTHERWISE = {
    "training/views/groups.py": "by a subquery of visible_to, so that members are not counted twice",
    "training/views/letter_replies.py": "the signed link is the permission",
    "training/views/presenter_replies.py": "the signed link is the permission",
    "training/views/registers.py": "asked only after can_take_register",
}


def test_views_start_from_what_the_person_may_see():
    unscoped = re.compile(r"\b[A-Z]\w*\.objects\.(?:get|filter|all|exclude|first|values|count)\(")
    found = [
        f"{short(path)}:{number}: {line.strip()}"
        for path in sources()
        if is_view(path) and not is_test(path) and short(path) not in SCOPED_OTHERWISE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if unscoped.search(line)
    ]

    assert not found, "Start from visible_to(request.user):\n" + "\n".join(found)


def test_every_address_is_in_the_matrix():
    missing = sorted({route.name for route in routes() if not rows_for(route.name)})

    assert not missing, f"Add rows to docs/permissions.csv for {', '.join(missing)}"


def test_the_top_of_the_tree_is_as_the_architecture_says():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}

    assert top <= TOP_LEVEL, f"Not expected at the top: {sorted(top - TOP_LEVEL)}"


INLINE = re.compile(r"\s(?:style|on[a-z]+)\s*=\s*[\"']|javascript:", re.I)
SCRIPT = re.compile(r"<script\b([^>]*)>([^<]*)", re.I)


def test_templates_have_no_inline_style_handler_or_script():
    found = []
    for path in tracked():
        if path.suffix != ".html" or not short(path).startswith("templates/"):
            continue
        text = path.read_text()
        if match := INLINE.search(text):
            found.append(f"{short(path)}: {match.group().strip()}")
        if "<style" in text and "emails" not in path.parts:
            found.append(f"{short(path)}: <style>")
        for attributes, body in SCRIPT.findall(text):
            if "src=" not in attributes and "application/json" not in attributes and body.strip():
                found.append(f"{short(path)}: a script in the page")

    assert not found, "\n".join(found)


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef, int]]:
    """Each function with its lines, its docstring and decorators left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            doc = ast.get_docstring(node, clean=False) is not None
            skipped = (first.end_lineno or 0) - first.lineno + 1 if doc else 0
            yield node, (node.end_lineno or 0) - node.lineno + 1 - skipped


def test_functions_are_short():
    long = [
        f"{short(path)}: {node.name} has {lines} lines"
        for path in sources()
        for node, lines in functions(path)
        if lines > (VIEW_LINES if is_view(path) else FUNCTION_LINES)
    ]

    assert not long, "\n".join(long)


def test_modules_are_short():
    counts = {
        short(path): sum(bool(line.strip()) for line in path.read_text().splitlines())
        for path in sources()
    }
    long = {path: count for path, count in counts.items() if count > MODULE_LINES}

    assert not long, f"Make a package of it, one noun a file: {long}"


@pytest.mark.parametrize("suffix", WRITTEN)
def test_no_forbidden_words(suffix):
    here = Path(__file__)
    found = [
        f"{short(path)}: {match.group()}"
        for path in tracked()
        if path.suffix == suffix and path not in (here, ROOT / "requirements.txt")
        for match in [FORBIDDEN_WORDS.search(path.read_text())]
        if match
    ]

    assert not found, "\n".join(found)


def test_nothing_empties_what_other_processes_keep():
    """To clear the cache is to empty Valkey: limits, doorbells, and the keys of other processes."""
    empties = re.compile(r"\bcache\.clear\(|\bflush(?:db|all)\(")

    assert not [short(path) for path in sources() if empties.search(path.read_text())]


def test_no_file_holds_the_marks_of_a_merge():
    mark = re.compile(r"^(?:<{7}|>{7}|\|{7}) ", re.M)
    texts = (path for path in tracked() if path.suffix in WRITTEN)

    assert not [short(path) for path in texts if mark.search(path.read_text())]


def test_rooms_have_no_drawer_for_odds_and_ends():
    odd = {"utils.py", "helpers.py", "common.py", "misc.py"}

    assert not [short(path) for path in sources() if path.name in odd]


def test_script_files_are_small():
    own = [p for p in tracked() if p.suffix == ".js" and short(p).startswith("static/js/")]
    long = [short(p) for p in own if len(p.read_text().splitlines()) > 150]

    assert not long


@pytest.mark.parametrize("app", [*APPS, "outbox", "audit", "home"])
def test_every_model_says_who_may_see_it(app):
    from django.apps import apps

    silent = [
        model._meta.label
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model")
        and not model._meta.concrete_model._meta.auto_created  # joins what is seen or not
        and not hasattr(model._default_manager, "visible_to")
    ]

    assert not silent
