"""Papers: what they say, how many pages, the same bytes each time, and hostile text."""
