"""The checksum of an extract: the same whenever its facts are, and another one when anything in it was changed."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def seal(extract: Mapping[str, Any]) -> str:
    """SHA-256 over the extract as JSON with sorted keys and no white space, in UTF-8.

    That is what `jq -jcS .extract FILE | sha256sum` says as well.
    """
    text = json.dumps(extract, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"
