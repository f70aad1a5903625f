"""Field days, made up from a seed: a town with suburbs, people with shifts, breaks and skills, work with
windows.

The numbers were chosen before anything was tuned on them.
"""

import random
from dataclasses import dataclass

from targets.routes.planning.prices import price
from targets.routes.planning.problem import Break, Person, Place, Problem, Stop, Window
from targets.routes.planning.travel.great_circle import great_circle

_HOUR, _MINUTE = 3600, 60
_CENTRE = Place(51.05, 13.74)
_SKILLS = ("electric", "gas", "ladder")
_WORK = (15, 20, 30, 45, 60)

# Stops per person: on a light day nearly all are served, on an over-subscribed one about every fifth is not.
LIGHT, OVER = 8, 13


@dataclass(frozen=True, slots=True)
class Day:
    """What the generator is asked for. `load` is stops per person."""

    stops: int
    load: float
    seed: int


def make(day: Day) -> Problem:
    """The day as a problem; the same day gives the same problem."""
    dice = random.Random(f"{day.stops}/{day.load}/{day.seed}")
    people_count = max(1, round(day.stops / day.load))
    suburbs = [_around(dice, _CENTRE, 0.15) for _ in range(5)]
    places = [_home(dice) for _ in range(people_count)]
    places += [_customer(dice, suburbs) for _ in range(day.stops)]
    people = tuple(_person(dice, number) for number in range(people_count))
    stops = tuple(_stop(dice, number, people_count + number) for number in range(day.stops))
    return Problem(stops, people, great_circle(places))


def _around(dice: random.Random, place: Place, spread: float) -> Place:
    return Place(place.latitude + dice.gauss(0, spread), place.longitude + dice.gauss(0, spread * 1.6))


def _home(dice: random.Random) -> Place:
    return _CENTRE if dice.random() < 0.5 else _around(dice, _CENTRE, 0.1)


def _customer(dice: random.Random, suburbs: list[Place]) -> Place:
    if dice.random() < 0.6:
        return _around(dice, dice.choice(suburbs), 0.02)
    return _around(dice, _CENTRE, 0.12)


def _person(dice: random.Random, number: int) -> Person:
    # The first three have one skill each, so that no skill is missing altogether.
    skills = {_SKILLS[number % 3]} | {skill for skill in _SKILLS if dice.random() < 0.4}
    kind = dice.random()
    if kind < 0.15:
        shift, pause = Window(8 * _HOUR, 13 * _HOUR), None
    elif kind < 0.4:
        shift = Window(7 * _HOUR, 15 * _HOUR)
        pause = Break(30 * _MINUTE, Window(11 * _HOUR, 13 * _HOUR))
    else:
        shift = Window(8 * _HOUR, 17 * _HOUR)
        pause = Break(45 * _MINUTE, Window(11 * _HOUR + 30 * _MINUTE, 14 * _HOUR))
    limit = 3 * _HOUR if dice.random() < 0.2 else None
    return Person(number, number, number, shift, pause, frozenset(skills), max_stops=14, max_driving=limit)


def _stop(dice: random.Random, number: int, place_index: int) -> Stop:
    priority = dice.choices((1, 2, 3), (60, 30, 10))[0]
    return Stop(
        id=number,
        place_index=place_index,
        service=dice.choice(_WORK) * _MINUTE,
        windows=_windows(dice),
        skills=frozenset({dice.choice(_SKILLS)}) if dice.random() < 0.25 else frozenset(),
        priority=priority,
        prize=price(priority=priority, days_left=dice.choice((None, None, 0, 2))),
    )


def _windows(dice: random.Random) -> tuple[Window, ...]:
    kind = dice.random()
    if kind < 0.4:
        return ()
    length = dice.choice((2, 3, 4)) * _HOUR
    start = dice.randrange(7 * _HOUR, 17 * _HOUR - length, 30 * _MINUTE)
    if kind < 0.9:
        return (Window(start, start + length),)
    return (Window(8 * _HOUR, 10 * _HOUR), Window(14 * _HOUR, 16 * _HOUR))
