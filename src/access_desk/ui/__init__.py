"""Floor 6: Qt Widgets. The only package that imports PySide6."""
