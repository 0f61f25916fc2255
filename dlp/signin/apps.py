from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SigninConfig(AppConfig):
    name = "dlp.signin"

    def ready(self) -> None:
        from dlp.signin import groups, letters, merging

        letters.register()
        merging.register()
        post_migrate.connect(groups.write_groups, dispatch_uid="dlp.signin.groups")
