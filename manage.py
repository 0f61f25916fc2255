#!/usr/bin/env python3
"""Django's command line. Day to day, bin/start and bin/test are the two commands."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dlp.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
