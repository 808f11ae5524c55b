"""The response: supply and responsibility, joined by hand-out. Complete formulations are lists of concepts."""

import pyomo.environ as pyo

from coordination_models.accountability import add_accountability
from coordination_models.assurance import add_assurance
from coordination_models.backups import add_backups
from coordination_models.changes import add_changes
from coordination_models.conflicts import add_conflicts
from coordination_models.consulted import add_consulted
from coordination_models.continuity import add_continuity
from coordination_models.dependencies import add_dependencies
from coordination_models.deprivation import add_deprivation
from coordination_models.diversity import add_diversity
from coordination_models.doers import add_doers
from coordination_models.escalation import add_escalation
from coordination_models.facilities import add_facilities
from coordination_models.fleets import add_fleets
from coordination_models.floors import add_floors
from coordination_models.handout import add_handout, add_handout_capacity, add_held_handout
from coordination_models.hours import add_hours
from coordination_models.inventory import add_inventory
from coordination_models.kinds import add_kinds
from coordination_models.lapsed import add_lapsed
from coordination_models.losses import add_losses
from coordination_models.mandates import add_mandates
from coordination_models.modes import add_modes
from coordination_models.modules import add_modules
from coordination_models.mutual_aid import add_agreed_work, add_clearing, add_mutual_aid
from coordination_models.overflow import add_overflow
from coordination_models.preparation import add_preparation
from coordination_models.recovery import add_crews, add_recovery, add_restoration
from coordination_models.redundancy import add_redundancy
from coordination_models.roads import add_roads
from coordination_models.rotation import add_replacement, add_rotation
from coordination_models.service import add_service
from coordination_models.shipments import add_shipments
from coordination_models.social_cost import (
    add_levels_cost,
    add_recovery_cost,
    add_responsibility_cost,
    add_social_cost,
    add_supply_cost,
    add_switching_cost,
)
from coordination_models.visits import add_visits
from coordination_models.worst_off import add_worst_off


def add_supply(block: pyo.Block) -> None:
    """Declare who sends what to whom, when, and who goes short."""
    add_facilities(block)
    add_modules(block)
    add_floors(block)
    add_visits(block)
    add_shipments(block)
    add_inventory(block)
    add_service(block)
    add_deprivation(block)
    add_lapsed(block)
    add_overflow(block)
    add_fleets(block)
    add_roads(block)
    add_worst_off(block)


def add_responsibility(block: pyo.Block) -> None:
    """Declare who answers, who does it, who stands by."""
    add_accountability(block)
    add_doers(block)
    add_backups(block)
    add_kinds(block)
    add_redundancy(block)
    add_hours(block)
    add_dependencies(block)
    add_diversity(block)
    add_conflicts(block)
    add_consulted(block)
    add_mandates(block)
    add_continuity(block)
    add_escalation(block)


def add_response(block: pyo.Block) -> None:
    """Declare the joint model on `block`: supply, responsibility, the hand-out between them, the social cost."""
    add_supply(block)
    add_responsibility(block)
    add_handout(block)
    add_changes(block)
    add_social_cost(block)


def response_model() -> pyo.AbstractModel:
    """Return the joint model without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        Sets and parameters are declared, not filled; ``coordination.compilation`` turns it and a dictionary of
        tables into a matrix or, through Pyomo, into an ordinary ``ConcreteModel``.
    """
    model = pyo.AbstractModel(name="response")
    add_response(model)
    return model


def recovery_model() -> pyo.AbstractModel:
    """Return the joint model with the repairs of what is damaged, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        The same concepts as in `response_model`, with lanes of every condition of the network, and the crews.
    """
    model = pyo.AbstractModel(name="recovery")
    add_supply(model)
    add_responsibility(model)
    add_handout(model)
    add_changes(model)
    add_recovery(model)
    add_recovery_cost(model)
    return model


def switching_model() -> pyo.AbstractModel:
    """Return the joint model in which zones choose their operating modes, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        The same concepts as in `response_model`, with every task that some mode asks for, and the modes.
    """
    model = pyo.AbstractModel(name="switching")
    add_supply(model)
    add_responsibility(model)
    add_handout(model)
    add_changes(model)
    add_modes(model)
    add_switching_cost(model)
    return model


def restoration_model() -> pyo.AbstractModel:
    """Return the repairs of what is damaged at given worths of having it back, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        Crews alone: for networks with too many conditions for `recovery_model`.
    """
    model = pyo.AbstractModel(name="restoration")
    add_crews(model)
    add_restoration(model)
    return model


def supply_model() -> pyo.AbstractModel:
    """Return the supply side with responsibility held as planned, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        The same concepts as in `response_model`; the tonnes that can be handed out are data.
    """
    model = pyo.AbstractModel(name="supply")
    add_supply(model)
    add_handout_capacity(model)
    add_supply_cost(model)
    return model


def responsibility_model() -> pyo.AbstractModel:
    """Return the responsibility side with supply held as planned, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        The same concepts as in `response_model`; the tonnes to hand out are data.
    """
    model = pyo.AbstractModel(name="responsibility")
    add_responsibility(model)
    add_held_handout(model)
    add_responsibility_cost(model)
    return model


def accountability_model() -> pyo.AbstractModel:
    """Return accountability alone, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        Nothing else depends on who is accountable, and the program is a transportation problem: its linear
        relaxation has whole vertices.
    """
    model = pyo.AbstractModel(name="accountability")
    add_accountability(model)
    add_levels_cost(model)
    return model


def preparation_model() -> pyo.AbstractModel:
    """Return the decisions before the event alone, without data: the first stage of a preparation.

    Returns
    -------
    pyomo.environ.AbstractModel
        Its second stage is `response_model` in every scenario, roles in shares.
    """
    model = pyo.AbstractModel(name="preparation")
    add_rotation(model)
    add_preparation(model)
    add_replacement(model)
    add_assurance(model)
    add_losses(model)

    @model.Objective(doc="money, weighed, floors missed, and the dearest loss")
    def cost(m: pyo.ConcreteModel) -> pyo.Expression:
        return m.money + m.floor + m.losses

    return model


def coalition_model() -> pyo.AbstractModel:
    """Return what one coalition decides at posted prices, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        Shipments of its fleets, service and waiting of its needs, hours of its parties, roles agreed; what it takes of
        what is shared has a price.
    """
    model = pyo.AbstractModel(name="coalition")
    add_facilities(model)
    add_modules(model)
    add_visits(model)
    add_shipments(model)
    add_mutual_aid(model)
    add_service(model)
    add_deprivation(model)
    add_lapsed(model)
    add_fleets(model)
    add_agreed_work(model)

    @model.Objective(sense=pyo.minimize, doc="own social cost, and what is paid for what is shared")
    def coalition_cost(m: pyo.ConcreteModel) -> pyo.Expression:
        own = m.transport + m.deprivation + m.lapsed + m.work_missing + m.work_done
        return own + m.trade + m.hire

    return model


def clearing_model() -> pyo.AbstractModel:
    """Return how the core clears mutual aid, without data.

    Returns
    -------
    pyomo.environ.AbstractModel
        Shares of the coalitions' offers, and what lies in the pool.
    """
    model = pyo.AbstractModel(name="clearing")
    add_facilities(model)
    add_modules(model)
    add_visits(model)
    add_clearing(model)
    add_overflow(model)

    @model.Objective(sense=pyo.minimize, doc="social cost of what is taken")
    def clearing_cost(m: pyo.ConcreteModel) -> pyo.Expression:
        return m.cleared + m.overflow

    return model
