"""What a driver does without a cluster at hand; with one: benchmarks/accept/ray_trains_the_same."""

import builtins
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from training.cluster import ray_cluster
from training.cluster.files import SentFolder, newest_checkpoint, packed, unpack
from training.cluster.letterbox import Letterbox
from training.lora.__main__ import main
from training.lora.recipe import Method, Recipe
from tutor.tuning.cluster import AddressUnknown, check_address


def sentence_in(folder: Path) -> str:
    left = json.loads((folder / "failure.json").read_text(encoding="utf-8"))
    return str(left["message"].format(**left["fields"]))


@pytest.mark.parametrize("address", ["ray", "auto", "ray://10.0.0.5:10001", "ray://head:10001"])
def test_addresses_of_clusters_are_taken(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address", ["", "http://head:8265", "ray://", "ray://head", "local", "ray://a b:1", "head:6379"]
)
def test_other_addresses_get_a_sentence(address: str) -> None:
    with pytest.raises(AddressUnknown, match="ray://HOST:PORT"):
        check_address(address)


def test_trainer_refuses_an_address_that_it_does_not_know(prepare: Any) -> None:
    folder = prepare("run", on="http://somewhere")
    assert main([str(folder)]) == 3
    assert "is no Ray cluster" in sentence_in(folder)


def test_without_ray_a_sentence_says_what_to_install(
    prepare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = builtins.__import__

    def without_ray(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ray":
            raise ImportError(name)
        return usual(name, *rest, **more)

    monkeypatch.setattr(ray_cluster.os, "environ", {})
    monkeypatch.delitem(sys.modules, "ray", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_ray)
    folder = prepare("run", on="ray")
    assert main([str(folder)]) == 3
    assert "daoshi[ray]" in sentence_in(folder)


def test_preferences_are_not_sent_to_a_cluster(prepare: Any) -> None:
    folder = prepare("run", recipe=Recipe(method=Method.KTO), on="ray")
    assert main([str(folder)]) == 3
    assert "run on one device" in sentence_in(folder)


def test_folder_arrives_as_it_was_sent(tmp_path: Path) -> None:
    here = tmp_path / "here" / "checkpoints" / "step-00000007"
    here.mkdir(parents=True)
    (here / "state.json").write_text("{}")
    assert newest_checkpoint(tmp_path / "here") == here
    arrived = unpack(packed(here), tmp_path / "there")
    assert [(path.name, path.read_text()) for path in arrived.iterdir()] == [("state.json", "{}")]
    with pytest.raises(AssertionError):
        unpack(SentFolder("x", {"../y": b""}), tmp_path)


def test_worker_that_begins_anew_finds_the_last_checkpoint() -> None:
    box = Letterbox(SentFolder("step-1", {}))
    assert not box.note("a line", SentFolder("step-2", {}))
    box.stop()
    assert box.note("another")
    first, second = box.take(), box.take()
    assert (first.lines, first.checkpoint) == (["a line", "another"], SentFolder("step-2", {}))
    assert (second.lines, second.checkpoint, second.failure) == ([], None, None)
    assert box.checkpoint() == SentFolder("step-2", {})
