"""Somebody who visits pages as a browser does: keeps cookies, follows redirects, fills in forms."""

import http.client
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

_REDIRECTS, _MOST_REDIRECTS = {301, 302, 303}, 5
_FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A page said no, or was not what it should be; the message says which and why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is sent along with a form."""

    name: str
    kind: str
    content: bytes


@dataclass
class Form:
    """A form of a page: where it goes, what it holds, and what its choices are called."""

    action: str
    values: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> list[str]:
        """Return the values under a name."""
        return [value for key, value in self.values if key == name]


@dataclass(frozen=True, slots=True)
class Page:
    """What a path was answered with."""

    path: str
    text: str

    def form(self, *, to: str) -> Form:
        """Return the form that goes to a path which ends so, or to the page itself where it names none."""
        for form in read_forms(self):
            if urlsplit(form.action).path.endswith(to):
                return form
        raise Refused(f"There is no form for {to} on {self.path}.")

    def link(self, pattern: str) -> str:
        """Return the first link that fits, or "" for none."""
        found = re.search(rf'href="({pattern})"', self.text)
        return found[1].replace("&amp;", "&") if found else ""

    def link_called(self, text: str) -> str:
        """Return the link around this text, or ""."""
        for href, inside in re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.text, re.DOTALL):
            if text in re.sub(r"<[^>]+>", "", inside):
                return str(href).replace("&amp;", "&")
        return ""


class Visitor:
    """One browser; `url` is where the product answers."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.host, self.port = place.hostname or "", place.port or 80
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        """Return a page."""
        return self._visit("GET", path, b"", {})

    def send(
        self, form: Form, values: Mapping[str, str | list[str]], files: Sequence[tuple[str, File]] = ()
    ) -> Page:
        """Fill a form in, send it, and return the page that it leads to."""
        filled = [(name, value) for name, value in form.values if name not in values]
        for name, value in values.items():
            filled += [(name, one) for one in (value if isinstance(value, list) else [value])]
        if files:
            kind, body = _multipart(filled, files)
        else:
            kind, body = _FORM, urlencode(filled).encode()
        return self._visit("POST", form.action, body, {"Content-Type": kind})

    def _visit(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Page:
        for _ in range(_MOST_REDIRECTS):
            status, onward, text = self._ask(method, path, body, headers)
            if status not in _REDIRECTS:
                if status >= 400:
                    raise Refused(f"{method} {path} was answered with {status}.")
                return Page(path, text)
            path, method, body, headers = urljoin(path, onward), "GET", b"", {}
        raise Refused(f"{path} leads nowhere.")

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
        link = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            link.request(method, path, body, {"Cookie": kept, "Accept": "text/html", **headers})
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
            for line in answer.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return answer.status, answer.headers.get("Location", ""), text
        finally:
            link.close()


def read_forms(page: Page) -> list[Form]:
    """Return the forms of a page with what a browser would send of them."""
    reader = _Reader(page.path)
    reader.feed(page.text)
    return reader.forms


class _Reader(HTMLParser):
    """Collects forms. Boxes that are not ticked are known by their labels, but hold nothing."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.texts: list[str] = []
        self.boxes: dict[str, str] = {}
        self.labelled = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(urljoin(self.path, given.get("action") or self.path))
            self.forms.append(self.form)
        elif tag == "label":
            self.texts, self.labelled = [], given.get("for", "")
        elif tag == "input" and self.form is not None:
            self._input(self.form, given)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "label" and self.form is not None and self.labelled in self.boxes:
            self.form.choices[" ".join("".join(self.texts).split())] = self.boxes[self.labelled]

    def _input(self, form: Form, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if kind in {"checkbox", "radio"}:
            self.boxes[given.get("id", "")] = given.get("value", "on")
            # A label around its box is named by nothing else.
            self.labelled = self.labelled or given.get("id", "")
        if (
            name
            and kind not in {"file", "submit"}
            and (kind not in {"checkbox", "radio"} or "checked" in given)
        ):
            form.values.append((name, given.get("value", "on" if kind == "checkbox" else "")))


def _multipart(values: Sequence[tuple[str, str]], files: Sequence[tuple[str, File]]) -> tuple[str, bytes]:
    border = secrets.token_hex(16)
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values
    ]
    for name, file in files:
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file.name}"'
        start = f"--{border}\r\n{head}\r\nContent-Type: {file.kind}\r\n\r\n".encode()
        parts.append(start + file.content + b"\r\n")
    return f"multipart/form-data; boundary={border}", b"".join([*parts, f"--{border}--\r\n".encode()])
