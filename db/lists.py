"""Lists as parameters: the text of a query stays the same however many values it is given."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Dialect,
    Text,
    TypeDecorator,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.types import TypeEngine


class ListOf(TypeDecorator[Any]):
    """Many values of one type: an array for PostgreSQL, a JSON text for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        if dialect.name == "postgresql":
            return list
        return lambda values: msgspec.json.encode(list(values)).decode()


class _Among(ColumnElement[bool]):
    inherit_cache = False

    def __init__(self, tested: ColumnElement[Any], values: BindParameter[Any]) -> None:
        self.tested = tested
        self.values = values


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: Any, **kw: Any) -> str:
    tested, values = compiler.process(element.tested, **kw), compiler.process(element.values, **kw)
    return f"{tested} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: Any, **kw: Any) -> str:
    tested, values = compiler.process(element.tested, **kw), compiler.process(element.values, **kw)
    return f"{tested} = ANY({values})"


def among(tested: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`tested IN (the list given as name)`."""
    return _Among(tested, bindparam(name, type_=ListOf(type(tested.type))))


def each(name: str, item: type[TypeEngine[Any]], dialect: str) -> Any:
    """`SELECT` of every value of the list given as `name`, in the words of that dialect."""
    values = bindparam(name, type_=ListOf(item))
    if dialect == "postgresql":
        return select(func.unnest(values).column_valued("value"))
    return select(column("value")).select_from(func.json_each(values))
