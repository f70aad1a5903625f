"""Why targets were left out and why stops stand where they stand, for the rows that keep it."""

from targets.routes.planning.problem import Problem
from targets.routes.planning.solution import Plan
from targets.routes.solving.day import Day
from targets.routes.solving.record import Told
from targets.routes.solving.screening import LeftOut


def left_out_of(problem: Problem, plan: Plan, day: Day) -> list[LeftOut]:
    return [LeftOut(pk, "capacity_full", "All routes of the day are full.") for pk in plan.left_out if pk > 0]


def told_of(problem: Problem, plan: Plan, day: Day) -> dict[int, Told]:
    return {}
