"""Nobody who needs a second factor sees anything without one, whichever way they came in."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from time_machine import travel

from cohorts.tests.factories import make_person, make_staff
from dlp.outbox import kinds
from dlp.outbox.models import Message
from dlp.tests.people import TOTP_SECRET, FrontDoorClient, give_factor

ACCOUNT = reverse("signin:account")
ACTIVATE = reverse("mfa_activate_totp")
pytestmark = pytest.mark.django_db


def figures(secret: str, at: float | None = None) -> str:
    """What the app on the telephone shows."""
    return format_hotp_value(hotp_value(secret, int((at or time.time()) // 30)))


def sign_in_by_code(browser: Client, address: str):
    browser.post(reverse("account_login"), {"login": address})
    message = Message.objects.filter(kind="signin.code").order_by("created_at").last()
    text = kinds.get(message.kind).render(message).text
    code = re.search(r"^\d{6}$", text, re.MULTILINE).group()
    return browser.post(reverse("account_confirm_login_code"), {"code": code})


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app; what follows from it happens when the change is committed."""
    page = browser.get(ACTIVATE)
    secret = page.context["form"].secret
    browser.post(ACTIVATE, {"code": figures(secret)})
    return secret


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture(params=["staff", "supervisor"])
def guarded(request):
    """Somebody who needs a second factor and has none."""
    return request.getfixturevalue("lena" if request.param == "staff" else "ruth")


@pytest.mark.parametrize(
    "path", [ACCOUNT, "/admin/", "/admin/cohorts/person/", "/account/sessions/"]
)
def test_who_needs_a_factor_is_sent_to_set_one_up(client, guarded, path):
    client.force_login(guarded, second_factor_shown=False)
    response = client.get(path)

    assert response.status_code == 302
    assert urlsplit(response["Location"]).path == reverse("mfa_index")


@pytest.mark.parametrize("path", [reverse("mfa_index"), ACTIVATE, reverse("mfa_add_webauthn")])
def test_setting_up_is_open_to_them(client, guarded, path):
    client.force_login(guarded, second_factor_shown=False)

    assert client.get(path).status_code == 200


def test_they_can_leave_and_the_machine_can_look(client, guarded):
    client.force_login(guarded, second_factor_shown=False)

    assert client.get("/healthz").status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_form_sent_without_a_factor_changes_nothing(client, guarded):
    client.force_login(guarded, second_factor_shown=False)
    client.post(reverse("signin:address"), {"email": "x@example.org", "again": "x@example.org"})
    guarded.refresh_from_db()

    assert guarded.email != "x@example.org"


def test_who_has_one_must_use_it_at_sign_in(browser, guarded):
    give_factor(guarded)
    response = sign_in_by_code(browser, guarded.email)

    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    assert browser.get(ACCOUNT).status_code == 302

    browser.post(reverse("mfa_authenticate"), {"code": figures(TOTP_SECRET)})
    assert browser.session["_auth_user_id"] == str(guarded.pk)
    assert browser.get(ACCOUNT).status_code == 200


def test_a_session_that_never_used_the_factor_is_asked_for_it(client, guarded):
    client.force_login(guarded, second_factor_shown=False)
    give_factor(guarded)
    response = client.get(f"{ACCOUNT}?a=b")

    assert urlsplit(response["Location"]).path == reverse("mfa_reauthenticate")
    assert parse_qs(urlsplit(response["Location"]).query)["next"] == [f"{ACCOUNT}?a=b"]
    assert client.get(ACTIVATE).status_code == 302
    assert client.get("/admin/").status_code == 302

    client.post(response["Location"], {"code": figures(TOTP_SECRET)})
    assert client.get(ACCOUNT).status_code == 200


def test_a_passkey_that_signed_somebody_in_counts(client, lena):
    client.force_login(lena, second_factor_shown=False)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": "webauthn", "passwordless": True, "at": time.time()}
    ]
    session.save()

    assert client.get(ACCOUNT).status_code == 200


def test_somebody_elses_proof_left_in_the_session_does_not_count(client, lena):
    client.force_login(lena)
    session = client.session
    session["account_authentication_methods_user"] = str(lena.pk + 1)
    session.save()

    assert client.get(ACCOUNT).status_code == 302


def test_figures_work_once(browser, client, lena):
    give_factor(lena)
    with travel("2026-11-23 12:00:01+00:00", tick=False):
        code = figures(TOTP_SECRET)
        sign_in_by_code(browser, lena.email)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        other = Client(headers={"host": "localhost"})
        sign_in_by_code(other, lena.email)
        wide = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        for again in (code, f"{code[:3]} {code[3:]}", wide):
            other.post(reverse("mfa_authenticate"), {"code": again})

    assert "_auth_user_id" in browser.session
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db(transaction=True)
def test_setting_an_app_up_ends_every_other_session_and_is_written_about(client, percy):
    other = Client(headers={"host": "localhost"})
    sign_in_by_code(other, percy.email)
    browser = Client(headers={"host": "localhost"})
    sign_in_by_code(browser, percy.email)
    set_up_app(browser)

    assert other.get(ACCOUNT).status_code == 302
    assert browser.get(ACCOUNT).status_code == 200
    notices = Message.objects.filter(kind="signin.notice")
    assert "app_added" in {notice.lead for notice in notices}


@pytest.mark.django_db(transaction=True)
def test_setting_an_app_up_opens_the_door_for_staff(browser, lena):
    sign_in_by_code(browser, lena.email)
    assert browser.get("/admin/").status_code == 302
    set_up_app(browser)

    assert browser.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_are_made_shown_once_and_each_works_once(browser, lena):
    sign_in_by_code(browser, lena.email)
    set_up_app(browser)
    page = browser.get(reverse("mfa_view_recovery_codes"))
    code = page.context["unused_codes"][0]
    assert code in page.content.decode()
    assert code not in browser.get(reverse("mfa_view_recovery_codes")).content.decode()

    for expected in (True, False):
        again = Client(headers={"host": "localhost"})
        sign_in_by_code(again, lena.email)
        again.post(reverse("mfa_authenticate"), {"code": code})
        assert ("_auth_user_id" in again.session) is expected


@pytest.mark.django_db(transaction=True)
def test_no_secret_lies_readable_in_the_table(browser, lena):
    sign_in_by_code(browser, lena.email)
    secret = set_up_app(browser)
    factor = Authenticator.objects.get(type="totp")

    assert secret not in str(factor.data)
    assert factor.wrap().validate_code(figures(secret))


def test_guessing_figures_is_stopped_after_five(browser, lena):
    give_factor(lena)
    sign_in_by_code(browser, lena.email)
    for number in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    browser.post(reverse("mfa_authenticate"), {"code": figures(TOTP_SECRET)})

    assert "_auth_user_id" not in browser.session


def test_the_last_factor_of_staff_stays(client, lena):
    client.force_login(lena)
    reauthenticate(client)
    response = client.post(reverse("mfa_deactivate_totp"))

    assert response.status_code == 200
    assert "You need a second factor" in response.content.decode()
    assert Authenticator.objects.filter(user=lena, type="totp").exists()


def test_a_participant_may_take_their_factor_away_and_reads_of_it(client, percy):
    client.force_login(percy)
    give_factor(percy)
    reauthenticate(client)
    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.filter(user=percy).exists()
    assert Message.objects.filter(kind="signin.notice", lead="app_removed").exists()


def reauthenticate(client: Client) -> None:
    client.post(reverse("mfa_reauthenticate"), {"code": figures(TOTP_SECRET)})


def test_the_gate_is_not_for_participants_unless_the_setting_says_so(client, percy, settings):
    client.force_login(percy)
    assert client.get(ACCOUNT).status_code == 200
    settings.REQUIRE_SECOND_FACTOR_OF_ALL = True

    assert client.get(ACCOUNT).status_code == 302


def test_becoming_staff_counts_from_the_next_request(client, percy):
    client.force_login(percy)
    percy.is_staff = True
    percy.save()

    assert client.get(ACCOUNT).status_code == 302


def test_the_admin_signs_nobody_in_itself(browser, client, percy, lena):
    response = browser.get("/admin/login/?next=/admin/cohorts/")
    assert urlsplit(response["Location"]).path == reverse("account_login")
    lena.set_password("correct horse battery staple")
    lena.save()
    browser.post(
        "/admin/login/", {"username": lena.email, "password": "correct horse battery staple"}
    )
    assert "_auth_user_id" not in browser.session

    client.force_login(percy)
    assert client.get("/admin/login/").status_code == 403


def test_a_password_that_somebody_has_opens_nothing(browser, lena):
    lena.set_password("correct horse battery staple")
    lena.save()
    browser.post(
        reverse("account_login"),
        {"login": lena.email, "password": "correct horse battery staple"},
    )

    assert "_auth_user_id" not in browser.session


def test_passkeys_belong_to_the_name_people_type(client, percy, settings):
    client.force_login(percy)
    page = client.get(reverse("mfa_add_webauthn"))
    options = page.context["js_data"]["creation_options"]["publicKey"]

    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"


def test_a_passkey_can_be_asked_for_on_the_sign_in_page(browser):
    page = browser.get(reverse("account_login")).content.decode()
    answer = browser.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    assert "Use a passkey" in page
    assert answer.json()["request_options"]["publicKey"]["userVerification"] == "required"


def test_people_see_and_end_their_own_sessions_only(client, percy, olive):
    mine, theirs = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    sign_in_by_code(mine, percy.email)
    sign_in_by_code(theirs, olive.email)
    browser = Client(headers={"host": "localhost"})
    sign_in_by_code(browser, percy.email)
    page = browser.get(reverse("usersessions_list"))
    assert {session.user_id for session in page.context["sessions"]} == {percy.pk}
    browser.post(reverse("usersessions_list"))

    assert mine.get(ACCOUNT).status_code == 302
    assert theirs.get(ACCOUNT).status_code == 200
    assert browser.get(ACCOUNT).status_code == 200
    assert UserSession.objects.filter(user=percy).count() == 1


def test_signing_out_ends_the_session_on_the_server(client, percy):
    client.force_login(percy)
    key = client.session.session_key
    response = client.post(reverse("account_logout"))

    assert not Session.objects.filter(session_key=key).exists()
    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_a_first_look_at_signing_out_signs_nobody_out(client, percy):
    client.force_login(percy)
    client.get(reverse("account_logout"))

    assert client.get(ACCOUNT).status_code == 200


def test_staff_without_a_group_still_need_a_factor(db):
    browser = FrontDoorClient(headers={"host": "localhost"})
    browser.force_login(make_staff("Nobody Special"), second_factor_shown=False)

    assert browser.get("/admin/").status_code == 302
    assert make_person().is_staff is False
