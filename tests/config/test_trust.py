"""Files in a pull request are not trusted: what they may point at, and that no secret is ever repeated."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.endpoints import EmulatorEndpoint, Endpoint, account_form, endpoint_of
from reconciler.config.environment import read_environment
from reconciler.config.references import Reference, ReferenceKind, Refusal, parse_reference, resolve
from reconciler.core.diagnostics import Position
from reconciler.core.errors import CredentialError

HERE = Position("environments/a.yaml", 7, 9)
ROOT = Path(__file__).parent.parent.parent


def reference(text: str) -> Reference:
    found = parse_reference(text, HERE)
    assert isinstance(found, Reference)
    return found


@pytest.mark.parametrize(
    "text",
    ["env:NETSUITE_TOKEN", "env:RECONCILER_1", "file:/run/secrets/a", "file:/run/secrets/a/..b", "file:secrets/token"],
)
def test_these_references_are_allowed(text: str) -> None:
    assert str(reference(text)) == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("abc123", "literal-secret"),
        ("", "literal-secret"),
        ("ENV:NETSUITE_A", "literal-secret"),
        (" env:NETSUITE_A", "literal-secret"),
        ("vault:a", "literal-secret"),
        ("env:HOME", "untrusted-reference"),
        ("env:GITHUB_TOKEN", "untrusted-reference"),
        ("env:netsuite_a", "untrusted-reference"),
        ("env:NETSUITE_", "untrusted-reference"),
        ("env:NETSUITE_A\n", "untrusted-reference"),
        ("env:NETSUITE_A B", "untrusted-reference"),
        ("env:XNETSUITE_A", "untrusted-reference"),
        ("file:", "untrusted-reference"),
        ("file:/etc/passwd", "untrusted-reference"),
        ("file:/run/secrets", "untrusted-reference"),
        ("file:/run/secrets/../../etc/passwd", "untrusted-reference"),
        ("file:/run/secretsX/a", "untrusted-reference"),
        ("file:../a", "untrusted-reference"),
        ("file:a/../../b", "untrusted-reference"),
        ("file:~/a", "untrusted-reference"),
        ("file:a\\..\\b", "untrusted-reference"),
        ("file:a\x00b", "untrusted-reference"),
        ("file://host/a", "untrusted-reference"),
    ],
)
def test_these_references_are_refused(text: str, rule: str) -> None:
    found = parse_reference(text, HERE)

    assert isinstance(found, Refusal)
    assert found.rule == rule


@pytest.mark.parametrize(
    "declared",
    [
        "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:65535",
    ],
)  # fmt: skip
def test_loopback_serves_both(declared: str) -> None:
    assert endpoint_of("1", declared) == Endpoint(declared, declared)


def test_hosts_follow_from_the_account() -> None:
    host = "https://1234567-sb1.{}.api.netsuite.com"
    expected = Endpoint(host.format("suitetalk"), host.format("restlets"))

    assert endpoint_of("1234567_SB1", None) == expected
    assert endpoint_of("9", {"suitetalk": expected.suitetalk, "restlets": expected.restlets}) == expected
    assert endpoint_of("1", "emulator") == EmulatorEndpoint()


@pytest.mark.parametrize(
    "declared",
    [
        "http://127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:80/", "http://0.0.0.0:80",
        "http://127.0.0.1:80@evil.example", "http://127.0.0.2:80", "https://127.0.0.1:80", "http://localhost.evil.example:80",
        "http://user@localhost:80", "https://1.suitetalk.api.netsuite.com", "Emulator", "", "http://localhost:80\n",
    ],
)  # fmt: skip
def test_no_other_address_is_reached(declared: str) -> None:
    assert isinstance(endpoint_of("1", declared), Refusal)


@pytest.mark.parametrize(
    "suitetalk",
    [
        "http://1.suitetalk.api.netsuite.com", "https://suitetalk.api.netsuite.com", "https://1.suitetalk.api.netsuite.com/",
        "https://1.suitetalk.api.netsuite.com:8443", "https://u:p@1.suitetalk.api.netsuite.com",
        "https://1.suitetalk.api.netsuite.com.evil.example", "https://evil.example/.suitetalk.api.netsuite.com",
        "https://evil.example?.suitetalk.api.netsuite.com", "https://1.restlets.api.netsuite.com",
        "https://xsuitetalk.api.netsuite.com", "https://-.suitetalk.api.netsuite.com",
        "https://evil.example\\.suitetalk.api.netsuite.com", "https://1.suitetalk.api.netsuite.com\n",
    ],
)  # fmt: skip
def test_no_other_host_is_reached(suitetalk: str) -> None:
    hosts = {"suitetalk": suitetalk, "restlets": "https://1.restlets.api.netsuite.com"}

    assert isinstance(endpoint_of("1", hosts), Refusal)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1234567-sb1", 'write "1234567_SB1"'),
        ("1234567_sb1", 'write "1234567_SB1"'),
        (" tstdrv1 ", 'write "TSTDRV1"'),
        ("1234567.app", 'write it as in "1234567" or "1234567_SB1"'),
    ],
)
def test_a_misspelt_account_is_spelt_right_in_the_hint(text: str, hint: str) -> None:
    refusal = account_form(text)

    assert refusal
    assert refusal.hint == hint


def test_a_variable_becomes_a_secret() -> None:
    assert resolve(reference("env:NETSUITE_A"), {"NETSUITE_A": "s3"}, ROOT).reveal() == "s3"


@pytest.mark.parametrize("content", ["s3", "s3\n", "s3\r\n"])
def test_a_file_becomes_a_secret_without_its_line_feed(content: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(content.encode())
    (tmp_path / "link").symlink_to("token")
    mounted = reference("file:/run/secrets/token")

    assert resolve(reference("file:token"), {}, tmp_path).reveal() == "s3"
    assert resolve(reference("file:link"), {}, tmp_path).reveal() == "s3"
    assert resolve(mounted, {}, ROOT, secrets_folder=tmp_path).reveal() == "s3"


@pytest.mark.parametrize("value", [None, "", " ", "CANARY\n", "CANARY\x00", "CANARY\u00e9", "CANARY\tx", "CANARY\nx"])
def test_an_unusable_variable_is_named_without_its_value(value: str | None) -> None:
    environ = {} if value is None else {"NETSUITE_A": value}

    with pytest.raises(CredentialError) as caught:
        resolve(reference("env:NETSUITE_A"), environ, ROOT)

    told = f"{caught.value.message} {caught.value.hint} {caught.value!r}"
    assert "environments/a.yaml:7:9: env:NETSUITE_A" in told
    assert "CANARY" not in told


def test_an_unusable_file_is_named_without_its_content(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").write_text("CANARY")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to("loop")
    (root / "large").write_text("CANARY" * 100_000)
    (root / "bytes").write_bytes(b"CANARY\xff")
    (root / "lines").write_text("CANARY\nCANARY\n")
    (root / "empty").write_text("\n")
    (root / "folder").mkdir()

    for name in ("out", "loop", "large", "bytes", "lines", "empty", "folder", "missing", "out/below"):
        with pytest.raises(CredentialError) as caught:
            resolve(Reference(ReferenceKind.FILE, name, HERE), {}, root)
        told = f"{caught.value.message} {caught.value.hint}"
        assert f"environments/a.yaml:7:9: file:{name} " in told
        assert "CANARY" not in told


CANARY_FILES = [
    "netsuite: {account: '1', login: {method: tba, token_secret: CANARY}}",
    "netsuite: {account: '1', login: {method: tba, token_secret: 'env:CANARY'}}",
    "netsuite: {account: '1', login: {method: tba, token_secret: 'file:/CANARY'}}",
    "netsuite: {account: '1', login: {method: tba, token_secret: [CANARY]}}",
    "netsuite: {account: '1', login: {method: tba, token_secret: {x: CANARY}}}",
    "netsuite: {account: '1', login: {method: tba, token_secrt: CANARY}}",
    "netsuite: {account: '1', login: {method: CANARY}}",
    "netsuite: {account: '1', login: CANARY}",
    "netsuite: {account: '1', login: [CANARY]}",
    "netsuite: {account: '1', login: {method: tba, 1CANARY2: x}}",
    "netsuite: {account: '1', endpoint: 'https://u:CANARY@x', login: {method: tba}}",
    "netsuite: {account: '1', endpoint: {suitetalk: 'https://CANARY@x', restlets: CANARY}, login: {method: tba}}",
    "store: s3://u:CANARY@bucket",
    "netsuite: {login: {token_secret: !CANARY x}}",
    "netsuite: {login: {token_secret: &CANARY x}}",
    "netsuite: {login: {token_secret: *CANARY}}",
    "netsuite: {login: {token_secret: !CANARY!x y}}",
    "netsuite: {login: {token_secret: @CANARY}}",
    "netsuite: {login: {token_secret: %CANARY}}",
    "netsuite: {login: {token_secret: CANARY: x: y}}",
    "netsuite:\n  login:\n    token_secret: CANARY: x\n",
    'netsuite: {login: {token_secret: "CANARY\\q"}}',
    'netsuite: {login: {token_secret: "CANARY',
    "netsuite:\n  login:\n    token_secret: |\n      CANARY\n",
    "CANARY",
    "- CANARY",
]


@pytest.mark.parametrize("text", CANARY_FILES)
def test_no_diagnostic_repeats_what_may_be_a_secret(text: str, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)

    loaded = read_environment(file, tmp_path)

    assert loaded.environment is None
    assert loaded.diagnostics
    assert "CANARY" not in repr(loaded)


def test_a_number_in_the_place_of_a_secret_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("netsuite: {account: '1', login: {method: tba, token_secret: 918273645}}")

    assert "918273645" not in repr(read_environment(file, tmp_path))


@given(
    st.sampled_from(["consumer_key", "consumer_secret", "token_id", "token_secret"]), st.from_regex(r"[!-~]{12,40}\Z")
)
def test_no_reference_that_is_refused_is_repeated(key: str, secret: str) -> None:
    found = parse_reference(secret, HERE)

    if isinstance(found, Refusal):
        assert secret not in f"{found} {key}"


def test_a_link_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.yaml").write_text("CANARY: 1")
    (root / "a.yaml").symlink_to(tmp_path / "outside.yaml")

    loaded = read_environment(root / "a.yaml", root)

    assert [item.rule for item in loaded.diagnostics] == ["outside-repository"]
    assert "unknown-key" in {item.rule for item in read_environment(tmp_path / "outside.yaml", root).diagnostics}


@pytest.mark.parametrize("method", ["null", "[]", "5", "saml"])
@pytest.mark.parametrize("value", ["null", "[]", "5"])
def test_a_login_of_no_known_method_is_refused_whatever_else_it_holds(method: str, value: str, tmp_path: Path) -> None:
    keys = ("token_id", "client_id", "private_key", "acts_as")
    login = ", ".join([f"method: {method}", *(f"{key}: {value}" for key in keys)])
    file = tmp_path / "a.yaml"
    file.write_text(f'version: 1\nnetsuite:\n  account: "1234567"\n  login: {{{login}}}\n', "utf-8")

    loaded = read_environment(file, tmp_path)

    assert loaded.environment is None
    assert {found.address for found in loaded.diagnostics} >= {"netsuite.login.method"}
