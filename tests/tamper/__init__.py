"""Tampering with a desk's file and with central's rows, by chance, and whether it is found."""
