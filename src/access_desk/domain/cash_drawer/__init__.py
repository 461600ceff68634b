"""The cash drawer: custody from opening to closing, counts, drops, paid-ins and paid-outs, hand-over."""
