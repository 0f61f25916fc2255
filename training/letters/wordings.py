"""The default wording of letters about sessions, used unless staff wrote their own."""

from __future__ import annotations

from dlp.outbox.writing.wording import Placeholder, Words

FIRST_NAME = Placeholder("first_name", "What they are called", "Ada")
TITLE = Placeholder("title", "The session; “Meeting” where it is supervision", "Reading fluency")
WHEN = Placeholder("when", "Its day and hours", "Thu 14 January 2027, 16:00–18:00")
PLACE = Placeholder("place", "Where it is, with the postcode", "Walworth Hall, SE17 1JE")
TIME_LEFT = Placeholder("time_left", "How long there is until then", "tomorrow at 16:00")
THEIR_ANSWER = Placeholder(
    "their_answer", "A sentence: what they said about coming", "You said that you are coming."
)
WHAT_CHANGED = Placeholder(
    "what_changed",
    "In sentences: what is not as it was",
    "It moved. From Thu 14 January, 15:00 to 16:00.",
)
CANCELLED = Placeholder("cancelled", "Cancelled or Postponed", "Cancelled")
WHAT_NOW = Placeholder(
    "what_now", "A sentence: what becomes of the session", "This does not take place."
)
REASON = Placeholder("reason", "Why, where staff said so", "The hall is flooded.")

OFFER_ENDS = Placeholder(
    "offer_ends", "Until when the place is kept for them", "Tue 12 January 2027, 16:00"
)
WHO_COMES = Placeholder(
    "who_comes",
    "A sentence: how many come, cannot come and have not said",
    "12 are coming, 1 cannot come, 2 have not said.",
)

HOW_IT_STANDS = Placeholder(
    "how_it_stands",
    "In sentences: whether they are asked, thanked, or told that it is off",
    "Would you present this? Please say whether you can.",
)
IDEA_TITLE = Placeholder("title", "The title of their idea", "Calling home on the first day")
OUTCOME = Placeholder(
    "outcome",
    "In sentences: yes or not this time, and what was written to it",
    "We would like it to be told at a twilight, and plan a date with you.",
)

ABOUT_EVERY_SESSION = (FIRST_NAME, TITLE, WHEN, PLACE)
ABOUT_WHAT_IS_OFF = (CANCELLED, WHAT_NOW, REASON)
NOTE = (
    "Letters about supervision are written with these words too. They call it a meeting and name "
    "nobody, so keep words about supervision out of here."
)

INVITATION = Words(
    "Invitation: {title}, {when}",
    "Hello {first_name}. You are invited. Please say whether you can come.",
)
REMINDER = Words("{time_left}: {title}", "Hello {first_name}. {their_answer}")
CHANGED = Words(
    "Changed: {title}, {when}",
    "Hello {first_name}. {what_changed}\n\n"
    "This is how it stands now. What you answered still counts.",
)
CALLED_OFF = Words("{cancelled}: {title}, {when}", "Hello {first_name}. {what_now} {reason}")
OFFER = Words(
    "A place is yours to take: {title}, {when}",
    "Hello {first_name}. A place has become free, and you are next on the waiting list. It is kept "
    "for you until {offer_ends}. If you cannot come, let it go, so that whoever waits next has it.",
)
FREE = Words(
    "A place is free: {title}, {when}",
    "Hello {first_name}. A place has become free. So near to the day nobody is offered it by "
    "turn: whoever takes it first has it.",
)
PLACE_TAKEN = Words("You have a place: {title}, {when}", "Hello {first_name}. You have a place.")
PRESENTING = Words("Presenting: {title}, {when}", "Hello {first_name}. {how_it_stands}")
FEEDBACK = Words(
    "What people said: {title}",
    "Hello {first_name}. Thank you for presenting. Five people have said how it was, so you can read "
    "it now, without their names.",
)
IDEA_ANSWER = Words("Your idea: {title}", "Hello {first_name}. Thank you for your idea. {outcome}")

LEADING = Words(
    "You lead: {title}, {when}",
    "Hello {first_name}. You are down to lead this. The day before, we tell you who is coming.",
)
LEADING_CHANGED = Words(
    "Changed: {title}, {when}",
    "Hello {first_name}. {what_changed}\n\nThis is how it stands now.",
)
BRIEFING = Words("{time_left} you lead: {title}", "Hello {first_name}. {who_comes}")
