"""The filters for schools, and forms about one school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cohorts.places import Place
from dlp.editing import EditForm
from dlp.errors import Refused
from dlp.postcodes import as_district, as_postcode
from dlp.tables import Column, read_rows
from placements.gias.rows import COLUMNS, LIMITS, LINK_COLUMNS
from placements.locating import place_of_postcode
from placements.models import LocalAuthority, Partnership, School, SchoolContact, Setting, Trust
from placements.models.schools import Region, SchoolQuerySet
from placements.operations.schools import EDITABLE_FIELDS

ANY = ("", "Any")
USUAL_KM = 25


class SchoolFilterForm(forms.Form):
    """The filters of the list of schools; an invalid value filters nothing.

    `is_near` is set after a search that found only similar words.
    """

    q = forms.CharField(
        label="Find",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Name, town, URN or postcode"}
        ),
    )
    setting = forms.ChoiceField(required=False, choices=[ANY, *Setting.choices])
    status = forms.ChoiceField(
        required=False,
        choices=[("", "Open"), ("closed", "Closed"), ("proposed", "To open"), ("any", "Any")],
    )
    region = forms.ChoiceField(required=False, choices=[ANY, *Region.choices])
    authority = forms.ModelChoiceField(
        LocalAuthority.objects.none(), required=False, empty_label="Any"
    )
    trust = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Part of its name"}),
    )
    partnership = forms.ChoiceField(
        required=False,
        choices=[
            ANY,
            ("partner", "Partners today"),
            ("coming", "Agreement on its way"),
            ("none", "No agreement"),
        ],
    )

    near = forms.CharField(
        label="Near a postcode",
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"placeholder": "NW5 1AA or NW5", "size": 10}),
    )
    within = forms.ChoiceField(
        label="Within",
        required=False,
        choices=[("10", "10 km"), ("", f"{USUAL_KM} km"), ("50", "50 km")],
    )

    def __init__(self, *args: Any, authorities: QuerySet[LocalAuthority], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["authority"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  narrows the type
        field.queryset = authorities
        self.place: Place | None = None
        self.is_valid()

    def clean_near(self) -> str:
        """Store its coordinates in `place`. They come from our own data, never from outside."""
        typed: str = self.cleaned_data["near"]
        if not typed:
            return ""
        postcode = as_postcode(typed) or as_district(typed)
        if not postcode:
            raise forms.ValidationError(f"“{typed}” is not a postcode. Write it like NW5 1AA.")
        self.place = place_of_postcode(postcode)
        if self.place is None:
            raise forms.ValidationError(
                f"We know no school in {postcode.split()[0]}, so we cannot tell where it is. "
                f"Check it, or try a postcode nearby."
            )
        return postcode

    def among(self, schools: SchoolQuerySet) -> SchoolQuerySet:
        """The schools that match the filters; near a place, the nearest first."""
        asked = self.cleaned_data
        for name in ("setting", "region"):
            if asked.get(name):
                schools = schools.filter(**{name: asked[name]})
        if asked.get("authority"):
            schools = schools.filter(local_authority=asked["authority"])
        schools = _in_status(schools, asked.get("status", ""))
        schools = _with_partnership(schools, asked.get("partnership", ""))
        if trust := asked.get("trust"):
            schools = schools.filter(trust__in=Trust.objects.filter(name__icontains=trust))
        schools = self._found_by(asked.get("q", ""), schools)
        if self.place:
            schools = schools.within(self.place, int(asked.get("within") or USUAL_KM))
        return schools

    def _found_by(self, words: str, schools: SchoolQuerySet) -> SchoolQuerySet:
        exact = schools.matching(words)
        self.is_near = bool(words) and not exact.exists()
        return schools.nearly_matching(words) if self.is_near else exact

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "within")


def _in_status(schools: SchoolQuerySet, status: str) -> SchoolQuerySet:
    if status == "any":
        return schools
    return schools.filter(status__in=[status] if status else School.OPEN_STATUSES)


def _with_partnership(schools: SchoolQuerySet, asked: str) -> SchoolQuerySet:
    theirs = Partnership.objects.filter(school=OuterRef("pk"))
    if asked == "partner":
        return schools.filter(Exists(theirs.covering(timezone.localdate())))
    if asked == "coming":
        return schools.filter(Exists(theirs.filter(state__in=["draft", "sent", "signed"])))
    if asked == "none":
        return schools.filter(~Exists(theirs.standing_on(timezone.localdate())))
    return schools


class SchoolForm(EditForm):
    """Correct what is known of a school."""

    class Meta:
        model = School
        fields = EDITABLE_FIELDS

    def clean_postcode(self) -> str:
        typed: str = self.cleaned_data["postcode"]
        postcode = as_postcode(typed)
        if typed and not postcode:
            raise forms.ValidationError(f"“{typed}” is not a postcode. Write it like NW5 1AA.")
        return postcode

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        internal = cleaned.get("setting") == Setting.INTERNAL_AP
        if internal and self.instance.setting != Setting.INTERNAL_AP:
            self.add_error(
                "setting", "An internal AP is added to the school it belongs to, from that page."
            )
        return cleaned


class InternalApForm(forms.Form):
    """A provision inside a school, in the school's own words."""

    name = forms.CharField(
        max_length=200,
        error_messages={"required": "Give the name it goes by."},
        help_text="As the school calls it, such as “The Bridge at Hill Top”.",
    )
    kind_label = forms.CharField(
        label="Kind, in their words",
        max_length=100,
        required=False,
        help_text="Such as “inclusion base”. Left out, it reads Internal AP.",
    )
    head_name = forms.CharField(label="Who leads it", max_length=200, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)


class FormerNameForm(forms.Form):
    name = forms.CharField(
        label="Former name",
        max_length=200,
        error_messages={"required": "Write the name that the school had."},
    )
    held_to = forms.DateField(
        label="Until", required=False, help_text="The last day it had this name, if you know it."
    )


class ContactForm(forms.Form):
    """Somebody's role at a school."""

    name = forms.CharField(max_length=200, error_messages={"required": "Give the contact’s name."})
    role = forms.ChoiceField(choices=SchoolContact.Role.choices)
    email = forms.EmailField(label="E-mail address", required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    starts_on = forms.DateField(
        label="From", required=False, help_text="Left out, they have the role already."
    )
    signs_in = forms.BooleanField(
        label="May sign in for this school",
        required=False,
        help_text="They see the leaders placed here, the dates those are out, and nothing else.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("signs_in") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error("email", "Give an address: the code to sign in with goes there.")
        return cleaned


class EndContactForm(forms.Form):
    ends_on = forms.DateField(
        label="Last day",
        error_messages={"required": "Give the last day of the role."},
        help_text="After this day they see the school no more.",
    )


class GiasFileForm(forms.Form):
    """The files from Get Information About Schools: the schools, the links, or both."""

    file = forms.FileField(
        label="File of schools",
        required=False,
        allow_empty_file=True,
        help_text="A CSV such as edubasealldata20261120.csv, up to 150 MB. Older years work too.",
    )
    links = forms.FileField(
        label="File of links",
        required=False,
        allow_empty_file=True,
        help_text="A CSV such as links_edubasealldata20261120.csv. It tells which school "
        "follows one that closes.",
    )

    def clean_file(self) -> UploadedFile | None:
        return _with_columns(self.cleaned_data["file"], COLUMNS)

    def clean_links(self) -> UploadedFile | None:
        return _with_columns(self.cleaned_data["links"], LINK_COLUMNS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("file") and not cleaned.get("links"):
            self.add_error("file", "Choose the file that you downloaded from GIAS.")
        return cleaned


def _with_columns(file: UploadedFile | None, columns: Sequence[Column]) -> UploadedFile | None:
    """The file, if its header is that of a GIAS file; its rows are read in the background."""
    if file is None:
        return None
    try:
        read_rows(file, columns, limits=LIMITS)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    return file
