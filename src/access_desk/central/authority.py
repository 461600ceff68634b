"""Central's own certificate authority, made on first start, and the certificate it serves with.

Desks pin the authority by the fingerprint in their enrollment code. The served certificate is good for one name, whatever
the address; it is renewed at a start before it ends, which desks do not notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from access_desk.central.given import Given
from access_desk.domain.errors import UnavailableError
from access_desk.protocol.messages import CENTRAL_NAME
from access_desk.storage.durable_files import write_private

_AUTHORITY_DAYS: Final = 20 * 365
_SERVED_DAYS: Final = 397
_RENEWED_DAYS: Final = 60
_EARLIER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where they lie, and the fingerprint (SHA-256, hex) of the authority."""

    authority: Path
    served: Path
    served_key: Path
    fingerprint: str

    @property
    def authority_pem(self) -> str:
        """The authority's certificate as text."""
        return self.authority.read_text("ascii")

    def ends(self) -> datetime:
        """When the served certificate ends.

        Raises:
            UnavailableError: there is none: the hospital's own has to be named.
        """
        try:
            return x509.load_pem_x509_certificate(self.served.read_bytes()).not_valid_after_utc
        except FileNotFoundError as missing:
            raise UnavailableError(
                "This central serves with the hospital's own certificate: name it with --certificate and --key."
            ) from missing


def certificates(folder: Path, now: datetime, given: Given | None = None) -> Certificates:
    """The certificates of a folder; what is missing or about to end is made. The authority is made once.

    With a certificate that the hospital ``gave``, the authority is the one above it, and stays it.

    Raises:
        UnavailableError: desks trust another authority than the one above the given certificate.
    """
    authority_key, authority = folder / "authority.key", folder / "authority.pem"
    served_key, served = folder / "served.key", folder / "served.pem"
    if not authority.exists():
        if given is not None:
            write_private(authority, given.authority.public_bytes(Encoding.PEM))
        else:
            key = ec.generate_private_key(ec.SECP256R1())
            write_private(authority_key, _key_pem(key))
            write_private(authority, _authority(key, now).public_bytes(Encoding.PEM))
    issuer = x509.load_pem_x509_certificate(authority.read_bytes())
    fingerprint = sha256(issuer.public_bytes(Encoding.DER)).hexdigest()
    if given is not None:
        if given.authority != issuer:
            raise UnavailableError(
                f"Desks of this central trust the authority in {authority}, and the one above the certificate in "
                f"{given.certificate} is another: every desk would refuse it. Nothing was changed."
            )
        return Certificates(authority, given.certificate, given.key, fingerprint)
    if authority_key.exists() and (not served.exists() or _ends_soon(served, now)):
        signing = load_pem_private_key(authority_key.read_bytes(), None)
        if not isinstance(signing, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{authority_key} is not the key of central's authority")
        key = ec.generate_private_key(ec.SECP256R1())
        write_private(served_key, _key_pem(key))
        write_private(served, _served(key, issuer, signing, now).public_bytes(Encoding.PEM))
    return Certificates(authority, served, served_key, fingerprint)


def _ends_soon(path: Path, now: datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.not_valid_after_utc - now < timedelta(days=_RENEWED_DAYS)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _named("access_desk central authority")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _served(
    key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate, signing: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_named("access_desk central"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + timedelta(days=_SERVED_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(CENTRAL_NAME)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
