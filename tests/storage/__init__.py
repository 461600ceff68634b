"""Tests of the database: opening it, its faults, its copies and its upgrades."""
