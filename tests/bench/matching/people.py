"""FEBRL4: five thousand people mapped one by one against as many, and Splink on the same fields."""

from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure
from tests.bench.matching.ground import Outcome, ask_each, prepare
from tests.bench.matching.peer import Person, by_splink, febrl
from tests.bench.matching.records import Arrival, Known, Place

# Where its documentation usually cuts.
_SPLINK_CUT = 0.95


def measure(*, peers: bool) -> Iterator[Figure]:
    """Name, street, city, postcode only; shipped weights and thresholds, never tuned on this set."""
    originals, others = febrl("febrl4")
    ground = prepare([_known(one) for one in originals], country="AU")
    truth = {one["entity"]: n for n, one in enumerate(originals)}
    arrivals = [_arrival(one, truth[one["entity"]]) for one in others]
    told = [outcome for outcome, _ in ask_each(ground, arrivals)]
    yield from _figures(arrivals, told)
    _tell_wrong(originals, arrivals, told)
    if peers:
        yield from _splink(originals, others, arrivals, told)


def _figures(arrivals: Sequence[Arrival], told: Sequence[Outcome]) -> Iterator[Figure]:
    linked = [(one, arrival) for one, arrival in zip(told, arrivals, strict=True) if one.linked is not None]
    right = sum(one.linked == arrival.truth for one, arrival in linked)
    precision, recall = right / max(1, len(linked)), right / len(arrivals)
    f1 = _f1(precision, recall)
    yield Figure("FEBRL4, links: precision", 100 * precision, "%", ">= 99.9", precision >= 0.999)
    yield Figure("FEBRL4, links: recall", 100 * recall, "%", ">= 97", recall >= 0.97)
    yield Figure("FEBRL4, links: F1", 100 * f1, "%", ">= 98.4", f1 >= 0.984)
    tops = [(_top(one), arrival) for one, arrival in zip(told, arrivals, strict=True)]
    named = sum(top is not None for top, _ in tops)
    best = sum(top == arrival.truth for top, arrival in tops)
    top_f1 = _f1(best / max(1, named), best / len(arrivals))
    yield Figure("FEBRL4, top candidate: F1", 100 * top_f1, "%", ">= 99", top_f1 >= 0.99)
    five = sum(
        arrival.truth in {one.linked, *one.offered} for one, arrival in zip(told, arrivals, strict=True)
    )
    share = five / len(arrivals)
    yield Figure("FEBRL4, linked or among five", 100 * share, "%", ">= 99.5", share >= 0.995)


def _splink(
    originals: list[Person], others: list[Person], arrivals: Sequence[Arrival], told: Sequence[Outcome]
) -> Iterator[Figure]:
    best: dict[int, tuple[int, float]] = {}
    for n, m, probability in by_splink(originals, others):
        if probability > best.get(n, (0, 0.0))[1]:
            best[n] = m, probability
    for cut in (0.5, 0.9, _SPLINK_CUT, 0.99):
        linked = {n: m for n, (m, probability) in best.items() if probability >= cut}
        right = sum(arrivals[n].truth == m for n, m in linked.items())
        f1 = _f1(right / max(1, len(linked)), right / len(arrivals))
        print(f"  Splink from {cut}: {len(linked)} links, {len(linked) - right} wrong, F1 {100 * f1:.2f} %")
        if cut == _SPLINK_CUT:
            its = f1
    ours = sum(one.linked == arrival.truth for one, arrival in zip(told, arrivals, strict=True))
    count = sum(one.linked is not None for one in told)
    mine = _f1(ours / max(1, count), ours / len(arrivals))
    yield Figure("FEBRL4, our F1 beyond Splink's", 100 * (mine - its), "points", "(compare)", good=True)


def _tell_wrong(originals: list[Person], arrivals: Sequence[Arrival], told: Sequence[Outcome]) -> None:
    for one, arrival in zip(told, arrivals, strict=True):
        if one.linked is not None and one.linked != arrival.truth:
            print(f"  wrong: {arrival} to {originals[one.linked]} by {one.verdict.found}")


def _top(one: Outcome) -> int | None:
    return one.linked if one.linked is not None else next(iter(one.offered), None)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / max(1e-9, precision + recall)


def _known(person: Person) -> Known:
    return Known(_name(person), (_place(person),))


def _arrival(person: Person, truth: int) -> Arrival:
    place = _place(person)
    return Arrival(_name(person), place.line, place.postal_code, place.city, truth=truth)


def _name(person: Person) -> str:
    return f"{person['given_name']} {person['surname']}".strip()


def _place(person: Person) -> Place:
    # Australians write the number first.
    line = f"{person['street_number']} {person['address_1']}".strip()
    return Place(line, "", person["postcode"], person["suburb"])
