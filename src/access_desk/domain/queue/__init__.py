"""Who is next at the desks: called, being registered, back in the queue, done."""
