"""Every address of the site; docs/permissions.csv says who may use each."""

from django.contrib import admin
from django.urls import include, path

from dlp import pages
from dlp.health import healthz, healthz_deep

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/deep", healthz_deep, name="healthz_deep"),
    path("admin/", admin.site.urls),
    path("account/", include("dlp.signin.account_urls")),
    path("", include("dlp.signin.urls")),
    path("", include("dlp.home.urls")),
    path("", include("dlp.outbox.urls")),
    path("", include("dlp.embedded.mailbox_urls")),
    path("", include("cohorts.urls")),
    path("", include("placements.urls")),
    path("", include("training.urls")),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy_page, name="privacy"),
    path("accessibility/", pages.accessibility_page, name="accessibility"),
]
