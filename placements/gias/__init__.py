"""Get Information About Schools (GIAS): what its files say, and how that differs from our data.

Nothing in here writes; `placements.operations.gias` does.
"""

from pathlib import Path

SMALL_FILE = Path(__file__).parent / "small.csv"
"""Real schools in the shape of the whole file: for the demonstration and the tests."""
