"""Pages about training, one noun a module."""
