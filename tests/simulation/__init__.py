"""Desks and a central under virtual time, with faults that a seed chooses."""
