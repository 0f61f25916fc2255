"""Pages about schools, agreements, posts and placements, one noun a file."""
