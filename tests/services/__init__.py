"""Use cases over the real tables."""
