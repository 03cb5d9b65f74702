"""Administrators, roles and access: who may change what."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, own, permissions_list, rest_browser

ASSIGNING: Final = oracle("section_N897798")
GIVING: Final = oracle("section_N896195")
CORE: Final = oracle("subsect_1542138282")
LIMITATIONS: Final = oracle("subsect_1544786455")
REPLACING: Final = oracle("section_1545297048")
TOKEN_ROLES: Final = oracle("bridgehead_4248124361")
EMPLOYEE: Final = oracle("section_161886175135")

ACCESS: Final = (
    Behaviour(
        "admin-assign-by-rest",
        "whether an Administrator may add or remove the Administrator role by REST; by SuiteScript nobody may",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("chapter_N3184398")),
        "allowed",
        ("allowed", "refused"),
    ),
    Behaviour(
        "roles-patch",
        "whether PATCH of an employee takes `roles`; documented for vendors, and sold by others for employees",
        Known.LIKELY,
        (oracle("section_0413121324"), "https://docs.axonius.com/docs/netsuite-assign-user-role", EMPLOYEE),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "roles-keyed",
        "PATCH of `roles` without replace=roles: a keyed list merges, any other appends",
        Known.UNKNOWN,
        (NOT_FOUND, oracle("section_1545295601"), oracle("section_N3441570")),
        "no",
        ("no", "yes"),
    ),
    Behaviour(
        "access-without-password",
        "giveAccess: true without a password and without sendEmail",
        Known.UNKNOWN,
        (NOT_FOUND, GIVING),
        "accepted",
        ("accepted", "refused"),
    ),
    Behaviour(
        "admin-records",
        "the record of an employee who holds Administrator can be read and changed by Administrators only: records "
        "are loaded for editing even by GET",
        Known.CONFIRMED,
        (LIMITATIONS,),
    ),
    Behaviour(
        "core-administration",
        "Core Administration Permissions is not enough, neither for those records nor to assign Administrator",
        Known.CONFIRMED,
        (CORE,),
    ),
    Behaviour(
        "admin-assigning",
        "only an Administrator gives or takes the Administrator role",
        Known.CONFIRMED,
        (CORE,),
    ),
    Behaviour(
        "admin-assigning-error",
        "status and words of the refusal by REST: 400 USER_ERROR",
        Known.UNKNOWN,
        (NOT_FOUND, CORE),
    ),
    Behaviour(
        "roles-replaced",
        "replace=roles makes the list exactly that of the request; an empty one takes all roles away",
        Known.CONFIRMED,
        (REPLACING, oracle("section_161717311354")),
    ),
    Behaviour(
        "roles-emptied",
        "null in place of `roles` or of its items takes all roles away, also without replace=roles",
        Known.CONFIRMED,
        (oracle("section_1545295601"),),
    ),
    Behaviour(
        "roles-twice",
        "a list that would hold a role twice is refused",
        Known.UNKNOWN,
        (NOT_FOUND, REPLACING),
    ),
    Behaviour(
        "roles-at-once",
        "a given or removed role counts at once",
        Known.CONFIRMED,
        (ASSIGNING,),
    ),
    Behaviour(
        "access-needs-a-role",
        "an employee with access must have a role",
        Known.CONFIRMED,
        (ASSIGNING,),
    ),
    Behaviour(
        "access-needs-email",
        "to give access takes an e-mail address",
        Known.CONFIRMED,
        (GIVING,),
    ),
    Behaviour(
        "access-sends-no-mail",
        "no mail is sent and no password kept, whatever a request says of them",
        Known.OWN,
        (own("Simpler than NetSuite on purpose"), rest_browser("schemas/employee.md")),
    ),
    Behaviour(
        "token-management",
        "with Access Token Management one makes tokens for others, not for oneself",
        Known.CONFIRMED,
        (TOKEN_ROLES,),
    ),
    Behaviour(
        "token-for-administrators",
        "a token for the Administrator role is made by its own user only; it is the token's role that counts, not "
        "what else its user holds",
        Known.LIKELY,
        (TOKEN_ROLES, oracle("bridgehead_4254081947")),
    ),
    Behaviour(
        "token-needs-a-login",
        "a token is made only for somebody who has access and holds the role, and for a role that may log in by token",
        Known.LIKELY,
        (oracle("bridgehead_4254081947"), oracle("bridgehead_4249025340")),
    ),
    Behaviour(
        "integration-states",
        "an integration is Enabled, Blocked or Waiting for Approval",
        Known.CONFIRMED,
        (oracle("section_4429293934"),),
    ),
    Behaviour(
        "integration-edit",
        "to change State takes Edit of Integration Application",
        Known.LIKELY,
        (oracle("section_4389727047"), permissions_list("data/NetSuitePermissionsUsage_2024.1_0.csv")),
    ),
    Behaviour(
        "person-with-all-roles",
        "whoever acts through the back door may do what any of their roles allows; on pages, as in NetSuite, one"
        " switches roles",
        Known.OWN,
        (own("The back door"),),
    ),
)
