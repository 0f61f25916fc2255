from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dlp.home"
    verbose_name = "Homes and the desk"

    def ready(self) -> None:
        from dlp.embedded import mailbox
        from dlp.home import demo, merging

        merging.register()
        mailbox.show_telephones(demo.telephones)
