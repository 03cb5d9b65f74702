"""What ends a command."""

from typing import Final

from reconciler.core.diagnostics import Severity
from reconciler.core.rulebook.entry import Entry, oracle

ERRORS: Final = (
    Entry(
        "failed",
        Severity.ERROR,
        "Failed",
        "The system refused something that belongs to no other rule, such as writing to a full disk.",
        "What was asked for was not done in full.",
        "Do what the message says, then run the command again: every run looks at what is there.",
    ),
    Entry(
        "usage",
        Severity.ERROR,
        "Wrong usage",
        "The command was called wrongly: an unknown environment, format or rule, options that exclude "
        "each other, or a name that matches nothing.",
        "Nothing was done. The exit code is 64, so that no pipeline takes it for drift.",
        "Take the nearest name from the hint, or look at `reconciler COMMAND --help`.",
        ("docs/reference/commands.md",),
    ),
    Entry(
        "credential",
        Severity.ERROR,
        "Credential missing or unusable",
        "A reference of a login leads to a variable that is unset or empty, to a file that cannot be "
        "read, or to something that is no credential. The value is never shown.",
        "Without it there is no login, and nothing can be said about the account (exit code 4).",
        "Set the variable, or put the secret into the file. In a pipeline, check that the job may use the secret.",
        ("docs/reference/configuration.md",),
    ),
    Entry(
        "login-refused",
        Severity.ERROR,
        "Login refused",
        "NetSuite refused the login of this tool. It says the same for every cause; the reason stands "
        "in the login audit trail only.",
        "Nothing can be read or written. A login is tried once only, so that none gets locked.",
        "Look at Setup > Users/Roles > View Login Audit Trail, column Detail, or run `reconciler "
        "doctor`, which tells the causes apart.",
        ("docs/doubts.md#refused-logins", oracle("section_156570709583"), oracle("subsect_156935170194")),
    ),
    Entry(
        "wrong-login",
        Severity.ERROR,
        "Not the declared login",
        "A login works, but it is another person or role than `acts_as` declares. Checked before the first write.",
        "A plan says what a certain role may do. With another one, more or less than that would happen.",
        "Correct `acts_as`, or the credentials that the login refers to.",
    ),
    Entry(
        "missing-table",
        Severity.ERROR,
        "Table missing or not permitted",
        "NetSuite has no such table, or the role that reads may not see it: it answers both alike.",
        "What stands in the table is not known.",
        "Give the role the permission that the hint names. `reconciler doctor` lists all that are missing.",
        ("docs/doubts.md#what-is-hidden",),
    ),
    Entry(
        "refused",
        Severity.ERROR,
        "Refused by NetSuite",
        "NetSuite answered a request with no. Nothing was changed by it.",
        "The step was not carried out, or the facts were not read.",
        "Read NetSuite's own words in the message. Mostly a permission is missing, a record is being "
        "edited by somebody else, or too many requests run at once.",
        ("docs/doubts.md#refused-and-failed-requests",),
    ),
    Entry(
        "unanswered",
        Severity.ERROR,
        "No answer",
        "A request got no answer: no connection, or none in time.",
        "A write that was sent may have been carried out. The next run sees whether it was.",
        "Check the network and NetSuite's status page, then run the command again.",
        ("docs/doubts.md#refused-and-failed-requests",),
    ),
    Entry(
        "unreadable-answer",
        Severity.ERROR,
        "Unreadable answer",
        "An answer came that is not what NetSuite documents, such as a page of a proxy.",
        "It is never taken for an empty answer.",
        "Look which host answered: a proxy or a login page often stands between. If it was NetSuite, report it.",
        ("docs/doubts.md#refused-and-failed-requests",),
    ),
    Entry(
        "netsuite",
        Severity.ERROR,
        "NetSuite failed",
        "Something on the account's side went wrong that has no rule of its own.",
        "What was asked for was not done.",
        "Do what the message says, then run the command again.",
    ),
    Entry(
        "contradiction",
        Severity.ERROR,
        "Contradicted by a second look",
        "NetSuite confirmed a write, and reading it again shows something else (exit code 9). "
        "Somebody may have changed the same person at the same time.",
        "What was written is not what is there.",
        "Look at Employee > Access > History for who changed what, then plan again.",
        (oracle("bridgehead_4591976451"),),
    ),
    Entry(
        "stale-plan",
        Severity.ERROR,
        "The approved plan is stale",
        "A saved plan no longer fits: the file changed, the plan was edited, a fact moved that it did "
        "not predict, or the next step is none of its own (exit code 6). Nothing was written.",
        "What was approved is what is applied, and nothing else.",
        "Read what moved, plan again, and have the new plan approved.",
        ("docs/apply.md#saved-plans",),
    ),
    Entry(
        "plan-file",
        Severity.ERROR,
        "Not a saved plan",
        "The file is no plan, cannot be read, or was written by a version whose plans this one does not read.",
        "A plan that is read half would be carried out half.",
        "Save one with `reconciler plan ENV --output json=FILE`.",
        ("docs/reference/formats.md",),
    ),
    Entry(
        "store",
        Severity.ERROR,
        "Lock and journal cannot be kept",
        "The place named under `store` cannot be read or written, or a file there is damaged.",
        "Without a lock two people could write at once, and without a journal nobody could be asked "
        "afterwards. So nothing is written to NetSuite.",
        "Check the folder or bucket, its permissions, and the credentials of the cloud.",
        ("docs/apply.md#lock",),
    ),
    Entry(
        "locked",
        Severity.ERROR,
        "Another apply holds the lock",
        "Somebody else applies the same environment (exit code 7). The message says who, since when and where.",
        "Two at once would undo each other's work.",
        "Wait, or use `--lock-timeout 10m`. A holder that is certainly gone is freed with `reconciler "
        "unlock ENV ID`; a killed one is free by itself after two minutes.",
        ("docs/apply.md#lock",),
    ),
    Entry(
        "another-lock",
        Severity.ERROR,
        "Another lock is held now",
        "`unlock` was given an ID that is not that of the lock which is held (exit code 7). Nothing was freed.",
        "Since the ID was told, the lock was freed and somebody else took it, who may be at work.",
        "If it is certain that whoever the message names is gone, give the ID that stands there.",
        ("docs/apply.md#lock",),
    ),
    Entry(
        "lock-lost",
        Severity.ERROR,
        "The lock was lost",
        "While an apply was at work its lock was freed with `unlock`, taken, or could not be kept alive in time, as on "
        "a machine that slept. It is asked for before each write, and the apply stopped there (exit code 7 where "
        "nothing was written yet).",
        "Somebody else may be applying, and two at once would undo each other's work.",
        "Look at the next plan, then apply again.",
        ("docs/apply.md#lock",),
    ),
    Entry(
        "nothing-to-unlock",
        Severity.ERROR,
        "Nothing to unlock",
        "`unlock` was called for an environment whose lock nobody holds.",
        "Whoever held it has ended, or somebody freed it before.",
        "Nothing: the next apply can take the lock.",
        ("docs/apply.md#lock",),
    ),
    Entry(
        "emulator",
        Severity.ERROR,
        "Emulator unavailable",
        "The emulator of an environment with `endpoint: emulator` did not start or does not answer.",
        "There is no NetSuite to look at.",
        "Do what the message says. The extra `emulator` has to be installed; `reconciler emulator "
        "reset ENV` begins anew.",
        ("docs/emulator.md#starting-it",),
    ),
    Entry(
        "output",
        Severity.ERROR,
        "Output cannot be written",
        "A result could not be written to its file or to stdout. What was done is not undone; the "
        "text goes to stderr instead.",
        "A pipeline that waits for the file would go on without it.",
        "Check the path, the space on the disk and the permissions.",
    ),
    Entry(
        "interrupted",
        Severity.ERROR,
        "Interrupted",
        "The command was stopped with Ctrl-C or by the pipeline (exit code 130). The request in "
        "flight was finished, the journal written and the lock released.",
        "What was done stays done; what was not is done by the next run.",
        "Run the command again.",
        ("docs/apply.md#waiting",),
    ),
    Entry(
        "cluster",
        Severity.ERROR,
        "Cluster unavailable",
        "The Dask cluster named with `--scheduler` does not answer, or cannot do the work.",
        "No environment was looked at there.",
        "Check the address and that the workers have the same version of this tool; or leave `--scheduler` out.",
    ),
)
