"""Floor 4: clock, ids, secrets, the desk's home, logging."""
