"""Patient Access registration, cash and shift hand-off desk."""

__version__ = "0.1.0"
