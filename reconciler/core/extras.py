"""What to do where an extra of this package is not installed: the one sentence about it."""


def installing(extra: str) -> str:
    """A hint that never tells to install by the mere name, which in a public index may be somebody else's package."""
    where = "from where this one came (docs/install.md), not by the mere name"
    return f"install reconciler anew with the extra {extra}, {where}"
