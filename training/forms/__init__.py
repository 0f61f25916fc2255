"""What people type about sessions and supervision."""

from training.forms.calendar import CalendarFilter
from training.forms.groups import GroupForm, MemberEndForm, MemberForm
from training.forms.series import SeriesForm
from training.forms.sessions import InSeriesForm, ReasonForm, SessionForm

__all__ = [
    "CalendarFilter",
    "GroupForm",
    "InSeriesForm",
    "MemberEndForm",
    "MemberForm",
    "ReasonForm",
    "SeriesForm",
    "SessionForm",
]
