"""Messages from staff to a list of people: whom they reach, and an hour to undo them."""
