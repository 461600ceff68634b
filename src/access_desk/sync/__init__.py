"""Floor 4: synchronizing with central. `core` decides and knows no network, `transport` carries, `desk_store` keeps."""
