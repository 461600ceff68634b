"""Whole days, in processes of their own."""
