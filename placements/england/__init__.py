"""A drawn map of England with schools on it. Pure; no models."""
