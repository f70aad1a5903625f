"""Which URLs may be called: one table, with nothing allowed beyond the public internet."""

import pytest
from pytest_django import Settings

from ordinavo.kernel.errors import DomainError
from ordinavo.kernel.outbound.allowed import Allowed, read_allowed
from ordinavo.kernel.outbound.judge import AddressNotAllowed, UrlNotAllowed, judge
from ordinavo.kernel.outbound.urls import refuse_url

ADDRESS, URL, FINE = "address_not_allowed", "url_not_allowed", ""
TABLE = [
    # names and paths that are fine
    ("https://erp.example.com/hooks", FINE),
    ("https://erp.example.com", FINE),
    ("HTTPS://ERP.EXAMPLE.COM/Hooks?tenant=1&x=%2F", FINE),
    ("https://erp.example.com:443/", FINE),
    ("https://erp.example.com:8443/", FINE),
    ("https://erp.example.com./", FINE),
    ("https://bücher.example/héllo", FINE),
    ("https://xn--bcher-kva.example/", FINE),
    ("https://my_host.example.com/", FINE),
    ("https://8.8.8.8/", FINE),
    ("https://134744072/", FINE),
    ("https://[2606:4700:4700::1111]/", FINE),
    ("https://[64:ff9b::808:808]/", FINE),
    ("https://localhost.example.com/", FINE),
    ("https://127.0.0.1.example.com/", FINE),
    # loopback in every spelling
    ("https://127.0.0.1/", ADDRESS),
    ("https://127.0.0.1./", ADDRESS),
    ("https://127.1/", ADDRESS),
    ("https://127.0.1/", ADDRESS),
    ("https://2130706433/", ADDRESS),
    ("https://0x7f000001/", ADDRESS),
    ("https://0X7F.1/", ADDRESS),
    ("https://0x7f.0x0.0x0.0x1/", ADDRESS),
    ("https://0177.0.0.1/", ADDRESS),
    ("https://017700000001/", ADDRESS),
    ("https://0177.0x0.0.1/", ADDRESS),
    ("https://127.255.255.254:8443/", ADDRESS),
    ("https://①②⑦.⓪.⓪.①/", ADDRESS),
    ("https://127。0。0。1/", ADDRESS),
    ("https://\uff11\uff12\uff17.0.0.1/", ADDRESS),
    ("https://0/", ADDRESS),
    ("https://0.0.0.0/", ADDRESS),
    ("https://[::1]/", ADDRESS),
    ("https://[::]/", ADDRESS),
    ("https://[0:0:0:0:0:0:0:1]/", ADDRESS),
    ("https://[::ffff:127.0.0.1]/", ADDRESS),
    ("https://[::ffff:7f00:1]/", ADDRESS),
    ("https://[0000:0000:0000:0000:0000:ffff:7f00:0001]/", ADDRESS),
    ("https://[::127.0.0.1]/", ADDRESS),
    ("https://localhost/", ADDRESS),
    ("https://LOCALHOST./", ADDRESS),
    ("https://db.localhost/", ADDRESS),
    ("https://ⓛocalhost/", ADDRESS),
    # private, shared, link-local, metadata, multicast, documentation
    ("https://10.0.0.1/", ADDRESS),
    ("https://0xa.1/", ADDRESS),
    ("https://172.16.0.1/", ADDRESS),
    ("https://192.168.1.1/", ADDRESS),
    ("https://3232235777/", ADDRESS),
    ("https://100.64.0.1/", ADDRESS),
    ("https://100.100.100.200/latest/meta-data", ADDRESS),
    ("https://169.254.169.254/latest/meta-data/", ADDRESS),
    ("https://0xa9fea9fe/", ADDRESS),
    ("https://0251.0376.0251.0376/", ADDRESS),
    ("https://[::ffff:a9fe:a9fe]/", ADDRESS),
    ("https://[fd00:ec2::254]/", ADDRESS),
    ("https://168.63.129.16/", ADDRESS),
    ("https://192.0.0.192/", ADDRESS),
    ("https://metadata.google.internal/", ADDRESS),
    ("https://printer.local/", ADDRESS),
    ("https://nas.home.arpa/", ADDRESS),
    ("https://224.0.0.1/", ADDRESS),
    ("https://255.255.255.255/", ADDRESS),
    ("https://203.0.113.7/", ADDRESS),
    ("https://[fe80::1]/", ADDRESS),
    ("https://[fe80::1%25eth0]/", ADDRESS),
    ("https://[fe80::1%eth0]/", ADDRESS),
    ("https://[2606:4700:4700::1111%25eth0]/", ADDRESS),
    ("https://[fc00::1]/", ADDRESS),
    ("https://[fec0::1]/", ADDRESS),
    ("https://[ff02::1]/", ADDRESS),
    ("https://[2001:db8::1]/", ADDRESS),
    ("https://[64:ff9b::a00:1]/", ADDRESS),
    ("https://[64:ff9b:1::a00:1]/", ADDRESS),
    ("https://[2002:a00:1::]/", ADDRESS),
    ("https://[2001:0:7f00:1::f7f7:f7f7]/", ADDRESS),
    # schemes, ports, parts
    ("http://erp.example.com/", URL),
    ("http://8.8.8.8/", URL),
    ("ftp://erp.example.com/", URL),
    ("file:///etc/passwd", URL),
    ("gopher://127.0.0.1:6379/_FLUSHALL", URL),
    ("javascript:alert(1)", URL),
    ("//erp.example.com/", URL),
    ("erp.example.com/hooks", URL),
    ("/hooks", URL),
    ("", URL),
    ("https://erp.example.com:80/", URL),
    ("https://erp.example.com:6379/", URL),
    ("https://erp.example.com:0/", URL),
    ("https://erp.example.com:65536/", URL),
    ("https://erp.example.com:https/", URL),
    ("https://erp.example.com:443:443/", URL),
    ("https://user@erp.example.com/", URL),
    ("https://user:secret@erp.example.com/", URL),
    ("https://@erp.example.com/", URL),
    ("https://erp.example.com@127.0.0.1/", URL),
    ("https://127.0.0.1\\@erp.example.com/", URL),
    ("https://erp.example.com\\.evil.example/", URL),
    ("https://erp.example.com/#part", URL),
    ("https://erp.example.com#@127.0.0.1/", URL),
    ("https://erp.example.com /", URL),
    (" https://erp.example.com/", URL),
    ("https://erp.example.com/\r\nX-Header: 1", URL),
    ("https://erp.example.com/\x00", URL),
    ("https://erp.example.com/\ud800", URL),
    ("https://erp.example.com\t/", URL),
    ("https://127.0.0.1%00.example.com/", URL),
    ("https://%31%32%37.0.0.1/", URL),
    ("https://127.0.0.1../", URL),
    ("https://1.2.3.256/", URL),
    ("https://1.2.3.4.5/", URL),
    ("https://0x7f.1.2.3.4/", URL),
    ("https://4294967296/", URL),
    ("https://erp..example.com/", URL),
    ("https://.example.com/", URL),
    ("https://-erp.example.com/", URL),
    ("https://erp,other.example.com/", URL),
    ("https://exa\u00admple.com/", URL),
    ("https:///hooks", URL),
    ("https://", URL),
    ("https://[::1/", URL),
    ("https://[1.2.3.4]/", URL),
    ("https://[v1.x]/", URL),
    ("https://[::g]/", URL),
    ("https://intranet/", URL),
    (f"https://{'a' * 64}.example.com/", URL),
    (f"https://{'a.' * 127}example.com/", URL),
    (f"https://erp.example.com/{'a' * 2000}", URL),
]


def _code(url: str, allowed: Allowed) -> str:
    try:
        judge(url, allowed)
    except (UrlNotAllowed, AddressNotAllowed) as refusal:
        return refusal.code
    return FINE


@pytest.mark.parametrize(("url", "code"), TABLE, ids=[ascii(url)[:60] for url, _ in TABLE])
def test_a_url_is_judged_by_what_would_be_connected_to(url: str, code: str) -> None:
    assert _code(url, Allowed()) == code


def test_the_refusal_of_an_address_never_names_it() -> None:
    with pytest.raises(AddressNotAllowed) as caught:
        judge("https://169.254.169.254/latest", Allowed())
    assert caught.value.message == "This address is not allowed: it must be on the public internet."
    assert (caught.value.status, caught.value.facts, caught.value.details) == (400, {}, ())


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9000/", FINE),
        ("http://127.1:9000/", FINE),
        ("http://[::ffff:127.0.0.1]:9000/", FINE),
        ("http://[64:ff9b::7f00:1]/", FINE),
        ("http://LocalHost:9000/", FINE),
        ("http://erp.internal./", FINE),
        ("https://10.1.2.3/", FINE),
        ("http://10.1.2.3:1/", FINE),
        ("http://10.2.0.1/", ADDRESS),
        ("http://[::1]/", ADDRESS),
        ("http://other.internal/", ADDRESS),
        ("http://erp.internal.example.com/", URL),
        ("http://example.com/", URL),
        ("http://127.0.0.1:0/", URL),
        ("http://user@127.0.0.1/", URL),
        ("ftp://127.0.0.1/", URL),
        # Teredo: the client is allowed, but the server behind is not.
        ("http://[2001:0:a02:1::80ff:fffe]/", ADDRESS),
    ],
)
def test_what_the_operator_allows_may_be_called_by_http_and_on_any_port(url: str, code: str) -> None:
    assert _code(url, read_allowed(["127.0.0.0/8", "localhost", "ERP.internal", "10.1.0.0/16"])) == code


def test_a_name_that_is_listed_is_trusted_and_an_address_is_not() -> None:
    allowed = read_allowed(["localhost", "127.0.0.0/8"])
    assert judge("http://localhost:9000/", allowed).trusted
    assert not judge("http://127.0.0.1:9000/", allowed).trusted
    assert not judge("https://example.com/", allowed).trusted


@pytest.mark.parametrize(
    "entry", ["10.0.0.0/33", "10.0.0.1/8", "http://x", "a b", "x:80", "1.2.3", "*.x", "-x"]
)
def test_what_names_neither_a_host_nor_a_network_cannot_be_allowed(entry: str) -> None:
    with pytest.raises(ValueError, match="neither a host name nor a network"):
        read_allowed(["localhost", entry])


def test_a_stored_url_is_judged_by_the_settings_of_now(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_TARGETS = []
    with pytest.raises(DomainError) as caught:
        refuse_url("http://127.0.0.1:9000/")
    assert caught.value.code == ADDRESS
    settings.WEBHOOK_ALLOWED_TARGETS = ["127.0.0.1"]
    refuse_url("http://127.0.0.1:9000/")
