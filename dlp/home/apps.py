from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dlp.home"
    verbose_name = "Homes and the desk"

    def ready(self) -> None:
        from dlp.embedded import mailbox
        from dlp.home import demo, merging
        from dlp.home.roles import supervises
        from dlp.signin import second_factor

        merging.register()
        second_factor.register(supervises)
        mailbox.show_telephones(demo.telephones)
