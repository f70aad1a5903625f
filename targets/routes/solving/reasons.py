"""Why targets were left out and why stops stand where they stand, in words for the rows that keep them.

Outside systems must not read who works for the tenant: they are told of employees by the numbers of their
routes, and of other stops only by their own external ids.
"""

from collections.abc import Mapping
from typing import Any

from targets.routes.models import RouteSuggestion
from targets.routes.planning.explain import Explanation, explain
from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan
from targets.routes.planning.why import why_all
from targets.routes.planning.words import Names, hint, message, near_miss, reasons
from targets.routes.solving.clock import minutes
from targets.routes.solving.day import Day
from targets.routes.solving.record import Told, numbered
from targets.routes.solving.screening import LeftOut

IN_HOUSE = "inHouse"
_SOMEBODY = "another employee"


def left_out_of(problem: Problem, plan: Plan, day: Day, suggestion: RouteSuggestion) -> list[LeftOut]:
    """Return the targets that the plan leaves out, each with its proved reason."""
    house = _in_house(day)
    told = house if suggestion.client_id is None else _outside(day, plan)
    return [_left_out(one, told, house) for one in explain(problem, plan) if one.stop_id > 0]


def told_of(problem: Problem, plan: Plan, day: Day) -> dict[int, Told]:
    """Return by target why its stop stands where it stands; for staff only."""
    names = _in_house(day)
    return {
        one.stop_id: Told(
            [{"code": code, "message": text} for code, text in reasons(one, names)], minutes(one.added)
        )
        for one in why_all(problem, plan)
        if one.stop_id > 0
    }


def _left_out(explanation: Explanation, told: Names, house: Names) -> LeftOut:
    details: dict[str, Any] = {
        IN_HOUSE: {
            "message": message(explanation, house),
            "hint": hint(explanation, house),
            "nearMiss": near_miss(explanation, house),
        },
        "reasons": {str(person): code for person, code in explanation.reasons},
        "displacedTargetIds": [pk for pk in explanation.displaced if pk > 0],
    }
    return LeftOut(
        explanation.stop_id,
        explanation.code,
        message(explanation, told),
        hint(explanation, told),
        details,
    )


def _in_house(day: Day) -> Names:
    people = {one.employee.pk: one.employee.name for one in day.people}
    stops = {target.pk: target.external_id or target.title for target in day.targets}
    stops |= {-one.pk: one.target.external_id or one.target.title for one in day.appointments}
    return Names(person=people.__getitem__, stop=stops.get)


def _outside(day: Day, plan: Plan) -> Names:
    numbers: Mapping[int, int] = {
        route.person_id: number for number, route in enumerate(numbered(plan.routes), 1)
    }
    stops = {target.pk: target.external_id for target in day.targets}

    def person(pk: int) -> str:
        return f"employee {numbers[pk]}" if pk in numbers else _SOMEBODY

    return Names(person=person, stop=stops.get)
