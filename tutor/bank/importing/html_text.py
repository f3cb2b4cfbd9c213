"""Plain text of the HTML in cards and questions. Pictures and sounds are counted, not shown."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

BREAKS = frozenset("br p div li tr h1 h2 h3 h4 h5 h6 ul ol table hr".split())  # noqa: SIM905
MEDIA = frozenset({"img", "audio", "video", "object", "embed", "iframe"})
SILENT = frozenset({"script", "style", "head"})
SOUND = re.compile(r"\[sound:[^\]]*\]|@@PLUGINFILE@@\S*")
FORMULA = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\[\$\$?\](.+?)\[/\$\$?\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plain:
    text: str
    media: int = 0


def plain(html: str) -> Plain:
    """The text of a piece of HTML, formulas between $$, and how many media stood in it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text, sounds = SOUND.subn("", "".join(reader.parts))
    text = FORMULA.sub(lambda found: f"$${(found[1] or found[2] or found[3]).strip()}$$", text)
    lines = [" ".join(line.split()) for line in text.replace("\xa0", " ").splitlines()]
    return Plain("\n".join(line for line in lines if line), reader.media + sounds)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media = 0
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in MEDIA:
            self.media += 1
        if tag in SILENT:
            self._silent += 1
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and self._silent:
            self._silent -= 1
        if tag in BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)
