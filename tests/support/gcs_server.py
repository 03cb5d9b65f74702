"""A Google Cloud Storage of our own, as far as the store asks it: objects with generations, and writes on condition.

https://cloud.google.com/storage/docs/xml-api/put-object-upload, https://cloud.google.com/storage/docs/request-preconditions
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

WRITTEN = "Sun, 22 Nov 2026 12:00:00 GMT"
LISTED = "2026-11-22T12:00:00.000Z"


@dataclass
class _Kept:
    """Every object by its path with its generation; no generation comes twice."""

    objects: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    generations: Iterator[int] = field(default_factory=lambda: count(1))
    alone: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, content: bytes, expected: str | None) -> tuple[int, bytes] | None:
        """The object as it is there now, or None where the condition does not hold; generation 0 is no object."""
        with self.alone:
            there = self.objects.get(path, (0, b""))[0]
            if expected is not None and int(expected) != there:
                return None
            self.objects[path] = (next(self.generations), content)
            return self.objects[path]


@contextmanager
def serving_gcs(folder: Path) -> Iterator[Mapping[str, str]]:
    """Serve until the block ends; yields the variables by which the cloud's own tools find it.

    Args:
        folder: where the key file goes, which says that no login is needed.
    """
    kept = _Kept()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            if "list-type" in query:
                return self._answer(HTTPStatus.OK, self._listed(unquote(parts.path), query.get("prefix", [""])[0]))
            found = kept.objects.get(unquote(parts.path))
            return self._answer(HTTPStatus.NOT_FOUND) if found is None else self._told(found, found[1])

        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = unquote(urlsplit(self.path).path)
            made = kept.put(path, content, self.headers.get("x-goog-if-generation-match"))
            return self._answer(HTTPStatus.PRECONDITION_FAILED) if made is None else self._told(made, b"")

        def _listed(self, bucket: str, prefix: str) -> bytes:
            start = f"{bucket.rstrip('/')}/"
            names = (path.removeprefix(start) for path in sorted(kept.objects) if path.startswith(start + prefix))
            rows = "".join(
                f"<Contents><Key>{escape(name)}</Key><LastModified>{LISTED}</LastModified><Size>1</Size></Contents>"
                for name in names
            )
            return f"<ListBucketResult>{rows}</ListBucketResult>".encode()

        def _told(self, found: tuple[int, bytes], body: bytes) -> None:
            generation, content = found
            tag = hashlib.md5(content, usedforsecurity=False).hexdigest()
            self._answer(
                HTTPStatus.OK,
                body,
                {"ETag": f'"{tag}"', "x-goog-generation": str(generation), "Last-Modified": WRITTEN},
            )

        def _answer(self, status: HTTPStatus, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    key = folder / "service-account.json"
    unused = dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    key.write_text(
        json.dumps({**unused, "gcs_base_url": f"http://127.0.0.1:{server.server_address[1]}", "disable_oauth": True})
    )
    try:
        yield {"GOOGLE_SERVICE_ACCOUNT": str(key)}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
