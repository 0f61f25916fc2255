"""Django's admin app, with our site and groups, and without the tables that hold secrets."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig

SECRET_MODELS = (
    "account.EmailAddress",
    "account.EmailConfirmation",
    "mfa.Authenticator",
    "usersessions.UserSession",
)


class ProgrammeAdminConfig(AdminConfig):
    default_site = "dlp.signin.admin_site.ProgrammeAdminSite"

    def ready(self) -> None:
        from django.contrib import admin
        from django.contrib.auth.models import Group

        from dlp.signin.group_admin import GroupAdmin

        super().ready()
        apps.get_app_config("auth").verbose_name = "Staff"
        for name in SECRET_MODELS:
            model = apps.get_model(name)
            if admin.site.is_registered(model):
                admin.site.unregister(model)
        admin.site.unregister(Group)
        admin.site.register(Group, GroupAdmin)
