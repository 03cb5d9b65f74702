"""Why something changes: `reason` of each change in a plan."""

from typing import Final

from reconciler.core.rulebook.entry import Entry, oracle

REASONS: Final = (
    Entry(
        "owner-differs",
        None,
        "Another owner is declared",
        "The application is at work with a token of somebody else than the declared owner.",
        "System Notes name the wrong person, and the integration stops when that person leaves.",
        "Follow the steps: the new token is proven at work before the old one is touched.",
        (oracle("section_162634303598"),),
    ),
    Entry(
        "role-differs",
        None,
        "Another role is declared",
        "The token that is in use was made for another role than `token_role`.",
        "The integration may do more, or less, than the file says. A token keeps the role it was made for.",
        "Follow the steps: a new token for the declared role, then the old one goes.",
    ),
    Entry(
        "token-missing",
        None,
        "No token is there",
        "The application has no token of the declared owner and role, and none is in use.",
        "It cannot log in.",
        "Follow the steps: create the token and enter it.",
    ),
    Entry(
        "token-too-old",
        None,
        "The token is older than allowed",
        "The token was made before the day that `token_not_before` names.",
        "Tokens never expire; a new one ends whatever copies of the old one there are.",
        "Follow the steps: another token of the same owner, then the old one goes.",
        (oracle("bridgehead_4249078810"),),
    ),
    Entry(
        "token-not-in-use",
        None,
        "The declared token is not in use",
        "A token of the declared owner and role is there, and the application logs in with another one.",
        "The old token is still the one that counts.",
        "Enter the token in the application, or make another one if its secret is lost.",
    ),
    Entry(
        "previous-token",
        None,
        "A token is left over",
        "A token of the application is neither the declared one nor needed any more.",
        "Whoever has a copy of it can log in.",
        "Follow the steps: it has to be silent, is made inactive, which can be undone, and is revoked last.",
    ),
    Entry(
        "required-role-missing",
        None,
        "A required role is missing",
        "The declared owner lacks one of `required_roles`. The owner of the Connector's token must be "
        "an Administrator.",
        "The integration may fail in parts, although it can log in.",
        "Apply grants the role; Administrator is granted by a person unless the writing login is one.",
        (oracle("section_162606561992"), oracle("subsect_1542138282")),
    ),
    Entry(
        "previous-owner",
        None,
        "The previous owner still holds the role",
        "Somebody owned or used a token of the application before, and still holds its role.",
        "They could make themselves a new token for the application.",
        "Nothing by hand: the role is removed last. Declare `previous_owner: keep` to leave it.",
    ),
    Entry(
        "active-differs",
        None,
        "Active or not, otherwise than declared",
        "An entry under `employees` declares somebody active or inactive, and NetSuite says otherwise.",
        "Somebody who left can still log in, or somebody who is needed cannot.",
        "Follow the step. What takes something away waits until the person's tokens are silent.",
    ),
    Entry(
        "access-differs",
        None,
        "Access, otherwise than declared",
        "An entry under `employees` declares access or none, and NetSuite says otherwise.",
        "Somebody who left can still log in, or somebody who is needed cannot.",
        "Follow the step. What takes something away waits until the person's tokens are silent.",
    ),
    Entry(
        "role-missing",
        None,
        "A declared role is missing",
        "An entry under `employees` lists a role that the person does not hold.",
        "The person cannot do what the file says they do.",
        "Follow the step that grants it.",
    ),
    Entry(
        "role-not-declared",
        None,
        "A role is not declared",
        "An entry under `employees` says `exactly`, and the person holds a role that is not in that list.",
        "Somebody may do more than was agreed.",
        "Follow the step that removes it, or add the role to the list.",
    ),
    Entry(
        "integration-not-enabled",
        None,
        "The integration record is not enabled",
        "The State of the integration record is Blocked or Waiting for Approval.",
        "NetSuite refuses every login of the application, whatever its token.",
        "A person sets State to Enabled at Setup > Integration > Manage Integrations; blocked records "
        "show only with *Show Inactives* ticked.",
        (oracle("section_162606561992"),),
    ),
)
