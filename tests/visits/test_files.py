"""Files are judged by what they are, lose what they need not tell, and stay out if they pretend."""

import io
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.visits.files import Clean, FileRefused, cleaned, display_name, read_file
from targets.visits.models import Attachment
from targets.visits.pictures import orientation_of, strip_jpeg
from tests.visits.pictures import (
    SECRET,
    chunk,
    heic,
    jpeg_of,
    moving,
    opened,
    pdf,
    picture,
    png_of,
    video,
    webp_of,
)

Kind = Attachment.Kind
FORMS = ("JPEG", "PNG", "WEBP")


def refused(data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        cleaned(data)
    assert caught.value.message.endswith(".")
    return caught.value


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_is_told_by_its_content_and_loses_where_it_was_taken(form: str) -> None:
    before = picture(form)
    assert SECRET.encode() in before
    after = cleaned(before)
    assert (after.kind, after.width, after.height) == (Kind(f"image/{form.lower()}"), 48, 32)
    assert SECRET.encode() not in after.content
    assert dict(opened(after.content).getexif()) == {}
    assert not opened(after.content).getexif().get_ifd(0x8825)
    # Not one pixel is another one: nothing was compressed again.
    assert opened(after.content).tobytes() == opened(before).tobytes()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("orientation", [2, 3, 4, 5, 6, 7, 8])
def test_a_photo_that_lies_on_its_side_is_turned(form: str, orientation: int) -> None:
    after = cleaned(picture(form, orientation=orientation))
    shown = opened(after.content)
    assert shown.size == (after.width, after.height) == ((48, 32) if orientation < 5 else (32, 48))
    assert dict(shown.getexif()) == {}
    # Where red is, as whoever looks at the photo sees it.
    where = {2: (40, 16), 3: (40, 16), 4: (8, 16), 5: (16, 8), 6: (16, 8), 7: (16, 40), 8: (16, 40)}
    assert isinstance(pixel := shown.convert("RGB").getpixel(where[orientation]), tuple)
    assert (pixel[0] > 200, pixel[2] < 50) == (True, True)


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_an_orientation_that_there_is_not_changes_nothing(orientation: int) -> None:
    assert (cleaned(picture(orientation=orientation)).width) == 48


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("progressive", [True, False])
def test_all_sorts_of_jpegs_stay_as_they_look(mode: str, progressive: bool) -> None:
    before = picture(mode=mode, progressive=progressive, icc_profile=b"colours" * 30)
    after = cleaned(before).content
    assert opened(after).tobytes() == opened(before).tobytes()
    assert opened(after).info["icc_profile"] == b"colours" * 30


def test_thumbnails_and_comments_go_too() -> None:
    plain = picture(comment=b"Anna lives here")
    app0 = plain.index(b"JFIF")
    length = plain[app0 - 2 : app0]
    assert length == b"\0\x10"
    with_thumbnail = (
        plain[: app0 - 2] + b"\0\x13" + plain[app0 : app0 + 12] + b"\1\1" + b"pix" + plain[app0 + 14 :]
    )
    after = cleaned(with_thumbnail).content
    assert b"Anna" not in after
    assert b"pix" not in after
    assert opened(after).size == (48, 32)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tail", [b"PK\x03\x04 a zip", b"<script>alert(1)</script>", video(), pdf()])
def test_what_hangs_behind_a_picture_is_cut_off(form: str, tail: bytes) -> None:
    after = cleaned(picture(form) + tail).content
    assert tail not in after
    assert opened(after).size == (48, 32)


def test_notes_in_chunks_are_left_out_and_an_animated_png_stands_still() -> None:
    before = picture("PNG")
    place = before.index(b"IDAT") - 4
    noted = (
        before[:place] + chunk(b"tEXt", b"Comment\0<script>") + chunk(b"tIME", b"1234567") + before[place:]
    )
    assert b"script" not in cleaned(noted).content
    still = opened(cleaned(moving("PNG")).content)
    assert getattr(still, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"GIF89a" + b"\0" * 50, "file_unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_unknown"),
        (b"<!doctype html><script>alert(1)</script>", "file_unknown"),
        (b"MZ\x90\0" + b"\0" * 100, "file_unknown"),
        (b"PK\x03\x04" + b"\0" * 100, "file_unknown"),
        (b"\x7fELF", "file_unknown"),
        (b"#!/bin/sh\nrm", "file_unknown"),
        (b"BM" + b"\0" * 100, "file_unknown"),
        (b"II*\0" + b"\0" * 100, "file_unknown"),
        (b"x", "file_unknown"),
        (heic(), "file_heic"),
        (heic().replace(b"ftypheic", b"ftypavif"), "file_heic"),
        (video(), "file_video"),
        (moving("WEBP"), "picture_moves"),
        (b"\xff\xd8\xff", "file_damaged"),
        (b"\xff\xd8\xff\xe1", "file_damaged"),
        (b"\xff\xd8\xff" + b"\xff" * 1000, "file_damaged"),
        (b"\xff\xd8\xff\xd8" * 100, "file_damaged"),
        (b"\x89PNG\r\n\x1a\n", "file_damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "file_damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "file_damaged"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + b"\0" * 100, "file_damaged"),
        (b"%PDF-1.7\n" + b"\0" * 3000, "file_damaged"),
        (pdf() + b"\0" * 2000, "file_damaged"),
        (pdf()[:-7], "file_damaged"),
        (png_of(100_000, 100_000), "picture_too_large"),
        (png_of(10_000, 8_000), "picture_too_large"),
        (jpeg_of(65_000, 65_000), "picture_too_large"),
        (webp_of(16_383, 16_383), "picture_too_large"),
        (webp_of(16_383, 16_383, lossless=True), "picture_too_large"),
        (webp_of(60_000, 60_000, extended=True), "picture_too_large"),
        (png_of(4, 4), "file_damaged"),
        (png_of(0, 0), "file_damaged"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_is_no_photo_is_refused_in_words(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_who_sends_heic_is_told_what_to_do() -> None:
    assert "Most Compatible" in refused(heic()).message


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_that_breaks_off_is_refused_wherever_it_does(form: str) -> None:
    whole = picture(form, size=(640, 480))
    for part in (0.2, 0.5, 0.9, 0.99):
        assert refused(whole[: int(len(whole) * part)]).code == "file_damaged"


def test_a_jpeg_with_thousands_of_scans_is_not_even_begun() -> None:
    whole = picture(progressive=True)
    first = whole.index(b"\xff\xda")
    scan = whole[first : whole.index(b"\xff\xc4", first)]
    assert refused(whole[:-2] + scan * 200 + b"\xff\xd9").code == "file_damaged"


def test_a_pdf_keeps_its_words_and_nothing_behind_its_end() -> None:
    assert cleaned(pdf()) == Clean(Kind.PDF, pdf())
    assert cleaned(pdf() + b"PK\x03\x04zip").content == pdf()


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"RIFF"])
)
def test_noise_is_refused_and_never_a_fault(noise: bytes, head: bytes) -> None:
    data = head + noise
    if head == b"RIFF":
        data = data[:8].ljust(8, b"\0") + b"WEBP" + noise
    try:
        assert cleaned(data).kind == Kind.PDF
    except FileRefused as refusal:
        assert refusal.message  # noqa: PT017


@given(st.integers(0, 1200), st.integers(1, 255), st.sampled_from(FORMS))
def test_a_flipped_byte_is_refused_or_does_no_harm(place: int, change: int, form: str) -> None:
    data = bytearray(_WHOLE[form])
    data[place % len(data)] ^= change
    try:
        after = cleaned(bytes(data))
    except FileRefused:
        return
    assert after.kind == Kind.PDF or opened(after.content).size == (after.width, after.height)


_WHOLE = {form: picture(form) for form in FORMS}


def test_stripping_twice_changes_nothing_more() -> None:
    once, notes = strip_jpeg(picture(orientation=6))
    assert (strip_jpeg(once), orientation_of(notes)) == ((once, b""), 6)


@given(st.binary(max_size=60))
def test_broken_notes_turn_nothing_or_say_how(noise: bytes) -> None:
    for head in (b"", b"II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08"):
        assert orientation_of(head + noise) in range(1, 9)


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ("IMG_0042.JPG", Kind.JPEG, "IMG_0042.jpg"),
        ("../../etc/passwd", Kind.PDF, "passwd.pdf"),
        ("C:\\Users\\Kim\\Küche.jpeg", Kind.JPEG, "Küche.jpg"),
        ("/var/www/shell.php", Kind.PNG, "shell.php.png"),
        ("photo.jpg/", Kind.JPEG, "photo.jpg"),
        ("", Kind.JPEG, "photo.jpg"),
        (".", Kind.PDF, "file.pdf"),
        ("..", Kind.PDF, "file.pdf"),
        (".pdf", Kind.PDF, "file.pdf"),
        ("  a \t  b .png ", Kind.PNG, "a b.png"),
        ("a\0b\r\nSet-Cookie: x.png", Kind.PNG, "abSet-Cookie: x.png"),
        ("gpj.\u202eexe.png", Kind.PNG, "gpj.exe.png"),
        ("e\u0301.webp", Kind.WEBP, "é.webp"),
        ("\ud800.png", Kind.PNG, "photo.png"),
        ("x" * 500 + ".png", Kind.PNG, "x" * 100 + ".png"),
        ('<img src=x onerror="alert(1)">.jpg', Kind.JPEG, '<img src=x onerror="alert(1)">.jpg'),
    ],
)
def test_names_lose_folders_and_tricks_and_end_as_they_are(
    given: str, kind: Attachment.Kind, shown: str
) -> None:
    assert display_name(given, kind) == shown


@given(st.text(max_size=300))
def test_whatever_a_file_is_called_its_name_fits(name: str) -> None:
    shown = display_name(name, Kind.WEBP)
    assert 5 < len(shown) <= 120
    assert not set(shown) & set("/\\\0\r\n")
    assert shown.endswith(".webp")


class _Counting(io.BytesIO):
    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@pytest.mark.parametrize("told", [50_000_000, 10, 0])
def test_a_file_of_fifty_megabytes_is_refused_whatever_it_says_and_is_not_read_whole(told: int) -> None:
    sent = _Counting(b"\xff\xd8\xff" + b"\0" * 50_000_000)
    with pytest.raises(FileRefused, match=r"Files of up to 10 MB can be sent\.") as caught:
        read_file(sent, told)
    assert caught.value.code == "file_too_large"
    assert sent.taken <= 10_000_001
    if told == 50_000_000:
        assert "has 50.0 MB" in caught.value.message
        assert sent.taken == 0


def test_a_file_without_content_is_refused() -> None:
    empty: IO[bytes] = io.BytesIO()
    with pytest.raises(FileRefused, match="is empty"):
        read_file(empty, 0)


def test_the_limit_itself_fits(settings: Any) -> None:
    settings.ATTACHMENT_MOST_BYTES = 5
    assert read_file(io.BytesIO(b"12345"), 5) == b"12345"
    with pytest.raises(FileRefused):
        read_file(io.BytesIO(b"123456"), 6)
