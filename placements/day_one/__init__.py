"""The day-one pack: what a leader has to know before the first day at a host, on a page and in a letter."""
