"""The network: places and roads as a scenario and period leave them, lanes, routes, and what routes are worth."""

from coordination.network.network import Network, Route
from coordination.network.pricing import PricedRoutes, cheapest_routes
from coordination.network.trips import Trip

__all__ = ["Network", "PricedRoutes", "Route", "Trip", "cheapest_routes"]
