"""What functions of this package are given: something that executes statements in a transaction.

On PostgreSQL, and for long work, it is SQLAlchemy's asynchronous connection. For short work on
SQLite it is `LoopSession`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, TypeVarTuple, overload

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Session(Protocol):
    """A transaction. Results are read in full before `execute` returns."""

    @property
    def dialect(self) -> Dialect: ...

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Columns], parameters: Parameters | None = None
    ) -> CursorResult[*Columns]: ...

    @overload
    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]: ...

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]: ...

    async def run_sync(
        self,
        fn: Callable[Concatenate[Connection, Arguments], Result],
        *arg: Arguments.args,
        **kw: Arguments.kwargs,
    ) -> Result: ...


class LoopSession:
    """Executes on the event loop's own thread: for statements that take microseconds.

    A handover to a driver's thread and back costs ten times what such a statement does.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        return self._connection.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        return self._connection.exec_driver_sql(statement)

    async def run_sync(
        self,
        fn: Callable[Concatenate[Connection, Arguments], Result],
        *arg: Arguments.args,
        **kw: Arguments.kwargs,
    ) -> Result:
        return fn(self._connection, *arg, **kw)
