"""What people type about people, themselves included."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile

from cohorts import photos
from cohorts.models import Cohort, Participation, Person
from cohorts.models.people import normal_email, normal_trn
from cohorts.operations import corrections
from dlp.editing import EditForm
from dlp.postcodes import as_postcode


class HomeField(forms.CharField):
    """A whole postcode, of which we keep the sector.

    The sector alone, as the form shows it again, is accepted unchanged.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Home postcode",
            required=False,
            max_length=12,
            help_text="Only its first part is kept, such as SE15 3: about where, never which house.",
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).strip()
        if not typed or typed == self.initial:
            return typed
        if postcode := as_postcode(typed):
            return postcode
        raise forms.ValidationError(f"“{typed}” is not a postcode. Write it whole, like SE15 3AB.")


class WithHome(EditForm):
    """A form about a person that asks where they live."""

    home_postcode = HomeField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_postcode"].initial = self.instance.home_sector


class PersonForm(WithHome):
    """Somebody, as staff know them. The admin shows some of it and asks for no reason."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=300,
        help_text="Needed where you change what they have confirmed: their full name, their address "
        "or their TRN. It stays in their story with your name.",
    )
    field_order = [
        "full_name", "known_as", "pronouns", "email", "phone", "trn", "home_postcode",
        "travels_by", "longest_journey", "phase", "subject", "strand", "reason",
    ]  # fmt: skip

    class Meta:
        model = Person
        fields = [
            "full_name", "known_as", "pronouns", "email", "phone", "trn", "travels_by",
            "longest_journey", "phase", "subject", "strand",
        ]  # fmt: skip
        help_texts = {
            "longest_journey": "In minutes, one way. It may be left out.",
            "email": "For letters and to sign in with. It may be left out.",
            "pronouns": "If you know them. They can write them in themselves.",
            "trn": "Seven figures. It may be left out.",
        }
        error_messages = {"full_name": {"required": "Write the person’s name."}}
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "trn": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or not corrections.confirmed(self.instance):
            del self.fields["reason"]
        if "trn" not in self.fields:  # the admin leaves out what may not be changed
            return
        # As people type them; clean_trn counts the figures.
        self.fields["trn"].max_length = None  # type: ignore[attr-defined]
        self.fields["trn"].validators = []
        self.fields["trn"].widget.attrs.pop("maxlength", None)

    def clean_email(self) -> str | None:
        return normal_email(self.cleaned_data["email"])

    def clean_trn(self) -> str | None:
        return normal_trn(self.cleaned_data["trn"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        facts = corrections.corrected(self.instance, **cleaned) if "reason" in self.fields else []
        if facts and not cleaned.get("reason"):
            self.add_error("reason", corrections.asked_for(facts))
        return cleaned


class MyDetailsForm(WithHome):
    """What people say about themselves."""

    field_order = [
        "known_as", "pronouns", "phone", "home_postcode", "travels_by", "longest_journey", "phase",
        "subject", "strand", "biography", "is_in_directory",
    ]  # fmt: skip

    class Meta:
        model = Person
        fields = [
            "known_as", "pronouns", "phone", "travels_by", "longest_journey", "phase", "subject",
            "strand", "biography", "is_in_directory",
        ]  # fmt: skip
        labels = {
            "is_in_directory": "Show me in the directory",
            "travels_by": "How you would travel to a school",
            "longest_journey": "The longest journey you can make",
            "strand": "What you would like to lead on",
        }
        help_texts = {
            "known_as": "The name to greet and list you by, if it is not your full name.",
            "pronouns": "As you would like them written. It may be left out.",
            "phone": "For the day itself, when something changes at short notice.",
            "travels_by": "Schools are looked for with it in mind. It may be left out.",
            "longest_journey": "In minutes, one way. You need not say why.",
            "biography": "Two or three sentences: what you teach, and what you care about.",
            "is_in_directory": "Other leaders and alumni may then see your name, photo, phase, "
            "subject and biography. Never your address, telephone number or home.",
        }
        widgets = {
            "known_as": forms.TextInput(attrs={"autocomplete": "nickname"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "biography": forms.Textarea(attrs={"rows": 4}),
        }


class PhotoForm(forms.Form):
    """A photo of somebody; its cleaned value is ready to be stored."""

    photo = forms.FileField(
        allow_empty_file=True,
        help_text=f"A JPEG, PNG or WebP under {photos.MEGABYTES} MB. The middle of it is kept as a "
        "small square, without the place and time that cameras write into it.",
        error_messages={"required": "Choose a photo.", "missing": "Choose a photo."},
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> ContentFile:
        file = self.cleaned_data["photo"]
        try:
            return photos.square(file, file.size)
        except photos.Unusable as reason:
            raise forms.ValidationError(str(reason)) from reason


class DeathForm(forms.Form):
    on = forms.DateField(label="Day they died", error_messages={"required": "Choose the day."})


class PeopleFilter(forms.Form):
    """The filters of the list of people; they live in the URL."""

    ROLES = [
        ("", "Everyone"),
        ("participant", "On the programme"),
        ("alumni", "Alumni"),
        ("staff", "Programme staff"),
        ("other", "Everyone else"),
    ]

    q = forms.CharField(label="Name, e-mail or TRN", required=False, max_length=100)
    role = forms.ChoiceField(choices=ROLES, required=False)
    cohort = forms.ModelChoiceField(
        queryset=Cohort.objects.none(), required=False, empty_label="Any cohort"
    )
    state = forms.ChoiceField(
        choices=[("", "Any state"), *Participation.State.choices], required=False
    )

    def __init__(self, data: Any, *, viewer: Person) -> None:
        super().__init__(data)
        cohorts = Cohort.objects.visible_to(viewer).to_choose_from(data.get("cohort"))
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
