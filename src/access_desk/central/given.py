"""A certificate that the hospital made itself, instead of the one that central would make.

Desks trust one authority alone, by its fingerprint, and one name, so the file has to hold the whole way from central's
certificate up to an authority that signed itself. Everything that desks would refuse is said before central starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from access_desk.domain.errors import UnavailableError
from access_desk.protocol.messages import CENTRAL_NAME

_NOTHING: Final = "Central was not started."


@dataclass(frozen=True, slots=True)
class Given:
    """Where certificate and key lie, and the authority that desks have to trust for them."""

    certificate: Path
    key: Path
    authority: x509.Certificate


def read_given(certificate: Path, key: Path, now: datetime) -> Given:
    """Check that desks would accept these files.

    Raises:
        UnavailableError: they cannot be read, do not fit each other, are not valid now or not good for central.
    """
    chain = _chain(certificate)
    if _public(_key(key).public_key()) != _public(chain[0].public_key()):
        raise UnavailableError(f"The key in {key} does not fit the certificate in {certificate}. {_NOTHING}")
    for one in chain:
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            state = "is not valid yet" if now < one.not_valid_before_utc else "has expired"
            at = one.not_valid_before_utc if now < one.not_valid_before_utc else one.not_valid_after_utc
            which = "The certificate" if one is chain[0] else "An authority's certificate"
            raise UnavailableError(f"{which} in {certificate} {state} ({at:%Y-%m-%d %H:%M} UTC). {_NOTHING}")
    if CENTRAL_NAME not in _names(chain[0]):
        raise UnavailableError(f"The certificate in {certificate} is not for the name {CENTRAL_NAME}. {_NOTHING}")
    _check_way_up(chain, certificate)
    return Given(certificate, key, chain[-1])


def _chain(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as wrong:
        raise UnavailableError(f"{path} cannot be read ({wrong.strerror}). {_NOTHING}") from wrong
    except ValueError as wrong:
        raise UnavailableError(f"{path} holds no certificate in PEM form. {_NOTHING}") from wrong


def _key(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except OSError as wrong:
        raise UnavailableError(f"{path} cannot be read ({wrong.strerror}). {_NOTHING}") from wrong
    except TypeError as wrong:
        raise UnavailableError(f"The key in {path} is locked by a passphrase; one without is needed. {_NOTHING}") from wrong
    except (ValueError, UnsupportedAlgorithm) as wrong:
        raise UnavailableError(f"{path} holds no private key in PEM form. {_NOTHING}") from wrong


def _public(key: object) -> bytes:
    # Every key that a certificate can hold has this method; the library's union of their types is of no use here.
    made: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]
    return made


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return named.get_values_for_type(x509.DNSName)


def _check_way_up(chain: list[x509.Certificate], path: Path) -> None:
    """Each is signed by the next, and the last, an authority, by itself."""
    try:
        for one, above in zip(chain, [*chain[1:], chain[-1]], strict=True):
            one.verify_directly_issued_by(above)
        is_authority = chain[-1].extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound) as wrong:
        raise _no_way_up(path) from wrong
    if len(chain) == 1 or not is_authority:
        raise _no_way_up(path)


def _no_way_up(path: Path) -> UnavailableError:
    return UnavailableError(
        f"{path} has to hold central's certificate, then each authority above it, up to one that signed itself: desks trust "
        f"that one and nothing else. {_NOTHING}"
    )
