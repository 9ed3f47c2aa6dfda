"""Fixtures of the infra tests."""

import pytest

from evalhub.infra.crypto import Vault
from tests.unit.infra.keys import make_secrets


@pytest.fixture
def vault() -> Vault:
    return Vault(make_secrets())
