"""allauth's addresses: those we use, and the rest, which answer 404 before allauth sees them."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from dlp.signin import views

# Sign-up, allauth's e-mail page and everything about passwords. Their names still resolve to
# allauth's own patterns below, which nothing reaches.
CLOSED = r"^(?:signup|email|confirm-email|inactive|password|reauthenticate)(?:/.*)?$"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="signin:account"), name="account_front"),
    re_path(CLOSED, views.closed, name="account_closed"),
    path("login/", views.SignInView.as_view(), name="account_sign_in"),
    path("login/code/", views.code_request, name="account_code_request"),
    path("", include("allauth.urls")),
]
