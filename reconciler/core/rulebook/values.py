"""An environment file: keys and values that may not stand where they stand."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

VALUES: Final = (
    Entry(
        "unknown-key",
        Severity.ERROR,
        "Unknown key",
        "A key is not known at this place. It may be misspelt, indented one step too far or too "
        "little, or known in a newer version only.",
        "A key that is ignored would look as if it protected or asked for something.",
        "Take the spelling from the hint, or look the key up.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "missing-key",
        Severity.ERROR,
        "Missing key",
        "A key that is needed here is not there.",
        "Without it nobody could tell what is asked for; nothing is guessed.",
        "Add the key; the hint shows an example.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "wrong-type",
        Severity.ERROR,
        "Wrong type of value",
        "A value is of another kind than is needed here: a number or list instead of text, for "
        "instance. A plain word is text unless it is a number, `true`, `false` or `null`.",
        "A value that is converted quietly is how `no` becomes false and `12:30` becomes 750.",
        "Write the value as the hint shows it, with or without quotes.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "not-allowed",
        Severity.ERROR,
        "Value is not one of those allowed",
        "The value is none of the few that may stand here.",
        "Only the listed ones mean something.",
        "Write one of them.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "wrong-form",
        Severity.ERROR,
        "Value has the wrong form",
        "A text is not written the way that is needed here: an e-mail address, a length of time such "
        "as `24h`, a date, a path, the key of an entry.",
        "It would be found nowhere in NetSuite, or be read as something else.",
        "Write it as the example in the hint.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "out-of-range",
        Severity.ERROR,
        "Number is out of range",
        "A number is smaller or larger than makes sense here.",
        "Limits of guards below their least value would protect nobody; more requests at once than "
        "NetSuite allows would be refused.",
        "Write a number within the limits that are told.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "wrong-count",
        Severity.ERROR,
        "Wrong number of entries",
        "A list or mapping has fewer or more entries than it may have. A mapping of which just one "
        "key may be given, such as a person, has none or several.",
        "With two ways to name one person, which of them counts could not be told.",
        "Keep as many as are allowed. Where files are merged by `extends`, use the same key in both.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "duplicate-entry",
        Severity.ERROR,
        "Entry given twice",
        "The same entry stands twice in one list.",
        "One of the two was probably meant to be another.",
        "Keep one of them, or correct the other.",
    ),
    Entry(
        "no-role-left",
        Severity.ERROR,
        "Nobody loses the last role",
        "`roles: {exactly: []}` would take every role from somebody.",
        "NetSuite asks for at least one role where there is access.",
        "Name a role, or write `access: false` to shut the person out.",
    ),
    Entry(
        "schema",
        Severity.ERROR,
        "Value does not fit the schema",
        "A value does not fit the schema of environment files in a way that has no words of its own.",
        "What does not fit is never guessed at.",
        "Compare the place with the example in the hint and with the reference.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "literal-secret",
        Severity.ERROR,
        "Not a reference to a secret",
        "A place that needs a reference to a secret holds something else, perhaps the secret itself. "
        "The value is not repeated in the message.",
        "A secret in git stays in its history, for everybody who ever gets a copy.",
        "Write `env:NETSUITE_…` or `file:/run/secrets/…` and keep the secret there. If it was a "
        "secret and was pushed, revoke it in NetSuite and make a new one.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "untrusted-reference",
        Severity.ERROR,
        "Reference is not allowed",
        "A reference leads where files of the repository may not lead: a variable whose name does not "
        "begin with `NETSUITE_` or `RECONCILER_`, a file outside `/run/secrets` and the repository, "
        "or a path to extend that is absolute, a URL, or not plain.",
        "Whoever opens a pull request could otherwise have any variable or file of the pipeline read "
        "and sent somewhere.",
        "Rename the variable, or put the file where it may lie.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "untrusted-endpoint",
        Severity.ERROR,
        "Endpoint is not allowed",
        "`endpoint` is neither `emulator`, nor this machine's loopback, nor a host of NetSuite's services.",
        "Requests carry signatures and bearer tokens. A host of somebody else would get them.",
        "Leave the key out for NetSuite itself, write `emulator`, or take both hosts from Setup > "
        "Company > Company Information > Company URLs.",
        (
            "docs/reference/configuration.md",
            oracle("section_1498251763"),
        ),
    ),
)
