"""Everything that central's OpenAPI document allows and forbids, asked of a running central."""
