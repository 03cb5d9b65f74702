"""What to do where the packages of the extra `emulator` are not installed."""

from typing import Final

# Said as `reconciler.core.extras` says it, which the emulator does not import.
INSTALLING: Final = (
    "install reconciler anew with the extra emulator, from where this one came (docs/install.md), not by the mere name"
)
