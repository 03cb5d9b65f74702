"""Objects in a bucket (S3, Google Cloud Storage, Azure), through conditional writes; needs the extra `bucket`."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from reconciler.core.errors import KeepingError
from reconciler.store.objects import ConflictError, Versioned


@dataclass(frozen=True, slots=True)
class Bucket:
    """The objects below one address, such as s3://bucket/prefix; credentials come from where the cloud's tools look."""

    url: str
    _library: ModuleType
    _store: Any

    @classmethod
    def at(cls, url: str) -> "Bucket":
        """The bucket behind an address.

        Raises:
            KeepingError: the extra is not installed, or the address is none.
        """
        try:
            import obstore  # noqa: PLC0415  an extra, loaded only where a bucket is named
            import obstore.store  # noqa: PLC0415  likewise
        except ImportError as error:
            message = f"{url} is a bucket, and what speaks to buckets is not installed."
            raise KeepingError(message, hint="install it: pip install 'reconciler[bucket]'") from error
        try:
            return cls(url, obstore, obstore.store.from_url(url))
        except (obstore.exceptions.BaseError, ValueError) as error:
            raise _unusable(url, error) from error

    def __str__(self) -> str:
        return self.url

    @property
    def is_shared(self) -> bool:
        return True

    def read(self, key: str) -> Versioned | None:
        try:
            found = self._library.get(self._store, key)
            return Versioned(bytes(found.bytes()), _version(found.meta))
        except FileNotFoundError:
            return None
        except self._library.exceptions.BaseError as error:
            raise _unusable(self.url, error) from error

    def create(self, key: str, content: bytes) -> str:
        return self._put(key, content, "create")

    def replace(self, key: str, content: bytes, version: str) -> str:
        return self._put(key, content, json.loads(version))

    def presence(self, key: str) -> AbstractContextManager[str]:
        """Nothing in a bucket ends with a process."""
        del key
        return nullcontext("")

    def is_deserted(self, key: str, mark: str) -> bool:
        del key, mark
        return False

    def keys(self, prefix: str) -> list[str]:
        try:
            found = (item["path"] for page in self._library.list(self._store, prefix.rstrip("/")) for item in page)
            return sorted(str(path) for path in found)
        except self._library.exceptions.BaseError as error:
            raise _unusable(self.url, error) from error

    def _put(self, key: str, content: bytes, mode: object) -> str:
        exceptions = self._library.exceptions
        try:
            return _version(self._library.put(self._store, key, content, mode=mode))
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError) as error:
            raise ConflictError from error
        except FileNotFoundError as error:
            # What shall be replaced is gone; where nothing has to be there, it is the bucket that is not.
            raise (_unusable(self.url, error) if mode == "create" else ConflictError()) from error
        except exceptions.BaseError as error:
            raise _unusable(self.url, error) from error


def _version(told: Mapping[str, Any]) -> str:
    """What a condition needs: S3 and Azure go by the tag, Google Cloud Storage by the version."""
    return json.dumps({name: told[name] for name in ("e_tag", "version") if told.get(name)})


def _unusable(url: str, error: Exception) -> KeepingError:
    # The library's text goes on with the request it made, which is nobody's business.
    first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return KeepingError(f"{url} cannot be used: {first}", hint="check its name, the credentials and what they allow")
