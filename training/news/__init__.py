"""What is told of sessions, answers, groups and days out since somebody last looked."""
