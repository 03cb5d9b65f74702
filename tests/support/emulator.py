"""The emulator as a process of its own, and its back door, through which a test acts as people and the Connector.

It is the client that the package gives to everybody who tests against the emulator.
"""

from reconciler.emulator.client import ACCOUNT, CONNECTOR, LISTENING, Emulator, serving

__all__ = ["ACCOUNT", "CONNECTOR", "LISTENING", "Emulator", "serving"]
