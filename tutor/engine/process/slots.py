"""The key-value cache of a batch whose rows come and go: one slot for each running request.

Rows 0 to `count` - 1 are in use and lie next to each other, so that a decode step works on views.
The row that is being prefilled, if there is one, is always the last. Knows tensors, not requests.
"""

import torch
from transformers.cache_utils import Cache, CacheLayerMixin

GROWTH_TOKENS = 256


class SlotLayer(CacheLayerMixin):  # type: ignore[no-untyped-call]  # transformers is half typed
    """Keys and values of one layer: (slots, heads, capacity, head size). Reads `window` only."""

    def __init__(self, window: "Window") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._window = window

    def lazy_initialization(self, key_states: torch.Tensor, value_states: torch.Tensor) -> None:
        self.keys = self._empty(key_states)
        self.values = self._empty(value_states)
        self.is_initialized = True

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: object, **kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Writes the new states of the window's rows behind those they have; returns the views."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        self._grow()
        return self._write(self.keys, key_states), self._write(self.values, value_states)

    def move(self, source: int, target: int, length: int) -> None:
        for states in (self.keys, self.values):
            if states is not None and length:
                states[target, :, :length] = states[source, :, :length]

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        return self._window.longest + query_length, 0

    def get_seq_length(self) -> int:
        return self._window.longest

    def get_max_length(self) -> int:
        return -1

    def _write(self, states: torch.Tensor | None, new: torch.Tensor) -> torch.Tensor:
        assert states is not None
        window, size = self._window, new.shape[2]
        rows = states[window.first : window.first + window.rows]
        if window.rows == 1:
            start = window.longest
            rows[:, :, start : start + size] = new
        else:
            rows[window.row_index, :, window.starts] = new[:, :, 0]
        return rows[:, :, : window.longest + size]

    def _grow(self) -> None:
        for name in ("keys", "values"):
            old = getattr(self, name)
            if old.shape[0] < self._window.slots or old.shape[2] < self._window.capacity:
                new = self._empty(old)
                new[: old.shape[0], :, : old.shape[2]] = old
                setattr(self, name, new)

    def _empty(self, like: torch.Tensor) -> torch.Tensor:
        heads, size = like.shape[1], like.shape[3]
        return like.new_zeros(self._window.slots, heads, self._window.capacity, size)


class Window:
    """Which rows the next forward pass reads and writes, and how full each of them is."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.first = 0
        self.rows = 0
        self.longest = 0
        self.slots = 1
        self.capacity = GROWTH_TOKENS
        self.starts = torch.zeros(0, dtype=torch.long, device=device)
        self.row_index = torch.zeros(0, dtype=torch.long, device=device)

    def look_at(self, first: int, lengths: list[int]) -> None:
        self.first, self.rows, self.longest = first, len(lengths), max(lengths)
        self.starts = torch.tensor(lengths, dtype=torch.long, device=self.device)
        self.row_index = torch.arange(len(lengths), device=self.device)


class Slots:
    """The rows of the batch: taken at the end, given back anywhere."""

    def __init__(self, layers: int, device: torch.device) -> None:
        self.window = Window(device)
        self.layers = [SlotLayer(self.window) for _ in range(layers)]
        self.cache = Cache(layers=list(self.layers))
        self.lengths: list[int] = []  # tokens in each row

    @property
    def count(self) -> int:
        return len(self.lengths)

    def take(self) -> int:
        """A new, empty last row."""
        self.lengths.append(0)
        self.window.slots = max(self.window.slots, self.count)
        return self.count - 1

    def move(self, source: int, target: int) -> None:
        """Overwrites the row `target` with the row `source`."""
        for layer in self.layers:
            layer.move(source, target, self.lengths[source])
        self.lengths[target] = self.lengths[source]

    def drop_last(self) -> None:
        self.lengths.pop()

    def wipe(self, row: int) -> None:
        """Removes a row's numbers: a NaN would reach whoever takes the row next, even masked."""
        for layer in self.layers:
            for states in (layer.keys, layer.values):
                if states is not None and row < states.shape[0]:
                    states[row].zero_()

    def look_at(self, first: int, rows: int, new_tokens: int) -> None:
        """Prepares the forward pass of `new_tokens` tokens in each of the rows."""
        lengths = self.lengths[first : first + rows]
        needed = max(lengths) + new_tokens
        while self.window.capacity < needed:
            self.window.capacity += max(GROWTH_TOKENS, self.window.capacity // 2)
        self.window.look_at(first, lengths)

    def advance(self, first: int, rows: int, new_tokens: int) -> None:
        """The pass succeeded: its tokens count from now on."""
        for row in range(first, first + rows):
            self.lengths[row] += new_tokens

    def shrink(self) -> None:
        """Gives all memory back when nothing runs."""
        if not self.lengths and self.window.capacity > GROWTH_TOKENS:
            self.window.slots, self.window.capacity = 1, GROWTH_TOKENS
            for layer in self.layers:
                layer.keys = layer.values = None
                layer.is_initialized = False
