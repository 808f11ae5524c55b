r"""Pyomo formulations at matrix speed.

Formulations stay ordinary, readable Pyomo: abstract Sets, Params, Vars, named Expressions, Constraints and an
Objective, with rules. Each rule is called *once*, with symbols for its indices (Pyomo's own `templatize_rule`), and
what it returns is evaluated with numpy for all indices together into one sparse matrix::

    import pandas as pd
    import pyomo.environ as pyo
    from coordination.compilation import compile_model, construct

    model = pyo.AbstractModel()
    model.HUBS = pyo.Set()
    model.LANES = pyo.Set(dimen=2)                    # (hub, town): only those that exist
    model.FROM = pyo.Set(model.HUBS, dimen=1)         # towns that a hub has a lane to
    model.stock = pyo.Param(model.HUBS)
    model.cost = pyo.Param(model.LANES, default=1.0)
    model.ship = pyo.Var(model.LANES, domain=pyo.NonNegativeReals)

    @model.Constraint(model.HUBS)
    def capacity(m, h):
        return sum(m.ship[h, t] for t in m.FROM[h]) <= m.stock[h]

    model.transport = pyo.Expression(rule=lambda m: sum(m.cost[l] * m.ship[l] for l in m.LANES))
    model.objective = pyo.Objective(rule=lambda m: m.transport)

    lanes = pd.MultiIndex.from_tuples([("A", "x"), ("A", "y"), ("B", "y")])
    data = {"HUBS": pd.Index(["A", "B"]), "LANES": lanes, "FROM": lanes.to_frame(),
            "stock": pd.Series({"A": 8.0, "B": 5.0})}
    form = compile_model(model, data)                 # MatrixForm: CSC arrays, bounds, labels
    ship = form.values("ship", x)                     # an array over all columns: a Series over the index of one
    concrete = construct(model, data)                 # the same as an ordinary ConcreteModel

**Data** is a mapping from component name to pandas objects, nested under the name of a sub-block:

=====================  ==================================================================================
component              data
=====================  ==================================================================================
Set                    Index, MultiIndex, DataFrame (a column per dimension), array, range or sequence
Set indexed by a set   DataFrame or MultiIndex: index columns, then member columns; or dict of sequences
Param                  Series over the index set (entries left out take the default), array in the set's
                       order, dict, or one number for all
=====================  ==================================================================================

Index values are text, whole numbers, or anything hashable, mixed at will; ``1`` and ``1.0`` are the same.

**What a rule may hold**: sums over sets and indexed sets, nested and with coefficients; Params in coefficients,
bounds and right-hand sides; arithmetic on numeric indices (``t - 1``) where the entry exists; indices as numbers;
``+ - * /``, powers and functions of constants; named Expressions, scalar or indexed; sub-blocks; relations with
``==``, ``<=``, ``>=``, `pyo.inequality` or tuples; variable domains and bounds, constant or by rule. A reference to an
entry that does not exist is a `CompilationError` that names it and who refers to it.

**Fixed variables**: an abstract variable cannot be fixed, so their values are given beside the data,
``compile_model(model, data, fixed={"ship": series})``. The columns stay, with the value as both bounds.

**Blocks** may be nested, declared in place or by a rule, or indexed by a set; names are ``supply.ship`` and
``hub[A].use``. Rules of blocks run before sets have entries: they declare components, without loops over sets. The rule
of a block indexed by a set is called for each index and takes its sets and parameters from the model; each of its
blocks is then compiled like any other. A rule outside that runs through such blocks by symbols falls back.

A rule that needs real indices (a Python ``if`` on an index, a loop over a set, a slice) still works: that one
component is built index by index through Pyomo and its linear representation, and the log says so
(``logging.getLogger("coordination.compilation")``, level INFO). Comparing or formatting an index is noticed; asking
for its type (``isinstance(t, int)``) cannot be: leave that out of rules.

Params hold numbers. SOS constraints, BuildActions and quadratic terms are refused by name; Suffixes and BuildChecks are
left out, and the log says so.

**Signs.** Rows are oriented as Pyomo orients them: what holds variables stays on its side; when both sides do,
the row is left minus right.
"""

from coordination.compilation.compiling import compile_model as compile_model
from coordination.compilation.concrete import construct as construct
from coordination.compilation.declaring import declared as declared
from coordination.compilation.errors import CompilationError as CompilationError
from coordination.compilation.matrix import Labels as Labels
from coordination.compilation.matrix import MatrixForm as MatrixForm
from coordination.compilation.matrix import ObjectiveTerm as ObjectiveTerm
