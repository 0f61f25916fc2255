"""Python loads this first in every process of a journey: their clock runs, but from another day.

JOURNEY_CLOCK_OFFSET is the number of seconds by which it is shifted.
"""

import datetime
import os

if offset := os.environ.get("JOURNEY_CLOCK_OFFSET"):
    import time_machine

    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=float(offset))
    time_machine.travel(moment, tick=True).start()
