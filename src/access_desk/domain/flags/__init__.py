"""What central noticed about events that it took in all the same, and the supervisor who looked at it."""
