"""Pages over several apps."""
