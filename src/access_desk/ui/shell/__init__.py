"""The window around the pages: rail, status strip, key bar, cover, shortcuts. Imports no use case: it is painted first."""
