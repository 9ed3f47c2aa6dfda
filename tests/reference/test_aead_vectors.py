"""The ciphers against published vectors: the switch of algorithm must mean what others mean by its name."""

import pytest

from evalhub.infra.aead import ALGORITHMS, derive

# RFC 8998 appendix A.1 (SM4-GCM) and McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16 (AES-256).
SM4_KEY = "0123456789abcdeffedcba9876543210"
SM4_NONCE = "00001234567800000000abcd"
SM4_ASSOCIATED = "feedfacedeadbeeffeedfacedeadbeefabaddad2"
SM4_PLAIN = (
    "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
    "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
)
SM4_SEALED = (
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    "83de3541e4c2b58177e065a9bf7b62ec"
)
AES_KEY = "feffe9928665731c6d6a8f9467308308" * 2
AES_NONCE = "cafebabefacedbaddecaf888"
AES_PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
AES_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    "76fc6ece0f4e1768cddf8853bb2d551b"
)


@pytest.mark.parametrize(
    ("algorithm", "key", "nonce", "associated", "plain", "sealed"),
    [
        ("sm4gcm", SM4_KEY, SM4_NONCE, SM4_ASSOCIATED, SM4_PLAIN, SM4_SEALED),
        ("aes256gcm", AES_KEY, AES_NONCE, SM4_ASSOCIATED, AES_PLAIN, AES_SEALED),
    ],
)
def test_cipher_meets_its_published_vector(algorithm, key, nonce, associated, plain, sealed):
    cipherer = ALGORITHMS[algorithm].cipherer(bytes.fromhex(key))
    nonce, associated = bytes.fromhex(nonce), bytes.fromhex(associated)

    assert cipherer.encrypt(nonce, bytes.fromhex(plain), associated).hex() == sealed
    assert cipherer.decrypt(nonce, bytes.fromhex(sealed), associated).hex() == plain


def test_derived_key_meets_rfc_5869_case_3():
    okm = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"

    assert derive(bytes.fromhex("0b" * 22), "", 42).hex() == okm
