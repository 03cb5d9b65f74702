"""HTML pages from templates: each one file with its style inside, no script, nothing loaded from elsewhere.

A page extends `page.html` and fills its blocks. Whatever a template is given is escaped by jinja2; texts have to be
made visible (`escaping.safe`) before. A page's style is part of it, and its policy lets no script run.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def page(template: str, values: Mapping[str, object]) -> str:
    """The page; equal values give equal bytes.

    Args:
        template: a file of reconciler/render/templates.
        values: what the template names; one that it misses is an error.
    """
    return _environment().get_template(template).render(values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  slow to load, and pages are rare

    return Environment(
        loader=PackageLoader("reconciler.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )
