"""Pictures without what they need not tell: where and when they were taken, by what, with what notes.

Only what a decoder needs is copied, byte by byte, so that nothing is compressed again; what follows the end
of a picture is left out.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import Literal

# A photo has about ten; thousands keep a processor busy for minutes.
_MOST_SCANS = 100
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_APPLICATION = range(0xE0, 0xF0)
_COMMENT = 0xFE
_EXIF, _ORIENTATION = b"Exif\0\0", 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"IDAT",
        b"IEND",
    }
)
_WEBP_KEPT = frozenset({b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"VP8L"})
_WEBP_NOTES = 0x08 | 0x04


class Damaged(ValueError):
    """The picture is not made as its kind demands, or incomplete."""


class Moving(ValueError):
    """It has several pictures."""


def strip_jpeg(data: bytes) -> tuple[bytes, bytes]:
    """Return a JPEG with its picture and colours only, and its EXIF notes."""
    parts, notes, scans = [b"\xff\xd8"], b"", 0
    for marker, body, scan in _segments(data):
        if marker == _APPLICATION[1] and body.startswith(_EXIF):
            notes = notes or body
        scans += marker == _SCAN
        if scans > _MOST_SCANS:
            raise Damaged
        kept = _jpeg_kept(marker, body)
        if kept is not None:
            parts += [bytes((0xFF, marker)), (len(kept) + 2).to_bytes(2, "big"), kept, scan]
    return b"".join([*parts, b"\xff\xd9"]), notes


def strip_png(data: bytes) -> tuple[bytes, bytes]:
    """Return a PNG with its first picture and colours only, and its EXIF notes."""
    parts, notes = [_PNG], b""
    for name, chunk in _png_chunks(data):
        if name == b"eXIf":
            notes = chunk[8:-4]
        if name in _PNG_KEPT:
            parts.append(chunk)
        if name == b"IEND":
            return b"".join(parts), notes
    raise Damaged


def strip_webp(data: bytes) -> tuple[bytes, bytes]:
    """Return a WebP picture with its pixels and colours only, and its EXIF notes."""
    parts, notes = [], b""
    for name, body in _webp_chunks(data):
        if name == b"ANIM":
            raise Moving
        if name == b"EXIF":
            notes = body
        if name in _WEBP_KEPT:
            kept = bytes([body[0] & ~_WEBP_NOTES]) + body[1:] if name == b"VP8X" and body else body
            parts.append(name + len(kept).to_bytes(4, "little") + kept + b"\0" * (len(kept) % 2))
    inside = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside, notes


def orientation_of(notes: bytes) -> int:
    """Return how EXIF notes say that a picture must be turned, from 1 (not at all) to 8; 1 if they don't."""
    tiff = notes.removeprefix(_EXIF)
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"
    first = int.from_bytes(tiff[4:8], order)
    for number in range(int.from_bytes(tiff[first : first + 2], order)):
        place = first + 2 + 12 * number
        entry = tiff[place : place + 12]
        if len(entry) < 12:
            break
        if int.from_bytes(entry[:2], order) == _ORIENTATION:
            turn = int.from_bytes(entry[8:10], order)
            return turn if 1 <= turn <= 8 else 1
    return 1


def pixels_of_webp(data: bytes) -> int:
    """Return how many pixels a WebP picture says it has: decoders make room for all when they open it."""
    return max((_webp_pixels(name, body) for name, body in _webp_chunks(data)), default=0)


def _webp_pixels(name: bytes, body: bytes) -> int:
    if name == b"VP8X":
        width, height = (int.from_bytes(body[place : place + 3], "little") + 1 for place in (4, 7))
    elif name == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif name == b"VP8 ":
        width, height = (int.from_bytes(body[place : place + 2], "little") & 0x3FFF for place in (6, 8))
    else:
        return 0
    return width * height


STRIP: dict[str, Callable[[bytes], tuple[bytes, bytes]]] = {
    "JPEG": strip_jpeg,
    "PNG": strip_png,
    "WEBP": strip_webp,
}


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield marker, content and, after a scan's header, the scan itself, up to the end of the picture."""
    place = 2
    while True:
        found = _MARKER.match(data, place) or _fill(data, place)
        marker, place = found.group()[1], found.end()
        if marker == _END:
            return
        length = int.from_bytes(data[place : place + 2], "big")
        if length < 2 or place + length > len(data) or marker == _START:
            raise Damaged
        body, place = data[place + 2 : place + length], place + length
        scan = b""
        if marker == _SCAN:
            scan_ends = _next_marker(data, place)
            scan, place = data[place:scan_ends], scan_ends
        yield marker, body, scan


def _fill(data: bytes, place: int) -> re.Match[bytes]:
    """Return the marker behind bytes that only fill."""
    start = place
    while data[start : start + 2] == b"\xff\xff":
        start += 1
    found = _MARKER.match(data, start)
    if found is None:
        raise Damaged
    return found


def _next_marker(data: bytes, place: int) -> int:
    found = _MARKER.search(data, place)
    if found is None:
        raise Damaged
    return found.start()


def _jpeg_kept(marker: int, body: bytes) -> bytes | None:
    if marker == _COMMENT:
        return None
    if marker not in _APPLICATION:
        return body
    if body.startswith(b"JFIF\0"):
        # Without its thumbnail.
        return body[:12].ljust(12, b"\0") + b"\0\0"
    is_colour = body.startswith((b"ICC_PROFILE\0", b"Adobe"))
    return body if is_colour else None


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(data):
        ends = place + 12 + int.from_bytes(data[place : place + 4], "big")
        chunk = data[place:ends]
        if len(chunk) != ends - place or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise Damaged
        yield chunk[4:8], chunk
        place = ends


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place, ends = 12, 8 + int.from_bytes(data[4:8], "little")
    if ends > len(data):
        raise Damaged
    while place + 8 <= ends:
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        if place + 8 + length > ends:
            raise Damaged
        yield data[place : place + 4], data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
