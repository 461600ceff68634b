"""Floor 5: view-models: what a screen shows and allows. Plain Python: no Qt, no SQL."""
