"""The demonstration: the whole programme since 2019, invented people at real schools.

`build(today)` writes it with bulk inserts; the same day gives the same rows. A table has the leaders,
`lives` what became of each, `diary` when they meet; the other modules write that down.
"""

from dlp.home.demo.build import build, is_here, sign_ins, telephones

__all__ = ["build", "is_here", "sign_ins", "telephones"]
