"""Files that staff bring in: shown row by row first, then saved as a whole or not at all."""
