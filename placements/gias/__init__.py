"""Get Information About Schools: what its file says, and how that differs from what is here.

Nothing in here writes; `placements.operations.gias` does.
"""
