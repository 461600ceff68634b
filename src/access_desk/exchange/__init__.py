"""Floor 4: formats of others and for others. Parse and build; no sockets, no database."""
