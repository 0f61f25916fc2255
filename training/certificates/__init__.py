"""How somebody's safeguarding training stands on a day: pure functions, no database."""
