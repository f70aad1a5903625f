"""Photos and files as phones and worse senders send them."""

import io
import struct
import zlib
from typing import Any

from PIL import Image

# Degrees, minutes, seconds of a place that nobody need know.
SECRET = "Secret Street 7"


def picture(
    form: str = "JPEG", *, size: tuple[int, int] = (48, 32), orientation: int = 0, **given: Any
) -> bytes:
    """A picture, red on its left and blue on its right half, with a place, an author and a comment in it."""
    image = Image.new(given.pop("mode", "RGB"), size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    exif[0x013B] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 20.0), 3: "E", 4: (7.0, 0.0, 42.0)})
    written = io.BytesIO()
    image.save(written, format=form, exif=exif.tobytes(), **given)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    """The picture, with its pixels read."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def pdf(text: str = "Hello") -> bytes:
    """A PDF, as far as anybody looks."""
    return f"%PDF-1.4\n1 0 obj\n<< /Title ({text}) >>\nendobj\ntrailer\n<<>>\n%%EOF\n".encode()


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header says that size; there are no such pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(b"\0")),
            chunk(b"IEND", b""),
        ]
    )


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose header says that size."""
    data = bytearray(picture())
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def moving(form: str) -> bytes:
    """Two pictures in one file."""
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, format=form, save_all=True, append_images=frames[1:], duration=100)
    return written.getvalue()


def heic() -> bytes:
    """The head of what an iPhone sends if nobody told it otherwise."""
    return struct.pack(">I", 24) + b"ftypheic" + b"\0\0\0\0mif1heic" + b"\0" * 100


def video() -> bytes:
    """The head of a film."""
    return struct.pack(">I", 24) + b"ftypmp42" + b"\0\0\0\0isommp42" + b"\0" * 100


def webp_of(width: int, height: int, *, extended: bool = False, lossless: bool = False) -> bytes:
    """A WebP picture whose header says that size."""
    if extended:
        canvas = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        parts = b"VP8X" + struct.pack("<I", 10) + canvas + picture("WEBP")[12:]
    else:
        plain = io.BytesIO()
        Image.new("RGB", (16, 16), "red").save(plain, format="WEBP", lossless=lossless)
        data = bytearray(plain.getvalue()[12:])
        if lossless:
            data[9:13] = struct.pack("<I", (width - 1) | (height - 1) << 14)
        else:
            data[14:18] = struct.pack("<HH", width, height)
        parts = bytes(data)
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts
