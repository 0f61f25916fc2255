"""Everything of placements, to look up and put right. State changes only by actions that call the operations.

Django looks for admin pages here alone.
"""

from placements.admin import hosts, matching, placements, schools

__all__ = ["hosts", "matching", "placements", "schools"]
