"""The browser's rules are on every answer of every status; test_permissions asks every address for them."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from dlp.http import PrivateFile
from dlp.signin import links
from dlp.signin.tests.test_code import CONFIRM, LOGIN, ask, code_from_letter

pytestmark = pytest.mark.django_db

DIRECTIVES = {
    "default-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
    "connect-src": "'self'",
    "font-src": "'self'",
}


def check(response: HttpResponse, address: str = "") -> None:
    """Fail unless the answer carries what every answer carries."""
    try:
        carries(response)
    except (AssertionError, KeyError) as error:
        pytest.fail(f"{address} {response.status_code}: {error!r}")


def carries(response: HttpResponse) -> None:
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    if isinstance(response, PrivateFile):
        assert headers["Cache-Control"] in ("private, max-age=86400", "private, no-store")
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        return
    assert headers["Cache-Control"] == "no-store, private"
    policy = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    for name, value in DIRECTIVES.items():
        assert policy[name] == value, name
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "*" not in headers["Content-Security-Policy"]


@login_not_required
def broken(request):
    raise RuntimeError("on purpose")


class UrlsWithAFault:
    """The site's addresses and one that fails."""

    urlpatterns = [path("broken/", broken), path("", include("dlp.urls"))]


def answers(client) -> dict[int, HttpResponse]:
    """One answer of each status that the site gives by itself."""
    guarded = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    for _ in range(31):
        busy = client.post(LOGIN, {"login": "x"})
    return {
        200: client.get(LOGIN),
        302: client.get("/me/"),
        400: Client().get("/help/", headers={"host": "elsewhere.example"}),
        403: guarded.post(LOGIN, {"login": "x@example.org"}),
        404: client.get("/nowhere/"),
        405: client.put("/help/"),
        410: client.get(expired_invitation()),
        429: busy,
    }


def expired_invitation() -> str:
    token = links.make("invitation", timedelta(seconds=-10), person=1)
    return reverse("signin:welcome", args=[token])


def test_every_status_carries_them(client):
    for status, response in answers(client).items():
        assert response.status_code == status
        check(response)


def test_an_error_of_ours_carries_them_and_says_nothing_about_itself(client, settings):
    settings.ROOT_URLCONF = UrlsWithAFault
    client.raise_request_exception = False
    response = client.get("/broken/")

    assert response.status_code == 500
    check(response)
    assert b"on purpose" not in response.content


def test_a_form_that_is_too_large_is_a_400_and_carries_them(client, percy):
    client.force_login(percy)
    response = client.post("/me/address/", {f"f{number}": "x" for number in range(2_001)})

    assert response.status_code == 400
    check(response)


def test_https_is_held_for_two_years(client, settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    held = client.get("/help/", secure=True)["Strict-Transport-Security"]

    assert "max-age=63072000" in held
    assert "includeSubDomains" in held


def test_every_page_has_a_nonce_of_its_own(client):
    nonces = {
        re.search(r"'nonce-([^']+)'", client.get("/account/login/")["Content-Security-Policy"])
        for _ in range(3)
    }

    assert len({match and match.group(1) for match in nonces}) == 3


def test_scripts_in_a_page_carry_its_nonce_or_come_from_us(client, lena):
    client.force_login(lena)
    for address in (
        "/account/login/",
        "/account/2fa/",
        "/admin/",
        "/admin/cohorts/person/",
        "/me/",
    ):
        response = client.get(address)
        for attributes in re.findall(r"<script\b([^>]*)>", response.content.decode()):
            external = re.search(r'src="/', attributes)
            data = "application/json" in attributes
            nonce = re.search(r'nonce="([^"]+)"', attributes)
            assert external or data or nonce, f"{address}: <script{attributes}>"
            if nonce:
                assert nonce.group(1) in response["Content-Security-Policy"]


def test_cookies_are_bound_to_this_host_and_hidden_from_scripts(client, percy):
    ask(client, "percy@example.org")
    client.post(CONFIRM, {"code": code_from_letter()})
    client.get("/me/")
    assert set(client.cookies) <= {"__Host-session", "__Host-csrf", "messages"}
    for name in ("__Host-session", "__Host-csrf"):
        cookie = client.cookies[name]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


def test_a_style_sheet_may_be_kept(client):
    assert finders.find("css/dlp.css")
    response = client.get("/static/css/dlp.css")

    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.status_code == 200:
        assert "no-store" not in response["Cache-Control"]


def test_a_refusal_to_somebody_signed_in_is_written_down_without_names(client, percy, caplog):
    client.force_login(percy)
    with caplog.at_level(logging.INFO, logger="dlp.access"):
        client.get("/desk/")

    lines = [record.getMessage() for record in caplog.records if record.name == "dlp.access"]
    assert lines == [f"denied: 403 to person {percy.pk}, GET home:desk"]
    assert "Percy" not in caplog.text


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example"])
def test_a_forged_host_sees_nothing_but_a_400(host):
    response = Client().get("/account/login/", headers={"host": host})

    assert response.status_code == 400
    assert host not in response.content.decode()
