"""Content credentials (C2PA): a signed statement in the file that a trained algorithm made it.

Signed with a certificate that this installation makes for itself once; no network is asked, now or
later. So a signature proves that a file was not changed since this installation signed it. Who runs
the installation it does not prove: nobody else vouches for the certificate.
"""

import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from tutor.images.marking import PROGRAM, Mark

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name

FOLDER = "pictures"
FILE = "content-credentials.pem"
VALID = timedelta(days=3650)
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_SEPARATOR = b"-----END PRIVATE KEY-----\n"
_OFFLINE: dict[str, Any] = {
    "verify": {"verify_trust": True, "ocsp_fetch": False, "remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key and its certificates in PEM: the signing one, then the root that vouches."""

    key: bytes
    chain: bytes

    @property
    def root(self) -> str:
        begin = "-----BEGIN CERTIFICATE-----"
        return begin + self.chain.decode().rpartition(begin)[2]


class Seal(StrEnum):
    """What the content credentials of a file are worth."""

    NONE = "none"
    OURS = "ours"  # signed by this installation and unchanged
    FOREIGN = "foreign"  # unchanged since somebody else signed it
    BROKEN = "broken"  # changed, or not signed properly


def identity_in(data_dir: Path) -> Identity | None:
    """The identity of an installation; None before its first picture."""
    try:
        return _read(data_dir / FOLDER / FILE)
    except OSError:
        return None


def ensure_identity(data_dir: Path) -> Identity:
    """The same, made now if there is none; for the owner's eyes only."""
    file = data_dir / FOLDER / FILE
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(file.with_suffix(".lock"), timeout=10):
        if not file.is_file():
            made = _made(datetime.now(UTC))
            fresh = file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
                to.write(made.key + made.chain)
            fresh.replace(file)
    return _read(file)


def signed(data: bytes, media_type: str, mark: Mark, identity: Identity) -> bytes:
    """The picture with its signed manifest. Raises c2pa.C2paError, ImportError without c2pa."""
    import c2pa

    info = c2pa.C2paSignerInfo(
        alg=b"es256", sign_cert=identity.chain, private_key=identity.key, ta_url=None
    )
    file = io.BytesIO()
    with (
        _context(identity.root) as context,
        c2pa.Signer.from_info(info) as signer,
        c2pa.Builder(_manifest(mark, media_type), context) as builder,
    ):
        builder.sign(signer, media_type, io.BytesIO(data), file)
    return file.getvalue()


def seal_of(data: bytes, media_type: str, identity: Identity | None) -> Seal:
    """Checks the content credentials of a file. Raises ImportError without c2pa."""
    import c2pa

    try:
        with (
            _context(identity.root if identity else "") as context,
            c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader,
        ):
            state = reader.get_validation_state()
    except c2pa.C2paError.ManifestNotFound:
        return Seal.NONE
    except c2pa.C2paError.NotSupported:  # a kind of file that carries no credentials
        return Seal.NONE
    except c2pa.C2paError:
        return Seal.BROKEN
    return {"Trusted": Seal.OURS, "Valid": Seal.FOREIGN}.get(state or "", Seal.BROKEN)


def _context(root: str) -> Any:
    import c2pa

    trust = {"trust": {"trust_anchors": root}} if root else {}
    return c2pa.Context(c2pa.Settings.from_dict(_OFFLINE | trust))


def _manifest(mark: Mark, media_type: str) -> dict[str, Any]:
    name, _, version = mark.lines()["Software"].partition(" ")
    created = {
        "action": "c2pa.created",
        "digitalSourceType": TRAINED,
        "softwareAgent": {"name": f"{mark.model} {mark.version}".strip()},
        "parameters": {
            "org.daoshi.concept": ", ".join(mark.concepts),
            "org.daoshi.style": mark.style,
            "org.daoshi.seed": str(mark.seed),
        },
    }
    return {
        "claim_generator_info": [{"name": name, "version": version}],
        "title": ", ".join(mark.concepts),
        "format": media_type,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


def _read(file: Path) -> Identity:
    key, separator, chain = file.read_bytes().partition(_SEPARATOR)
    return Identity(key + separator, chain)


def _made(now: datetime) -> Identity:
    """A root, and a certificate of it that may sign: C2PA takes no self-signed ones."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = _named("root"), _named("pictures")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, now, is_root=True)
    leaf = _certificate(name, root_name, key.public_key(), root_key, now, is_root=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)
    return Identity(private, chain)


def _named(what: str) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, PROGRAM),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{PROGRAM} {what}, this installation"),
        ]
    )


def _certificate(
    name: "Name", issuer: "Name", public: Any, signing: Any, now: datetime, *, is_root: bool
) -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage = dict.fromkeys(
        (
            *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
            *("encipher_only", "decipher_only"),
        ),
        False,
    )
    usage |= {"digital_signature": not is_root, "key_cert_sign": is_root, "crl_sign": is_root}
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(is_root, 0 if is_root else None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if not is_root:
        issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(issuer_id, critical=False)
        builder = builder.add_extension(purpose, critical=False)
    return builder.sign(signing, SHA256())
