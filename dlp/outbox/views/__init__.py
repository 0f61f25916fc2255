"""Pages about letters: one noun a module."""
