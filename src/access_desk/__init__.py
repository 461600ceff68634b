"""Patient Access registration, cash and shift hand-off desk."""
