"""Forms about sessions and supervision."""

from training.forms.calendar import CalendarFilter
from training.forms.calling_off import CancelForm, ReasonForm
from training.forms.feedback import FeedbackForm
from training.forms.groups import GroupForm, MemberEndForm, MemberForm
from training.forms.registers import CatchUpForm, LateCorrectionForm
from training.forms.series import SeriesForm
from training.forms.sessions import InSeriesForm, SessionForm
from training.forms.twilights import AnswerForm, CardForm, IdeaForm, PresenterForm, ResourceForm

__all__ = [
    "AnswerForm",
    "CardForm",
    "IdeaForm",
    "PresenterForm",
    "ResourceForm",
    "CalendarFilter",
    "CatchUpForm",
    "FeedbackForm",
    "GroupForm",
    "InSeriesForm",
    "LateCorrectionForm",
    "MemberEndForm",
    "MemberForm",
    "CancelForm",
    "ReasonForm",
    "SeriesForm",
    "SessionForm",
]
