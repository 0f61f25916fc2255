"""What people type about schools and placements, one noun a file."""
