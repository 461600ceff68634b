"""PostgreSQL for central: the same tables, statements and projections as in a file, on a server.

Statements of this package mark what is bound with ``?``; the cursor here says it the server's way. Transactions are READ
COMMITTED, and who writes for a facility holds the row of its head (`central_log.lock_facility`). Readers see one snapshot.
A server that would acknowledge what it can lose is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import count
from queue import Empty, LifoQueue
from struct import Struct
from typing import Any, Final, NamedTuple

import msgspec
import psycopg
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.types.numeric import Int2Dumper
from sqlalchemy import BigInteger, Connection, Engine, Integer, LargeBinary, Text, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from access_desk.domain.errors import DamagedDatabaseError, NewerDatabaseError, UnavailableError
from access_desk.storage.engine import ELSEWHERE, CommitFailed
from access_desk.storage.migrate import HEAD, REVISIONS
from access_desk.storage.schema import metadata
from access_desk.storage.schema.central import central_metadata
from access_desk.storage.statements import Rows
from access_desk.storage.upgrade import upgrade

POOL_SIZE: Final = 8
# For statements by themselves, beside them.
_SINGLE: Final = 4
_TYPES: Final = {Text: "text", LargeBinary: "bytea", Integer: "int4", BigInteger: "int8"}
_CONNECT_SECONDS: Final = 10
_POOL_SECONDS: Final = 30.0
# What the server must answer, or it loses what it acknowledged (postgresql.org/docs/current/runtime-config-wal.html).
_DURABLE: Final = (("fsync", {"on"}), ("full_page_writes", {"on"}), ("synchronous_commit", {"on", "remote_apply"}))
# What the server says of a row and not of itself. A text that is too long for an index would be refused for ever, so whoever
# took it for a fault of the server would try for ever.
_REFUSED: Final = (psycopg.IntegrityError, psycopg.DataError, psycopg.errors.ProgramLimitExceeded)
# What it says of itself: also that it is a standby, in either of two ways, and that every connection to it is taken.
_STANDBY: Final = (psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.FeatureNotSupported)
_OF_THE_SERVER: Final = (psycopg.OperationalError, *_STANDBY, PoolTimeout)
# What all rows of a batch have in common.
_OF_A_STREAM: Final = frozenset({"facility_id", "desk_id", "stream_epoch"})
_ARRAY_HEAD: Final = Struct("!iiIii")
_LENGTH: Final = Struct("!i")
_ESCAPED: Final = re.compile(r"\\(?:u[0-9a-f]{4}|.)")
_VERSIONS: Final = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


class BrokenConstraintError(psycopg.IntegrityError, dbapi2.IntegrityError):  # type: ignore[misc] # untyped library
    """The server refuses a row; of the row itself nothing is said. It is the file's error of that name as well."""


class _Whole(Loader):
    """Sums of whole numbers come as whole numbers, as they do from a file."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode("ascii")
        return float(text) if "." in text else int(text)


class _Bytes(tuple[bytes | None, ...]):
    """Byte strings on their way into a column."""

    __slots__ = ()


class _BytesDumper(Dumper):
    """As the server sends and receives an array: its head, and each with its length, which is -1 of nothing."""

    format = psycopg.pq.Format.BINARY
    oid = psycopg.adapters.types["bytea"].array_oid

    def dump(self, obj: _Bytes) -> bytes:
        parts = [_ARRAY_HEAD.pack(1, None in obj, psycopg.adapters.types["bytea"].oid, len(obj), 1)]
        for one in obj:
            parts += (_LENGTH.pack(-1),) if one is None else (_LENGTH.pack(len(one)), one)
        return b"".join(parts)


class _ZeroOne(Int2Dumper):
    """No and yes are numbers in the tables."""

    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"


@lru_cache(maxsize=4096)
def _translated(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


@lru_cache(maxsize=256)
def _types_of(table: str) -> Mapping[str, str]:
    """The server's type of each column."""
    columns = (metadata if table in metadata.tables else central_metadata).tables[table].columns
    return {column.name: _TYPES[type(column.type)] for column in columns}


class _Shape(NamedTuple):
    """What rows of a table are put into it from: values that all of them have, and an array for each other column."""

    table: str
    same: tuple[str, ...]
    columns: tuple[str, ...]
    missing: bool


@lru_cache(maxsize=4096)
def _from_arrays(shapes: tuple[_Shape, ...]) -> str:
    """The statement that puts rows into some tables, which do not know of each other."""
    numbers, inserts = count(1), []
    for table, same, columns, missing in shapes:
        types = _types_of(table)
        once = [f"${next(numbers)}::{types[name]}" for name in same]
        # Among what is selected they are taken out one by one; in FROM, each would be written down first.
        each = [f"unnest(${next(numbers)}::{types[name]}[])" for name in columns]
        named, given = ", ".join((*same, *columns)), ", ".join((*once, *each))
        inserts.append(f"INSERT INTO {table} ({named}) SELECT {given}{' ON CONFLICT DO NOTHING' if missing else ''}")
    beside = ", ".join(f"t{place} AS ({insert})" for place, insert in enumerate(inserts[:-1]))
    return f"WITH {beside} {inserts[-1]}" if beside else inserts[-1]


def _array(values: Sequence[object]) -> str:
    """Texts, numbers and nothing as the server writes an array: as JSON does, but for the brackets and some of the escapes."""
    text = msgspec.json.encode(values).decode()
    if "\\" in text:
        text = _ESCAPED.sub(_unescaped, text)
    return f"{{{text[1:-1]}}}"


def _unescaped(found: re.Match[str]) -> str:
    escape = found[0]
    # What follows a backslash stands for itself there.
    return escape if escape[1] in '"\\' else str(msgspec.json.decode(f'"{escape}"'))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except _REFUSED as refused:
        raise BrokenConstraintError(f"{refused.sqlstate} {refused.diag.constraint_name or ''}") from None


class _Cursor(psycopg.Cursor[Any]):
    """Takes the statements of this package."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> _Cursor:
        """Execute one."""
        if not params:
            self._send(query, None, **options)
        elif isinstance(params, Mapping):
            self._send(query, params, **options)
        else:
            self._send(_translated(query), params, **options)
        return self

    def _send(self, query: Any, params: Any, **options: Any) -> None:
        with _refusals():
            super().execute(query, params, **options)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send statements without waiting for the answer to each: the server works while the next ones are made.

        Inside another such block it goes on with that one, whose end says what was wrong.
        """
        if self.connection.info.pipeline_status != psycopg.pq.PipelineStatus.OFF:
            yield
            return
        with _refusals(), self.connection.pipeline():
            yield

    def insert_rows(self, sets: Sequence[Rows]) -> None:
        """New rows of some tables, in one statement: each by itself costs both sides as much as some dozens of rows. Names come
        from the schema, never from input.
        """
        shapes: list[_Shape] = []
        values: list[object] = []
        for table, columns, rows, missing in sets:
            given = dict(zip(columns, zip(*rows, strict=True), strict=True))
            # The server takes as long for each of an array as for what is in most other columns.
            same = tuple(name for name in columns[:-1] if name in _OF_A_STREAM and given[name].count(given[name][0]) == len(rows))
            values += [given.pop(name)[0] for name in same]
            types = _types_of(table)
            values += [_Bytes(each) if types[name] == "bytea" else _array(each) for name, each in given.items()]
            shapes.append(_Shape(table, same, tuple(given), missing))
        with _refusals():
            psycopg.RawCursor(self.connection).execute(_from_arrays(tuple(shapes)), values)

    def asked_for_versions(self, facility_id: str, wanted: Sequence[tuple[str, str]]) -> psycopg.Cursor[Any]:
        """What has table, key, whether it is a claim, and content, of the versions of these rows, each row's in their order.

        Args:
            facility_id: whose rows.
            wanted: table and key of each.
        """
        # A cursor of its own: the answers to what was sent before are still to come.
        return self.connection.cursor().execute(
            "SELECT v.table_name, v.row_key, v.is_claim, v.content FROM json_array_elements(?::json) AS w "
            "JOIN row_versions v ON v.facility_id = ? AND v.table_name = w->>0 AND v.row_key = w->>1 "
            "ORDER BY v.table_name, v.row_key, v.place",
            (msgspec.json.encode(wanted).decode(), facility_id),
        )

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        """Execute one for many rows."""
        with _refusals():
            super().executemany(_translated(query), params_seq, **options)


@compiles(Text, "postgresql")
def _bytewise(*_: Any, **__: Any) -> str:
    # Order and equality of text are those of its bytes, as in a file; whatever language the server was set up for.
    return 'TEXT COLLATE "C"'


class SingleStatements:
    """Connections for what is asked before every request: to begin and end a transaction takes four times as long.

    ``connect`` makes one; whoever asks while all of them are taken waits.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], patience_s: float) -> None:
        self._connect, self._patience_s = connect, patience_s
        self._idle: LifoQueue[psycopg.Connection[Any] | None] = LifoQueue()
        for _ in range(_SINGLE):
            self._idle.put(None)

    def ask(self, statement: str, values: Sequence[object]) -> list[Any]:
        """Its rows. Raises psycopg.OperationalError, PoolTimeout."""
        try:
            kept = self._idle.get(timeout=self._patience_s)
        except Empty:
            raise PoolTimeout from None
        used = kept
        try:
            if used is not None:
                with suppress(psycopg.OperationalError):
                    return used.execute(statement, values).fetchall()
                # The server was started again since.
                used.close()
            used = self._connect()
            used.autocommit = True
            return used.execute(statement, values).fetchall()
        finally:
            self._idle.put(used if used is not None and not used.closed else None)

    def close(self) -> None:
        """Close those that nobody uses."""
        found: list[psycopg.Connection[Any] | None] = []
        with suppress(Empty):
            while True:
                found.append(self._idle.get_nowait())
        for one in found:
            if one is not None:
                one.close()
            self._idle.put(None)


class PostgresTransactions:
    """The transactions of an engine on PostgreSQL."""

    def __init__(self, single: SingleStatements) -> None:
        self.engine: Engine | None = None
        self._single = single

    def once(self, statement: str, values: Sequence[object]) -> list[Any]:
        """The rows of one statement, which sees one snapshot by itself."""
        with _told():
            return self._single.ask(statement, values)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write in one transaction; any exception rolls it back."""
        assert self.engine is not None  # noqa: S101 - open_postgres sets it
        with _told(), self.engine.connect() as connection:
            yield connection
            driver: Any = connection.connection.dbapi_connection
            try:
                driver.commit()
            except psycopg.IntegrityError:
                raise
            except psycopg.Error as failure:
                connection.invalidate()
                raise CommitFailed(type(failure).__name__) from failure

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one snapshot."""
        assert self.engine is not None  # noqa: S101 - open_postgres sets it
        with _told(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (*_OF_THE_SERVER, DBAPIError) as failure:
        cause = failure.orig if isinstance(failure, DBAPIError) else failure
        if not isinstance(cause, _OF_THE_SERVER):
            raise
        raise UnavailableError(
            f"Central's PostgreSQL cannot be reached or gave up ({type(cause).__name__}). Nothing was recorded. "
            "Look whether the server runs; desks try again by themselves."
        ) from failure


def open_postgres(url: str, patience_s: float = _POOL_SECONDS, connections: int = POOL_SIZE) -> Engine:
    """Open central's database on a server, with its connections, and make its tables when there are none.

    Args:
        url: the database.
        patience_s: how long somebody waits for a connection while all of them are taken.
        connections: how many are open at least, and twice as many at most; a few more ask single statements.

    Raises:
        UnavailableError: it cannot be reached, or would lose what it acknowledges.
        NewerDatabaseError: a later release wrote it.
    """
    single = SingleStatements(partial(_connected, url), patience_s)
    transactions = PostgresTransactions(single)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: _connected(url),
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=connections,
        pool_timeout=patience_s,
        # The one that was used last has its statements prepared, and its server process knows the tables.
        pool_use_lifo=True,
        pool_pre_ping=True,
        hide_parameters=True,
        use_native_hstore=False,
    )
    event.listen(engine, "engine_disposed", lambda _: single.close())
    transactions.engine = engine.execution_options(**{ELSEWHERE: transactions})
    try:
        with transactions.read() as connection:
            _assert_durable(connection)
            found = _revision(connection)
        if found is None:
            _make(transactions)
        else:
            if found != HEAD:
                upgrade(transactions.engine, REVISIONS[REVISIONS.index(found) + 1 :])
            with transactions.write() as connection:
                central_metadata.create_all(connection)
        _fill_pool(engine, connections)
    except BaseException:
        engine.dispose()
        raise
    return transactions.engine


def _connected(url: str) -> psycopg.Connection[Any]:
    connection = psycopg.connect(url, cursor_factory=_Cursor, connect_timeout=_CONNECT_SECONDS, application_name="access-desk")
    connection.adapters.register_loader("numeric", _Whole)
    connection.adapters.register_dumper(bool, _ZeroOne)
    connection.adapters.register_dumper(_Bytes, _BytesDumper)
    return connection


def _fill_pool(engine: Engine, connections: int) -> None:
    # Opened inside the first requests, they would all be opened at once.
    opened = [engine.connect() for _ in range(connections)]
    for connection in opened:
        connection.close()


def _assert_durable(connection: Connection) -> None:
    for name, good in _DURABLE:
        found = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
        if found not in good:
            raise UnavailableError(
                f"PostgreSQL is set to {name}={found}, so a power cut could lose what was acknowledged. Central does not start "
                f"like this. Set {name}=on, then start again."
            )


def _revision(connection: Connection) -> str | None:
    names = set(inspect(connection).get_table_names())
    if not names & {*metadata.tables, *central_metadata.tables, "alembic_version"}:
        return None
    rows = connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() if "alembic_version" in names else []
    if len(rows) != 1:
        raise DamagedDatabaseError("The database does not say which release of the program wrote it. Nothing was changed.")
    found = str(rows[0][0])
    if found not in REVISIONS:
        raise NewerDatabaseError(
            f"Central's database was written by a later release of the program (tables {found}, this release knows {HEAD}). "
            "Nothing was changed. Install that release."
        )
    return found


def _make(transactions: PostgresTransactions) -> None:
    with transactions.write() as connection:
        metadata.create_all(connection, checkfirst=False)
        central_metadata.create_all(connection, checkfirst=False)
        connection.exec_driver_sql(_VERSIONS)
        connection.exec_driver_sql("INSERT INTO alembic_version (version_num) VALUES (?)", (HEAD,))
