"""Everything of training, to look up and put right. State changes only by actions that call the operations.

Django looks for admin pages here alone.
"""

from training.admin import certificates, registers, sessions, twilights

__all__ = ["certificates", "registers", "sessions", "twilights"]
