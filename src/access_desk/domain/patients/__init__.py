"""The people who are registered: one person, one record."""
