"""That the bench asks for pages that are there, counts what they ask, and ends as others read it."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cohorts.models import Cohort
from cohorts.tests.factories import make_cohort
from dlp.bench.filling.programme import fill
from dlp.bench.measuring import Figures, a_visitor, count, read, signed_in
from dlp.bench.pages import PAGE, BenchPage, pages
from dlp.bench.report import Line, conclusions, measured

pytestmark = pytest.mark.django_db


@login_not_required
def three_questions(request: HttpRequest) -> HttpResponse:
    names = [str(Cohort.objects.filter(pk=pk).first()) for pk in (1, 2)]
    return HttpResponse(f"{names} of {Cohort.objects.count()}")


urlpatterns = [path("three/", three_questions)]


def test_queries_and_equal_texts_are_counted(settings):
    settings.ROOT_URLCONF = __name__
    make_cohort()

    asked = count(a_visitor(), "/three/")

    assert len(asked.texts) == 3
    assert asked.texts[0] == asked.texts[1] != asked.texts[2]


def test_every_page_answers_whom_it_is_for():
    fill(100)

    sizes = {page.title: len(read(signed_in(page.person), page.path)) for page in pages()}

    assert len(sizes) == len(pages()) > 30
    assert min(sizes.values()) > 2_000


def test_the_last_two_lines_are_as_others_read_them(settings, capsys):
    settings.ROOT_URLCONF = "dlp.bench.bare"
    fill(30)

    said = conclusions(measured(30, "leader: home", 1), 1)

    assert re.fullmatch(r"\n?max queries: \d+", said[-2])
    assert re.fullmatch(r"worst growth: 1\.00", said[-1])
    assert "leader: home" in capsys.readouterr().out


def line(size: int, **figures: float) -> Line:
    usual = {"queries": 5, "repeats": 1, "ratio": 1.0, "kilobytes": 20}
    page = BenchPage("desk", "staff", None, "/desk/", PAGE)
    return Line(size, page, Figures(**{"sql_ms": 1, "cpu_ms": 9, "wall_ms": 9, **usual, **figures}))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"queries": 13}, "13 queries, 12 allowed"),
        ({"repeats": 3}, "3 times one text, 2 allowed"),
        ({"ratio": 2.4}, "2.4 × the bare view, 2.3 allowed"),
        ({"kilobytes": 151}, "151 kB, 150 allowed"),
    ],
)
def test_what_breaks_the_budget_is_named(figures, words):
    said = conclusions([line(100), line(2_000, **figures)], 3)

    assert any(words in one and "2,000 people" in one for one in said)
    assert "\nEvery page is within the budget." in conclusions([line(100), line(2_000)], 3)


def test_growth_is_told_from_the_smallest_size_to_the_largest():
    said = conclusions([line(100), line(2_000, ratio=1.2), line(20_000, ratio=1.5)], 3)

    assert any("grows 1.50 times, 1.3 allowed" in one for one in said)
    assert said[-1] == "worst growth: 1.50"
