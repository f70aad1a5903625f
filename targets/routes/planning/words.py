"""Sentences for explanations and reasons; who reads them decides what people and stops are called."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from targets.routes.planning.changes import Change
from targets.routes.planning.explain import Explanation
from targets.routes.planning.why import Why


@dataclass(frozen=True, slots=True)
class Names:
    """`person` names one ("employee 3"); `stop` names a stop, None if the reader may not know it."""

    person: Callable[[int], str]
    stop: Callable[[int], str | None]


_MOST_NAMED = 3

# What is wrong for {people}: so many of them, or nobody else.
_REASONS = {
    "time_window_unreachable": "{people} cannot be there and do the work within the time window",
    "time_window_too_short": "the time window is shorter than the work",
    "time_window_outside_shift": "the time window lies outside the working hours of {people}",
    "too_far": "the way there and back with the work takes longer than the working day of {people}",
    "work_longer_than_shift": "the work takes longer than the working day of {people}",
    "load_exceeded": "{people} cannot carry the load",
    "missing_skill": "{people} {lack} {skills}",
    "pinned_to_another": "it is locked to somebody who has no time for it on this day",
    "capacity_full": "the day of {people} is full",
}
_WHOLE = {
    "no_employee_available": "No employee is available on this day.",
    "not_planned": "It would fit, but was not planned.",
}

# Where no single change helps: what is wanted at least.
_NEEDED = {
    "no_employee_available": "Somebody must work on this day.",
    "time_window_unreachable": "A longer time window, or somebody who starts nearer, is needed.",
    "time_window_too_short": "A time window at least as long as the work is needed.",
    "time_window_outside_shift": "A time window within somebody's working hours is needed.",
    "too_far": "Somebody who starts nearer, or a longer working day, is needed.",
    "work_longer_than_shift": "Shorter work or a longer working day is needed.",
    "missing_skill": "Somebody with {skills} is needed.",
    "pinned_to_another": "Unlock it, or give it to somebody else.",
    "capacity_full": "More people, longer days or another day is needed.",
}


def message(explanation: Explanation, names: Names) -> str:
    """Why the stop was left out, in one or two sentences."""
    if explanation.code in _WHOLE:
        return _WHOLE[explanation.code]
    counts = Counter(code for _, code in explanation.reasons)
    first = counts.pop(explanation.code, 0)
    total = first + counts.total()
    parts = [
        _REASONS[code].format(
            people=_people(count, total),
            lack="lacks" if count == 1 else "lack",
            skills=_skills(explanation.skills, of="one of "),
        )
        for code, count in [(explanation.code, first), *counts.most_common()]
    ]
    sentence = _sentence("; ".join(parts))
    if explanation.code == "capacity_full" and explanation.displaced:
        return f"{sentence} In its place: {_stops(explanation.displaced, names)}."
    return sentence


def hint(explanation: Explanation, names: Names) -> str:
    """What would make the stop fit, or what is needed at least where no single change would."""
    if explanation.counterfactual is not None:
        return change(explanation.counterfactual, names)
    return _NEEDED.get(explanation.code, "").format(skills=_skills(explanation.skills))


def near_miss(explanation: Explanation, names: Names) -> str:
    """The least change of a time that would have made it fit; empty if there is none."""
    return "" if explanation.near_miss is None else change(explanation.near_miss, names)


def change(change: Change, names: Names) -> str:
    """The change as a sentence."""
    person, time = names.person(change.person_id), minutes(change.seconds)
    said = {
        "window_ends_later": f"Fits the route of {person} if the time window ended {time} later.",
        "window_starts_earlier": f"Fits the route of {person} if the time window started {time} earlier.",
        "work_shorter": f"Fits the route of {person} if the work took {time} less.",
        "shift_ends_later": f"Fits the route of {person} if their day ended {time} later.",
        "one_stop_more": f"Fits the route of {person} if they could take one stop more.",
        "driving_longer": f"Fits the route of {person} if they could drive {time} longer.",
        "skill_added": f"Fits the route of {person} if they had {_skills(change.skills)}.",
        "another_person": f"Fits if one more employee like {person} worked that day.",
    }
    if change.kind == "stops_left_out":
        verb = "is" if len(change.without) == 1 else "are"
        return f"Fits the route of {person} when {_stops(change.without, names)} {verb} left out."
    return said[change.kind]


def reasons(why: Why, names: Names) -> list[tuple[str, str]]:
    """Code and sentence: why this person, why then, and what it adds."""
    other = "" if why.person.person_id is None else names.person(why.person.person_id)
    time = minutes(why.person.seconds)
    person = {
        "pinned": "The stop is fixed to this person.",
        "only_one_able": "Nobody else has the skills.",
        "only_one_in_time": "Nobody else could be there in time, even with an empty day.",
        "others_full": "It fits nobody else's route.",
        "least_driving": f"It adds the least driving here: {time} less than for {other}.",
        "best_for_all": f"{other} would drive {time} less for it, but the whole plan is better this way.",
    }
    when = {
        "fixed_time": "The time is fixed.",
        "window_opens": "The time window opens then.",
        "in_window": "As early as the way and the time window allow.",
        "on_the_way": "As early as the way allows.",
    }
    added = f"It adds {minutes(why.added)} of driving."
    said = person[why.person.code]
    return [
        (why.person.code, said[:1].upper() + said[1:]),
        (why.time.code, when[why.time.code]),
        ("added", added),
    ]


def minutes(seconds: int) -> str:
    """Whole minutes, rounded up."""
    count = -(-seconds // 60)
    return "1 minute" if count == 1 else f"{count} minutes"


def _people(count: int, total: int) -> str:
    if count == total:
        return "all employees" if total > 1 else "the only employee"
    return f"{count} of {total} employees"


def _stops(ids: Sequence[int], names: Names) -> str:
    """Those the reader may know by name, the others as a number."""
    known = [name for each in ids if (name := names.stop(each)) is not None]
    shown = known[:_MOST_NAMED]
    others = len(ids) - len(shown)
    if others:
        kind = "other stop" if shown else "stop"
        shown.append(f"{others} {kind}{'' if others == 1 else 's'}")
    return _listed(shown)


def _skills(skills: Sequence[str], *, of: str = "") -> str:
    listed = _listed([f'"{skill}"' for skill in skills])
    return f"the skill {listed}" if len(skills) == 1 else f"{of}the skills {listed}"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
