"""What beat rings: the tasks of every app by name, and how often in seconds.

Intervals, never times of day: a ring that is late or lost is made good by the next (decision 0004).
"""

from typing import Any

SCHEDULE: dict[str, Any] = {
    "send what is due": {
        "task": "dlp.outbox.tasks.ring",
        "schedule": 30.0,
        "options": {"expires": 25},
    },
    "tidy the outbox": {
        "task": "dlp.outbox.tasks.reap",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "compare the plan with the outbox": {
        "task": "dlp.outbox.tasks.sweep",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "look whether what must be true of letters is, once a night": {
        "task": "dlp.outbox.tasks.check_invariants",
        "schedule": 900.0,
        "options": {"expires": 890},
    },
    "let changes to participations take effect": {
        "task": "cohorts.tasks.apply_changes_of_today",
        "schedule": 900.0,
        "options": {"expires": 890},
    },
    "erase what old files held": {
        "task": "cohorts.tasks.erase_old_imports",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "bring over what was written during a merge": {
        "task": "cohorts.tasks.gather_what_merges_left",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "compare people with one another": {
        "task": "cohorts.tasks.compare_people",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "erase photos that nobody shows": {
        "task": "cohorts.tasks.erase_photos_left_behind",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "erase agreements that nobody names": {
        "task": "placements.tasks.erase_agreements_left_behind",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "begin and close placements": {
        "task": "placements.tasks.settle_placements",
        "schedule": 900.0,
        "options": {"expires": 890},
    },
    "read and bring in files from GIAS": {
        "task": "placements.tasks.carry_on_imports",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "remove files from GIAS that are done": {
        "task": "placements.tasks.forget_old_files",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "erase files of sessions and certificates that nobody hands out": {
        "task": "training.tasks.erase_files_left_behind",
        "schedule": 3600.0,
        "options": {"expires": 3590},
    },
    "offer places that are free": {
        "task": "training.tasks.settle_waiting_lists",
        "schedule": 120.0,
        "options": {"expires": 110},
    },
    "compare plans with registers": {
        "task": "training.tasks.compare_plans_with_registers",
        "schedule": 900.0,
        "options": {"expires": 890},
    },
}
