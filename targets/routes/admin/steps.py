"""What becomes of a suggestion as a whole: each step asks once more."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done, posted
from ordinavo.tenants.staff import actor_of
from targets.models import Target
from targets.routes.admin.forms import PublishForm, SeenForm
from targets.routes.models import Route, RouteSuggestion, Stop
from targets.routes.services.deciding import cancel_planning, discard_suggestion, replan_suggestion
from targets.routes.services.publishing import Published, publish_routes
from targets.routes.services.unpublishing import unpublish_route

_MOST_NAMED = 10


class SuggestionPage(Protocol):
    """What these pages need of the suggestions' admin."""

    admin_site: Any
    opts: Any

    def get_object(self, request: HttpRequest, object_id: str) -> RouteSuggestion | None:
        """Return the suggestion if it is the tenant's own."""

    def may_plan(self, request: HttpRequest) -> bool:
        """Whether the person may change suggestions."""


def found(page: SuggestionPage, request: HttpRequest, object_id: str) -> RouteSuggestion:
    """Return the suggestion; one that is not the tenant's own is not found."""
    suggestion = page.get_object(request, object_id)
    if suggestion is None:
        raise Http404
    if not page.may_plan(request):
        raise PermissionDenied
    return suggestion


def publish_page(page: SuggestionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Let routes be chosen, all or those that a link names, and publish them."""
    suggestion = found(page, request, object_id)
    rows = suggestion.routes.filter(status__in=Route.CHANGEABLE).select_related("employee")
    routes = list(rows.order_by("number").prefetch_related("stops"))
    form = PublishForm(routes, posted(request), initial=_at_first(request, suggestion, routes))

    def perform() -> HttpResponse:
        published = publish_routes(
            suggestion=suggestion,
            revision=form.cleaned_data["revision"],
            actor=actor_of(request),
            route_ids=form.route_ids(),
        )
        return _told(request, suggestion, published)

    return ask(
        page,
        request,
        suggestion,
        perform,
        form=form,
        title=f"Publish routes for {suggestion.route_date}",
        explanation="Their stops become appointments, their targets Scheduled, and the outside systems are "
        "told. Stops whose target was changed, planned or cancelled meanwhile are dropped, and you are told.",
        submit_text="Publish",
        away_text="Not yet",
        back=show.page_of(suggestion),
    )


def _at_first(request: HttpRequest, suggestion: RouteSuggestion, routes: Sequence[Route]) -> dict[str, Any]:
    named = set(request.GET.getlist("route"))
    chosen = [str(one.pk) for one in routes if not named or str(one.pk) in named]
    return {"revision": suggestion.revision, "routes": chosen}


def _told(request: HttpRequest, suggestion: RouteSuggestion, published: Published) -> HttpResponse:
    count, dropped = len(published.routes), published.dropped
    if dropped:
        ids = [one.target_id for one in dropped[:_MOST_NAMED]]
        names = ", ".join(str(target) for target in Target.objects.filter(id__in=ids).order_by("id"))
        more = ", …" if len(dropped) > _MOST_NAMED else ""
        text = f"Dropped, since they are no longer what was planned: {names}{more}. See those left out."
        messages.warning(request, text)
    if not count:
        return HttpResponseRedirect(show.page_of(suggestion))
    text = f"{count} route{'' if count == 1 else 's'} published."
    return done(request, text, show.page_of(suggestion))


def unpublish_page(page: SuggestionPage, request: HttpRequest, object_id: str, route_id: int) -> HttpResponse:
    """Ask once more, then take a route back as far as nobody has begun."""
    suggestion = found(page, request, object_id)
    route = suggestion.routes.select_related("employee", "suggestion__tenant").filter(pk=route_id).first()
    if route is None:
        raise Http404

    def perform() -> HttpResponse:
        taken = unpublish_route(route=route, actor=actor_of(request))
        kept = f" {taken.kept} stay, since work on them has begun." if taken.kept else ""
        text = f"Taken back: {len(taken.cancelled)} appointments of {route.employee}.{kept}"
        return done(request, text, show.page_of(suggestion))

    return ask(
        page,
        request,
        suggestion,
        perform,
        title=f"Take back the route of {route.employee}",
        explanation="Appointments on which no work has begun are cancelled, their targets are open again, "
        "and the outside systems are told.",
        submit_text="Take back",
        danger=True,
        away_text="Leave it",
        back=show.page_of(suggestion),
    )


def replan_page(page: SuggestionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then plan again around what is locked."""
    suggestion = found(page, request, object_id)
    form = SeenForm(posted(request), initial={"revision": suggestion.revision})
    locked = Stop.objects.filter(route__suggestion=suggestion, locked=True).count()

    def perform() -> HttpResponse:
        revision = form.cleaned_data["revision"]
        replan_suggestion(suggestion=suggestion, revision=revision, actor=actor_of(request))
        return done(request, "It is planned again.", show.page_of(suggestion))

    return ask(
        page,
        request,
        suggestion,
        perform,
        form=form,
        title=f"Plan {suggestion.route_date} again",
        explanation=f"Locked stops: {locked}. These stay with their person; all others may move. What was "
        "left out by hand stays out.",
        submit_text="Plan again",
        back=show.page_of(suggestion),
    )


def discard_page(page: SuggestionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then give the draft up."""
    suggestion = found(page, request, object_id)

    def perform() -> HttpResponse:
        discard_suggestion(suggestion=suggestion, actor=actor_of(request))
        return done(request, "The draft is discarded.", show.page_of(suggestion))

    return ask(
        page,
        request,
        suggestion,
        perform,
        title=f"Discard the draft for {suggestion.route_date}",
        explanation="Its targets stay open. It can still be looked at, but not be published any more.",
        submit_text="Discard",
        danger=True,
        away_text="Keep it",
        back=show.page_of(suggestion),
    )


def cancel_page(page: SuggestionPage, request: HttpRequest, object_id: str) -> HttpResponse:
    """Ask once more, then stop planning."""
    suggestion = found(page, request, object_id)

    def perform() -> HttpResponse:
        cancel_planning(suggestion=suggestion, actor=actor_of(request))
        return done(request, "Planning was stopped.", show.page_of(suggestion))

    return ask(
        page,
        request,
        suggestion,
        perform,
        title=f"Stop planning {suggestion.route_date}",
        explanation="A draft that was there before stays as it is.",
        submit_text="Stop planning",
        danger=True,
        away_text="Let it run",
        back=show.page_of(suggestion),
    )
