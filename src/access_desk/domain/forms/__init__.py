"""Forms of a visit: which are needed, what became of them, and the clocks that the law sets some of them."""
