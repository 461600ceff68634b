"""Read models: what screens, reports and results ask of the projections."""
