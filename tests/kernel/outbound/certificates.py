"""Certificates of an authority of our own, good ones and bad ones."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey


class Authority:
    """Signs certificates that only who trusts `client()` accepts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Test authority")
        self._made = 0
        self.file = folder / "authority.pem"
        basic = x509.BasicConstraints(ca=True, path_length=None)
        certificate = _builder(self._name, self._name, self._key, days=2).add_extension(basic, critical=True)
        self.file.write_bytes(_pem(certificate.sign(self._key, hashes.SHA256())))

    def client(self) -> ssl.SSLContext:
        """Return a context that checks as the door does, and trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.file))

    def server(self, *hosts: str, days: float = 1, self_signed: bool = False) -> ssl.SSLContext:
        """Return a server's context with a certificate for the hosts, good for so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(hosts[0])
        builder = _builder(subject, subject if self_signed else self._name, key, days=days)
        names = x509.SubjectAlternativeName([_general(host) for host in hosts])
        signer = key if self_signed else self._key
        certificate = builder.add_extension(names, critical=False).sign(signer, hashes.SHA256())
        self._made += 1
        path = self._folder / f"server{self._made}.pem"
        path.write_bytes(_private(key) + _pem(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(host: str) -> x509.GeneralName:
    return x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, *, days: float) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
