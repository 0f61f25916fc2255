from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "dlp.home"
    verbose_name = "Homes and the desk"

    def ready(self) -> None:
        from django import forms

        from cohorts import answering
        from dlp import fields
        from dlp.embedded import mailbox
        from dlp.home import covers, demo, merging
        from dlp.home.roles import supervises
        from dlp.signin import second_factor

        forms.DateField.default_validators = [fields.in_reach]
        forms.Field.default_error_messages["required"] = "This is needed."
        answering.register(covers.answering)
        merging.register()
        second_factor.register(supervises)
        mailbox.show_telephones(demo.telephones)
