"""Files as people send them, honest and hostile, made on the fly."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter

from tutor.fonts import chinese_sans

WORD_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(pages: list[str], content: bytes | None = None) -> bytes:
    """A PDF with one line of text a page, or with `content` as every page's drawing commands."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    kids = []
    for text in pages:
        drawing = content or f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET".encode()
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources "
            b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
            % (len(objects) + 2)
        )
        packed = zlib.compress(drawing, 9)
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
        )
    kid_list = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kid_list, len(kids))
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    file, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(file + b"startxref\n%d\n%%%%EOF" % table)


def encrypted_pdf(text: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([text]))))
    writer.encrypt("secret", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def scanned_pdf(line: str) -> bytes:
    """A page that is a picture of writing."""
    file = io.BytesIO()
    Image.open(io.BytesIO(photo(line))).convert("RGB").save(file, "PDF", resolution=100)
    return file.getvalue()


def pdf_bomb() -> bytes:
    """A page of four million lines in less than 200 kB; drawing it takes minutes."""
    return pdf([""], content=b"0 0 m 600 700 l S\n" * 4_000_000)


def picture_bomb() -> bytes:
    """A PNG of a few kilobytes that claims 60,000 × 60,000 pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def photo(*lines: str, size: int = 44, image_format: str = "PNG") -> bytes:
    """Writing in black on white."""
    font = ImageFont.truetype(str(chinese_sans()), size)
    picture = Image.new("RGB", (760, 60 + 80 * len(lines)), "white")
    pencil = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pencil.text((40, 30 + 80 * number), line, fill="black", font=font)
    file = io.BytesIO()
    picture.save(file, image_format)
    return file.getvalue()


def word(paragraphs: list[str], table: list[list[str]] | None = None, head: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    for row in table or []:
        cells = "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in row)
        body += f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    markup = f'{head}<w:document xmlns:w="{WORD_NAMESPACE}"><w:body>{body}</w:body></w:document>'
    return archive({"word/document.xml": markup.encode()})


def word_bomb() -> bytes:
    """64 MB of one letter in 64 kB."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
        target.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(64):
            entry.write(b"a" * 1024 * 1024)
    return file.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries.items():
            target.writestr(name, data)
    return file.getvalue()
