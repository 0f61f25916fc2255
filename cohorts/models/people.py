"""Everybody the programme knows, whether or not they sign in."""

from __future__ import annotations

import re
from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from cohorts.models.strands import Strand
from dlp.audit.joins import ADDED_AND_TAKEN_AWAY
from dlp.text import fold

MINUTES = (10, 180)
"""Limits of the longest journey that somebody may state."""
JOURNEY_SAID = "A journey to a school takes between 10 and 180 minutes."
TRN_SAID = "A teacher reference number has seven figures. Check it, or leave it out."


BOUNCED = ~Q(bounced_email="")


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Person) -> PersonQuerySet:
        """People this person may look up: staff everybody, others only themselves.

        Others see people through what connects them: a placement, a booking, a group.
        """
        if user.is_staff:
            return self
        return self.filter(pk=user.pk)

    def records_of(self, person: Person) -> PersonQuerySet:
        """Somebody's record, and the shells of records that were merged into it."""
        return self.filter(Q(pk=person.pk) | Q(merged_into=person.pk))

    def whose_letters_bounce(self) -> PersonQuerySet:
        """People whose current address takes no letters, as far as we know."""
        return self.filter(BOUNCED, bounced_email=F("email"))

    def out_of_reach(self) -> PersonQuerySet:
        """The same, and people without an address."""
        return self.filter(Q(email=None) | BOUNCED & Q(bounced_email=F("email")))

    def matching(self, words: str) -> PersonQuerySet:
        """People whose name, address or TRN contains every word, ignoring case and accents."""
        people = self
        for word in fold(words).split():
            people = people.filter(search_text__contains=word)
        return people


class PersonManager(BaseUserManager["Person"]):
    """Everybody once: shells of merged records are left out."""

    def get_queryset(self) -> PersonQuerySet:
        return PersonQuerySet(self.model, using=self._db).filter(merged_into=None)

    def visible_to(self, user: Person) -> PersonQuerySet:
        return self.get_queryset().visible_to(user)

    def matching(self, words: str) -> PersonQuerySet:
        return self.get_queryset().matching(words)

    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> Person:
        """Make a person. Nobody needs an address or a password: codes are mailed."""
        person = self.model(email=normal_email(email), **fields)
        if password is None:
            person.set_unusable_password()
        else:
            person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=normal_email(username))


def normal_email(email: str | None) -> str | None:
    """An address in the form in which it is stored: trimmed, lower case, None if empty."""
    return (email or "").strip().lower() or None


def normal_name(name: str | None) -> str:
    """A name on one line, with single spaces."""
    return " ".join((name or "").split())


def listed_name(full_name: str, known_as: str) -> str:
    """The name for lists and greetings: the known name with the family name."""
    if not known_as:
        return full_name
    return known_as if " " in known_as else f"{known_as} {full_name.split()[-1]}"


def normal_trn(trn: str | None) -> str | None:
    """A teacher reference number as it is stored (R-PRG-07): seven digits, or None if empty.

    What cannot be one is returned as typed, for the validator to complain about.
    """
    typed = (trn or "").strip()
    figures = re.sub(r"[^0-9]", "", typed)
    return figures.zfill(7) if 5 <= len(figures) <= 7 else (typed or None)


@pghistory.track(exclude=["password", "last_login", "search_text"])
class Person(AbstractBaseUser, PermissionsMixin):
    """One record per person, with many dated roles; may have no address and may never sign in.

    Of the home postcode only the sector is stored, and roughly where it lies on the national grid.
    """

    class Phase(models.TextChoices):
        EARLY_YEARS = "early_years", "Early years"
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        ALL_THROUGH = "all_through", "All-through"
        POST_16 = "post_16", "Post-16"

    class Travel(models.TextChoices):
        CAR = "car", "By car"
        PUBLIC_TRANSPORT = "public_transport", "By public transport"

    full_name = models.CharField("full name", max_length=200)
    known_as = models.CharField(
        "known as", max_length=100, blank=True, help_text="The name to greet and list them by."
    )
    pronouns = models.CharField(max_length=40, blank=True)
    email = models.EmailField(
        "e-mail address",
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "Somebody with this address is here already. Search for it."},
    )
    phone = models.CharField("telephone", max_length=40, blank=True)
    trn = models.CharField(
        "teacher reference number",
        max_length=7,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^(?!0000000)[0-9]{7}$", TRN_SAID)],
        error_messages={"unique": "Somebody with this teacher reference number is here already."},
    )
    home_sector = models.CharField("home postcode sector", max_length=6, blank=True, editable=False)
    home_easting = models.PositiveIntegerField(null=True, blank=True, editable=False)
    home_northing = models.PositiveIntegerField(null=True, blank=True, editable=False)
    phase = models.CharField("phase taught", max_length=20, choices=Phase, blank=True)
    subject = models.CharField("subject taught", max_length=100, blank=True)
    strand = models.CharField("strand to lead on", max_length=40, choices=Strand, blank=True)
    travels_by = models.CharField("way to travel", max_length=20, choices=Travel, blank=True)
    longest_journey = models.PositiveSmallIntegerField(
        "longest journey to a school",
        null=True,
        blank=True,
        validators=[
            MinValueValidator(MINUTES[0], JOURNEY_SAID),
            MaxValueValidator(MINUTES[1], JOURNEY_SAID),
        ],
    )
    biography = models.TextField("short biography", max_length=600, blank=True)
    photo = models.FileField(upload_to="photos", blank=True, editable=False)
    is_in_directory = models.BooleanField("show in the directory", default=False)
    bounced_email = models.EmailField(
        "address that letters came back from", blank=True, editable=False
    )
    search_text = models.CharField(max_length=800, editable=False)
    is_active = models.BooleanField("may sign in", default=True)
    is_staff = models.BooleanField("programme staff", default=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    died_on = models.DateField("died on", null=True, blank=True, editable=False)

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,  # person_merged_into is its index
    )

    objects = PersonManager()
    everyone = PersonQuerySet.as_manager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name_plural = "people"
        ordering = ["search_text", "pk"]
        indexes = [
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="person_search_text"),
            models.Index(fields=["search_text", "id"], name="person_order"),
            models.Index(fields=["merged_into", "id"], name="person_merged_into"),
            models.Index(fields=["id"], condition=Q(is_staff=True), name="person_staff"),
            models.Index(
                fields=["invited_at"],
                name="person_silent",
                condition=Q(
                    is_active=True, last_login=None, invited_at__isnull=False, email__isnull=False
                ),
            ),
            models.Index(fields=["id"], name="person_bounced", condition=BOUNCED),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=None) | (Q(email=Lower("email")) & ~Q(email="")),
                name="person_email_is_lower_case",
                violation_error_message="Write the address in lower case, or leave it out.",
            ),
            models.CheckConstraint(
                condition=Q(trn=None) | (Q(trn__regex=r"^[0-9]{7}$") & ~Q(trn="0000000")),
                name="person_trn_has_seven_figures",
                violation_error_message=TRN_SAID,
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None)
                | Q(email=None, trn=None, is_active=False, is_staff=False),
                name="person_merged_is_a_shell",
                violation_error_message="A record that became part of another signs nobody in.",
            ),
            models.CheckConstraint(
                condition=~Q(full_name=""),
                name="person_has_a_name",
                violation_error_message="A person needs a name.",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(is_active=False),
                name="person_who_died_does_not_sign_in",
                violation_error_message="Nobody signs in as somebody who has died.",
            ),
            models.CheckConstraint(
                condition=Q(home_sector="") | Q(home_sector__regex=r"^[A-Z]{1,2}\d[A-Z\d]? \d$"),
                name="person_home_is_a_sector",
                violation_error_message="Of a home postcode only the sector is kept, like SE15 3.",
            ),
            models.CheckConstraint(
                condition=Q(longest_journey=None) | Q(longest_journey__range=MINUTES),
                name="person_journey_is_in_range",
                violation_error_message=JOURNEY_SAID,
            ),
            models.CheckConstraint(
                condition=Q(home_easting=None, home_northing=None)
                | Q(home_easting__isnull=False, home_northing__isnull=False) & ~Q(home_sector=""),
                name="person_place_is_of_a_home",
                violation_error_message="A place on the map has two numbers, and a home.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.tidy()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("home:person", args=[self.pk])

    @property
    def name(self) -> str:
        return listed_name(self.full_name, self.known_as)

    @property
    def first_name(self) -> str:
        return (self.known_as or self.full_name).split()[0]

    @property
    def trn_masked(self) -> str:
        """The TRN as lists show it: its last three digits (R-PRG-07); empty for none."""
        return f"…{self.trn[-3:]}" if self.trn else ""

    @property
    def taught(self) -> str:
        """What they teach: Secondary, history."""
        return ", ".join(part for part in (self.get_phase_display(), self.subject) if part)

    @property
    def journey_said(self) -> str:
        """How they would travel to a school: By car, 45 minutes at most."""
        longest = self.longest_journey
        at_most = f"{longest} minutes at most" if longest else ""
        said = ", ".join(part for part in (self.get_travels_by_display(), at_most) if part)
        return said[:1].upper() + said[1:]

    @property
    def photo_url(self) -> str:
        """Where the photo is, if there is one; a new photo gets a new address."""
        if not self.photo:
            return ""
        return f"{reverse('cohorts:person_photo', args=[self.pk])}?{str(self.photo)[-13:-5]}"

    @property
    def letters_bounce(self) -> bool:
        """Whether this address takes no letters, as far as we know."""
        return bool(self.bounced_email) and self.bounced_email == self.email

    @property
    def is_on_map(self) -> bool:
        return self.home_easting is not None

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name

    def tidy(self) -> None:
        """Normalise what was typed."""
        self.email = normal_email(self.email)
        self.trn = normal_trn(self.trn)
        self.full_name = normal_name(self.full_name)
        self.known_as = normal_name(self.known_as)
        self.search_text = self.folded()

    def folded(self) -> str:
        """The text that search looks through; it begins with the listed name, so it also sorts."""
        return fold(self.name, self.full_name, self.email, self.trn)[:800]


@pghistory.track(*ADDED_AND_TAKEN_AWAY, obj_field=None, app_label="cohorts")
class PersonGroup(Person.groups.through):  # type: ignore[name-defined,misc]
    """The groups of a member of staff, tracked so that history says since when."""

    class Meta:
        proxy = True


@pghistory.track(*ADDED_AND_TAKEN_AWAY, obj_field=None, app_label="cohorts")
class PersonPermission(Person.user_permissions.through):  # type: ignore[name-defined,misc]
    """Permissions beyond a person's groups, tracked so that history says since when."""

    class Meta:
        proxy = True
