"""The list of things that can be drawn, as it ships."""

import json
import subprocess
import sys
from pathlib import Path

from tutor.images.concepts import Concepts
from tutor.language import Language


def test_shipped_list_names_every_thing_in_both_languages_once() -> None:
    concepts = Concepts.load()
    every = (*concepts.offered, *concepts.known)
    assert len({one.id for one in every}) == len(every)
    for one in every:
        assert one.named(Language.ENGLISH) and one.named(Language.CHINESE), one


def test_list_reads_back_as_it_was_written(tmp_path: Path) -> None:
    concepts = Concepts.load()
    file = tmp_path / "concepts.json"
    file.write_text(json.dumps(concepts.to_json(), ensure_ascii=False), "utf-8")
    again = Concepts.load(file)
    assert (again.offered, again.known) == (concepts.offered, concepts.known)


def test_only_what_is_offered_counts_as_drawable() -> None:
    concepts = Concepts(Concepts.load().offered[:2], Concepts.load().offered[2:4])
    assert concepts.is_offered(concepts.offered[0])
    assert not concepts.is_offered(concepts.known[0])
    assert concepts.get(concepts.known[0].id) is concepts.known[0]
    assert concepts.get("no such thing") is None


def test_understanding_loads_no_network() -> None:
    asked = (
        "import sys; from tutor.images.concepts import Concepts; "
        "from tutor.images.understanding.understand import understand; "
        "assert understand('draw a volcano', Concepts.load()); "
        "assert 'torch' not in sys.modules, 'torch was loaded'"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
