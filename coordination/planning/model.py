"""The joint model of a case as a matrix, and what can be read from its solution by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coordination.planning.chosen import change_data, sent_as_chosen
from coordination.planning.responsibility_data import Roles, handout_data
from coordination.planning.supply_data import Frame, shipment_data

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from coordination.compilation import MatrixForm
    from coordination.instance import Instance
    from coordination.planning.case import Case
    from coordination.planning.columns import Columns


@dataclass(frozen=True)
class ResponseModel:
    """Builds the joint model of one case for any set of shipments.

    Attributes
    ----------
    case : Case
        What is planned.
    frame : Frame
        The supply side without shipments.
    roles : Roles
        The responsibility side.
    """

    case: Case
    frame: Frame
    roles: Roles

    @classmethod
    def of(cls, case: Case) -> ResponseModel:
        """Return the model of a case."""
        return cls(case, Frame(case), Roles(case))

    def restricted(self, chosen: NDArray[np.bool_]) -> ResponseModel:
        """Return the model in which only some pairs of task and party may do or back up.

        Parameters
        ----------
        chosen : ndarray of bool
            By row of ``roles.doers``.
        """
        return ResponseModel(self.case, self.frame, Roles(self.case, chosen))

    def tight(self, *, merged: bool = False) -> ResponseModel:
        """Return the model for relaxing or choosing roles, perhaps with merged periods; supply is the same."""
        return ResponseModel(self.case, self.frame, Roles(self.case, self.roles.chosen, merged, tight=True))

    def under(self, instance: Instance) -> ResponseModel:
        """Return the model of the instance under another scenario; roles are shared where it leaves hours alone.

        Parameters
        ----------
        instance : Instance
            The same but for its active scenario.
        """
        from coordination.planning.case import Case

        case = Case.of(instance)
        if case.world.effects.on("skills") or self.case.world.effects.on("skills"):
            return ResponseModel.of(case)
        model = ResponseModel(case, Frame(case), self.roles)
        model.__dict__["roles_data"] = self.roles_data
        return model

    @cached_property
    def roles_data(self) -> dict[str, Any]:
        """Data of the responsibility side."""
        return self.roles.data()

    @cached_property
    def fixed_data(self) -> dict[str, Any]:
        """Data that do not depend on which shipments are in the model."""
        return self.supply_data | self.roles_data | self.handout_data | change_data(self.roles)

    @cached_property
    def supply_data(self) -> dict[str, Any]:
        """Data of the supply side without shipments."""
        return self.frame.data()

    @cached_property
    def handout_data(self) -> dict[str, Any]:
        """Data of the link between both sides."""
        return handout_data(self.case, self.roles, self.frame.service)

    def data(self, columns: Columns) -> dict[str, Any]:
        """Return all data of the joint model with the shipments of `columns`."""
        chosen = sent_as_chosen(self.case, columns.lanes, columns.ships())
        return self.fixed_data | self._shipments(columns) | chosen

    def _shipments(self, columns: Columns) -> dict[str, Any]:
        return shipment_data(self.case, self.frame, columns.lanes, columns.rolling, columns.ships())

    def compile(self, columns: Columns) -> MatrixForm:
        """Return the joint model as a matrix."""
        from coordination_models.response import response_model

        from coordination.compilation import compile_model, declared

        return compile_model(declared(response_model), self.data(columns))

    def compile_supply(self, columns: Columns, capacity: NDArray[np.float64]) -> MatrixForm:
        """Return the supply side as a matrix, for tonnes that can be handed out, in the order of ``HANDOUTS``."""
        from coordination_models.response import supply_model

        from coordination.compilation import compile_model, declared

        data = self.supply_data | {name: self.handout_data[name] for name in ("HANDOUTS", "HANDED_OUT")}
        data["handout_capacity"] = pd.Series(capacity, data["HANDOUTS"])
        return compile_model(declared(supply_model), data | self._shipments(columns))

    def compile_held(self, tonnes: NDArray[np.float64], price: NDArray[np.float64]) -> MatrixForm:
        """Return the responsibility side as a matrix, for tonnes to hand out and their price."""
        from coordination_models.response import responsibility_model

        from coordination.compilation import compile_model, declared

        held = {name: self.handout_data[name] for name in ("HANDOUTS", "HANDING_OUT", "handout_rate")}
        held["held_tonnes"] = pd.Series(tonnes, held["HANDOUTS"])
        held["held_price"] = pd.Series(price, held["HANDOUTS"])
        return compile_model(declared(responsibility_model), self.roles.data() | held)

    def compile_accountability(self) -> MatrixForm:
        """Return accountability alone as a matrix."""
        from coordination_models.response import accountability_model

        from coordination.compilation import compile_model, declared

        return compile_model(declared(accountability_model), self.roles.accountability_data())
