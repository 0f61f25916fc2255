"""Schools as Get Information About Schools (GIAS) lists them, and internal AP, which it does not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordDistance
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.db.models import F, Q
from django.db.models.functions import Cast, Power, Sqrt
from django.urls import reverse
from django.utils import timezone

from cohorts.models import Cohort, Person
from cohorts.places import Place
from dlp.fields import WebAddressField
from dlp.text import fold
from placements.models.trusts import LocalAuthority, Trust

Region = Cohort.Region

MOST_NEAR = 500
NEAR = "0.45"
"""How similar two words are, up to 1, if letters were swapped or left out (pg_trgm)."""

# A placement in one of these is known to its leader and its school. Before, it is the programme's
# own thought; declined or withdrawn, it came to nothing.
SHOWN_PLACEMENT_STATES = (
    "offered",
    "accepted",
    "confirmed",
    "active",
    "paused",
    "completed",
    "ended_early",
)


class Setting(models.TextChoices):
    """What kind of school it is, from the GIAS type code (domain.md 3.1; R-SCH-02)."""

    ALTERNATIVE_PROVISION = "alternative_provision", "Alternative provision"
    SPECIAL = "special", "Special school"
    INTERNAL_AP = "internal_ap", "Internal AP"
    MAINSTREAM = "mainstream", "Mainstream"
    OTHER = "other", "Other"
    UNCLASSIFIED = "unclassified", "Unclassified"


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, user: Person) -> SchoolQuerySet:
        """Staff see every school, a school lead their own, a participant those that host them."""
        if user.is_staff:
            return self
        hosting = School.objects.filter(
            placements__participation__person=user, placements__state__in=SHOWN_PLACEMENT_STATES
        )
        return self.filter(
            Q(pk__in=School.objects.led_by(user).values("pk")) | Q(pk__in=hosting.values("pk"))
        )

    def led_by(self, user: Person) -> SchoolQuerySet:
        """Schools for which this person can sign in today."""
        return self.filter(pk__in=SchoolContact.objects.schools_led_by(user))

    def matching(self, words: str) -> SchoolQuerySet:
        """Schools whose name, former name, town, postcode or URN contains every word."""
        schools = self
        for word in fold(words).split():
            schools = schools.filter(search_text__contains=word)
        return schools

    def nearly_matching(self, words: str) -> SchoolQuerySet:
        """Schools with a word similar to each of these, the best first: for misspelt searches.

        Looks at a limited number of schools, since a word like half of all names would take a
        second. Needs a transaction, as every request has: the similarity threshold is set for its
        length.
        """
        folded = fold(words)
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [NEAR]
            )
        near = self.order_by()
        for word in folded.split():
            near = near.filter(search_text__trigram_word_similar=word)
        weighed = School.objects.filter(pk__in=near.values("pk")[:MOST_NEAR])
        return weighed.order_by(TrigramWordDistance(folded, "search_text"), "search_text", "pk")

    def within(self, place: Place, km: int) -> SchoolQuerySet:
        """Schools within so many km in a straight line, the nearest first.

        Annotates `metres`. Reads only the surrounding square, by an index.
        """
        reach = km * 1_000
        east = Cast("easting", models.FloatField()) - place.easting
        north = Cast("northing", models.FloatField()) - place.northing
        return (
            self.filter(
                easting__range=(place.easting - reach, place.easting + reach),
                northing__range=(place.northing - reach, place.northing + reach),
            )
            .annotate(metres=Sqrt(Power(east, 2) + Power(north, 2)))
            .filter(metres__lte=reach)
            .order_by("metres", "pk")
        )

    def for_display(self) -> SchoolQuerySet:
        return self.select_related("trust", "local_authority", "parent")


@pghistory.track(exclude=["search_text"])
class School(models.Model):
    """A place that may host a leader; with a URN, or part of a school that has one (R-SCH-01)."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSING = "closing", "Open, but proposed to close"
        PROPOSED = "proposed", "Proposed to open"
        CLOSED = "closed", "Closed"

    OPEN_STATUSES = frozenset({Status.OPEN, Status.CLOSING})

    urn = models.PositiveIntegerField(
        "URN",
        unique=True,
        null=True,
        blank=True,
        validators=[
            MinValueValidator(100_000, "A URN is a number from 100000 to 999999."),
            MaxValueValidator(999_999, "A URN is a number from 100000 to 999999."),
        ],
        error_messages={"unique": "A school with this URN is here already."},
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The school that an internal AP belongs to.",
    )
    name = models.CharField(max_length=200)
    kind_label = models.CharField(
        "kind, in their words",
        max_length=100,
        blank=True,
        help_text="Such as “inclusion base”; empty shows the usual word.",
    )
    setting = models.CharField(max_length=30, choices=Setting, default=Setting.UNCLASSIFIED)
    type_code = models.CharField("GIAS type code", max_length=2, blank=True)
    type_name = models.CharField("GIAS type", max_length=100, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_on = models.DateField("opened", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)
    phase_name = models.CharField("phase", max_length=50, blank=True)
    low_age = models.PositiveSmallIntegerField("youngest", null=True, blank=True)
    high_age = models.PositiveSmallIntegerField("oldest", null=True, blank=True)
    pupils_count = models.PositiveIntegerField("pupils", null=True, blank=True)
    local_authority = models.ForeignKey(
        LocalAuthority, models.PROTECT, null=True, blank=True, related_name="schools"
    )
    trust = models.ForeignKey(Trust, models.PROTECT, null=True, blank=True, related_name="schools")
    region = models.CharField(max_length=20, choices=Region, blank=True)
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    easting = models.PositiveIntegerField(null=True, blank=True)
    northing = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    website = WebAddressField(max_length=300, blank=True)
    phone = models.CharField("telephone", max_length=40, blank=True)
    head_name = models.CharField("head", max_length=200, blank=True)
    hosts_at_once = models.PositiveSmallIntegerField(
        "leaders at once",
        null=True,
        blank=True,
        help_text="The most it hosts on one day, over all its openings. Left out, there is no limit.",
    )
    gias_changed_on = models.DateField(
        "last changed in GIAS", null=True, blank=True, editable=False
    )
    gias_read_at = models.DateTimeField(
        "last read from GIAS", null=True, blank=True, editable=False
    )
    edited_fields = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        editable=False,
        help_text="Fields that staff changed here; an import leaves them alone (R-SCH-04).",
    )
    search_text = models.CharField(max_length=1_000, editable=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["search_text", "pk"]
        indexes = [
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="school_search_text"),
            models.Index(fields=["search_text", "id"], name="school_order"),
            models.Index(fields=["easting", "northing"], name="school_place"),
            models.Index(
                fields=["postcode"], opclasses=["varchar_pattern_ops"], name="school_postcode"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(urn=None) | Q(urn__range=(100_000, 999_999)),
                name="school_urn_in_range",
                violation_error_message="A URN is a number from 100000 to 999999.",
            ),
            models.CheckConstraint(
                condition=~Q(setting="internal_ap") | Q(urn=None, parent__isnull=False),
                name="school_internal_ap_has_a_parent",
                violation_error_message="An internal AP has no URN and belongs to a school: choose it.",
            ),
            models.CheckConstraint(
                condition=Q(high_age=None) | Q(low_age=None) | Q(high_age__gte=F("low_age")),
                name="school_ages_in_order",
                violation_error_message="The oldest age cannot be under the youngest.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        former = self.former_names.values_list("name", flat=True) if self.pk else ()
        self.search_text = self.folded(former)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("home:school", args=[self.pk])

    def folded(self, former_names: Iterable[str] = ()) -> str:
        """The text that search looks through; it begins with the name, so it also sorts."""
        return fold(
            self.name,
            *former_names,
            self.kind_label,
            self.town,
            self.postcode,
            self.postcode.replace(" ", ""),
            str(self.urn or ""),
        )[:1_000]

    def opens_by(self, day: date) -> bool:
        """Whether the school is open on this day, as far as GIAS knows (R-SCH-06)."""
        if self.status == self.Status.PROPOSED:
            return self.opened_on is not None and self.opened_on <= day
        if self.status == self.Status.CLOSING and self.closed_on:
            return self.closed_on >= day
        return self.is_open

    @property
    def kind(self) -> str:
        said = self.kind_label or self.get_setting_display()
        return f"{said[:1].upper()}{said[1:]}"

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN_STATUSES


class SchoolContactQuerySet(models.QuerySet["SchoolContact"]):
    def visible_to(self, user: Person) -> SchoolContactQuerySet:
        """Staff see all contacts, others those of schools they may see."""
        if user.is_staff:
            return self
        return self.filter(school__in=School.objects.visible_to(user)).current_on(
            timezone.localdate()
        )

    def current_on(self, day: date) -> SchoolContactQuerySet:
        return self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day)
        )

    def signing_in_on(self, day: date) -> SchoolContactQuerySet:
        """Contacts with a person record, who can sign in for their school: the school leads."""
        return self.current_on(day).filter(person__isnull=False)

    def schools_led_by(self, user: Person) -> models.QuerySet[Any, Any]:
        """The keys of schools for which this person can sign in today."""
        return self.signing_in_on(timezone.localdate()).filter(person=user).values("school")


@pghistory.track()
class SchoolContact(models.Model):
    """A role that somebody has at a school, dated; they may or may not sign in."""

    class Role(models.TextChoices):
        HEAD = "head", "Headteacher"
        HOST_LEAD = "host_lead", "Host lead"
        DSL = "dsl", "Designated safeguarding lead"
        BUSINESS_MANAGER = "business_manager", "Business manager"
        OTHER = "other", "Other"

    school = models.ForeignKey(School, models.PROTECT, related_name="contacts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="school_contacts",
        help_text="Only where they sign in; otherwise their name and address below are enough.",
    )
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField("e-mail address", blank=True)
    phone = models.CharField("telephone", max_length=40, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.HOST_LEAD)
    starts_on = models.DateField("from", null=True, blank=True)
    ends_on = models.DateField("until", null=True, blank=True)
    bounced_email = models.EmailField(
        "address that letters came back from", blank=True, editable=False
    )

    objects = SchoolContactQuerySet.as_manager()

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""),
                name="school_contact_is_somebody",
                violation_error_message="Give the contact's name, or choose the person they are.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="school_contact_dates_in_order",
                violation_error_message="The last day cannot be before the first day.",
            ),
            models.UniqueConstraint(
                fields=["school", "person", "role"],
                condition=Q(ends_on=None, person__isnull=False),
                name="school_contact_role_once",
                violation_error_message="This person has this role at the school already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}, {self.get_role_display().lower()}"

    @property
    def who(self) -> str:
        """Reads self.person if there is one."""
        return self.person.name if self.person else self.name

    @property
    def address(self) -> str:
        """Where their letters go; the person's address if there is one."""
        return (self.person.email or "") if self.person else self.email

    @property
    def letters_bounce(self) -> bool:
        """Whether the current address takes no letters."""
        known = self.person.bounced_email if self.person else self.bounced_email
        return bool(known) and known == self.address.lower()
