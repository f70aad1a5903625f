"""The page for people needs nothing from another host."""

import re

from django.contrib.staticfiles import finders
from django.test import Client

from tests.contract.described import Described


def test_the_page_takes_everything_from_its_own_host(client: Client, described: Described) -> None:
    answer = client.get("/api/connect/v1/docs")
    described.check(answer, "get", "/docs")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    links = re.findall(r'(?:src|href|data-document)="([^"]+)"', answer.content.decode())
    assert len(links) == 8
    assert all(link.startswith("/") for link in links)


def test_every_file_of_the_page_is_there(client: Client) -> None:
    page = client.get("/api/connect/v1/docs").content.decode()
    files = re.findall(r'"/static/([^"]+)"', page)
    assert len(files) == 5
    assert [name for name in files if finders.find(name) is None] == []
