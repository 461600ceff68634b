"""The commands behind `access-desk`: each module has ``run(arguments) -> exit status``. Composition, no rules."""
