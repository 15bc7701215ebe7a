"""Connections to PostgreSQL that never wait without bound.

PostgreSQL itself enforces ``statement_timeout`` and ``lock_timeout``. If it does not respond at
all, for example because its machine is suspended, only the client can end the wait.
"""

from collections.abc import Generator
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Dialect, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from deepsky.storage.circuit_breaker import CircuitBreaker

if TYPE_CHECKING:
    import psycopg

__all__ = ["lift_limits", "limit_waits"]

CONNECT_SECONDS: Final = 2
"""Maximum time to connect to each address of the database server, in seconds; 2 is libpq's
minimum."""

KEEPALIVE: Final = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""Parameters of libpq that detect a lost connection. Values in the database URL take precedence."""

Waiting = Generator[Any, Any, Any]


def limit_waits(engine: Engine, url: URL, seconds: float, breaker: CircuitBreaker) -> None:
    """Limit how long the connections of an engine wait for the database server.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Engine that uses psycopg.
    url : sqlalchemy.URL
        URL of the database.
    seconds : float
        Maximum time for each statement, and for acquiring each lock.
    breaker : CircuitBreaker
        It is opened when the database server does not respond in time.
    """
    connection_class = _connection_class(breaker)
    defaults = {name: value for name, value in KEEPALIVE.items() if name not in url.query}
    milliseconds = round(seconds * 1000)

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: Dialect, _entry: ConnectionPoolEntry, args: list[Any], parameters: dict[str, Any]
    ) -> "psycopg.Connection[Any]":
        breaker.check()
        connection: psycopg.Connection[Any] = connection_class.connect(
            *args, **(defaults | parameters)
        )
        connection.seconds = seconds  # type: ignore[attr-defined]  # defined by the subclass
        return connection

    @event.listens_for(engine, "connect")
    def set_up(connection: "psycopg.Connection[Any]", _entry: ConnectionPoolEntry) -> None:
        connection.execute(
            "SELECT set_config('statement_timeout', %(limit)s, false),"
            " set_config('lock_timeout', %(limit)s, false)",
            {"limit": str(milliseconds)},
        )
        # Without this setting, a committed transaction could be lost in a crash.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()


def lift_limits(connection: "psycopg.Connection[Any]") -> None:
    """Let a connection wait without limit, for a migration.

    Parameters
    ----------
    connection : psycopg.Connection
        Connection of an engine that was passed to `limit_waits`.
    """
    connection.seconds = None  # type: ignore[attr-defined]  # defined by the subclass
    connection.execute(
        "SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)"
    )
    connection.commit()


def _connection_class(breaker: CircuitBreaker) -> Any:
    """Return a subclass of psycopg's connection whose waits are limited.

    The class is defined in a function because psycopg is an optional dependency.
    """
    import psycopg

    class LimitedConnection(psycopg.Connection[Any]):
        seconds: float | None = None

        @classmethod
        def connect(cls, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().connect(*args, **kwargs)
            except psycopg.errors.ConnectionTimeout:
                breaker.open()
                raise

        def wait(self, gen: Waiting, *args: Any, **kwargs: Any) -> Any:
            if self.seconds is None:
                return super().wait(gen, *args, **kwargs)
            # PostgreSQL's own timeout should end first, because the connection can then be kept.
            deadline = monotonic() + 1.25 * self.seconds
            try:
                found = super().wait(_with_deadline(gen, deadline), *args, **kwargs)
            except TimeoutError:
                breaker.open()
                self.pgconn.finish()  # the state of the connection is unknown
                msg = "the database server does not respond"
                raise psycopg.OperationalError(msg) from None
            breaker.close()
            return found

    return LimitedConnection


def _with_deadline(gen: Waiting, deadline: float) -> Waiting:
    """Raise TimeoutError in a psycopg generator that is still waiting at the deadline.

    psycopg resumes a waiting generator every 0.1 seconds with a value that is not true.
    """
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and monotonic() > deadline:
                raise TimeoutError
            wanted = gen.send(ready)
    except StopIteration as stop:
        return stop.value
