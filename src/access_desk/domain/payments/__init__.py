"""Payments, voids and refunds."""
