"""Photos for the demonstration, drawn: nobody's refrigerator was hurt."""

import io

from PIL import Image, ImageDraw

from ordinavo.desk.demo.visitor import File

_SIZE = (640, 480)


def photos() -> list[tuple[str, File]]:
    """Return two photos as a phone sends them."""
    return [
        ("files", _photo("unit-before.jpg", dirty=True)),
        ("files", _photo("unit-after.jpg", dirty=False)),
    ]


def _photo(name: str, *, dirty: bool) -> File:
    image = Image.new("RGB", _SIZE, "#cfd8dc")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 380, *_SIZE), fill="#90a4ae")
    pen.rounded_rectangle((200, 60, 440, 420), radius=14, fill="#eceff1", outline="#546e7a", width=4)
    pen.line((200, 180, 440, 180), fill="#546e7a", width=4)
    pen.rounded_rectangle((405, 90, 417, 160), radius=5, fill="#78909c")
    pen.rounded_rectangle((405, 200, 417, 300), radius=5, fill="#78909c")
    for place in range(8):
        shade = "#8d6e63" if dirty and place % 3 else "#b0bec5"
        pen.rectangle((230, 330 + place * 9, 380, 334 + place * 9), fill=shade)
    pen.rectangle((230, 85, 330, 120), fill="#263238")
    pen.text((240, 94), "+9 C  ALARM" if dirty else "+4 C  OK", fill="#ff7043" if dirty else "#66bb6a")
    written = io.BytesIO()
    image.save(written, format="JPEG", quality=85)
    return File(name, "image/jpeg", written.getvalue())
