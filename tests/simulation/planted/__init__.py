"""Bugs that are put into the running program on purpose: the simulation has to find every one of them."""
