"""What the programme is about."""

from django.db import models


class Strand(models.TextChoices):
    """The two strands of the programme (R-PRG-04)."""

    TEACHING_AND_LEARNING = "teaching_and_learning", "Teaching and Learning"
    WELLBEING_AND_SAFEGUARDING = "wellbeing_and_safeguarding", "Wellbeing and Safeguarding"
