"""The form that uploads a people file."""

from __future__ import annotations

from django import forms


class PeopleFileForm(forms.Form):
    file = forms.FileField(
        label="CSV file or Excel workbook",
        allow_empty_file=True,
        help_text="A .csv or .xlsx file, up to 5,000 rows and 5 MB.",
        error_messages={"required": "Choose a file.", "missing": "Choose a file."},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
    )
