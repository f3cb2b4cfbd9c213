"""What a file is, by its first bytes. Opens nothing and unpacks nothing."""

import re
from enum import StrEnum


class Content(StrEnum):
    PDF = "pdf"
    ZIP = "zip"
    PICTURE = "picture"
    TEXT = "text"
    ENCRYPTED = "encrypted"
    OTHER = "other"

    @property
    def is_drawn(self) -> bool:
        """Whether text may be there for the eye and yet not for us."""
        return self in (Content.PDF, Content.PICTURE)


_PICTURES = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*",
)  # fmt: skip
_OTHERS = (
    b"\x7fELF", b"MZ", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ", b"OggS",
    b"ID3", b"\x00asm", b"\xca\xfe\xba\xbe", b"SQLite format 3", b"{\\rtf", b"RIFF", b"fLaC",
    b"\x28\xb5\x2f\xfd", b"\x80\x04\x95",
)  # fmt: skip
_OFFICE_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SAMPLE_BYTES = 65_536


def sniff(data: bytes) -> Content:
    """The content of a file, whatever its name says."""
    if b"%PDF-" in data[:1024]:
        return Content.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Content.ZIP
    if data.startswith(_PICTURES[:-3]) or _is_webp(data) or _is_rare_picture(data):
        return Content.PICTURE
    if data.startswith(_OFFICE_CONTAINER):
        return Content.ENCRYPTED if _ENCRYPTED_OFFICE in data else Content.OTHER
    if data.startswith(_OTHERS) or data[4:8] == b"ftyp":
        return Content.OTHER
    return Content.TEXT if _is_text(data[:_SAMPLE_BYTES]) else Content.OTHER


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _is_rare_picture(data: bytes) -> bool:
    """BMP and TIFF have signs so short that a text could start with them."""
    return data.startswith(_PICTURES[-3:]) and bool(_CONTROL.search(data[:64]))


def _is_text(sample: bytes) -> bool:
    if sample.startswith(_UTF16_MARKS):
        return True
    return len(_CONTROL.findall(sample)) * 200 <= len(sample)
