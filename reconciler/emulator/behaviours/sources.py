"""Where a fact about NetSuite comes from, in forms that whoever reads the listing can open or search for."""

from typing import Final

# Oracle's help and public code were searched; an address beside it is the nearest page that leaves the question open.
NOT_FOUND: Final = "searched for, not found"
ACCESS_TOKEN_QUERIES: Final = "https://timdietrich.me/blog/netsuite-suiteql-access-token-queries"
RFC_5849: Final = "https://www.rfc-editor.org/rfc/rfc5849.html"


def oracle(page: str) -> str:
    """A page of Oracle's NetSuite help, by the name of its file."""
    return f"https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/{page}.html"


def github(repository: str, path: str) -> str:
    """A file of a public repository, as its default branch has it."""
    return f"https://github.com/{repository}/blob/HEAD/{path}"


def guide(path: str) -> str:
    """A page of the guides that Oracle ships with the SuiteCloud SDK."""
    return github("oracle/netsuite-suitecloud-sdk", f"packages/agent-skills/{path}")


def permissions_list(file: str) -> str:
    """A list of the permissions that open records and tables, from the Records Catalog and Oracle's own sheet."""
    return github("iloveitaly/netsuite-permissions", file)


def rest_browser(path: str) -> str:
    """A page of the REST API Browser's description of the records."""
    return github("wsjmnh/netsuite-record-rest-docs", f"docs/{path}")


def seen_once(*files: int) -> tuple[str, ...]:
    """Public code that shows it, each seen in one place whose repository is not known; weaker than documentation.

    The numbers are those of the team's collection (`X:` there). Nobody else could look them up, so they are not shown.
    """
    return ("a public client, seen once" if len(files) == 1 else f"{len(files)} public clients, each seen once",)


def own(section: str) -> str:
    """A choice about the emulator itself; the section of docs/emulator-reference.md that says why."""
    return f"the emulator's own: docs/emulator-reference.md, {section}"
