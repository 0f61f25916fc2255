from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dlp.home"
    verbose_name = "Homes and the desk"

    def ready(self) -> None:
        from dlp.embedded import mailbox
        from dlp.home import demo

        mailbox.show_telephones(demo.telephones)
