"""Which of a customer's own locations or contacts is meant; there are few, so less says more."""

from collections.abc import Iterator, Mapping
from math import log2

from customers.matching.addresses import Address
from customers.matching.comparing import AGREES, DIFFERS, SIMILAR, Evidence
from customers.matching.distance import kilometres
from customers.matching.likeness import CLOSE, EXACT, NEAR, likeness, one_slip
from customers.matching.names import Name
from customers.matching.scoring import Party, Score, as_score
from customers.matching.weights import Level, Weights

_AGREEMENTS = {EXACT: AGREES, CLOSE: SIMILAR, NEAR: SIMILAR}
_SAME_SPOT, _ELSEWHERE = 0.1, 1.0


def score_location(sent: Party, known: Party, weights: Weights, *, among: int) -> Score:
    """Compare places of one customer; `among` is how many it has. `names` are those of the places."""
    evidence = tuple(_location(sent, known, weights))
    told = {one.field: one.agreement for one in evidence}
    same_street = told.get("street") == AGREES and told.get("number", AGREES) == AGREES
    named = told.get("name") == AGREES and "street" not in told
    return _score(
        evidence, among, linkable=(same_street or named or _same_spot(told)) and DIFFERS not in told.values()
    )


def score_contact(sent: Party, known: Party, weights: Weights, *, among: int) -> Score:
    """Compare people of one customer; somebody of another name at the same phone is somebody else."""
    evidence = tuple(_contact(sent, known, weights))
    told = {one.field: one.agreement for one in evidence}
    reached = AGREES in {told.get("email"), told.get("phone")}
    whole = told.get("name") == AGREES and DIFFERS not in told.values()
    return _score(evidence, among, linkable=(reached or whole) and told.get("name") != DIFFERS)


def _score(evidence: tuple[Evidence, ...], among: int, *, linkable: bool) -> Score:
    bits = sum(one.weight for one in evidence) - log2(among + 1)
    return Score(as_score(bits), bits, evidence, linkable and bits > 0)


def _same_spot(told: dict[str, str]) -> bool:
    return told.get("distance") == AGREES and "street" not in told


def _location(sent: Party, known: Party, weights: Weights) -> Iterator[Evidence]:
    one, other = sent.address, known.address
    yield from _compared("name", weights["site_name"], _like_names(sent, known))
    if one.postcode and other.postcode:
        how = (
            EXACT
            if one.postcode == other.postcode
            else CLOSE
            if one_slip(one.postcode, other.postcode)
            else ""
        )
        yield from _compared("postcode", weights["site_postcode"], how)
    if one.city and other.city:
        how = likeness("".join(one.city), "".join(other.city))
        yield from _compared("city", weights["site_city"], how if one.city[0] != other.city[0] else EXACT)
    if one.street and other.street:
        how = likeness(one.street, other.street)
        yield from _compared("street", weights["site_street"], how)
    if one.house is not None and other.house is not None:
        how = EXACT if one.house == other.house else NEAR if one.house.first == other.house.first else ""
        yield from _compared("number", weights["site_number"], how)
    yield from _distance(one, other, weights)


def _distance(one: Address, other: Address, weights: Weights) -> Iterator[Evidence]:
    if one.point is None or other.point is None:
        return
    away = kilometres(one.point, other.point)
    how = EXACT if away <= _SAME_SPOT else NEAR if away <= _ELSEWHERE else ""
    yield from _compared("distance", weights["site_distance"], how)


def _contact(sent: Party, known: Party, weights: Weights) -> Iterator[Evidence]:
    yield from _compared("name", weights["contact_name"], _like_names(sent, known))
    for field, ours, theirs in (("email", sent.emails, known.emails), ("phone", sent.phones, known.phones)):
        if ours and theirs:
            yield from _compared(field, weights[f"contact_{field}"], EXACT if ours & theirs else "")


def _like_names(sent: Party, known: Party) -> str | None:
    if not sent.names or not known.names:
        return None
    return max((_like(sent.names[0], name) for name in known.names), key=("", NEAR, CLOSE, EXACT).index)


def _like(one: Name, other: Name) -> str:
    if sorted(one.words) == sorted(other.words) or one.joined == other.joined:
        return EXACT
    how = likeness(one.joined, other.joined)
    if how == CLOSE:
        return CLOSE
    # An initial or a middle name more or less.
    short, long = sorted((set(one.words), set(other.words)), key=len)
    return NEAR if short and short < long else ""


def _compared(field: str, levels: Mapping[str, Level], how: str | None) -> Iterator[Evidence]:
    if how is None:
        return
    level = levels.get(how) or levels["different"]
    yield Evidence(field, _AGREEMENTS.get(how, DIFFERS), level.plus)
