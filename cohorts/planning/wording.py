"""Plans in words: the rule behind a due day, and what a version would change."""

from __future__ import annotations

from cohorts.models import TemplateItem
from cohorts.planning.versions import Tally
from dlp import words

Anchor, Unit = TemplateItem.Anchor, TemplateItem.Unit
COUNTED_FROM = {
    Anchor.COHORT_START: "they begin",
    Anchor.PLACEMENT_START: "the placement begins",
    Anchor.YEAR2_START: "their second year begins",
}
TERMS_OF = {
    Anchor.COHORT_START: "on the programme",
    Anchor.PLACEMENT_START: "of the placement",
    Anchor.YEAR2_START: "of their second year",
}


def rule_words(rule: TemplateItem) -> str:
    """6 weeks after the placement begins; 2 days before they begin; when term 3 begins."""
    if rule.anchor_season:
        start = f"their {words.ordinal(rule.anchor_term or 1)} {rule.anchor_season} term begins"
    elif rule.anchor == Anchor.TERM_START:
        start = f"term {rule.anchor_term} begins"
    else:
        start = COUNTED_FROM[Anchor(rule.anchor)]
    if not rule.offset:
        return f"when {start}"
    if rule.unit == Unit.TERM and rule.offset > 0:
        return f"at the end of the {words.ordinal(rule.offset)} term {_of_what(rule, start)}"
    unit = Unit(rule.unit).label.lower().removesuffix("s")
    side = "after" if rule.offset > 0 else "before"
    return f"{words.count(abs(rule.offset), unit)} {side} {start}"


def _of_what(rule: TemplateItem, start: str) -> str:
    return TERMS_OF.get(Anchor(rule.anchor), f"from when {start}")


def tally_words(tally: Tally) -> str:
    """Moves 9, 2 pinned stay, 1 already met, adds 1, drops 1 that nobody has begun."""
    parts = [
        (tally.moved, "moves {}"),
        (tally.pinned, "{} pinned stay"),
        (tally.settled, "{} already met or excused stay"),
        (tally.reworded, "words {} anew"),
        (tally.added, "adds {}"),
        (tally.dropped, "drops {} that nobody has begun"),
        (tally.kept, "keeps {} that were begun"),
    ]
    said = ", ".join(sentence.format(number) for number, sentence in parts if number)
    return f"{said[0].upper()}{said[1:]}." if said else "Changes nothing for anybody."
