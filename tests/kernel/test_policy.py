"""The content security policy: what it says, and that our own templates and scripts can live with it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from ordinavo.security import content_security_policy, web

ROOT = Path(settings.BASE_DIR)
ROOMS = ("templates", "ordinavo", "integrations", "webhooks", "customers", "targets")
TEMPLATES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.html"))
SCRIPTS = sorted(
    path
    for room in ROOMS
    for path in (ROOT / room).rglob("*.js")
    if "vendor" not in path.parts and "static" in path.parts
)
# A script with a source, or with data that json_script wrote, is none that the policy refuses.
INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style block": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"(?<![\w:-])style\s*=", re.IGNORECASE),
    "handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "htmx handler": re.compile(r"hx-on|hx-vals=[\"']js:", re.IGNORECASE),
}
EVALUATED = re.compile(
    r"\beval\(|new Function\(|setAttribute\(\s*[\"']style|set(?:Timeout|Interval)\(\s*[\"']|cssText"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_nothing_inline(path: Path) -> None:
    text = path.read_text()

    assert {what: pattern.findall(text) for what, pattern in INLINE.items() if pattern.search(text)} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_evaluates_no_text_and_writes_no_style_attribute(path: Path) -> None:
    assert EVALUATED.findall(path.read_text()) == []


def test_our_python_writes_no_inline_style_or_script() -> None:
    texts = {
        path: path.read_text()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts
    }

    found = [path.name for path, text in texts.items() if re.search(r"<script|<style|<[^>]* style=", text)]

    assert found == []


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = content_security_policy(tile_url="")

    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["form-action"] == "'self'"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://tiles.example.com/{z}/{x}/{y}.png", "https://tiles.example.com"),
        ("https://{s}.tiles.example.com:8443/{z}/{x}/{y}.png?key=1", "https://*.tiles.example.com:8443"),
    ],
)
def test_the_tile_server_may_send_images_and_nothing_else(url: str, host: str) -> None:
    rules = dict(rule.split(" ", 1) for rule in content_security_policy(tile_url=url).split("; "))

    assert [name for name, sources in rules.items() if host in sources.split()] == ["img-src"]


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example.com/{z}/{x}/{y}.png",
        "ftp://tiles.example.com/{z}/{x}/{y}.png",
        "https://tiles.example.com/{z}/{x}.png",
        "https://tiles.example.com;script-src/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://tiles.example.com/{z}/{x}/{y}.png x",
    ],
)
def test_what_is_no_address_of_tiles_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ROUTE_TILE_URL must be a URL"):
        content_security_policy(tile_url=url)


@pytest.mark.parametrize("path", ["/admin/login/", "/healthz", "/admin/nothing/", "/nothing"])
def test_every_answer_carries_the_policy(path: str, client: Client, db: None) -> None:
    assert client.get(path).headers["Content-Security-Policy"] == settings.CONTENT_SECURITY_POLICY


def test_the_documentation_page_has_a_stricter_policy_of_its_own(client: Client) -> None:
    policy = client.get("/api/connect/v1/docs").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "form-action 'none'" in policy


def test_cookies_belong_to_one_host_over_https_and_work_without_it() -> None:
    secure, plain = web(https=True, proxies=1), web(https=False, proxies=0)

    assert secure["SESSION_COOKIE_NAME"] == "__Host-ordinavo-session"
    assert secure["CSRF_COOKIE_NAME"] == "__Host-ordinavo-csrf"
    assert secure["SESSION_COOKIE_SECURE"] is secure["CSRF_COOKIE_SECURE"] is True
    assert plain["SESSION_COOKIE_NAME"] == "ordinavo-session"
    assert plain["SESSION_COOKIE_SECURE"] is plain["CSRF_COOKIE_SECURE"] is False
    for rules in (secure, plain):
        assert rules["SESSION_COOKIE_HTTPONLY"] is rules["CSRF_COOKIE_HTTPONLY"] is True
        assert rules["SESSION_COOKIE_SAMESITE"] == rules["CSRF_COOKIE_SAMESITE"] == "Lax"
