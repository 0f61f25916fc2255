"""The first programme lead of a real deployment; every later person is added by staff on screen."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

GROUP = "Programme lead"


class Command(BaseCommand):
    help = "Make the first programme lead, who can then add everybody else. Run it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", required=True, help="their full name, in quotation marks")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        email, name = email.strip().lower(), " ".join(name.split())
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address. Nothing was changed.") from error
        if not name:
            raise CommandError("A person needs a name: --name 'Lena Okafor'. Nothing was changed.")
        people = get_user_model()._default_manager
        if people.filter(is_staff=True, is_active=True).exclude(email=email).exists():
            raise CommandError(
                "There are programme staff already. Ask one of them to add this person. "
                "Nothing was changed."
            )
        person = people.filter(email=email).first()
        if person is None:
            person = people.create_user(email, full_name=name)
        person.is_staff = person.is_superuser = person.is_active = True
        person.save(update_fields=["is_staff", "is_superuser", "is_active"])
        person.groups.add(Group.objects.get_or_create(name=GROUP)[0])
        self.stdout.write(
            f"{person.full_name} is now programme lead. What to do next:\n"
            f"  1. Open {settings.BASE_URL}{reverse('account_login')} and give {email}.\n"
            f"  2. A code comes by mail. If none comes, EMAIL_URL is not right: try "
            f"'manage.py check --deploy'.\n"
            f"  3. Set up a passkey or an authenticator app when you are asked, and keep the "
            f"recovery codes on paper.\n"
            f"  4. Add the other staff and the first cohort under 'People'."
        )
