"""England drawn: the ground as dots, the schools on it. Pure; no models."""
