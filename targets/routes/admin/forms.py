"""What is asked before routes are planned, published or planned again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from ordinavo.tenants.models import Tenant
from targets.routes.admin.sources import Source, of_job
from targets.routes.models import Route
from targets.routes.selectors.wanted import open_on
from targets.routes.services.asking import FIRST_DAY, LAST_DAY, MOST_STOPS, MOST_TARGETS
from targets.visits.models import Employee

_ALSO_FREE, _ON_DAY, _JOB = "also_free", "on_day", "job"
_WHICH = (
    (_ALSO_FREE, "Open targets for that day, and those without a route date"),
    (_ON_DAY, "Open targets for that day only"),
    (_JOB, "Open targets of an import job"),
)


class NewForm(forms.Form):
    """A day, targets, people and options. Targets that a link named (`source`) are not asked for."""

    route_date = forms.DateField(label="Day", widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}))
    which = forms.ChoiceField(
        label="Targets",
        choices=_WHICH,
        initial=_ALSO_FREE,
        widget=UnfoldAdminRadioSelectWidget(choices=_WHICH),
    )
    job = forms.CharField(
        label="Import job",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
        help_text="Its number, if its targets are meant.",
    )
    people = forms.MultipleChoiceField(
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text="Who does not work that day is left out by itself.",
    )
    start_time = forms.TimeField(
        label="Not before",
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "time"}),
        help_text="Narrows everybody's working hours.",
    )
    end_time = forms.TimeField(
        label="Not after", required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "time"})
    )
    max_stops = forms.IntegerField(
        label="Most stops per route",
        required=False,
        min_value=1,
        max_value=MOST_STOPS,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "number", "min": 1, "max": MOST_STOPS}),
    )
    balance = forms.BooleanField(
        label="Spread the work evenly",
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text="Rather than letting few people do most of it.",
    )

    def __init__(self, tenant: Tenant, source: Source | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant, self.source = tenant, source
        employees = Employee.objects.filter(tenant=tenant, active=True).order_by("name")
        choices = [(str(pk), name) for pk, name in employees.values_list("pk", "name")]
        people: Any = self.fields["people"]
        people.choices, people.initial = choices, [pk for pk, _ in choices]
        people.error_messages["required"] = (
            "Choose at least one person." if choices else "Add employees first: there is nobody to plan for."
        )
        if source is not None:
            del self.fields["which"], self.fields["job"]

    def clean_route_date(self) -> date:
        """Refuse days beyond what every time zone can show."""
        day: date = self.cleaned_data["route_date"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(f"Must lie between {FIRST_DAY} and {LAST_DAY}.")
        return day

    def clean(self) -> Any:
        """Look the targets up, and hold their number to what can be planned."""
        given = super().clean() or self.cleaned_data
        begin, end = given.get("start_time"), given.get("end_time")
        if begin and end and begin >= end:
            self.add_error("end_time", "Must be later than the start.")
        if "route_date" in given:
            given["source"] = found = self.source or self._chosen(given)
            if not found.ids:
                self.add_error(None, f"There is nothing to plan: {found.said}.")
            if len(found.ids) > MOST_TARGETS:
                self.add_error(None, f"At most {MOST_TARGETS:,} targets can be planned at once: narrow them.")
        return given

    def _chosen(self, given: dict[str, Any]) -> Source:
        if given.get("which") == _JOB:
            return of_job(self.tenant, given.get("job") or "(no number)")
        rows = open_on(self.tenant, given["route_date"], undated=given.get("which") == _ALSO_FREE)
        ids = list(rows.order_by("id").values_list("pk", flat=True)[: MOST_TARGETS + 1])
        return Source(ids, f"no open target is meant for {given['route_date']}")

    def options(self) -> dict[str, Any]:
        """Return the options of the contract that were given."""
        given = self.cleaned_data
        found = {
            "startTime": given["start_time"] and f"{given['start_time']:%H:%M}",
            "endTime": given["end_time"] and f"{given['end_time']:%H:%M}",
            "maxStopsPerRoute": given["max_stops"],
            "balance": given["balance"],
        }
        return {name: value for name, value in found.items() if value}

    def employee_ids(self) -> list[int] | None:
        """Return who was chosen, None for everybody."""
        chosen = self.cleaned_data["people"]
        people: Any = self.fields["people"]
        return None if len(chosen) == len(people.choices) else [int(pk) for pk in chosen]


class SeenForm(forms.Form):
    """Carries the revision that its author saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput())


class PublishForm(SeenForm):
    """Which routes are published."""

    routes = forms.MultipleChoiceField(
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        error_messages={"required": "Choose at least one route."},
    )

    def __init__(self, routes: Sequence[Route], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["routes"]
        chosen.choices = [(str(one.pk), _label(one)) for one in routes]

    def route_ids(self) -> list[int]:
        """Return the ids of the chosen routes."""
        return [int(pk) for pk in self.cleaned_data["routes"]]


def _label(route: Route) -> str:
    stops, name = list(route.stops.all()), f"{route.number}. {route.employee}"
    broken = len(route.violations) + sum(len(one.violations) for one in stops)
    warning = f", breaks {broken} rule{'' if broken == 1 else 's'}" if broken else ""
    return f"{name}: {len(stops)} stop{'' if len(stops) == 1 else 's'}{warning}"
