"""The arithmetic of plans: when items are due, where somebody stands, what versions change."""
