"""Levers for people who stand before a closed door: locked out, or without their phone."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from ordinavo.kernel.admin import show
from ordinavo.kernel.admin.asking import ask, done
from ordinavo.kernel.admin.columns import lever
from ordinavo.tenants.models import User
from ordinavo.tenants.services import lockout, second_factor
from ordinavo.tenants.staff import actor_of


class RescueLevers:
    """Part of the page of a person."""

    admin_site: Any
    opts: Any

    def has_unlock_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change people, while somebody is locked out."""
        person = self._changeable(request, object_id)
        return person is not None and lockout.is_locked_somewhere(user=person)

    def has_reset_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whoever may change people, but not one's own: that is done with a code."""
        person = self._changeable(request, object_id)
        return person is not None and person != request.user and bool(second_factor.factor_of(person))

    @lever("Unlock", icon="lock_open", permissions=["unlock"])
    def unlock(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then let the person try again."""
        person = self._needed(request, object_id)

        def perform() -> HttpResponse:
            lockout.unlock(user=person, actor=actor_of(request))
            return done(request, f"{person} can try to log in again.", show.page_of(person))

        return ask(
            self,
            request,
            person,
            perform,
            title=f"Unlock {person}",
            explanation="Too many log-ins failed. Make sure that it was this person who mistyped.",
            submit_text="Unlock",
            back=show.page_of(person),
        )

    @lever("Reset second factor", icon="phonelink_erase", permissions=["reset"])
    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once more, then let the password alone open the door, or the page that sets up another one."""
        person = self._needed(request, object_id)

        def perform() -> HttpResponse:
            second_factor.remove(user=person, actor=actor_of(request))
            return done(request, f"The second factor of {person} is gone.", show.page_of(person))

        return ask(
            self,
            request,
            person,
            perform,
            title=f"Reset the second factor of {person}",
            explanation="For people whose phone is gone. Make sure that it is they who ask: until they set up"
            " another one, their password alone opens the door.",
            submit_text="Reset second factor",
            danger=True,
            back=show.page_of(person),
        )

    def _needed(self, request: HttpRequest, object_id: str) -> User:
        person = self._changeable(request, object_id)
        if person is None:
            raise Http404
        return person

    def _changeable(self, request: HttpRequest, object_id: str | None) -> User | None:
        page: Any = self
        person: User | None = page.get_object(request, object_id) if object_id else None
        return person if person is not None and page.has_change_permission(request, person) else None
