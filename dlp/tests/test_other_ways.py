"""The thread walked in other ways than by pointing: with the keys alone, and without JavaScript."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dlp.tests.browsers import AUTHENTICATOR, LAPTOP, PHONE, Browsers, wait_until
from dlp.tests.eyes import open_eyes
from dlp.tests.product import Product

pytestmark = pytest.mark.browser

FURTHEST = 150  # presses of a key after which something is out of reach


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with its demonstration, for both walks."""
    product = Product(tmp_path_factory.mktemp("programme") / "var")
    product.start(with_demo=True)
    yield product
    product.stop()


class Keys:
    """Somebody without a mouse. Wherever the focus comes to, it must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []

    def open(self, address: str) -> None:
        self.page.goto(address)
        assert "Skip to the page" in self.press("Tab"), "The first stop is the way past the top."

    def press(self, key: str) -> str:
        """Press it and say where the focus is."""
        self.page.keyboard.press(key)
        open_eyes(self.page)
        seen = self.page.evaluate("eyes.focus()")
        self.wrong += [f"{self.page.url}: {problem}" for problem in seen["wrong"]]
        return str(seen["name"])

    def to(self, words: str, key: str = "Tab") -> None:
        """Go on until the focus is on what these words name."""
        passed = [self.press(key)]
        while words not in passed[-1]:
            assert len(passed) < FURTHEST, f"“{words}” is out of reach: {passed}"
            passed.append(self.press(key))

    def follow(self, words: str) -> None:
        """Go there, press Enter and arrive on another page."""
        self.to(words)
        before = self.page.url
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        assert self.page.url != before, words

    def fill(self, label: str, text: str) -> None:
        self.to(label)
        self.page.keyboard.type(text)

    def sign_in(self, browsers: Browsers, email: str) -> None:
        self.open(f"{browsers.product.address}/")
        self.fill("Your e-mail address", email)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="Check your mail")).to_be_visible()
        code = browsers.code_for(email)
        self.page.bring_to_front()
        self.fill("Code from the mail", code)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "confirm" not in url)
        if self.page.get_by_label(AUTHENTICATOR).count():
            self.fill(AUTHENTICATOR, browsers.figures_of(email))
            self.page.keyboard.press("Enter")
            self.page.wait_for_url(lambda url: "2fa" not in url)


def test_the_thread_can_be_walked_with_the_keys_alone(programme: Product, chromium: Browser):
    browsers = Browsers(programme, chromium)
    bethan = Keys(browsers.page_of("bethan.price@example.org", PHONE))
    bethan.sign_in(browsers, "bethan.price@example.org")
    she_answers_and_finds_her_placement(bethan, programme)
    grace = Keys(browsers.page_of("grace.whitlock@example.org", LAPTOP))
    grace.sign_in(browsers, "grace.whitlock@example.org")
    she_plans_a_session(grace, programme)
    sunita = Keys(browsers.page_of("sunita.patel@example.org", PHONE))
    sunita.sign_in(browsers, "sunita.patel@example.org")
    she_takes_the_register(sunita, programme)

    wrong = bethan.wrong + grace.wrong + sunita.wrong
    assert not wrong, "\n".join(wrong)
    assert browsers.complaints == []


def she_answers_and_finds_her_placement(bethan: Keys, programme: Product) -> None:
    bethan.open(f"{programme.address}/")
    bethan.to("I’m coming")
    bethan.page.keyboard.press("Space")
    expect(bethan.page.locator("body")).to_contain_text("You are coming")
    bethan.open(f"{programme.address}/")
    bethan.follow("The ArtsXchange")
    expect(bethan.page.locator("main")).to_contain_text("The ArtsXchange")


def she_plans_a_session(grace: Keys, programme: Product) -> None:
    day = programme.now() + timedelta(days=40)
    grace.open(f"{programme.address}/")
    grace.follow("Add a session")
    grace.open(grace.page.url)
    grace.fill("Title", "Planned with the keys")
    grace.fill("Date", f"{day:%d%m%Y}")
    grace.fill("From", "1600")
    grace.fill("Until", "1730")
    grace.to("In person")
    grace.to("Online", key="ArrowDown")
    grace.follow("Keep it as a draft")
    expect(grace.page.get_by_role("heading", level=1)).to_contain_text("Planned with the keys")
    grace.press("Tab")
    grace.to("Publish")
    with grace.page.expect_navigation():
        grace.page.keyboard.press("Enter")
    said = "SELECT state FROM training_session WHERE title = 'Planned with the keys'"
    assert programme.query(said) == [("published",)]


def she_takes_the_register(sunita: Keys, programme: Product) -> None:
    marked = "SELECT count(*) FROM training_booking WHERE attendance = 'late'"
    before = programme.query(marked)[0][0]
    sunita.open(f"{programme.address}/")
    sunita.follow("Take the register")
    sunita.open(sunita.page.url)
    sunita.to("Present")
    sunita.to("Late", key="ArrowRight")
    wait_until(lambda: programme.query(marked)[0][0] == before + 1)  # type: ignore[operator]
    sunita.open(sunita.page.url)
    sunita.to("Mark the other")
    sunita.page.keyboard.press("Enter")
    expect(sunita.page.get_by_role("button", name="Mark the other")).to_have_count(0)
    sunita.to("Close the register")
    sunita.page.keyboard.press("Enter")
    sunita.page.wait_for_url(lambda url: "register" not in url)
    expect(sunita.page.get_by_role("link", name="See the register")).to_be_visible()


def test_slips_of_the_hand_and_of_the_network_change_nothing(programme: Product, chromium: Browser):
    browsers = Browsers(programme, chromium)
    leader = Keys(browsers.sign_in("imran.sheikh@example.org", PHONE))
    an_answer_that_was_not_saved_is_not_shown(leader, programme)
    a_double_click_makes_one(leader, programme)
    samir = Keys(browsers.sign_in("samir.aziz@example.org", PHONE))
    escape_closes_the_menu(samir, programme)

    assert not leader.wrong + samir.wrong


def an_answer_that_was_not_saved_is_not_shown(leader: Keys, programme: Product) -> None:
    leader.open(f"{programme.address}/")
    answered = leader.page.locator("input[name=answer]:checked")
    before = answered.evaluate_all("radios => radios.map(({ id }) => id)")
    leader.page.context.set_offline(True)
    leader.to("I’m coming")
    leader.page.keyboard.press("ArrowRight")
    expect(leader.page.get_by_text("That did not reach us")).to_be_visible()
    assert answered.evaluate_all("radios => radios.map(({ id }) => id)") == before
    leader.page.context.set_offline(False)
    leader.to("Close")
    leader.page.keyboard.press("Enter")
    assert leader.page.evaluate("document.activeElement !== document.body")


def a_double_click_makes_one(leader: Keys, programme: Product) -> None:
    leader.page.goto(f"{programme.address}/twilights/ideas/add/")
    leader.page.get_by_label("Title").fill("Said once")
    leader.page.get_by_role("button", name="Keep a draft").dblclick()
    expect(leader.page.get_by_role("heading", name="Said once")).to_be_visible()
    made = "SELECT count(*) FROM training_twilightidea WHERE title = 'Said once'"
    assert programme.query(made) == [(1,)]


def escape_closes_the_menu(samir: Keys, programme: Product) -> None:
    samir.open(f"{programme.address}/desk/")
    samir.to("Menu")
    samir.page.keyboard.press("Enter")
    samir.to("Schools")
    samir.page.keyboard.press("Escape")
    assert samir.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    expect(samir.page.locator("details.rail-menu")).not_to_have_attribute("open", "")


def test_the_thread_can_be_walked_without_javascript(
    programme: Product, chromium: Browser, tmp_path: Path
):
    browsers = Browsers(programme, chromium, runs_scripts=False)
    tom = browsers.sign_in("thomas.okafor@example.org", PHONE)
    he_answers_with_a_button(tom)
    lena = browsers.sign_in("lena.hart@example.org")
    she_sifts_and_searches(lena, programme)
    she_plans_without_scripts(lena, programme)
    she_brings_people_in(lena, programme, tmp_path)
    she_marks_with_a_button(lena, programme)

    assert browsers.complaints == []


def he_answers_with_a_button(tom: Page) -> None:
    answer = tom.locator("form", has=tom.get_by_label("I’m coming")).first
    answer.get_by_label("I’m coming").check()
    answer.get_by_role("button", name="Save my answer").click()
    expect(tom.locator("body")).to_contain_text("You are coming")


def she_sifts_and_searches(lena: Page, programme: Product) -> None:
    lena.goto(f"{programme.address}/desk/")
    chip = lena.get_by_role("navigation", name="Show").get_by_role("link").nth(1)
    chip.click()
    expect(lena.get_by_role("navigation", name="Show").locator("[aria-current]")).not_to_have_text(
        re.compile("^All")
    )
    lena.get_by_role("searchbox").first.fill("ada")
    lena.keyboard.press("Enter")
    expect(lena.locator("main")).to_contain_text("Ada Fenwick")


def she_plans_without_scripts(lena: Page, programme: Product) -> None:
    day = programme.now() + timedelta(days=41)
    lena.goto(f"{programme.address}/sessions/add/")
    lena.get_by_label("Title").fill("Planned without scripts")
    lena.get_by_label("Date", exact=True).fill(f"{day:%Y-%m-%d}")
    lena.get_by_label("From").fill("16:00")
    lena.get_by_label("Until").fill("17:30")
    lena.get_by_label("Online", exact=True).check()
    lena.get_by_role("button", name="Keep it as a draft").click()
    lena.get_by_role("button", name="Publish").click()
    expect(lena.get_by_role("heading", level=1)).to_contain_text("Planned without scripts")


def she_brings_people_in(lena: Page, programme: Product, folder: Path) -> None:
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["Full name", "E-mail"], ["Noor Haddad", "noor@example.org"]])
    newest = programme.query("SELECT max(id) FROM cohorts_cohort")[0][0]
    lena.goto(f"{programme.address}/cohorts/{newest}/import/")
    lena.get_by_label("CSV file").set_input_files(path)
    lena.get_by_role("button", name="Look at the rows").click()
    lena.get_by_role("button", name="Bring in 1 person").click()
    expect(lena.get_by_role("heading", level=1)).to_contain_text("1 saved")


def she_marks_with_a_button(lena: Page, programme: Product) -> None:
    latest = (
        "SELECT id FROM training_session WHERE state = 'published' AND starts_at < now() "
        "AND kind <> 'supervision' ORDER BY starts_at DESC"
    )
    session = programme.query(latest)[0][0]
    lena.goto(f"{programme.address}/sessions/{session}/register/")
    again = lena.get_by_role("button", name="Open it again")
    if again.count():  # closed already in the other walk
        again.click()
        lena.goto(f"{programme.address}/sessions/{session}/register/")
    first = lena.locator(".register fieldset").first
    first.get_by_text("Excused").click()
    first.get_by_label("Needed at school").check()
    lena.get_by_role("button", name="Save the marks").click()
    expect(first.get_by_label("Needed at school")).to_be_checked()
