"""A programme of any size: plain rows in proportion, no random values."""
