"""Floor 6: the central server. `desk_service` answers, `application` is the door, `server` runs it; no screens."""
