"""Accounts that cannot go on: why, who has to act, and by when."""
