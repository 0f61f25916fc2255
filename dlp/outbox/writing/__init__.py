"""What a letter says: its words, its bytes and its calendar entry."""
