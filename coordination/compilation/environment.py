"""What the index symbols of a rule stand for while it is evaluated for many indices at once.

A rule that was called once with symbols (Pyomo's `IndexTemplate`) is evaluated for n rows together. An
`Environment` has one row per index of the component, and inside a sum one row per index and member; it knows for each
symbol at which position of which table each row stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from coordination.compilation.codes import IntArray
from coordination.compilation.errors import NotTemplatizableError
from coordination.compilation.positions import Pattern, PositionArray, Positions, at_rows, row_of, values_at
from coordination.compilation.tables import Domain, Table


@dataclass(frozen=True, eq=False)
class Group:
    """Symbols that run together through the entries of one table.

    Attributes
    ----------
    table : Table
        What they run through.
    position : numpy.ndarray, Pattern or None
        (rows,) entry at which each row stands; None when row i stands at entry i.
    """

    table: Table
    position: Positions

    def codes(self, column: int) -> IntArray:
        """Return the codes of one dimension, one per row."""
        return values_at(self.position, self.table.columns[column])


class Environment:
    """Rows, and what each symbol stands for in each of them.

    Parameters
    ----------
    size : int
        Number of rows.
    parent : Environment, optional
        The environment around a sum.
    rows : numpy.ndarray or Pattern, optional
        (size,) row of the parent to which each row belongs.
    caller : Environment, optional
        For the body of a named expression: the environment, row by row the same, in which it is used.
    """

    def __init__(
        self,
        size: int,
        parent: Environment | None = None,
        rows: Positions = None,
        caller: Environment | None = None,
    ) -> None:
        self.size = size
        self.caller = caller
        self.parent = parent
        self.rows = rows
        self.grid: tuple[Group, ...] = ()
        self.located: dict[tuple[int, ...], Positions] = {}
        self._symbols: dict[int, tuple[Group, int]] = {}
        self._moved: dict[int, tuple[Group, Group]] = {}

    @classmethod
    def of_domain(cls, domain: Domain, symbols: Sequence[Any]) -> Environment:
        """Return the environment of a component: one row per index, in order."""
        environment = cls(domain.size)
        environment.bind_domain(domain, symbols, None)
        return environment

    def bind_domain(self, domain: Domain, symbols: Sequence[Any], repeats: int | None) -> None:
        """Let symbols run through a domain: once in order, or in order for each of `repeats` parent rows."""
        groups: list[Group] = []
        first = 0
        for factor, table in enumerate(domain.tables):
            if repeats is None and len(domain.tables) == 1:
                position = None
            else:
                position = domain.factor_positions(factor)
                if repeats is not None:
                    position = replace(position, times=position.times * repeats)
            group = Group(table, position)
            self.bind(group, symbols[first : first + table.dimen])
            first += table.dimen
            groups.append(group)
        if repeats is None:
            self.grid = tuple(groups)

    def bind(self, group: Group, symbols: Sequence[Any]) -> None:
        """Let symbols run together through the dimensions of one table."""
        for column, symbol in enumerate(symbols):
            self._symbols[id(symbol)] = group, column

    def group(self, symbol: Any) -> tuple[Group, int]:
        """Return the group of a symbol, as seen from these rows, and its dimension there."""
        found = self._symbols.get(id(symbol))
        if found is not None:
            return found
        if self.parent is None:
            raise NotTemplatizableError(f"the index {symbol} is used outside of its loop")
        parent, rows = self.around()
        group, column = parent.group(symbol)
        if id(group) not in self._moved:
            self._moved[id(group)] = group, Group(group.table, at_rows(group.position, rows))
        return self._moved[id(group)][1], column

    def around(self) -> tuple[Environment, Pattern | PositionArray]:
        """Return the environment around this sum and the row there of each row here."""
        if self.parent is None or self.rows is None:
            raise NotTemplatizableError("a sum has no surroundings")
        return self.parent, self.rows

    def codes(self, symbol: Any) -> IntArray:
        """Return the codes of a symbol, one per row."""
        group, column = self.group(symbol)
        return group.codes(column)

    def root_row(self, row: int) -> int:
        """Return the row of the outermost environment to which a row belongs."""
        environment = self
        while True:
            if environment.parent is not None and environment.rows is not None:
                row, environment = row_of(environment.rows, row), environment.parent
            elif environment.caller is not None:
                environment = environment.caller
            else:
                return row
