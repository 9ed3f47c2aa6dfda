"""The vault: everything opens in its own place and nowhere else."""

import pytest

from evalhub.infra.crypto import Tampered, Vault, canonical, digest, new_salt
from tests.unit.infra.keys import fixed_key, make_secrets

PLACE, RECORD = "persons.id_number", "0195c1"


@pytest.mark.parametrize("algorithm", ["aes256gcm", "sm4gcm"])
@pytest.mark.parametrize("text", ["", "110105194912310021", "𠮷㛃豈 \x00", "长" * 5000])
def test_field_opens_to_the_same_text(algorithm, text):
    vault = Vault(make_secrets(), algorithm=algorithm)
    sealed = vault.seal_field(text, place=PLACE, record_id=RECORD)

    assert sealed.startswith(f"{algorithm}:k0001:".encode())
    assert vault.open_field(sealed, place=PLACE, record_id=RECORD) == text


def test_field_sealed_twice_differs(vault):
    first = vault.seal_field("6222", place=PLACE, record_id=RECORD)

    assert first != vault.seal_field("6222", place=PLACE, record_id=RECORD)


@pytest.mark.parametrize(
    ("place", "record"),
    [("persons.card_number", RECORD), (PLACE, "0195c2"), ("persons.id_number0", "195c1"), ("", PLACE + RECORD)],
)
def test_field_moved_elsewhere_does_not_open(vault, place, record):
    sealed = vault.seal_field("6222", place=PLACE, record_id=RECORD)

    with pytest.raises(Tampered):
        vault.open_field(sealed, place=place, record_id=record)


def test_field_with_any_changed_character_does_not_open(vault):
    sealed = vault.seal_field("6222", place=PLACE, record_id=RECORD)

    for at in range(len(sealed)):
        changed = sealed[:at] + (b"A" if sealed[at : at + 1] != b"A" else b"B") + sealed[at + 1 :]
        with pytest.raises(Tampered):
            vault.open_field(changed, place=PLACE, record_id=RECORD)


@pytest.mark.parametrize(
    "sealed", [b"", b"6222", b"a:b", b"aes256gcm:k0001:", b"aes256gcm:k0001:!!", b"aes256gcm:k9:AAAA", b"\xff:k:A"]
)
def test_field_that_was_never_sealed_does_not_open(vault, sealed):
    with pytest.raises(Tampered):
        vault.open_field(sealed, place=PLACE, record_id=RECORD)


def test_rotation_opens_old_fields_and_reseals_them_with_the_newest_key():
    old = Vault(make_secrets())
    ring = {"k0001": fixed_key("master"), "k0002": fixed_key("newer")}
    new = Vault(make_secrets(master_keys=ring))
    sealed = old.seal_field("6222", place=PLACE, record_id=RECORD)

    assert new.needs_resealing(sealed)
    resealed = new.reseal_field(sealed, place=PLACE, record_id=RECORD)
    assert resealed.startswith(b"aes256gcm:k0002:")
    assert not new.needs_resealing(resealed)
    assert new.open_field(resealed, place=PLACE, record_id=RECORD) == "6222"
    with pytest.raises(Tampered, match="no key k0002"):
        old.open_field(resealed, place=PLACE, record_id=RECORD)


def test_switch_of_algorithm_opens_old_fields_and_asks_for_resealing():
    sealed = Vault(make_secrets()).seal_field("6222", place=PLACE, record_id=RECORD)
    national = Vault(make_secrets(), algorithm="sm4gcm")

    assert national.open_field(sealed, place=PLACE, record_id=RECORD) == "6222"
    assert national.needs_resealing(sealed)


def test_blind_index_is_equal_for_equal_text_of_one_kind_only(vault):
    index = vault.blind_index("person.id_number", "110105194912310021")

    assert index == vault.blind_index("person.id_number", "110105194912310021")
    assert index != vault.blind_index("person.card_number", "110105194912310021")
    assert index != vault.blind_index("person.id_number", "110105194912310022")
    assert index != Vault(make_secrets(blind_index=fixed_key("other"))).blind_index(
        "person.id_number", "110105194912310021"
    )
    assert len(index) == 64


def test_task_key_opens_under_its_own_task_only(vault):
    key = vault.new_task_key()
    wrapped = vault.wrap_task_key(key, "T1")

    assert len(key) == 32
    assert key != vault.new_task_key()
    assert vault.unwrap_task_key(wrapped, "T1") == key
    with pytest.raises(Tampered):
        vault.unwrap_task_key(wrapped, "T2")
    with pytest.raises(Tampered):
        vault.open_field(wrapped, place="T1", record_id="")


def test_rewrapped_task_key_is_the_same_key_under_the_newest_master():
    wrapped = Vault(make_secrets()).wrap_task_key(fixed_key("task"), "T1")
    rotated = Vault(make_secrets(master_keys={"k0001": fixed_key("master"), "k0002": fixed_key("newer")}))
    rewrapped = rotated.rewrap_task_key(wrapped, "T1")

    assert rewrapped.startswith(b"aes256gcm:k0002:")
    assert rotated.unwrap_task_key(rewrapped, "T1") == fixed_key("task")


@pytest.mark.parametrize("algorithm", ["aes256gcm", "sm4gcm"])
@pytest.mark.parametrize(("size", "sealed_size"), [(0, 4125), (4088, 4125), (4089, 8221), (10_000, 12_317)])
def test_document_length_tells_only_its_blocks(algorithm, size, sealed_size):
    vault = Vault(make_secrets(), algorithm=algorithm)
    sealed = vault.seal_document(fixed_key("task"), "sheet", "S1", b"7" * size)

    assert len(sealed) == sealed_size
    assert vault.open_document(fixed_key("task"), "sheet", "S1", sealed) == b"7" * size


@pytest.mark.parametrize(
    ("task", "kind", "record"), [("other", "sheet", "S1"), ("task", "draft", "S1"), ("task", "sheet", "S2")]
)
def test_document_of_another_task_kind_or_record_does_not_open(vault, task, kind, record):
    sealed = vault.seal_document(fixed_key("task"), "sheet", "S1", b"7.50")

    with pytest.raises(Tampered):
        vault.open_document(fixed_key(task), kind, record, sealed)


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x09" + bytes(5000), b"\x01" + bytes(5000), b"\x02" + bytes(3)])
def test_document_that_was_never_sealed_does_not_open(vault, sealed):
    with pytest.raises(Tampered):
        vault.open_document(fixed_key("task"), "sheet", "S1", sealed)


def test_receipt_holds_for_its_facts_alone(vault):
    given = vault.make_receipt("sheet", "S1", "sha256:ab")
    receipt = given.text

    assert len(receipt) == 43
    assert receipt[26] == "-"
    assert given.hmac.startswith("hmac-sha256:")
    assert len(given.hmac) == 76
    assert vault.check_receipt(receipt, "sheet", "S1", "sha256:ab")
    assert vault.check_receipt(f" {receipt.lower()}\n", "sheet", "S1", "sha256:ab")
    assert not vault.check_receipt(receipt, "sheet", "S1", "sha256:ac")
    assert not vault.check_receipt(receipt, "sheet", "S1sha256:ab")
    assert not vault.check_receipt(receipt, "upload", "S1", "sha256:ab")
    assert not vault.check_receipt(receipt[:-1] + ("0" if receipt[-1] != "0" else "1"), "sheet", "S1", "sha256:ab")
    assert not Vault(make_secrets(receipt=fixed_key("other"))).check_receipt(receipt, "sheet", "S1", "sha256:ab")


@pytest.mark.parametrize("text", ["", "-", "长", "A" * 43])
def test_receipt_never_given_does_not_hold(vault, text):
    assert not vault.check_receipt(text, "sheet", "S1")


def test_receipts_for_equal_facts_differ(vault):
    assert vault.make_receipt("sheet", "S1") != vault.make_receipt("sheet", "S1")


def test_journal_digest_depends_on_salt_content_and_key(vault):
    salt = new_salt()
    first = vault.journal_digest(salt, b"state")

    assert first == vault.journal_digest(salt, b"state")
    assert first.startswith("hmac-sha256:")
    assert len(first) == 12 + 64
    assert (
        len(
            {
                first,
                vault.journal_digest(new_salt(), b"state"),
                vault.journal_digest(salt, b"other"),
                vault.journal_mac(b"state"),
                Vault(make_secrets(journal=fixed_key("other"))).journal_digest(salt, b"state"),
            }
        )
        == 5
    )


def test_canonical_parts_cannot_be_shifted():
    assert canonical("ab", "c") != canonical("a", "bc")
    assert canonical("a") == b"\x00\x00\x00\x00\x00\x00\x00\x01a"


def test_digest_is_prefixed_and_tagged():
    assert digest("t", b"x") == "sha256:f704cb684e26236adb129748065c6d19c46bef0ccd2a381a24b98f07d9b0fc74"
    assert digest("t", b"x", algorithm="sm3") == "sm3:cf74fe047f34e1f2ddcbda4caff2005fb5514f6f80c8f574d2f1c8b571f1ac9f"
    assert digest("t", b"x") != digest("u", b"x")


def test_field_spelt_another_way_does_not_open(vault):
    # the last letter of base64 carries bits that mean nothing: a second spelling of the same bytes is refused
    sealed = vault.seal_field("6222", place=PLACE, record_id=RECORD)
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = len(sealed.rstrip(b"=")) - 1
    respelt = sealed[:at] + letters[letters.index(sealed[at : at + 1]) + 1 :][:1] + sealed[at + 1 :]

    assert sealed.endswith(b"=")
    with pytest.raises(Tampered):
        vault.open_field(respelt, place=PLACE, record_id=RECORD)
