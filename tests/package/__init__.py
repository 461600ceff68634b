"""The built wheel."""
