"""The German set: 5,000 arrivals against 100,000 customers, how right and how fast."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from tests.bench.figures import Figure
from tests.bench.matching.german import CUSTOMERS, REPORTED_SEED, german_set
from tests.bench.matching.ground import Ground, Outcome, ask_each, prepare
from tests.bench.matching.records import Arrival, Known

_CHUNK, _ALONE, _WARM = 500, 1_000, 50


def measure(*, seed: int = REPORTED_SEED) -> Iterator[Figure]:
    """Quality of all arrivals, time of a thousand alone, pace of whole chunks."""
    drawn = german_set(seed)
    ground = prepare(drawn.known)
    timed = list(ask_each(ground, drawn.arrivals, at_once=_CHUNK))
    yield from _figures(drawn.known, drawn.arrivals, [outcome for outcome, _ in timed])
    pace = 1 / median(seconds for _, seconds in timed)
    yield Figure("Chunks of 500 unknown against 100,000", pace, "records/s", ">= 300", pace >= 300)
    yield from _alone(ground, drawn.arrivals, "100,000", p50=8, p99=40)


def measure_million() -> Iterator[Figure]:
    """The same, one by one, against ten times as many."""
    drawn = german_set(REPORTED_SEED, customers=10 * CUSTOMERS)
    yield from _alone(prepare(drawn.known), drawn.arrivals, "1,000,000", p50=15, p99=80)


def _figures(
    known: Sequence[Known], arrivals: Sequence[Arrival], told: Sequence[Outcome]
) -> Iterator[Figure]:
    pairs = list(zip(arrivals, told, strict=True))
    wrong = [(a, one) for a, one in pairs if one.linked is not None and one.linked != a.truth]
    meant = [(a, one) for a, one in pairs if a.truth is not None]
    recall = sum(one.linked == a.truth for a, one in meant) / len(meant)
    strangers = sum(a.truth is None for a, _ in wrong)
    asked = sum(one.asked for one in told) / len(told)
    _tell(known, pairs, wrong)
    share = 1000 * len(wrong) / len(arrivals)
    yield Figure("German set, wrong links", share, "of 1,000", "<= 1", share <= 1)
    yield Figure("German set, recall", 100 * recall, "%", ">= 95", recall >= 0.95)
    yield Figure("German set, strangers linked", strangers, "", "0", strangers == 0)
    yield Figure("German set, to review", 100 * asked, "%", "<= 5", asked <= 0.05)


def _tell(
    known: Sequence[Known],
    pairs: Sequence[tuple[Arrival, Outcome]],
    wrong: Sequence[tuple[Arrival, Outcome]],
) -> None:
    fates = Counter((a.kind, _fate(a, one)) for a, one in pairs)
    for kind in sorted({kind for kind, _ in fates}):
        told = ", ".join(f"{fate} {count}" for (of, fate), count in sorted(fates.items()) if of == kind)
        print(f"  {kind}: {told}")
    for a, one in wrong:
        print(f"  wrong: {a} to {known[one.linked or 0]} by {one.verdict.found}")


def _fate(arrival: Arrival, one: Outcome) -> str:
    if one.linked is not None:
        return "right" if one.linked == arrival.truth else "wrong"
    return "asked" if one.asked else "new"


def _alone(
    ground: Ground, arrivals: Sequence[Arrival], against: str, *, p50: int, p99: int
) -> Iterator[Figure]:
    list(ask_each(ground, arrivals[:_WARM]))
    times = [1000 * seconds for _, seconds in ask_each(ground, arrivals[_WARM : _WARM + _ALONE])]
    middle, most = median(times), quantiles(times, n=100)[98]
    yield Figure(f"One record against {against}, p50", middle, "ms", f"<= {p50}", middle <= p50)
    yield Figure(f"One record against {against}, p99", most, "ms", f"<= {p99}", most <= p99)
