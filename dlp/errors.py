"""The one exception of our own."""


class Refused(Exception):
    """An operation declined to act.

    The message is one full sentence addressed to the person at the screen; views
    show it as it stands. Anything a person cannot put right is not a refusal: let
    it raise as an ordinary error and reach the error log.
    """
