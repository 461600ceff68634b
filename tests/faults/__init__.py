"""A proxy between desks and a real central that does to their requests what bad networks do, and a campaign over it."""
