"""The emulator as a process of its own, and its back door, through which a test acts as people and the Connector.

It is the client that the package gives to everybody who tests against the emulator.
"""

from reconciler.emulator.client import ACCOUNT, CONNECTOR, LISTENING, Emulator, serving

__all__ = ["ACCOUNT", "CONNECTOR", "LISTENING", "READER_PERMISSIONS", "Emulator", "serving"]

READER_PERMISSIONS = {
    "ADMI_LOGIN_OAUTH": "Full",
    "ADMI_RESTWEBSERVICES": "Full",
    "REPO_ANALYTICS": "Edit",
    "LIST_EMPLOYEE_RECORD": "View",
    "ADMI_MANAGEROLES": "View",
    "ADMI_MANAGE_OAUTH_TOKENS": "View",
    "ADMI_AUDITLOGIN": "View",
    "ADMI_INTEGRAPP": "View",
    "LIST_INTEGRAPP": "View",
}
"""All that a role needs to read an account."""
