"""Breaking the outbox on purpose (senders, servers, the relay), and then counting letters."""
