"""From the table to the relay: claimed, handed over once, and found out about where nobody answered."""
