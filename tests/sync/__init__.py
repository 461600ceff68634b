"""Synchronizing, over a network that the tests make up."""
