"""The user interface: what its pages show where documentation leaves it open."""

from typing import Final

from reconciler.emulator.behaviours.behaviour import Behaviour, Known
from reconciler.emulator.behaviours.sources import NOT_FOUND, oracle, seen_once

_TOKENS: Final = oracle("bridgehead_4249078810")
_TRAIL: Final = oracle("section_1548084502")

PAGES: Final = (
    Behaviour(
        "page-revoked-filter",
        "which value the filter Revoked of the page Access Tokens has when the page is opened",
        Known.UNKNOWN,
        (NOT_FOUND, _TOKENS),
        "all",
        ("all", "no"),
    ),
    Behaviour(
        "page-token-columns",
        "columns of Access Tokens: Token Name, Application, User, Role, Date Created, Inactive",
        Known.LIKELY,
        (_TOKENS,),
    ),
    Behaviour("page-revoke-asks", "Revoke takes effect at once and asks nothing", Known.UNKNOWN, (NOT_FOUND, _TOKENS)),
    Behaviour(
        "page-user-rows",
        "Manage Users has one row for each role of a user; Total: counts the rows",
        Known.LIKELY,
        (oracle("section_N324056"),),
    ),
    Behaviour(
        "page-trail-columns",
        "columns of the Login Audit Trail: Date, User, Role, Email Address, Status, IP Address, Request URI,"
        " User Agent",
        Known.UNKNOWN,
        (NOT_FOUND, _TRAIL),
    ),
    Behaviour(
        "page-trail-advanced",
        "Detail, Token-based Application Name and Token-based Access Token Name appear with Use Advanced Search",
        Known.LIKELY,
        (oracle("section_1534941538"),),
    ),
    Behaviour(
        "page-logins",
        "logins to the pages are rows of the login audit trail, and so are logouts: Success with the detail"
        " ExplicitLogout or RoleSwitchLogout",
        Known.CONFIRMED,
        (oracle("section_159282412990"),),
    ),
    Behaviour(
        "page-record-notes",
        "whoever may view a record may view its System Notes there",
        Known.CONFIRMED,
        (oracle("section_1500043125"),),
    ),
    Behaviour(
        "page-note-types",
        "the words Create, Set and Change for the types 1, 2 and 4 of a system note",
        Known.LIKELY,
        (*seen_once(71499170836),),
    ),
    Behaviour(
        "page-zone",
        "System Notes and the access History are in the company's time zone",
        Known.CONFIRMED,
        (oracle("section_N555355"), oracle("bridgehead_4591976451")),
    ),
    Behaviour(
        "page-zone-elsewhere",
        "all other times on pages are in the company's time zone too, not in the user's",
        Known.UNKNOWN,
        (NOT_FOUND,),
    ),
    Behaviour(
        "page-violation",
        "a page that the role may not open says Permission Violation and names the permission; menus leave it out",
        Known.LIKELY,
        ("http://www.netsuiterp.com/2018/10/identify-permission-needed-for-roleuser.html",),
    ),
    Behaviour(
        "page-role-not-added",
        "Save is refused while a role is chosen in the field Role but not added",
        Known.UNKNOWN,
        (NOT_FOUND,),
    ),
    Behaviour(
        "page-web-services-role",
        "nobody logs in to the pages in a role that is for web services only",
        Known.CONFIRMED,
        (oracle("section_N3424894"),),
    ),
)
