"""The ends of the desk's streams, kept outside its database and signed, so that an older copy put back shows.

They are written when the desk closes and whenever a paper leaves it. Whoever can write the desk's folder can put an older
file of these back as well; the heads printed on paper, and central at the next contact, still tell.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from access_desk.domain.errors import UnavailableError
from access_desk.domain.ports import Signer
from access_desk.storage.durable_files import write_private
from access_desk.storage.event_log import Head, Stream
from access_desk.storage.verify import Kept

HEADS_FILE: Final = "heads.json"
FORMAT: Final = "access-desk.heads/1"


class KeptHeads:
    """The heads file of a home."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / HEADS_FILE

    def keep(self, stream: Stream, head: Head, signer: Signer) -> None:
        """Remember how far a stream has come; going back is never written. Raises UnavailableError."""
        kept = self._read()
        name = _name(stream)
        if not head.seq or kept.get(name, {}).get("seq", 0) >= head.seq:
            return
        signature = signer.sign(_signed(stream, head)).hex()
        kept[name] = {
            "facility": stream.facility_id,
            "desk": stream.desk_id,
            "epoch": stream.epoch,
            "seq": head.seq,
            "hash": head.hash,
            "signature": signature,
        }
        try:
            write_private(self._path, (json.dumps({"format": FORMAT, "heads": kept}, indent=1) + "\n").encode())
        except OSError as wrong:
            raise UnavailableError(f"{self._path} cannot be written ({wrong.strerror}). Nothing recorded is lost.") from wrong

    def load(self, public_key: str) -> tuple[Kept, ...]:
        """The heads that this desk signed. Raises UnavailableError when one in the file was not signed by it."""
        heads: list[Kept] = []
        for one in self._read().values():
            stream = Stream(one["facility"], one["desk"], one["epoch"])
            head = Head(one["seq"], one["hash"])
            try:
                key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
                key.verify(bytes.fromhex(one["signature"]), _signed(stream, head))
            except (InvalidSignature, ValueError) as forged:
                raise UnavailableError(f"{self._path} was not written by this desk. Ask who changed it.") from forged
            heads.append(Kept(stream, head))
        return tuple(heads)

    def replace(self, stream: Stream, head: Head, signer: Signer) -> None:
        """After a restore: the stream ends where the backup did. The heads before are kept beside it."""
        if self._path.exists():
            self._path.replace(self._path.with_name("heads-before-restore.json"))
        self.keep(stream, head, signer)

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_bytes())
            if kept["format"] != FORMAT:
                raise ValueError(FORMAT)
            return dict(kept["heads"])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise UnavailableError(f"{self._path} cannot be read. Put it back from a copy of the folder.") from wrong


def _name(stream: Stream) -> str:
    return f"{stream.facility_id}/{stream.desk_id}/{stream.epoch}"


def _signed(stream: Stream, head: Head) -> bytes:
    return f"head {_name(stream)} {head.seq} {head.hash}".encode()
