"""Paths of route suggestions."""

from ordinavo.kernel.api import endpoint
from targets.routes.api.suggestions import RouteSuggestionDetail, RouteSuggestions

urlpatterns = [
    endpoint("route-suggestions", RouteSuggestions, "route-suggestions"),
    endpoint("route-suggestions/<str:route_suggestion_id>", RouteSuggestionDetail, "route-suggestion"),
]
