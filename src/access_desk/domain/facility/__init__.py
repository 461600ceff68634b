"""The facility: its settings, its people, its drawers and its deposit bags."""
