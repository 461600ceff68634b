"""What a registration is checked for while it is typed and when it is filed: one table of rules, and what came of them."""
