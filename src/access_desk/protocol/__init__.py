"""Floor 2: how events are written as bytes, chained and signed. Imports only domain."""
