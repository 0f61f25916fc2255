"""Breaking the outbox on purpose: kills, crashes and a relay that lies, and then counting the letters."""
