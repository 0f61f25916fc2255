"""The whole thread, walked in a browser as each of its five people.

bin/start runs on its own database with its own worker, beat and outbox loop. Time passes between the
parts: the product is stopped and started again on a later day.
"""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from dlp.tests.browsers import PHONE, Browsers, wait_until
from dlp.tests.product import Product
from placements.gias import SMALL_FILE

pytestmark = pytest.mark.browser

BEHIND_THE_SCENES = 90_000
"""Milliseconds: a worker that is told begins at once, one that is not within a minute."""
A_WEEK_BEFORE = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
THE_DAY_BEFORE = datetime(2026, 11, 23, 15, 59, 40, tzinfo=UTC)
DURING = datetime(2026, 11, 24, 16, 10, tzinfo=UTC)

LEADERS = (
    "Ada Fenwick", "Thomas Okafor", "Bethan Price", "Imran Sheikh", "Rosa Delgado",
    "Callum Wright", "Mei-Ling Tan", "Dominic Achebe", "Hannah Levy", "Sean O'Neill-Łukasz",
)  # fmt: skip


def test_one_real_cohort_from_an_empty_machine_to_a_delivered_reminder(product, chromium, tmp_path):
    browsers = Browsers(product, chromium)

    product.start(A_WEEK_BEFORE)
    product.manage("first_staff", "lena.hart@example.org", "--name", "Lena Hart")
    lena = browsers.sign_in("lena.hart@example.org")
    staff_bring_in_schools(lena, product)
    staff_bring_in_people(lena, product, people_file(tmp_path))
    staff_place_ada(lena, product)
    staff_plan_sessions(lena, product)
    product.stop()

    product.start(THE_DAY_BEFORE)
    the_reminders_arrive(browsers)
    ada_looks_and_answers(browsers)
    marcus_sees_his_leader_and_nothing_else(browsers)
    ruth_sees_her_group(browsers)
    product.stop()

    product.start(DURING)
    sunita_takes_the_register(browsers)

    assert browsers.complaints == []


def people_file(folder: Path) -> Path:
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="cp1252", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(["Full name", "E-mail"])
        for name in LEADERS:
            first = name.split()[0].lower()
            writer.writerow([name.replace("Ł", "L"), f"{first}@example.org"])
    return path


def staff_bring_in_schools(lena: Page, product: Product) -> None:
    lena.goto(f"{product.address}/schools/import/")
    lena.get_by_label("File of schools").set_input_files(SMALL_FILE)
    lena.get_by_role("button", name="Look at what changes").click()
    found = lena.get_by_text("139 schools are new.")
    expect(found).to_be_visible(timeout=BEHIND_THE_SCENES)
    lena.get_by_role("button", name="Bring it in").click()
    done = lena.get_by_role("heading", name="What was brought in")
    expect(done).to_be_visible(timeout=BEHIND_THE_SCENES)

    open_school(lena, product, "artsxchange")
    lena.get_by_role("link", name="Add a former name").click()
    lena.get_by_label("Former name").fill("WAC Arts College")
    lena.get_by_role("button", name="Add the name").click()

    open_school(lena, product, "wac arts college")
    expect(lena.get_by_role("heading", name="The ArtsXchange")).to_be_visible()


def open_school(lena: Page, product: Product, words: str) -> None:
    lena.goto(f"{product.address}/schools/")
    lena.get_by_label("Find").fill(words)
    lena.get_by_role("button", name="Show").click()
    lena.get_by_role("link", name="The ArtsXchange").click()


def staff_bring_in_people(lena: Page, product: Product, path: Path) -> None:
    lena.goto(f"{product.address}/cohorts/add/")
    lena.get_by_label("Name").fill("2026 Cohort")
    lena.get_by_label("First day").fill("2026-09-01")
    lena.get_by_label("London").check()
    lena.get_by_label("Coordinator").select_option(label="Lena Hart")
    lena.get_by_role("button", name="Add the cohort").click()

    lena.get_by_role("link", name=re.compile("Import|Bring", re.I)).first.click()
    lena.get_by_label("CSV file").set_input_files(path)
    lena.get_by_role("button", name="Look at the rows").click()
    lena.get_by_role("button", name="Bring in 10 people").click()
    expect(lena.get_by_role("heading", level=1)).to_contain_text("10 saved")

    for name, email in (("Ruth Adeyemi", "ruth"), ("Sunita Patel", "sunita")):
        lena.goto(f"{product.address}/people/add/")
        lena.get_by_label("Full name").fill(name)
        lena.get_by_label("E-mail address").fill(f"{email}@example.org")
        lena.get_by_role("button", name="Add the person").click()
        lena.get_by_role("button", name=re.compile("Invite")).first.click()
        expect(lena.locator("main")).to_contain_text(name)


def staff_place_ada(lena: Page, product: Product) -> None:
    open_school(lena, product, "141164")
    lena.get_by_role("link", name="Begin a partnership").click()
    lena.get_by_label("First day").fill("2026-06-01")
    lena.get_by_label("Lead’s name").fill("Marcus Bell")
    lena.get_by_label("Lead’s e-mail address").fill("marcus@example.org")
    lena.get_by_label(re.compile("Both sides have signed")).check()
    lena.get_by_role("button", name="Make it a partner").click()

    lena.get_by_role("link", name="Add an opening").first.click()
    lena.get_by_label("Cohort").select_option(label="2026 Cohort")
    lena.get_by_role("button", name="Add the opening").click()

    lena.get_by_role("link", name=re.compile("^Place somebody")).first.click()
    lena.get_by_label("Leader").select_option(label="Ada Fenwick")
    lena.get_by_role("button", name="Place the leader").click()
    expect(lena.locator("main")).to_contain_text("31 August 2028")


def staff_plan_sessions(lena: Page, product: Product) -> None:
    for name in ("The ArtsXchange", "Walworth Hall", "The Northern College"):
        lena.goto(f"{product.address}/admin/training/venue/add/")
        lena.get_by_label("Name").first.fill(name)
        lena.get_by_role("button", name="Save", exact=True).click()

    add = f"{product.address}/sessions/add/?kind="
    plan(lena, f"{add}training_day", "Inclusion 1", "2026-12-04", venue="Walworth Hall")
    plan(lena, f"{add}dsl_training", "DSL training", "2027-01-15")
    plan(
        lena, f"{add}twilight", "Reading fluency", "2026-11-24",
        venue="The ArtsXchange", times=("16:00", "18:00"), leads="Sunita Patel",
    )  # fmt: skip
    plan(lena, f"{add}twilight", "Ask the room", "2026-12-10", times=("16:00", "17:30"))
    plan(
        lena, f"{add}residential", "First summer residential", "2027-07-09",
        venue="The Northern College", last="2027-07-11",
    )  # fmt: skip
    plan_supervision(lena, product)


def plan(
    lena: Page,
    address: str,
    title: str,
    day: str,
    *,
    venue: str = "",
    times: tuple[str, str] = ("09:30", "15:30"),
    leads: str = "",
    last: str = "",
) -> None:
    """Add a session, publish it and invite the cohort."""
    lena.goto(address)
    lena.get_by_label("Title").fill(title)
    lena.get_by_label("Date", exact=True).fill(day)
    if last:
        lena.get_by_label("Last date").fill(last)
    lena.get_by_label("From").fill(times[0])
    lena.get_by_label("Until").fill(times[1])
    lena.get_by_label("2026 Cohort").check()
    lena.get_by_label("Who leads it").fill(leads)
    if venue:
        lena.get_by_label("Venue").select_option(label=venue)
    else:
        lena.get_by_label("Online", exact=True).check()
    lena.get_by_role("button", name="Keep it as a draft").click()
    publish_and_invite(lena)


def publish_and_invite(lena: Page) -> None:
    publish = lena.get_by_role("button", name="Publish")
    publish.click()
    expect(publish).to_have_count(0)
    lena.get_by_role("link", name="Invite people").first.click()
    lena.get_by_role("link", name="2026 Cohort").first.click()
    lena.get_by_role("button", name="Invite 10 people").click()
    expect(lena.locator("main")).to_contain_text("10 not answered")


def plan_supervision(lena: Page, product: Product) -> None:
    lena.goto(f"{product.address}/supervision/add/")
    lena.get_by_label("Name").fill("Tuesday group")
    lena.get_by_label("Supervisor").fill("Ruth Adeyemi")
    lena.get_by_label("From").fill("2026-09-01")
    lena.get_by_role("button", name="Start the group").click()
    group = lena.url
    for name in LEADERS[:4]:
        lena.goto(f"{group}members/add/")
        lena.get_by_label("Who joins").fill(name)
        lena.get_by_label("From").fill("2026-09-01")
        lena.get_by_role("button", name="Add them").click()
    lena.goto(group)
    lena.get_by_role("link", name="Plan sessions").click()
    lena.get_by_label("Title").fill("Supervision")
    lena.get_by_label("Every other week").check()
    lena.get_by_label("First date").fill("2026-11-24")
    lena.get_by_label("How many").fill("3")
    lena.get_by_label("From").fill("12:30")
    lena.get_by_label("Until").fill("13:30")
    lena.get_by_label("Online", exact=True).check()
    lena.get_by_label(re.compile("Publish them")).check()
    lena.get_by_role("button", name="Plan the series").click()
    lena.wait_for_url(re.compile(r"/sessions/series/\d+/"))


def the_reminders_arrive(browsers: Browsers) -> None:
    twilight = browsers.letter_to("ada@example.org", "Tomorrow at 16:00")
    expect(twilight.locator("body")).to_contain_text("Reading fluency")
    assert calendar_of(twilight)["SUMMARY"] == "Reading fluency"

    meeting = browsers.letter_to("ada@example.org", "Meeting")
    assert calendar_of(meeting)["SUMMARY"] == "Meeting"
    assert "Ruth" not in meeting.locator("body").inner_text()


def calendar_of(letter: Page) -> dict[str, str]:
    """The event in the letter's calendar part, read from the page that shows the letter raw."""
    found = re.search(r"BEGIN:VCALENDAR.*?END:VCALENDAR", letter.content(), re.S)
    assert found
    event = Calendar.from_ical(found[0].replace("&quot;", '"')).walk("VEVENT")[0]
    return {name: str(value) for name, value in event.items()}


def ada_looks_and_answers(browsers: Browsers) -> None:
    ada = browsers.sign_in("ada@example.org", PHONE)
    main = ada.locator("main")
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Ada")
    expect(main).to_contain_text("The ArtsXchange")
    expect(main).to_contain_text("Reading fluency")
    expect(main).to_contain_text("Associate Leader")

    ada.get_by_role("link", name="Reading fluency").first.click()
    expect(ada.get_by_role("heading", level=1)).to_contain_text("Reading fluency")
    ada.get_by_text("I’m coming", exact=True).first.click()
    expect(ada.locator("body")).to_contain_text("You are coming")
    ada.goto(f"{browsers.product.address}/")
    waiting = main.locator(".tag", has_text="waiting for you")
    said = waiting.inner_text()
    main.locator("li", has_text="Ask the room").get_by_text("I can’t make it").click()
    expect(ada.locator("body")).to_contain_text("You are not coming")
    expect(waiting).not_to_have_text(said)
    assert answers(browsers) == {"Reading fluency": "coming", "Ask the room": "not_coming"}


def answers(browsers: Browsers) -> dict[object, object]:
    return dict(
        browsers.product.query(
            "SELECT s.title, b.state FROM training_booking b "
            "JOIN training_session s ON s.id = b.session_id "
            "JOIN cohorts_person p ON p.id = b.person_id "
            "WHERE p.email = 'ada@example.org' AND b.state <> 'invited'"
        )  # type: ignore[arg-type]
    )


def marcus_sees_his_leader_and_nothing_else(browsers: Browsers) -> None:
    marcus = browsers.sign_in("marcus@example.org")
    main = marcus.locator("main")
    expect(main).to_contain_text("Ada Fenwick")
    expect(main).to_contain_text(re.compile(r"out \d+ days?", re.I))
    for secret in ("upervision", "Thomas", "Bethan"):
        expect(main).not_to_contain_text(secret)
    for path in ("/people/", "/sessions/1/", "/schools/import/", "/desk/"):
        answer = marcus.request.get(f"{browsers.product.address}{path}")
        assert answer.status in (403, 404), f"{path} answers a school lead {answer.status}"


def ruth_sees_her_group(browsers: Browsers) -> None:
    ruth = browsers.sign_in("ruth@example.org")
    expect(ruth.locator("main")).to_contain_text("Tuesday group")
    expect(ruth.locator("main")).to_contain_text("Imran Sheikh")
    expect(ruth.locator("main")).not_to_contain_text("Rosa Delgado")
    assert ruth.request.get(f"{browsers.product.address}/people/").status in (403, 404)


def sunita_takes_the_register(browsers: Browsers) -> None:
    sunita = browsers.sign_in("sunita@example.org", PHONE)
    sunita.get_by_role("link", name=re.compile("register", re.I)).first.click()
    row = sunita.get_by_role("group", name=re.compile("Ada Fenwick"))
    row.get_by_text("Present", exact=True).click()
    marked = "SELECT count(*) FROM training_booking WHERE attendance = 'present'"
    wait_until(lambda: browsers.product.query(marked) == [(1,)])
