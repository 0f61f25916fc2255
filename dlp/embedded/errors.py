"""What the servers and their supervisor raise."""


class CannotStart(Exception):
    """Something is missing or in the way; the message is a full sentence for the person at the terminal."""
