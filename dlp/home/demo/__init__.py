"""The demonstration: an invented cohort at real schools, always in its second year.

`build(today)` writes it with bulk inserts; the same day gives the same rows.
"""

from dlp.home.demo.build import build, is_here, sign_ins, telephones

__all__ = ["build", "is_here", "sign_ins", "telephones"]
