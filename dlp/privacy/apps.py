from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "dlp.privacy"
