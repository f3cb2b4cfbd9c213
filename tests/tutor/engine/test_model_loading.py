"""Which models are loaded, which are refused with a sentence, and the embedded model's copy."""

import json
import shutil
from itertools import permutations
from pathlib import Path

import pytest
import torch
from transformers import MambaConfig, MambaForCausalLM

from tests.tutor.engine.tiny_model import save_tiny_model
from tutor.engine import embedded
from tutor.engine.contract import ModelUnusable, RequestRefused
from tutor.engine.process.adapters import Adapters
from tutor.engine.process.load import load_model


def load(model: object, data_dir: Path):
    return load_model(str(model), data_dir, lambda share: None)


@pytest.fixture
def model_copy(tiny_model, tmp_path):
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def test_folder_is_loaded_in_fp32_on_the_processor(tiny_model, tmp_path):
    loaded = load(tiny_model, tmp_path)
    assert loaded.device in ("cpu", "cuda") and loaded.context_tokens == 640
    if loaded.device == "cpu":
        assert loaded.model.dtype is torch.float32


def test_revision_changes_with_the_weights(tiny_model, tmp_path):
    first = load(tiny_model, tmp_path).revision
    assert load(tiny_model, tmp_path).revision == first
    other = save_tiny_model(tmp_path / "other", num_hidden_layers=2)
    assert load(other, tmp_path).revision != first


def test_pickled_weights_are_never_loaded(model_copy, tmp_path):
    torch.save({}, model_copy / "pytorch_model.bin")
    (model_copy / "model.safetensors").unlink()
    with pytest.raises(ModelUnusable, match="pickle"):
        load(model_copy, tmp_path)


def test_code_that_comes_with_a_model_is_never_run(model_copy, tmp_path):
    config = json.loads((model_copy / "config.json").read_text())
    marker = tmp_path / "ran"
    (model_copy / "own.py").write_text(
        f"open({str(marker)!r}, 'w')\nclass C: pass\nclass M: pass\n"
    )
    config |= {"model_type": "made-up", "auto_map": {"AutoConfig": "own.C"}}
    (model_copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelUnusable):
        load(model_copy, tmp_path)
    assert not marker.exists()


def test_model_of_another_kind_is_explained(tmp_path, tiny_model):
    model = MambaForCausalLM(MambaConfig(vocab_size=258, hidden_size=16, num_hidden_layers=1))
    model.save_pretrained(tmp_path / "model")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tiny_model / name, tmp_path / "model")
    with pytest.raises(ModelUnusable, match="Choose a causal one"):
        load(tmp_path / "model", tmp_path)


def test_damaged_weights_are_explained(model_copy, tmp_path):
    weights = model_copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelUnusable):
        load(model_copy, tmp_path)


def test_no_network_is_explained(tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    with pytest.raises(ModelUnusable, match="network"):
        load("somebody/some-model", tmp_path)


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "~/none-there", "just-a-word"])
def test_missing_folder_is_explained(name, tmp_path):
    with pytest.raises(ModelUnusable, match="no model folder"):
        load(name, tmp_path)


def test_sliding_window_model_equals_its_own_generation(tmp_path):
    """A window shorter than the text: the mask must hide what lies before it."""
    from transformers import MistralConfig, MistralForCausalLM

    from tests.tutor.engine.test_scheduler import Bench, prompt_ids
    from tutor.engine.contract import TextRequest

    folder = save_tiny_model(tmp_path / "model")
    torch.manual_seed(3)
    sizes = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 3}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 12}
    config = MistralConfig(
        vocab_size=258, sliding_window=16, initializer_range=0.4, eos_token_id=257, **sizes, **heads
    )
    model = MistralForCausalLM(config).eval()
    model.save_pretrained(folder)
    bench = Bench(folder)
    sent = [bench.submit(TextRequest(token_ids=prompt_ids(s, 300), max_tokens=12)) for s in (1, 2)]
    bench.run()
    for seed, got in zip((1, 2), sent, strict=True):
        ids = torch.tensor([prompt_ids(seed, 300)])
        expected = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=12, do_sample=False
        )
        assert got.ids == expected[0, 300:].tolist()


class TestEmbeddedCopy:
    """The conversion itself is replaced: what counts here is when a copy is believed."""

    @pytest.fixture
    def converted(self, monkeypatch, tmp_path):
        source = tmp_path / "model.gguf"
        source.write_bytes(b"GGUF")
        found = embedded.Source(source, "1.0", None)
        monkeypatch.setattr(embedded, "find_source", lambda: found)
        runs = []

        def convert(path, target, report):
            runs.append(path)
            (target / "model.safetensors").write_bytes(b"weights" * 1000)
            (target / "config.json").write_text("{}")

        monkeypatch.setattr(embedded, "_convert", convert)
        return runs

    def test_second_start_takes_the_copy(self, converted, tmp_path):
        assert embedded.prepare(tmp_path) == embedded.prepare(tmp_path)
        assert len(converted) == 1

    @pytest.mark.parametrize(
        "damage", ["truncated", "changed", "missing", "unsigned", "half-signed"]
    )
    def test_damaged_copy_is_built_again(self, converted, tmp_path, damage):
        folder = embedded.prepare(tmp_path)
        weights, stated = folder / "model.safetensors", folder / embedded.CHECKSUMS
        content = weights.read_bytes()
        if damage == "truncated":
            weights.write_bytes(content[:-1])
        elif damage == "changed":
            weights.write_bytes(b"W" + content[1:])
        elif damage == "missing":
            weights.unlink()
        elif damage == "unsigned":
            stated.unlink()
        else:
            stated.write_text(stated.read_text()[:40])
        assert embedded.prepare(tmp_path) == folder
        assert len(converted) == 2 and weights.read_bytes() == content

    def test_restored_copy_with_new_times_is_believed_after_reading_it(self, converted, tmp_path):
        import os

        folder = embedded.prepare(tmp_path)
        os.utime(folder / "model.safetensors", ns=(1, 1))
        embedded.prepare(tmp_path)
        assert len(converted) == 1

    def test_killed_conversion_leaves_no_half_copy(self, converted, tmp_path, monkeypatch):
        whole = embedded._convert

        def killed(path, target, report):
            whole(path, target, report)
            raise KeyboardInterrupt

        monkeypatch.setattr(embedded, "_convert", killed)
        with pytest.raises(KeyboardInterrupt):
            embedded.prepare(tmp_path)
        assert not embedded.copy_folder(tmp_path, embedded.find_source()).exists()

    def test_full_disk_is_explained(self, converted, tmp_path, monkeypatch):
        def full(path, target, report):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(embedded, "_convert", full)
        with pytest.raises(ModelUnusable, match="No space left"):
            embedded.prepare(tmp_path)

    def test_progress_runs_from_start_to_end(self, converted, tmp_path):
        shares: list[float] = []
        embedded.prepare(tmp_path, shares.append)
        assert shares == sorted(shares) and shares[-1] == 1.0


class TestAdapterFolder:
    """What a folder may and may not hold; nothing in it is executed."""

    @pytest.fixture
    def adapters(self, tiny_model, tmp_path):
        return Adapters(load(tiny_model, tmp_path).model)

    @pytest.fixture
    def folder(self, tiny_adapters, tmp_path):
        return Path(shutil.copytree(tiny_adapters[0], tmp_path / "adapter"))

    def change(self, folder, **values):
        path = folder / "adapter_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    def test_pickled_weights_are_refused(self, adapters, folder):
        (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")
        with pytest.raises(RequestRefused, match="pickle"):
            adapters.ensure("v", str(folder))

    @pytest.mark.parametrize(
        "values",
        [
            {"use_dora": True},
            {"modules_to_save": ["lm_head"]},
            {"bias": "all"},
            {"peft_type": "PREFIX_TUNING"},
            {"lora_alpha": "16"},
        ],
    )
    def test_what_cannot_be_served_is_refused(self, adapters, folder, values):
        self.change(folder, **values)
        with pytest.raises(RequestRefused):
            adapters.ensure("v", str(folder))

    def test_modules_that_a_configuration_names_are_not_imported(self, adapters, folder, tmp_path):
        self.change(folder, megatron_core="os.path.nonexistent", auto_mapping={"x": "y"})
        adapters.ensure("v", str(folder))

    def test_adapter_of_another_base_is_refused(self, adapters, tmp_path):
        from tests.tutor.engine.tiny_model import save_tiny_adapter

        wide = save_tiny_model(tmp_path / "wide", hidden_size=64)
        deep = save_tiny_model(tmp_path / "deep", num_hidden_layers=4)
        for base in (wide, deep):
            folder = save_tiny_adapter(base, tmp_path / f"for-{base.name}", 1)
            with pytest.raises(RequestRefused, match="another model"):
                adapters.ensure("v", str(folder))

    def test_link_out_of_the_folder_is_refused(self, adapters, folder, tmp_path):
        weights = folder / "adapter_model.safetensors"
        weights.rename(tmp_path / "elsewhere.safetensors")
        weights.symlink_to(tmp_path / "elsewhere.safetensors")
        with pytest.raises(RequestRefused, match="out of its folder"):
            adapters.ensure("v", str(folder))

    def test_version_never_changes_its_weights(self, adapters, tiny_adapters):
        adapters.ensure("v", str(tiny_adapters[0]))
        with pytest.raises(RequestRefused, match="other weights"):
            adapters.ensure("v", str(tiny_adapters[1]))

    @pytest.mark.parametrize("order", list(permutations(("lower", "upper", "all"))))
    def test_adapters_of_different_layers_come_and_go_in_any_order(
        self, tiny_model, tmp_path, order
    ):
        from tests.tutor.engine.tiny_model import save_tiny_adapter

        targets = {"lower": ["0.mlp.up_proj"], "upper": ["1.self_attn.q_proj"], "all": "all-linear"}
        folders = {
            name: str(save_tiny_adapter(tiny_model, tmp_path / name, n, targets=which))
            for n, (name, which) in enumerate(targets.items())
        }
        ids = torch.tensor([[5, 6, 7, 8]])

        def answers(adapters, versions):
            names = [adapters.hold(one) for one in versions]
            with torch.no_grad(), adapters.active(names) as (model, more):
                rows = model(input_ids=ids.repeat(len(names), 1), **more).logits
            for name in names:
                adapters.release(name)
            return dict(zip(versions, rows, strict=True))

        alone = {}
        for name, folder in folders.items():
            single = Adapters(load(tiny_model, tmp_path).model)
            single.ensure(name, folder)
            alone |= answers(single, [name])
        adapters = Adapters(load(tiny_model, tmp_path).model)
        for name in order:
            adapters.ensure(name, folders[name])
        for place, name in enumerate(order):
            for found, row in answers(adapters, [*order[place:], None]).items():
                if found is not None:
                    torch.testing.assert_close(row, alone[found])
            adapters.retire(name)
        adapters.ensure("again", folders["upper"])
        torch.testing.assert_close(answers(adapters, ["again"])["again"], alone["upper"])

    def test_version_may_look_like_a_path(self, adapters, tiny_adapters):
        for version in ("../../etc/passwd", "a.b/c", "导师 1", "__base__"):
            adapters.ensure(version, str(tiny_adapters[0]))
            assert adapters.hold(version)

    @pytest.mark.parametrize("folder", ["relative/folder", "/no/such/folder", ""])
    def test_missing_folder_is_refused(self, adapters, folder):
        with pytest.raises(RequestRefused):
            adapters.ensure("v", folder)

    def test_damaged_weights_are_refused(self, adapters, folder):
        (folder / "adapter_model.safetensors").write_bytes(b"not safetensors")
        with pytest.raises(RequestRefused, match="damaged"):
            adapters.ensure("v", str(folder))
