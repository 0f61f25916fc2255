"""Everything of cohorts, to look up and put right. State changes only by actions that call the operations.

Django looks for admin pages here alone.
"""

from cohorts.admin import cohorts, people, plans, records

__all__ = ["cohorts", "people", "plans", "records"]
