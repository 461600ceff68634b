"""Floor 4: use cases. One public method is one transaction: load state, decide, append, answer."""
