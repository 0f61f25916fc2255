"""The programme plan as arithmetic: when things are due, where somebody stands, and reading it."""
