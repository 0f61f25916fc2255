"""The form for the posts of a career."""

from __future__ import annotations

from typing import Any

from django import forms

from dlp.editing import EditForm
from placements.models import Post
from placements.operations.posts import employer_of


class PostForm(EditForm):
    """A post somebody held or holds; only staff are asked who reported it."""

    employer = forms.CharField(
        label="School or employer",
        max_length=200,
        help_text="A school that is spelled as on our list is linked to it.",
        error_messages={"required": "Name the school or the employer."},
    )
    field_order = [
        "title", "employer", "level", "is_slt", "starts_on", "ends_on", "has_senco_award", "source",
    ]  # fmt: skip

    class Meta:
        model = Post
        fields = [
            "title", "level", "is_slt", "starts_on", "ends_on", "has_senco_award", "source",
        ]  # fmt: skip
        labels = {"title": "Post", "starts_on": "First day", "ends_on": "Last day"}
        help_texts = {
            "title": "Such as Assistant Headteacher and SENCO.",
            "ends_on": "Left out while it goes on.",
        }
        error_messages = {
            "title": {"required": "Name the post."},
            "starts_on": {"required": "Give the first day of the post."},
        }

    def __init__(self, *args: Any, asks_source: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.fields["employer"].initial = employer_of(self.instance)
        if not asks_source:
            del self.fields["source"]
