"""Files that staff bring in: shown row by row first, then done whole or not at all."""
