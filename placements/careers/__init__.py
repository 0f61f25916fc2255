"""Careers: what somebody did before, during and after the programme, as text and as a drawing."""
