"""Links that open an address in whatever map the phone has."""

from urllib.parse import quote

_SAFE = ","


def map_link(*, agent: str, address: str, latitude: float | None, longitude: float | None) -> str:
    """Return a link to a place for the browser that calls itself `agent`; "" if nobody knows where it is.

    Android asks which map to open (`geo:`, no company in between); an iPhone knows no `geo:`, but opens its
    own map; other browsers get OpenStreetMap.
    """
    if not address and latitude is None:
        return ""
    point = "" if latitude is None else f"{latitude:.6f},{longitude:.6f}"
    if "Android" in agent:
        label = f"({address})" if point and address else ""
        return f"geo:{point or '0,0'}?q={_quoted(point + label if point else address)}"
    if "iPhone" in agent or "iPad" in agent:
        return f"https://maps.apple.com/?daddr={_quoted(point or address)}"
    if point:
        at = f"mlat={latitude:.6f}&mlon={longitude:.6f}"
        return f"https://www.openstreetmap.org/?{at}#map=17/{point.replace(',', '/')}"
    return f"https://www.openstreetmap.org/search?query={_quoted(address)}"


def _quoted(text: str) -> str:
    return quote(text, safe=_SAFE)
