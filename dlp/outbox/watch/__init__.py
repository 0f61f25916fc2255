"""Watching the outbox: invariants, figures, and alarms."""
