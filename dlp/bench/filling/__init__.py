"""Fills a database with a programme of any size: plain rows in proportion, no random values."""
