"""The LoRA adapters that are loaded beside the model, and who still uses them.

Versions are the callers' immutable names; inside they are numbered, since a version may hold
characters that a module name cannot. A retired version leaves when its last request has ended.
"""

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch

from tutor.engine.contract import RequestRefused
from tutor.engine.process.adapter_files import AdapterFiles, check_fits, read_adapter

BASE = "__base__"  # how peft calls a row without adapter


@dataclass(frozen=True, slots=True)
class _Loaded:
    name: str
    fingerprint: str


class Adapters:
    """peft is imported with the first adapter: it takes seconds, and many never need it."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._peft: Any = None
        self._loaded: dict[str, _Loaded] = {}
        self._retired: set[str] = set()  # internal names that leave when nobody holds them
        self._holders: Counter[str] = Counter()
        self._enabled = False
        self._next = 0

    def ensure(self, version: str, folder: str) -> None:
        """Loads the folder as `version`; nothing happens if it is loaded already."""
        known = self._loaded.get(version)
        files = read_adapter(folder)
        if known is not None:
            if known.fingerprint != files.fingerprint:
                raise RequestRefused(f"The adapter version {version} is loaded with other weights.")
            return
        check_fits(files.weights, self._plain_layer)
        name = f"a{self._next}"
        self._next += 1
        self._add(name, files)
        self._loaded[version] = _Loaded(name, files.fingerprint)

    def retire(self, version: str) -> None:
        """Takes no new requests for it; unknown versions are no error."""
        loaded = self._loaded.pop(version, None)
        if loaded is not None:
            self._retired.add(loaded.name)
            self._drop_unused(loaded.name)

    def hold(self, version: str | None) -> str | None:
        """The internal name for a request that begins; it stays loaded until `release`."""
        if version is None:
            return None
        loaded = self._loaded.get(version)
        if loaded is None:
            raise RequestRefused(f"No adapter {version} is loaded.")
        self._holders[loaded.name] += 1
        return loaded.name

    def release(self, name: str | None) -> None:
        if name is not None:
            self._holders[name] -= 1
            self._drop_unused(name)

    @contextmanager
    def active(self, names: Sequence[str | None]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """The model to call for rows with these adapters, and what to call it with besides."""
        if self._peft is None:
            yield self._model, {}
            return
        mixed = any(name is not None for name in names)
        if mixed != self._enabled:
            switch = self._peft.base_model
            (switch.enable_adapter_layers if mixed else switch.disable_adapter_layers)()
            self._enabled = mixed
        if mixed:
            yield self._peft, {"adapter_names": [name or BASE for name in names]}
        else:
            yield self._model, {}

    def _plain_layer(self, name: str) -> torch.nn.Module:
        """The model's own layer, whether or not adapters have been laid around it."""
        module: torch.nn.Module = self._model.get_submodule(name)
        inner = getattr(module, "base_layer", module)
        assert isinstance(inner, torch.nn.Module), name
        return inner

    def _add(self, name: str, files: AdapterFiles) -> None:
        from peft import LoraConfig, PeftModel, set_peft_model_state_dict

        config = LoraConfig(**files.settings, inference_mode=True)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*multiple adapters.*")
            if self._peft is None:
                self._peft = PeftModel(self._model, config, adapter_name=name)
            else:
                self._peft.add_adapter(name, config)
        self._point_at_a_loaded_one()
        self._enabled = False
        self._peft.base_model.disable_adapter_layers()
        outcome: Any = set_peft_model_state_dict(self._peft, dict(files.weights), adapter_name=name)
        self._peft.eval()
        assert not outcome.unexpected_keys, outcome.unexpected_keys

    def _point_at_a_loaded_one(self) -> None:
        """peft looks one adapter up at every call, whichever the rows have, and after a deletion
        it may be the deleted one: where adapters lie on different layers."""
        left = next(iter(self._peft.peft_config), None)
        if left is not None:
            self._peft.active_adapter = left

    def _drop_unused(self, name: str) -> None:
        if name in self._retired and self._holders[name] <= 0:
            self._retired.discard(name)
            del self._holders[name]
            self._peft.delete_adapter(name)
            self._point_at_a_loaded_one()
            self._enabled = False
            self._peft.base_model.disable_adapter_layers()
