"""An independent model of a day at the desks, written from the day-file contract; it imports nothing of the program."""
