"""YAML for seeds: safe, without a key twice, and with times left as text."""

from collections.abc import Hashable
from typing import Any, Final

import yaml
from yaml import YAMLError

__all__ = ["YAMLError", "load"]

TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"


def load(text: str, *, is_our_own: bool) -> Any:
    # libyaml is five times as fast, but deep nesting crashes it: only our own file is sure to have none.
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader) if is_our_own else yaml.SafeLoader
    return yaml.load(text, _strict(base))  # noqa: S506 - both loaders are safe ones


def _strict(base: Any) -> Any:
    class Strict(base):  # type: ignore[misc]  # which of the two it is, is known only at run time
        """Times stay text, for the schema and for times such as -3d."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way to change a loader
            first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
            for first, resolvers in base.yaml_implicit_resolvers.items()
        }

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the signature is PyYAML's
            mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
            if len(mapping) < len(node.value):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key stands twice in this mapping", node.start_mark
                )
            return mapping

    return Strict
