"""Pages about sessions and supervision: one noun a module."""
