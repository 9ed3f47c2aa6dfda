"""Key files: made once, kept private, refused when they would not keep a secret."""

import concurrent.futures
import os
from pathlib import Path

import pytest

from evalhub.infra.secrets import UnsafeSecrets, add_ring_key, create_secrets, load_secrets


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    create_secrets(tmp_path / "keys")
    return tmp_path / "keys"


def test_create_secrets_writes_five_private_files(keys):
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in keys.iterdir()}

    assert modes == {
        "master-k0001.key": "0o600",
        "session-k0001.key": "0o600",
        "blind_index.key": "0o600",
        "journal.key": "0o600",
        "receipt.key": "0o600",
    }
    assert oct(keys.stat().st_mode & 0o777) == "0o700"


def test_create_secrets_twice_keeps_the_first_keys(keys):
    before = load_secrets(keys)
    create_secrets(keys)

    assert load_secrets(keys) == before


def test_secrets_of_one_installation_are_all_different(keys):
    secrets = load_secrets(keys)

    assert (
        len(
            {
                *secrets.master_keys.values(),
                *secrets.session_keys.values(),
                secrets.blind_index,
                secrets.journal,
                secrets.receipt,
            }
        )
        == 5
    )


def test_repr_of_secrets_shows_ids_only(keys):
    assert repr(load_secrets(keys)) == "Secrets(master=['k0001'], session=['k0001'])"


def test_newer_ring_key_is_used_and_the_older_kept(keys):
    old = load_secrets(keys)
    assert add_ring_key(keys, "master") == "k0002"
    assert add_ring_key(keys, "session") == "k0002"
    new = load_secrets(keys)

    assert new.newest_master_id == "k0002"
    assert new.master_keys["k0001"] == old.master_keys["k0001"]
    assert new.session_fallbacks == (old.session,)
    assert new.session != old.session


def test_load_from_missing_directory_names_the_command(tmp_path):
    with pytest.raises(UnsafeSecrets, match="Run `evalhub init`"):
        load_secrets(tmp_path / "none")


def test_load_with_create_makes_the_keys(tmp_path):
    assert load_secrets(tmp_path / "new", create=True).newest_master_id == "k0001"


@pytest.mark.parametrize("name", ["master-k0001.key", "session-k0001.key", "blind_index.key", "journal.key"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_strict_load_refuses_a_key_others_may_read(keys, name, mode):
    (keys / name).chmod(mode)

    with pytest.raises(UnsafeSecrets, match=f"Run `chmod 600 {keys / name}`"):
        load_secrets(keys)
    assert load_secrets(keys, strict=False).newest_master_id == "k0001"


def test_strict_load_refuses_an_open_directory(keys):
    keys.chmod(0o750)

    with pytest.raises(UnsafeSecrets, match="Run `chmod 700"):
        load_secrets(keys)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_strict_load_refuses_a_key_of_another_user(keys):
    os.chown(keys / "journal.key", 65534, 65534)

    with pytest.raises(UnsafeSecrets, match="belongs to another user"):
        load_secrets(keys)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "exactly 64 hexadecimal digits"),
        ("changeme", "exactly 64 hexadecimal digits"),
        ("ab" * 31, "exactly 64 hexadecimal digits"),
        ("密钥", "exactly 64 hexadecimal digits"),
        ("00" * 32, "a pattern, not random"),
        ("0123456789abcdef" * 4, "a pattern, not random"),
    ],
)
def test_load_refuses_a_key_that_is_no_secret_even_in_demo(keys, text, said):
    (keys / "journal.key").write_text(text)

    with pytest.raises(UnsafeSecrets, match=said):
        load_secrets(keys, strict=False)


def test_load_refuses_a_missing_key_and_an_empty_ring(keys):
    (keys / "journal.key").unlink()
    with pytest.raises(UnsafeSecrets, match=r"journal\.key is missing"):
        load_secrets(keys)

    (keys / "master-k0001.key").unlink()
    with pytest.raises(UnsafeSecrets, match=r"No master-\*.key"):
        load_secrets(keys)


def test_many_processes_that_create_at_once_agree_on_the_keys(tmp_path):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: load_secrets(tmp_path / "keys", create=True), range(16)))

    assert all(secrets == loaded[0] for secrets in loaded)
    assert len(list((tmp_path / "keys").iterdir())) == 5


def test_ring_that_does_not_exist_is_refused(keys):
    with pytest.raises(ValueError, match="no ring receipt"):
        add_ring_key(keys, "receipt")
