"""Whether letters are well: what must be true of them, how they are doing, and who is called."""
