"""Keys for tests: fixed, so that nothing depends on chance."""

import hashlib

from evalhub.infra.secrets import Secrets


def fixed_key(name: str) -> bytes:
    """32 bytes that look random and are always the same."""
    return hashlib.sha256(name.encode()).digest()


def make_secrets(**changes) -> Secrets:
    """Key material of an installation, with the given parts changed."""
    parts = {
        "master_keys": {"k0001": fixed_key("master")},
        "session_keys": {"k0001": fixed_key("session")},
        "blind_index": fixed_key("blind"),
        "journal": fixed_key("journal"),
        "receipt": fixed_key("receipt"),
    }
    return Secrets(**(parts | changes))
