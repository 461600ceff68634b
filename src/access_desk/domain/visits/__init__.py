"""Visits, their coverages, and what the law says of asking for money in an emergency (EMTALA)."""
