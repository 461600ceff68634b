"""What can go wrong, in three kinds.

::

    Exception
     +-- DeskError         the clerk's: the program said no; the text says what happened, what is safe, what to do
     +-- UnavailableError  the world's: disk full, keyring locked, file damaged, printer away
     |    +-- KeyMissingError       the database is there, its key is not
     |    +-- NewerDatabaseError    the file was written by a later release
     |    +-- DamagedDatabaseError  a page, or the whole file, cannot be read
     |    +-- HomeInUseError        another process has this home open
     |    +-- UnknownOutcomeError   COMMIT failed: recorded or not is found out by looking the event up
     +-- anything else     a bug: logged without patient data, shown by the crash dialog
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why the program said no. The codes are a contract (day files, results, audit trail) and only grow."""

    BAD_AMOUNT = "bad_amount"
    BAD_COUNT = "bad_count"
    BAD_VALUE = "bad_value"
    BAD_IDENTIFIER = "bad_identifier"
    UNKNOWN_REFERENCE = "unknown_reference"
    NOT_PERMITTED = "not_permitted"
    NEEDS_APPROVAL = "needs_approval"
    NEEDS_REASON = "needs_reason"
    NEEDS_MEMO = "needs_memo"
    NEEDS_WITNESS = "needs_witness"
    SAME_PERSON = "same_person"
    PIN_WRONG = "pin_wrong"
    DRAWER_IN_USE = "drawer_in_use"
    HOLDS_ANOTHER_DRAWER = "holds_another_drawer"
    DRAWER_NOT_OPEN = "drawer_not_open"
    NOT_HOLDER = "not_holder"
    DRAWER_COUNTING = "drawer_counting"
    NOT_ENOUGH_CASH = "not_enough_cash"
    VOID_WINDOW_CLOSED = "void_window_closed"
    ALREADY_VOIDED = "already_voided"
    MORE_THAN_PAID = "more_than_paid"
    EMTALA_HOLD = "emtala_hold"
    RECOUNT_LIMIT = "recount_limit"
    BAG_IN_USE = "bag_in_use"
    RECEIVER_COUNT_DIFFERS = "receiver_count_differs"
    PROBABLE_DUPLICATE = "probable_duplicate"


class DeskError(Exception):
    """The program refuses, and says so to a clerk. ``text`` never tells what a drawer holds, nor a patient's name."""

    def __init__(self, code: Refusal, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class UnavailableError(Exception):
    """Something outside the program is missing; ``text`` says what, what is safe, and what to do."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class KeyMissingError(UnavailableError):
    """The desk's database exists but its key cannot be had: re-enroll or restore; never replaced by an empty one."""


class NewerDatabaseError(UnavailableError):
    """The database was written by a later release of the program."""


class DamagedDatabaseError(UnavailableError):
    """The database, or a page of it, cannot be read with its key."""


class HomeInUseError(UnavailableError):
    """Another process has the desk's home open."""


class UnknownOutcomeError(UnavailableError):
    """COMMIT reported an error and the outcome could not be looked up; nothing may be entered again before it is."""
