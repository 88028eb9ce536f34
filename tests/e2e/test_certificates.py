"""A server with a certificate of its own making: refused, trusted for one account, changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.fake.program import Program, plain_environment
from tests.fake.servers import PASSWORD, USER, Certificate, free_port, rclone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.real]


def self_signed(folder: Path, name: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    chain, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    fingerprint = made.fingerprint(hashes.SHA256()).hex()
    return Certificate(chain=chain, key=key_file, fingerprint=fingerprint)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "letter.txt").write_text("a numbat in the garden")
    return folder


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return self_signed(tmp_path, "first")


@pytest.fixture
def program(tmp_path: Path, home: Path, certificate: Certificate) -> Program:
    words = tmp_path / "passphrase"
    words.write_text("correct horse\n")
    # Variables that requests would obey, were it asked to.
    tempting = {
        "REQUESTS_CA_BUNDLE": str(certificate.chain),
        "CURL_CA_BUNDLE": str(certificate.chain),
        "HTTPS_PROXY": "http://127.0.0.1:9",
    }
    return Program(
        profile=tmp_path / "profile",
        environment=plain_environment(home) | tempting,
        options=("--passphrase-file", str(words)),
    )


def connect(program: Program, address: str, *more: str, code: int = 0) -> str:
    words = ("connect", "webdav", "--set", f"server={address}", "--set", f"user={USER}")
    return program(*words, "--set", "password=-", *more, code=code, typed=PASSWORD + "\n")


def test_a_certificate_of_its_own_is_trusted_for_one_account_after_its_fingerprint(
    program: Program, certificate: Certificate, folder: Path, tmp_path: Path
) -> None:
    port = free_port()
    with rclone(folder, tmp_path, port=port, certificate=certificate) as dav:
        connect(program, dav.address, code=1)
        assert certificate.fingerprint in program.err.replace(":", "").lower()
        assert "Nothing was sent" in program.err
        assert program.json("accounts") == []

        connect(program, dav.address, "--set", f"fingerprint={'0' * 64}", code=1)
        assert program.json("accounts") == []

        connect(program, dav.address, "--set", f"fingerprint={certificate.fingerprint}")
        assert len(program.keys("numbat")) == 1

        with rclone(folder, tmp_path, certificate=certificate) as other:
            connect(program, other.address, code=1)
            assert certificate.fingerprint in program.err
        assert len(program.json("accounts")) == 1

    account = program.json("accounts")[0]["account"]
    changed = self_signed(tmp_path, "second")
    with rclone(folder, tmp_path, port=port, certificate=changed):
        program("sync", account, code=1)
        assert changed.fingerprint in program.err
    assert len(program.keys("numbat")) == 1

    (folder / "reply.txt").write_text("an echidna by the gate")
    with rclone(folder, tmp_path, port=port, certificate=certificate):
        program("sync", account)
    assert len(program.keys("echidna")) == 1


def test_a_fingerprint_may_be_typed_as_browsers_show_it(
    program: Program, certificate: Certificate, folder: Path, tmp_path: Path
) -> None:
    pairs = zip(certificate.fingerprint[::2], certificate.fingerprint[1::2], strict=True)
    typed = ":".join(first + second for first, second in pairs).upper()
    with rclone(folder, tmp_path, certificate=certificate) as dav:
        connect(program, dav.address, "--set", f"fingerprint={typed}")
    assert len(program.keys("numbat")) == 1
