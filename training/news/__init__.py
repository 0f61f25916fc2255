"""News about sessions, answers, groups and days out since somebody last looked."""
