"""From the table to the relay: claiming, handing over once, and resolving silence."""
