"""Floor 1: values, events, deciders, permissions, errors. Standard library only; no clock, no database, no Qt."""
