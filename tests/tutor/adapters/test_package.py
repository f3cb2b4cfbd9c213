"""Packages: the same bytes for the same adapter, and nothing unsafe in or out."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from tests.doubles.lora_files import LAYER, lora_weights, write_lora
from tutor.adapters import package
from tutor.adapters.package import CARD, CONFIG, WEIGHTS, pack, read_folder, read_zip, unpack
from tutor.adapters.refusals import AdapterUnsafe


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()


def parts(folder: Path) -> list[tuple[str, bytes]]:
    return [(name, (folder / name).read_bytes()) for name in (CONFIG, WEIGHTS)]


def test_the_same_adapter_makes_the_same_bytes(tmp_path: Path) -> None:
    first = write_lora(tmp_path / "a", card={"name": "x"})
    second = write_lora(tmp_path / "b", card={"name": "x"})
    (second / "README.md").write_text("of no interest")
    assert pack(first) == pack(second)
    assert pack(first) != pack(write_lora(tmp_path / "c", card={"name": "y"}))


def test_what_was_packed_comes_out_whole_and_alone(tmp_path: Path) -> None:
    folder = write_lora(tmp_path / "a", card={"name": "x"})
    packed = unpack(pack(folder), tmp_path / "out")
    assert packed.card["name"] == "x"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [CONFIG, WEIGHTS, CARD]
    assert (tmp_path / "out" / WEIGHTS).read_bytes() == (folder / WEIGHTS).read_bytes()
    assert pack(tmp_path / "out") == pack(folder)


def test_a_zip_of_a_folder_is_read_and_other_files_are_dropped(tmp_path: Path) -> None:
    members = [(f"my-adapter/{name}", data) for name, data in parts(write_lora(tmp_path / "a"))]
    unpack(zipped(*members, ("my-adapter/README.md", b"hello")), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [CONFIG, WEIGHTS, CARD]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "a/../../evil", "..\\evil", "C:\\evil", "C:/evil"]
)
def test_a_path_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(AdapterUnsafe, match="leads out"):
        read_zip(zipped(*parts(write_lora(tmp_path / "a")), (name, b"x")))


def test_links_are_refused(tmp_path: Path) -> None:
    folder = write_lora(tmp_path / "a")
    link = zipfile.ZipInfo("adapter_config.json")
    link.external_attr = 0o120777 << 16
    target = BytesIO(zipped((WEIGHTS, (folder / WEIGHTS).read_bytes())))
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(AdapterUnsafe, match="link"):
        read_zip(target.getvalue())
    (folder / CONFIG).rename(tmp_path / "elsewhere.json")
    (folder / CONFIG).symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(AdapterUnsafe, match="link"):
        read_folder(folder)


def test_pickles_are_refused_by_name(tmp_path: Path) -> None:
    folder = write_lora(tmp_path / "a")
    (folder / WEIGHTS).rename(folder / "adapter_model.bin")
    with pytest.raises(AdapterUnsafe, match="pickle"):
        read_folder(folder)
    config = (CONFIG, (folder / CONFIG).read_bytes())
    with pytest.raises(AdapterUnsafe, match="pickle"):
        read_zip(zipped(config, ("adapter_model.bin", b"\x80\x04.")))
    with pytest.raises(AdapterUnsafe, match="no safetensors"):
        read_zip(zipped(config, (WEIGHTS, b"\x80\x04K\x01.")))


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MAX_JSON_BYTES", 10_000)
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts(write_lora(tmp_path / "a")):
            archive.writestr(name, data)
        archive.writestr(CARD, b" " * 1_000_000)
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(AdapterUnsafe, match="too large"):
        read_zip(bomb.getvalue())
    with pytest.raises(AdapterUnsafe, match="files"):
        read_zip(zipped(*((f"f{n}", b"") for n in range(100))))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"plain text"])
def test_what_is_no_zip_gets_a_sentence(data: bytes) -> None:
    with pytest.raises(AdapterUnsafe, match="no zip"):
        read_zip(data)


def test_zip_that_unfolds_out_of_almost_nothing_is_refused(tmp_path: Path) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write_lora(tmp_path / "a") / CONFIG, CONFIG)
        archive.writestr(WEIGHTS, bytes(8 * 2**20))
    with pytest.raises(AdapterUnsafe, match="too large"):
        read_zip(target.getvalue())


def test_zip_with_damaged_compression_gets_a_sentence(tmp_path: Path) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(write_lora(tmp_path / "a") / CONFIG, CONFIG)
        archive.writestr(WEIGHTS, bytes(range(256)) * 8)
    data = bytearray(target.getvalue())
    start = data.index(WEIGHTS.encode()) + len(WEIGHTS)
    data[start : start + 8] = b"\xff" * 8
    with pytest.raises(AdapterUnsafe, match="no zip"):
        read_zip(bytes(data))


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"bias": "all"}, "bias"),
        ({"peft_type": "IA3"}, "IA3"),
    ],
)
def test_kinds_that_cannot_be_served_are_named(
    config: dict[str, object], says: str, tmp_path: Path
) -> None:
    with pytest.raises(AdapterUnsafe, match=says):
        read_folder(write_lora(tmp_path / "a", **config))


def test_broken_weights_are_refused(tmp_path: Path) -> None:
    a, b = f"{LAYER}.lora_A.weight", f"{LAYER}.lora_B.weight"
    whole = lora_weights()
    infinite = whole | {a: np.full((2, 8), np.inf, np.float32)}
    half = whole | {a: np.full((2, 8), np.nan, np.float16)}
    for weights, says in (
        (infinite, "not finite"),
        (half, "not finite"),
        ({a: whole[a]}, "incomplete"),
        (whole | {b: np.zeros((8, 3), np.float32)}, "uneven"),
        (whole | {"base_model.model.lm_head.weight": np.zeros((2, 2), np.float32)}, "no part"),
        ({}, "incomplete"),
    ):
        with pytest.raises(AdapterUnsafe, match=says):
            read_folder(write_lora(tmp_path / says.replace(" ", "-"), weights=weights))
