"""`access-desk sync`: bring what this desk recorded to central, and fetch what the others did."""

from __future__ import annotations

import argparse
import random
import signal
import sys
import threading

from access_desk import app
from access_desk.cli import DONE, NO
from access_desk.commands.rounds import SyncRounds
from access_desk.domain.errors import UnavailableError
from access_desk.sync.core import RetryLaterError, RoundResult, StoppedError
from access_desk.sync.pace import SyncPace


def run(arguments: argparse.Namespace) -> int:
    """One round, or rounds until told to stop."""
    with app.open_to_write(arguments.home) as opened:
        rounds = SyncRounds(opened)
        try:
            return _once(rounds) if arguments.once else _until_stopped(rounds)
        finally:
            rounds.close()


def _once(rounds: SyncRounds) -> int:
    try:
        result = rounds.run()
    except RetryLaterError as away:
        raise UnavailableError(f"Central does not answer ({away}). Everything is saved here; {rounds.waiting()} wait.") from away
    except StoppedError as stopped:
        sys.stderr.write(f"access-desk sync: {stopped.text}\n")
        return NO
    sys.stdout.write(_in_words(result))
    return NO if result.sane is False else DONE


def _in_words(result: RoundResult) -> str:
    compared = {True: "the same here and there", False: "sums differ, fetched again next time", None: "not compared"}[result.sane]
    parked = f", {result.parked} set aside" if result.parked else ""
    return f"{result.pushed} sent, {result.pulled} received{parked}, {result.waiting} waiting; {compared}\n"


def _until_stopped(rounds: SyncRounds) -> int:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    pace = SyncPace(random.SystemRandom().random)
    while not stop.is_set():
        try:
            sys.stdout.write(_in_words(rounds.run()))
            seconds = pace.after_success()
        except RetryLaterError as away:
            sys.stdout.write(f"central does not answer ({away}); {rounds.waiting()} waiting\n")
            seconds = pace.after_failure()
        except StoppedError as stopped:
            sys.stderr.write(f"access-desk sync: {stopped.text}\n")
            return NO
        sys.stdout.flush()
        stop.wait(seconds)
    return DONE
