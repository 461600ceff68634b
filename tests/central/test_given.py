"""The hospital's own certificate: what desks would refuse is said before central starts, and what fits is served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from access_desk.central.authority import certificates
from access_desk.central.given import read_given
from access_desk.domain.errors import UnavailableError
from access_desk.protocol.messages import CENTRAL_NAME
from access_desk.sync.core import StoppedError, kind_of_central
from access_desk.sync.transport import HttpTransport, fetch_authority

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
DAY = timedelta(days=1)


@dataclass
class Issued:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, locked: KeySerializationEncryption | None = None) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked or NoEncryption())


def issue(
    name: str, by: Issued | None = None, *, ca: bool = False, at: datetime = NOW, days: int = 90, san: str = CENTRAL_NAME
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - DAY)
        .not_valid_after(at + days * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(san)]), critical=False)
    return Issued(key, built.sign(by.key if by else key, hashes.SHA256()))


@dataclass
class Files:
    folder: Path
    root: Issued
    between: Issued
    served: Issued

    def write(self, *chain: bytes, key: bytes | None = None) -> tuple[Path, Path]:
        certificate, key_file = self.folder / "chain.pem", self.folder / "key.pem"
        certificate.write_bytes(b"".join(chain or (self.served.pem, self.between.pem, self.root.pem)))
        key_file.write_bytes(key if key is not None else self.served.key_pem())
        return certificate, key_file


@pytest.fixture
def files(tmp_path: Path) -> Files:
    root = issue("Hospital root", ca=True, days=4000)
    between = issue("Hospital servers", root, ca=True, days=2000)
    return Files(tmp_path, root, between, issue("central", between))


def refusal(files: tuple[Path, Path], now: datetime = NOW) -> str:
    with pytest.raises(UnavailableError) as no:
        read_given(*files, now)
    assert no.value.text.endswith("Central was not started.")
    return no.value.text


def test_a_whole_chain_is_accepted_and_its_root_is_what_desks_trust(files: Files) -> None:
    given = read_given(*files.write(), NOW)
    assert given.authority == files.root.certificate
    made = certificates(files.folder, NOW, given)
    assert made.authority_pem.encode() == files.root.pem
    assert not (files.folder / "authority.key").exists()
    assert certificates(files.folder, NOW).fingerprint == made.fingerprint


def test_a_key_that_does_not_fit_or_cannot_be_used_is_named(files: Files) -> None:
    assert "does not fit" in refusal(files.write(key=files.root.key_pem()))
    assert "passphrase" in refusal(files.write(key=files.served.key_pem(BestAvailableEncryption(b"secret"))))
    assert "no private key" in refusal(files.write(key=b"something"))
    certificate, key = files.write()
    key.unlink()
    assert "cannot be read" in refusal((certificate, key))
    assert "cannot be read" in refusal((files.folder, key))
    certificate.write_bytes(b"\xff")
    assert "no certificate" in refusal((certificate, key))


def test_what_is_not_valid_now_is_refused(files: Files) -> None:
    assert "The certificate" in (said := refusal(files.write(), NOW + 91 * DAY))
    assert "has expired (2027-02-21 08:00 UTC)" in said
    assert "not valid yet" in refusal(files.write(), NOW - 2 * DAY)
    root = issue("old root", ca=True, days=1)
    served = issue("central", root)
    assert "An authority's certificate" in refusal(files.write(served.pem, root.pem, key=served.key_pem()), NOW + 2 * DAY)


def test_what_desks_would_refuse_is_refused_first(files: Files) -> None:
    other = issue("central", files.between, san="central.hospital.example")
    assert CENTRAL_NAME in refusal(files.write(other.pem, files.between.pem, files.root.pem, key=other.key_pem()))
    itself = issue("alone")
    for chain in (
        (files.served.pem,),
        (files.served.pem, files.between.pem),
        (files.served.pem, files.root.pem),
        (files.served.pem, files.between.pem, issue("Hospital root", ca=True).pem),
    ):
        assert "up to one that signed itself" in refusal(files.write(*chain))
    assert "up to one that signed itself" in refusal(files.write(itself.pem, key=itself.key_pem()))


def test_the_authority_that_desks_trust_is_never_exchanged(files: Files) -> None:
    own = certificates(files.folder, NOW)
    with pytest.raises(UnavailableError, match="every desk would refuse it"):
        certificates(files.folder, NOW, read_given(*files.write(), NOW))
    assert certificates(files.folder, NOW) == own


def test_a_later_certificate_of_the_same_authority_takes_its_place(files: Files) -> None:
    before = certificates(files.folder, NOW, read_given(*files.write(), NOW))
    again = issue("central", files.root, at=NOW + 80 * DAY)
    later = NOW + 100 * DAY
    chain = files.write(again.pem, files.root.pem, key=again.key_pem())
    assert certificates(files.folder, later, read_given(*chain, later)).fingerprint == before.fingerprint


def test_without_its_files_it_says_what_is_missing(files: Files) -> None:
    certificates(files.folder, NOW, read_given(*files.write(), NOW))
    with pytest.raises(UnavailableError, match="--certificate and --key"):
        certificates(files.folder, NOW).ends()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_desks_connect_to_a_central_that_serves_with_it(files: Files) -> None:
    now = datetime.now(UTC)
    root = issue("Hospital root", ca=True, at=now)
    between = issue("Hospital servers", root, ca=True, at=now)
    served = issue("central", between, at=now)
    certificate, key = files.write(served.pem, between.pem, root.pem, key=served.key_pem())
    command = [sys.executable, "-m", "access_desk", "central", "serve", "--practice", "--home", str(files.folder / "home")]
    command += ["--port", "0", "--certificate", str(certificate), "--key", str(key), "--log", "faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        url = running.stdout.readline().split()[-1]
        try:
            pem = fetch_authority(url, root.certificate.fingerprint(hashes.SHA256()).hex())
            with HttpTransport(url, pem) as transport:
                assert transport.drive(kind_of_central()).practice is True
            other = issue("Hospital root", ca=True, at=now)
            with HttpTransport(url, other.pem.decode()) as transport, pytest.raises(StoppedError):
                transport.drive(kind_of_central())
        finally:
            running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0
        assert "Traceback" not in running.stderr.read()
