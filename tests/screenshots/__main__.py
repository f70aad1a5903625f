"""`make screenshots`: plays the demonstration against a running `make run`, and takes docs/images from it."""

import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from ordinavo.desk.demo.story import Stage, play
from ordinavo.local.address import address_of
from tests.browser.chromium import ARGUMENTS, CHROMIUM

_ROOT = Path(__file__).resolve().parents[2]
_IMAGES = _ROOT / "docs" / "images"
_DESK, _PHONE = (1200, 780), (390, 780)
_COLOURS = 96


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its file, whose page it is, where, and what must be in sight."""

    name: str
    role: str
    path: str
    sight: str


def main() -> int:
    """Play the story, take the pictures, and say how big they are."""
    url = address_of(os.environ).url
    told = json.loads((_ROOT / ".local" / "demo.json").read_text())
    logins = {one["role"]: (one["email"], one["password"]) for one in told["logins"]}
    stage = Stage(url, logins, told["apiKey"], lambda _: None, pace=0)
    target_id = play(stage)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        pages = {role: _page(browser, stage, role) for role in ("manager", "employee")}
        for shot in _shots(target_id):
            _take(pages[shot.role], url, shot)
        browser.close()
    for image in sorted(_IMAGES.glob("*.png")):
        print(f"{image.relative_to(_ROOT)}  {image.stat().st_size // 1024} KiB")
    return 0


def _shots(target_id: int) -> list[Shot]:
    return [
        Shot("start", "manager", "/admin/", "text=On the road today"),
        Shot("board", "manager", "/admin/board/", ".desk-stop"),
        Shot("story", "manager", f"/admin/story/{target_id}/?order=oldest", ".desk-story"),
        Shot("report", "manager", "/admin/visits/visitreport/?status=Approved", "#result_list"),
        Shot("myday", "employee", "/myday/", "main"),
    ]


def _page(browser: Browser, stage: Stage, role: str) -> Page:
    is_phone = role == "employee"
    width, height = _PHONE if is_phone else _DESK
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    page, (email, password) = context.new_page(), stage.logins[role]
    page.goto(f"{stage.url}{'/myday/' if is_phone else '/admin/'}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()
    return page


def _take(page: Page, url: str, shot: Shot) -> None:
    page.goto(f"{url}{shot.path}")
    page.locator(shot.sight).first.wait_for()
    if shot.name == "report":
        page.locator("#result_list a[href*='/change/']").first.click()
        page.locator("img[data-photo], a[data-photo]").first.wait_for()
    page.wait_for_timeout(400)
    # Few colours are enough for pages, and a quarter of the bytes.
    whole = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    few = whole.quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(_IMAGES / f"{shot.name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
