"""Where fonts, icons and tokens are: in the installed package, else in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resource_folder() -> Path:
    """The folder of resources. Raises FileNotFoundError when the program was installed without them."""
    package = Path(__file__).parents[2]
    for folder in (package / "_resources", package.parents[1] / "resources"):
        if (folder / "design" / "tokens.json").is_file():
            return folder
    raise FileNotFoundError("the program's resources are not installed; install it again")
