"""The desk's own screens: sign-in and lock, Today, Find, Register, palette, help, first start."""
