"""A front with TLS on loopback: clients that know no other address reach the emulator as NetSuite's own hosts.

It is a proxy (CONNECT) and a plain TLS server in one, passes requests on byte by byte with one header more, and lets
nobody go anywhere else: what a client under test asks of another host is refused and kept in `refused`.
"""

import contextlib
import datetime as dt
import ipaddress
import re
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOSTS = ("*.suitetalk.api.netsuite.com", "*.restlets.api.netsuite.com", "rest.netsuite.com", "localhost")
_SERVED = re.compile(r"CONNECT ([a-z0-9-]+\.(suitetalk|restlets)\.api|rest)\.netsuite\.com:443 ")
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
_TLS = b"\x16"


@dataclass(frozen=True)
class FrontDoor:
    port: int
    authority: Path
    refused: list[str]

    @property
    def host(self) -> str:
        """For clients that are told a host."""
        return f"localhost:{self.port}"

    @property
    def surroundings(self) -> Mapping[str, str]:
        """The environment of a client that is told nothing: its proxy, and whom it trusts."""
        return {
            "HTTPS_PROXY": f"http://127.0.0.1:{self.port}",
            "NO_PROXY": "",
            "REQUESTS_CA_BUNDLE": str(self.authority),
            "SSL_CERT_FILE": str(self.authority),
            "NODE_EXTRA_CA_CERTS": str(self.authority),
        }


@contextmanager
def front_door(emulator: str, folder: Path) -> Iterator[FrontDoor]:
    """A front before the emulator at this address; its throwaway certificates lie in the folder."""
    authority, own = folder / "authority.pem", folder / "front.pem"
    _write_certificates(authority, own)
    with _Server(emulator, own) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield FrontDoor(server.server_address[1], authority, server.refused)
        server.shutdown()
        thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    server_address: tuple[str, int]

    def __init__(self, emulator: str, certificate: Path) -> None:
        parts = urlsplit(emulator)
        assert parts.hostname
        assert parts.port
        self.emulator = (parts.hostname, parts.port)
        self.refused: list[str] = []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.tls.set_alpn_protocols(["http/1.1"])
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.BaseRequestHandler):
    request: socket.socket
    server: _Server

    def handle(self) -> None:
        # A client that hangs up, or does not trust the front, is no concern of the front's.
        with contextlib.suppress(OSError):
            if self.request.recv(1, socket.MSG_PEEK) == _TLS or self._is_let_through():
                self._pass_on()

    def _is_let_through(self) -> bool:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            part = self.request.recv(1)
            if not part:
                return False
            head += part
        line = head.partition(b"\r\n")[0].decode("ascii")
        if _SERVED.match(line):
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return True
        self.server.refused.append(line)
        self.request.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return False

    def _pass_on(self) -> None:
        with (
            self.server.tls.wrap_socket(self.request, server_side=True) as client,
            socket.create_connection(self.server.emulator) as emulator,
            client.makefile("rb") as requests,
            emulator.makefile("rb") as answers,
        ):
            while request := _message(requests):
                line, mark, rest = request.partition(b"\r\n")
                emulator.sendall(line + mark + b"X-Forwarded-Proto: https\r\n" + rest)
                client.sendall(_message(answers))


def _message(stream: BufferedReader) -> bytes:
    """The next message with its body, or nothing at the end."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    length = _LENGTH.search(head)
    return head + (stream.read(int(length.group(1))) if length else b"")


def _write_certificates(authority: Path, own: Path) -> None:
    """An authority for one run, and the front's key and certificate in one file."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of one test run")])
    root_id = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    root = (
        _dated(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(root_id, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    names = [*(x509.DNSName(host) for host in HOSTS), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    leaf = (
        _dated(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), root_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(root_id), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    authority.write_bytes(root.public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    own.write_bytes(secret + leaf.public_bytes(Encoding.PEM))


def _dated(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
    day = dt.timedelta(days=1)
    return builder.not_valid_before(now - day).not_valid_after(now + day)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
