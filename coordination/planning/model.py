"""The joint model of a case as a matrix, and what can be read from its solution by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from coordination.planning.responsibility_data import Roles, handout_data
from coordination.planning.supply_data import Frame, shipment_data

if TYPE_CHECKING:
    from typing import Any

    from coordination.compilation import MatrixForm
    from coordination.planning.case import Case


@dataclass(frozen=True)
class ResponseModel:
    """Builds the joint model of one case for any set of shipments.

    Attributes
    ----------
    case : Case
        What is planned.
    """

    case: Case

    @cached_property
    def frame(self) -> Frame:
        """The supply side without shipments."""
        return Frame(self.case)

    @cached_property
    def roles(self) -> Roles:
        """The responsibility side."""
        return Roles(self.case)

    @cached_property
    def fixed_data(self) -> dict[str, Any]:
        """Data that do not depend on which shipments are in the model."""
        return self.frame.data() | self.roles.data() | handout_data(self.case, self.roles, self.frame.service)

    def data(self, lanes: pd.DataFrame, rolling: pd.DataFrame, ships: pd.DataFrame) -> dict[str, Any]:
        """Return all data of the model (see `coordination.planning.supply_data.shipment_data`)."""
        return self.fixed_data | shipment_data(self.case, self.frame, lanes, rolling, ships)

    def compile(self, lanes: pd.DataFrame, rolling: pd.DataFrame, ships: pd.DataFrame) -> MatrixForm:
        """Return the joint model as a matrix."""
        from coordination_models.response import response_model

        from coordination.compilation import compile_model

        return compile_model(response_model(), self.data(lanes, rolling, ships))
