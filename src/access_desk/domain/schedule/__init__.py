"""Visits that are expected: scheduled, pre-registered, arrived, cancelled, or nobody came."""
