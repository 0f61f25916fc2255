"""What people type about cohorts and those in them, one noun a file."""
