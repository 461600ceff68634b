"""The money screens: payment, open drawer, drawer, count, variance, handoff, papers, deposit, end-of-shift report."""
