"""What the demonstration's sessions say of themselves, and why somebody cannot come to one."""

from __future__ import annotations

from training.models import Kind

_A_DAY = (
    "The school could not release me that day.",
    "We have inspectors in school.",
    "I am on an interview panel at school all day.",
)
REASONS: dict[str, tuple[str, ...]] = {
    Kind.TRAINING_DAY: _A_DAY,
    Kind.DSL_TRAINING: _A_DAY,
    Kind.TWILIGHT: (
        "Parents’ evening at school.",
        "Open evening at school.",
        "I present to the governors that evening.",
    ),
    Kind.SUPERVISION: (
        "A review meeting I must lead.",
        "I am covering a lesson in that hour.",
        "The local authority visits us at that time.",
    ),
    Kind.RESIDENTIAL: (
        "I run the school’s summer fair that weekend.",
        "I lead a Duke of Edinburgh expedition that weekend.",
    ),
}
"""By kind: what can keep somebody from a whole day, an evening, an hour or a weekend."""

_BY_TITLE = {
    "Inclusion 1: who is excluded, and why": "The national picture and your own school’s, side by "
    "side. Bring last year’s suspension figures for your school.",
    "Inclusion 2: relationships and behaviour": "How adults’ habits shape a classroom, with practice "
    "in threes. Bring your school’s behaviour policy.",
    "Inclusion 3: reading, writing and speaking": "Finding out what a pupil can read, and what to do "
    "next week. Bring a text that your pupils find hard.",
    "Inclusion 4: working with families": "Parents join us to tell what helped. Bring a letter that "
    "your school sends home, to write it anew.",
    "Inclusion 5: multi-agency work": "A social worker, a youth worker and an educational "
    "psychologist work through one story with us. Bring a list of the services near your school.",
    "Inclusion 6: leading a team through change": "From one person’s practice to a whole team’s. "
    "Bring a change that you want to see by summer, in one sentence.",
    "Inclusion 7: bringing it back to mainstream": "What you take with you, and the first hundred "
    "days in your next post. Bring your notes of both years.",
    "DSL training, day 1": "The law, thresholds and recording, up to the standard of a designated "
    "safeguarding lead. Read part one of Keeping children safe in education first.",
    "DSL training, day 2": "Referrals, meetings and disagreement between agencies, with invented "
    "cases. Bring your notes of day 1.",
    "DSL refresher": "What has changed in guidance since your first two days, and three cases to "
    "talk through. Bring your school’s safeguarding policy.",
    "Attendance: beyond the letter home": "What brings pupils back who have stopped coming. Bring "
    "your school’s attendance figures by year group, without names.",
    "Safeguarding case work, in threes": "Practice in telling a concern clearly, with invented "
    "cases. There is nothing to prepare.",
}
_BY_KIND = {
    Kind.TWILIGHT: "A practitioner shows how it is done, then you plan it for your own school in "
    "pairs. Bring something to write on.",
    Kind.RESIDENTIAL: "Three days to look back on the year, plan the next and be looked after. "
    "Everybody in the cohort comes.",
}


def summary(kind: str, title: str) -> str:
    """What a session is, and what to bring; supervision keeps that to itself."""
    return _BY_TITLE.get(title) or _BY_KIND.get(Kind(kind), "")
