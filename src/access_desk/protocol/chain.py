"""The hash chain and its signatures."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

GENESIS = "0" * 64


def hash_of(data: bytes) -> bytes:
    """SHA-256 over an event's bytes, which contain the hash of the event before."""
    return hashlib.sha256(data).digest()


def is_signed_by(public_key_hex: str, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature over the message was made with the key's private half."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key_hex)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fragment(head_hash: bytes) -> str:
    """The part of a head's hash that fits on paper: four groups of four hex digits."""
    text = head_hash.hex()[:16]
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))
