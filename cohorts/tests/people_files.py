"""People files, and Lena at the front door with one."""

from __future__ import annotations

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape
from openpyxl import Workbook

from cohorts.models import ImportRun, Participation

HEADER = ["Name", "E-mail", "TRN", "Telephone", "Start date", "Shoe size"]


class Door:
    def __init__(self, client, cohort):
        self.client, self.cohort = client, cohort

    def choose(self, content, name="people.csv"):
        """The page after the file was chosen: the preview, or the form that says why not."""
        content = content.encode() if isinstance(content, str) else content
        url = reverse("cohorts:import_people", args=[self.cohort.pk])
        return self.client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)

    def bring_in(self, content, name="people.csv"):
        """Everybody of the file, once it was confirmed, by name."""
        page = self.choose(content, name)
        assert "run" in page.context, page.context["form"].errors
        run = page.context["run"]
        url = reverse("cohorts:import_confirm", args=[run.pk])
        page = self.client.post(url, follow=True)
        assert "The file was brought into 2024 Cohort" in page.content.decode()
        held = Participation.objects.filter(cohort=self.cohort).select_related("person")
        return {one.person.full_name: one for one in held}

    def refusal(self, content, name="people.csv"):
        """The sentence at the field; nothing was kept."""
        page = self.choose(content, name)
        (sentence,) = page.context["form"].errors["file"]
        assert escape(sentence) in page.content.decode()
        assert not ImportRun.objects.exists()
        assert not Participation.objects.exists()
        return sentence

    def mistakes(self, content, name="people.csv"):
        """What the preview says of each row that is left out, by its line."""
        run = self.choose(content, name).context["run"]
        return {row["line"]: row["message"] for row in run.rows if row["state"] == "error"}

    def notes(self, content, name="people.csv"):
        page = self.choose(content, name)
        run = page.context["run"]
        assert all(note in page.content.decode() for note in run.notes)
        return run.notes

    def left_out(self, run):
        answer = self.client.get(reverse("cohorts:import_left_out", args=[run.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        return b"".join(answer.streaming_content)


def workbook(*rows, book=None, title="Leaders", **sheets):
    """An .xlsx as bytes: one sheet of rows, then others by name."""
    book = book or Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
