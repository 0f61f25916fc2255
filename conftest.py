"""What every test stands on: keys of its own in Valkey, plain static files, a browser, real workers."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.mark.expression import Expression
from _pytest.runner import runtestprotocol
from django.conf import settings
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as stories

from dlp.tests.caching import forget_all_kept
from dlp.tests.renewing import renew

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from dlp.tests.product import Product


pytest_plugins = ["dlp.tests.people"]

# Stories that a machine invents: the same few at every run, or many new ones with --hypothesis-profile=long.
_always = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": False}
stories.register_profile(
    "few", derandomize=True, database=None, max_examples=10, stateful_step_count=16, **_always
)
stories.register_profile("long", max_examples=300, stateful_step_count=40, **_always)
stories.load_profile("few")


def pytest_configure(config: pytest.Config) -> None:
    """Keep this process's keys apart, copy a database that is migrated, serve static files unhashed.

    The database is copied again after each test that commits.

    pytest-django reads the settings before any conftest, so they are changed here, before anything
    has used them; the environment is changed too, for the processes that tests start.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    test_database = settings.DATABASES["default"].setdefault("TEST", {})
    test_database["NAME"] = f"test_{settings.REDIS_PREFIX}"
    prefix = f"{settings.REDIS_PREFIX}-test-{worker}"
    os.environ["REDIS_PREFIX"] = settings.REDIS_PREFIX = prefix
    settings.CACHES["default"]["KEY_PREFIX"] = prefix
    settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{prefix}:"
    if migrated := os.environ.get("MIGRATED_DATABASE"):
        test_database["TEMPLATE"] = migrated
    TransactionTestCase._fixture_teardown = lambda test: renew()
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )


MARKS = ("mark.browser", "mark.commits")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where only tests with a mark are asked for, files without one are not even read: that takes seconds."""
    if not collection_path.name.startswith("test_") or not (asked := config.option.markexpr):
        return None
    takes_plain_ones = Expression.compile(asked).evaluate(lambda name, **values: False)
    text = "" if takes_plain_ones else collection_path.read_text(encoding="utf-8")
    return None if takes_plain_ones or any(mark in text for mark in MARKS) else True


# What takes longest of the files that stay with one worker each: begun last, they would be waited for.
LONGEST_FIRST = [
    "test_thread.py",
    "test_accessibility.py",
    "test_accessibility_of_the_admin.py",
    "test_other_ways.py",
    "test_accessibility_of_states.py",
    "test_drill.py",
    "test_embedded_copies.py",
    "test_processes.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def with_room(function: Callable[[], object]) -> object:
    return function()


# Python keeps the frames of calls in chunks of 16 kB and gives the last one back whenever a call returns
# across its edge: a loop that stands there spends a fifth of its time on fetching memory. A call whose own
# frame is this large gets a chunk of a megabyte, and all that it calls has room in it.
with_room.__code__ = with_room.__code__.replace(co_stacksize=70_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    with_room(lambda: runtestprotocol(item, nextitem=nextitem))
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_collection_finish() -> None:
    """What stays for the whole run is not gone through again at every collection of garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """Rate limits and anything else cached end with the test that caused them."""
    yield
    forget_all_kept()


@pytest.fixture(scope="session", autouse=True)
def _media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests upload goes to a folder of theirs."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole run, found or fetched by `dlp.embedded.browser`."""
    from playwright.sync_api import sync_playwright

    from dlp.embedded.browser.find import NoBrowser, find_browser

    try:
        found = find_browser()
    except NoBrowser as reason:
        pytest.skip(str(reason))
    os.environ.update(found.playwright_environment)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable,
            args=list(found.flags),
            env={**os.environ, **found.environment},
        )
        yield browser
        browser.close()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """The product as people run it, in a folder of its own; the test starts it."""
    from dlp.tests.product import Product

    product = Product(tmp_path / "var")
    yield product
    product.stop()
