"""Tests of the desk's folder, secrets, ids, clock and log."""
