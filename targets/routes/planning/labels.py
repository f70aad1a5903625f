"""The arithmetic of time along a route, with a break that must fall somewhere.

A moment is a pair: the earliest second if the break is still to come, and the earliest second if it has been
taken. Earlier is never worse, so that the pair says all about the way so far; LATER stands for "not
possible". The latest moments, counted from the end, mirror it with EARLIER.
"""

from targets.routes.planning.problem import Break, Person, Stop, Window

LATER = 1 << 40
EARLIER = -LATER

Pair = tuple[int, int]


def first_start(spans: tuple[Window, ...], arrival: int) -> int:
    """The first second from `arrival` on at which work may start."""
    for span in spans:
        if arrival <= span.end:
            return max(arrival, span.start)
    return LATER


def last_start(spans: tuple[Window, ...], latest: int) -> int:
    """The last second up to `latest` at which work may start; whoever arrives by then can start by then."""
    for span in reversed(spans):
        if latest >= span.start:
            return min(latest, span.end)
    return EARLIER


def pause_end(pause: Break | None, since: int) -> int:
    """When a break that may be begun at `since` is over."""
    if pause is None:
        return LATER
    end = max(since, pause.window.start) + pause.duration
    return end if end <= pause.window.end else LATER


def pause_begin(pause: Break | None, until: int) -> int:
    """The latest second at which somebody who must be rested by `until` may come to their break."""
    if pause is None:
        return EARLIER
    begin = min(until, pause.window.end) - pause.duration
    return begin if begin >= pause.window.start else EARLIER


def first_moment(person: Person) -> Pair:
    """When the person can leave: without a break in hand, and after a break taken before leaving."""
    if person.break_ is None:
        return LATER, person.shift.start
    return person.shift.start, max(person.shift.start, person.break_.window.start + person.break_.duration)


def last_moment(person: Person) -> Pair:
    """When the person must be back: with the break still to come (it follows at once), and rested."""
    end = person.shift.end
    if person.break_ is None:
        return EARLIER, end
    return min(end, person.break_.window.end - person.break_.duration), end


def through(stop: Stop, pause: Break | None, arrival: Pair) -> Pair:
    """Moments of arrival → moments of departure; a break fits before or after the work."""
    open_, rested = arrival
    rested = min(rested, pause_end(pause, open_))
    open_ = first_start(stop.starts, open_) + stop.service
    rested = first_start(stop.starts, rested) + stop.service
    return open_, min(rested, pause_end(pause, open_))


def back_through(stop: Stop, pause: Break | None, departure: Pair) -> Pair:
    """Latest moments of departure → latest moments of arrival."""
    open_, rested = departure
    open_ = max(open_, pause_begin(pause, rested))
    open_ = last_start(stop.starts, open_ - stop.service)
    rested = last_start(stop.starts, rested - stop.service)
    return max(open_, pause_begin(pause, rested)), rested


def in_time(moment: Pair, latest: Pair) -> bool:
    """Whether somebody who can be there at `moment` keeps all that follows."""
    return moment[0] <= latest[0] or moment[1] <= latest[1]
