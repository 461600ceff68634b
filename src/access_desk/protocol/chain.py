"""The hash chain and its signatures."""

from __future__ import annotations

import hashlib

from nacl.bindings import crypto_sign_BYTES, crypto_sign_open, crypto_sign_PUBLICKEYBYTES
from nacl.exceptions import BadSignatureError

GENESIS = "0" * 64


def hash_of(data: bytes) -> bytes:
    """SHA-256 over an event's bytes, which contain the hash of the event before."""
    return hashlib.sha256(data).digest()


def is_signed_by(public_key_hex: str, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature over the message was made with the key's private half."""
    try:
        public_key = bytes.fromhex(public_key_hex)
    except ValueError:
        return False
    # The library reads as many bytes as there have to be, whatever it is given.
    if len(public_key) != crypto_sign_PUBLICKEYBYTES or len(signature) != crypto_sign_BYTES:
        return False
    try:
        # libsodium, which takes half as long as OpenSSL and lets other threads work meanwhile.
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


def fragment(head_hash: bytes) -> str:
    """The part of a head's hash that fits on paper: four groups of four hex digits."""
    text = head_hash.hex()[:16]
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))
