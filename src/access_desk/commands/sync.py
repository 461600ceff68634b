"""`access-desk sync`: bring what this desk recorded to central, and fetch what the others did."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import threading

from access_desk import app
from access_desk.cli import DONE, NO, WrongUseError
from access_desk.commands.rounds import SyncRounds
from access_desk.domain.errors import UnavailableError
from access_desk.storage.durable_files import write_private
from access_desk.sync.by_hand import unsent_file
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.loop import DETAILS_STAY, TOGETHER_SECONDS
from access_desk.sync.pace import SyncPace


def run(arguments: argparse.Namespace) -> int:
    """One round, rounds until told to stop, or a file instead of a network."""
    if arguments.export is not None:
        return _export(arguments)
    if arguments.everything:
        raise WrongUseError("--everything: goes with --export FILE")
    with app.open_to_write(arguments.home) as opened:
        rounds = SyncRounds(opened)
        try:
            if arguments.details:
                rounds.fetch_again(DETAILS_STAY)
            return _once(rounds) if arguments.once else _until_stopped(rounds)
        finally:
            rounds.close()


def _export(arguments: argparse.Namespace) -> int:
    """Works beside an open window: nothing is recorded, and central tells later what it has."""
    with app.open_to_read(arguments.home) as opened:
        files = opened.files
        made = unsent_file(files.database, files.identity.desk_id, files.signer, everything=arguments.everything)
    if not made.events:
        sys.stdout.write("nothing waits: central has everything that this desk recorded\n")
        return DONE
    try:
        write_private(arguments.export, made.content)
    except OSError as wrong:
        raise UnavailableError(f"{arguments.export} cannot be written ({wrong.strerror}). Nothing is lost.") from wrong
    sys.stdout.write(
        f"{made.events} events in {arguments.export}, signed and not encrypted: it names patients, so carry it as their papers "
        "are carried and delete it afterwards; at central: access-desk central import FILE\n"
    )
    return DONE


def _once(rounds: SyncRounds) -> int:
    try:
        result = rounds.run()
    except RetryLaterError as away:
        raise UnavailableError(f"Central does not answer ({away}). Everything is saved here; {rounds.waiting()} wait.") from away
    except StoppedError as stopped:
        sys.stderr.write(f"access-desk sync: {stopped.text}\n")
        return NO
    sys.stdout.write(_in_words(result))
    if result.stopped:
        sys.stderr.write(f"access-desk sync: {result.stopped}\n")
    return NO if result.sane is False or result.stopped else DONE


def _in_words(result: RoundResult) -> str:
    compared = {True: "the same here and there", False: "sums differ, fetched again next time", None: "not compared"}[result.sane]
    parked = f", {result.parked} set aside" if result.parked else ""
    began = f"began with central's snapshot at position {result.began.position}; " if result.began.position else ""
    refused = f"; the feed was followed, because {result.began.refused}" if result.began.refused else ""
    differs = f" {result.differs}" if result.differs else ""
    done = f"{result.pushed} sent, {result.pulled} received{parked}, {result.waiting} waiting; {compared}{differs}"
    return f"{began}{done}{refused}\n"


def _until_stopped(rounds: SyncRounds) -> int:
    stop, wake = threading.Event(), threading.Event()

    def ended(*_: object) -> None:
        stop.set()
        wake.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, ended)
    rounds.listen(wake.set)
    pace, said = SyncPace(random.SystemRandom().random), ""
    while not stop.is_set():
        try:
            result = rounds.run()
            sys.stdout.write(_in_words(result))
            sys.stdout.flush()
            if result.stopped and result.stopped != said:
                sys.stderr.write(f"access-desk sync: {result.stopped}\n")
            said = result.stopped
            wake.clear()
            if not stop.is_set() and not rounds.is_behind():
                wake.wait(pace.after_success())
            stop.wait(pace.spread(TOGETHER_SECONDS))
        except RetryLaterError as away:
            sys.stdout.write(f"central does not answer ({away}); {rounds.waiting()} waiting\n")
            sys.stdout.flush()
            stop.wait(pace.after_failure(away.seconds))
        except StoppedError as stopped:
            sys.stderr.write(f"access-desk sync: {stopped.text}\n")
            return NO
    return DONE
