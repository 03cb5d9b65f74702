"""What `store:` may say: a folder, and buckets behind servers that answer like S3 and Google Cloud Storage."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.gcs_server import serving_gcs

BUCKET = "reconciler-tests"
# A process of its own: a server in this one would leave its threads and its logging behind.
SERVER = textwrap.dedent("""
    import logging, sys
    from moto.server import ThreadedMotoServer
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    import boto3
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
                          aws_access_key_id="test", aws_secret_access_key="test")
    client.create_bucket(Bucket=sys.argv[1])
    print(f"http://{host}:{port}", flush=True)
    sys.stdin.read()
    server.stop()
""")


def surroundings(url: str) -> dict[str, str]:
    """What the cloud's tools read, for the server in place of the cloud."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    environ = os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    with subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", SERVER, BUCKET], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        yield next(line.strip() for line in lines if line.startswith("http://"))
        process.stdin.close()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def gcs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with serving_gcs(tmp_path_factory.mktemp("gcs")) as environ:
        yield environ


@pytest.fixture(params=["folder", "s3", "gs"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `store:` would say."""
    match request.param:
        case "s3":
            environ: Mapping[str, str] = surroundings(request.getfixturevalue("s3"))
        case "gs":
            environ = request.getfixturevalue("gcs")
        case _:
            return str(tmp_path / "store")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return f"{request.param}://{BUCKET}/{tmp_path.name}"
