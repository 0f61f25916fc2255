"""What people do to people, cohorts and participations."""
