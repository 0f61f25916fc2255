"""Pages about people, cohorts and participations, one noun a file."""
