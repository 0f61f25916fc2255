"""What people change on the pages over several apps."""
