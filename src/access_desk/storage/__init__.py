"""Floor 3: the only package that imports sqlalchemy: engines, tables, event log, projections, queries."""
