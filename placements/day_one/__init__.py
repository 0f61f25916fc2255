"""The day-one pack: what a leader needs to know before the first day, as a page and a letter."""
