"""Why a record was found: each field's part in the score, as words and bars for staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ordinavo.kernel.admin import show

_ONCE = "house"
_FIELDS = {"form": "Legal form", "house": "Same address", "number": "House number", "email": "E-mail"}
_KINDS = {"agrees": "good", "similar": "info", "differs": "bad"}
_BAR = (
    '<li><span>{}: {}</span> <svg class="ord-share ord-share-{}" viewBox="0 0 100 4" '
    'preserveAspectRatio="none" aria-hidden="true"><rect class="ord-share-ground" width="100" height="4"/>'
    '<rect width="{}" height="4"/></svg></li>'
)
# Scores are even odds at 50; clients link by themselves from 65 on, unless they say otherwise.
_SURE, _LIKELY = 65, 50


@dataclass(frozen=True, slots=True)
class Bar:
    """One field's part in the score: `share` in percent of what speaks for or against, `kind` of badge."""

    field: str
    words: str
    share: int
    kind: str


def bars(evidence: Any, most: float) -> list[Bar]:
    """Return bars of what an engine said by field; who only said `agrees` gets words without lengths."""
    if isinstance(evidence, Mapping):
        return [
            Bar(show.words(field), str(how), 0, _KINDS.get(str(how), "info"))
            for field, how in evidence.items()
        ]
    return [_bar(one, most) for one in evidence or () if isinstance(one, Mapping)]


def most_said(evidences: Iterable[Any]) -> float:
    """Return the greatest share of any field, so that bars can be compared with each other."""
    shares = [
        abs(float(one.get("share") or 0))
        for evidence in evidences
        for one in (evidence or ())
        if isinstance(one, Mapping)
    ]
    return max(shares, default=0) or 1.0


def drawn(found: Iterable[Bar]) -> SafeString:
    """Return bars as a list."""
    lines = ((bar.field, bar.words, bar.kind, bar.share) for bar in found)
    return format_html('<ul class="ord-plain ord-shares">{}</ul>', format_html_join("", _BAR, lines))


def percent(score: float | None) -> str:
    """Return a score in percent, "" without one."""
    return "" if score is None else f"{min(99.9, 100 * score):.3g} %" if score < 1 else "100 %"


def score_kind(score: float | None) -> str:
    """Return the kind of badge for a score."""
    rounded = 0 if score is None else round(100 * score)
    if rounded >= _SURE:
        return "good"
    return "info" if rounded >= _LIKELY else "warn"


def explained(detail: Mapping[str, Any]) -> SafeString:
    """Return why one record of a `customerMapping` was found by name and address, or ""."""
    shares: Mapping[str, float] = detail.get("shares") or {}
    if not shares:
        return SafeString("")
    evidence = [
        {"field": field, "agreement": how, "share": shares.get(field)}
        for field, how in (detail.get("evidence") or {}).items()
    ]
    score, runner_up, margin = (detail.get(name) for name in ("score", "runnerUpScore", "margin"))
    second = "nobody else is like it" if runner_up is None else f"next best {percent(runner_up)}"
    clear = "" if runner_up is None or margin is None else f", clear of it by {margin:.2f}"
    return format_html(
        "{} {}{}{}",
        show.mark(percent(score), score_kind(score)),
        second,
        clear,
        drawn(bars(evidence, most_said([evidence]))),
    )


def _bar(said: Mapping[str, Any], most: float) -> Bar:
    field, share = str(said.get("field", "")), float(said.get("share") or 0)
    agreement = str(said.get("agreement", ""))
    # Parts of one address agree together or not at all: what they say is taken back in part.
    words = "counts once" if field == _ONCE else agreement
    kind = "quiet" if field == _ONCE else "bad" if share < 0 else _KINDS.get(agreement, "info")
    return Bar(_FIELDS.get(field, show.words(field)), words, round(100 * abs(share) / most), kind)
