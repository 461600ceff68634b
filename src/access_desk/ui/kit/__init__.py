"""The widgets that screens are made of, drawn from the design tokens."""
