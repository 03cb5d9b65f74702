"""A saved plan, from its file."""

import json
from pathlib import Path

from reconciler.config.schema_files import schema_text
from reconciler.core.plan import Plan
from reconciler.store.plan_file import read_plans


def saved_plans(path: Path) -> tuple[Plan, ...]:
    """The plans of a file.

    Raises:
        PlanFileError: it is none.
    """
    return read_plans(path, json.loads(schema_text("plan")))
