"""Bodies come out of zstd and gzip as they went in, in small pieces, or are refused; who reads what is agreed by weight."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access_desk.protocol.coding import CODINGS, GZIP, ZSTD, Unpacking, agreed, packed
from access_desk.protocol.messages import MalformedMessageError


def unpacked(body: bytes, coding: str, step: int) -> bytes:
    unpacking = Unpacking(coding)
    whole = b"".join(piece for at in range(0, len(body), step) for piece in unpacking.pieces(body[at : at + step]))
    unpacking.check_whole()
    return whole


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=3000), times=st.sampled_from([1, 40]), step=st.sampled_from([1, 7, 100_000]))
def test_what_went_in_comes_out_however_it_is_cut(coding: str, body: bytes, times: int, step: int) -> None:
    assert unpacked(packed(body * times, coding), coding, step) == body * times


@pytest.mark.parametrize("coding", CODINGS)
def test_a_small_body_that_becomes_a_large_one_comes_in_small_pieces(coding: str) -> None:
    bomb = packed(bytes(50_000_000), coding)
    assert len(bomb) < 60_000
    sizes = [len(piece) for piece in Unpacking(coding).pieces(bomb)]
    assert (sum(sizes), max(sizes)) == (50_000_000, 65_536)


@pytest.mark.parametrize("coding", CODINGS)
def test_what_is_cut_off_or_followed_by_something_or_no_such_body_is_refused(coding: str) -> None:
    body = packed(b"some events " * 200, coding)
    for wrong in (b"", body[:-1], body[: len(body) // 2], body + b" ", body + body, b"{}", body[:20] + b"\0\0\0\0" + body[24:]):
        for step in (len(wrong) or 1, 3):
            with pytest.raises(MalformedMessageError):
                unpacked(wrong, coding, step)


def test_a_writer_does_not_decide_how_much_memory_its_reader_needs() -> None:
    # A frame whose header asks for a window of 1 GiB, and an empty last block.
    with pytest.raises(MalformedMessageError):
        unpacked(bytes.fromhex("28b52ffd00a0010000"), ZSTD, 100)


def test_what_others_pack_is_read() -> None:
    assert unpacked(gzip.compress(b"events"), GZIP, 100) == b"events"


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("", ""),
        ("identity", ""),
        ("*", ""),
        ("br, deflate", ""),
        ("gzip", GZIP),
        ("gzip, deflate, br, zstd", ZSTD),
        ("ZSTD", ZSTD),
        ("zstd;q=0, gzip", GZIP),
        ("zstd ; q=0.000 , gzip;q=0.5", GZIP),
        ("zstd;q=much", ""),
        ("gzip;q=1.0, zstd;q=0.1", ZSTD),
        ("gzipped, xzstd", ""),
    ],
)
def test_the_best_that_both_know_is_used(accepted: str, best: str) -> None:
    assert agreed(accepted) == best
