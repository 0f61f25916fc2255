"""Careers: what somebody did before the programme, in it and after it, told and drawn."""
