"""An icon set as Iconify packs it: which icon shows an emoji, and its SVG.

Some sets tell the emoji of each icon. The others are searched by name: the slug of the emoji's
English label, and what the sets that do tell call it. Renders nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.gan.npm import NpmPackage, read_json
from training.gan.pictures import Source

_SVG = "http://www.w3.org/2000/svg"
_LONGEST_CHAIN = 5  # of aliases
_VARIATION = "fe0f"  # "show it as a picture": says nothing about which


@dataclass(frozen=True, slots=True)
class Icon:
    """SVG elements, and the box that they are drawn for."""

    body: str
    width: float
    height: float

    def svg(self, left: float, top: float, side: float, pixels: int) -> str:
        """A document that shows this square, so many pixels wide. What lies outside the icon's box
        stays hidden: some sets have scraps of other drawings there."""
        box = f'width="{self.width:g}" height="{self.height:g}"'
        return (
            f'<svg xmlns="{_SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{left:.9g} {top:.9g} {side:.9g} {side:.9g}" '
            f'width="{pixels}" height="{pixels}">'
            f'<svg {box} viewBox="0 0 {self.width:g} {self.height:g}" overflow="hidden">'
            f"{self.body}</svg></svg>"
        )


@dataclass(frozen=True, slots=True)
class IconSet:
    """The contents of one package."""

    icons: Mapping[str, Any]
    aliases: Mapping[str, Any]
    names: Mapping[str, str]  # hexcode of an emoji -> icon; may be empty
    width: float
    height: float
    source: Source

    def name_of(self, hexcode: str, guesses: Iterable[str]) -> str | None:
        """The icon of this emoji: as the set says, else the first guess that the set has."""
        own = self.names.get(hexcode)
        candidates = [own, *guesses] if own else list(guesses)
        return next((one for one in candidates if one in self.icons or one in self.aliases), None)

    def icon(self, name: str) -> Icon:
        """The drawing behind a name, an alias or an alias of an alias."""
        flipped = False
        for _ in range(_LONGEST_CHAIN):
            if name in self.icons:
                break
            alias = self.aliases[name]
            assert set(alias) <= {"parent", "hFlip"}, alias
            flipped ^= bool(alias.get("hFlip"))
            name = alias["parent"]
        found = self.icons[name]
        width, height = found.get("width", self.width), found.get("height", self.height)
        body = found["body"]
        if flipped:
            body = f'<g transform="translate({width:g} 0) scale(-1 1)">{body}</g>'
        return Icon(body, width, height)


def hexcode_of(emoji: str) -> str:
    """As the sets spell it: "1f30b", "1f43b-2744"."""
    points = [f"{ord(character):x}" for character in emoji]
    return "-".join(point for point in points if point != _VARIATION)


def read_icon_set(package: NpmPackage, archive: Path) -> IconSet:
    """The set in a fetched package, with what it says about its licence."""
    icons, info = read_json(archive, "icons.json"), read_json(archive, "info.json")
    return IconSet(
        icons=icons["icons"],
        aliases=icons.get("aliases", {}),
        names=read_json(archive, "chars.json"),
        width=icons["width"],
        height=icons["height"],
        source=_source(package, info),
    )


def _source(package: NpmPackage, info: Mapping[str, Any]) -> Source:
    licence, author = info["license"], info["author"]
    return Source(
        name=info["name"],
        version=f"{package.name} {package.version}",
        licence=licence["spdx"],
        attribution=(
            f"{info['name']} by {author['name']}, {licence['title']} ({licence['url']}); "
            "rendered small on white"
        ),
        url=author["url"],
    )
