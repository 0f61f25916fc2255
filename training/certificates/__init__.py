"""How somebody's safeguarding training stands on a day: pure functions of dates and rules, no database."""
