"""The two-year arc: one path rises to where a leader lands, the other is the path not taken.

Pure geometry. `u` is the share of the days that have passed; every number in a drawing is a string
with one decimal place, ready for SVG.
"""
