"""A gate of generators without torch: `python -m tests.doubles.gan_gate FOLDER`.

What it finds stands in the recipe, in the key "found".
"""

import json
import sys
from pathlib import Path
from typing import Any

FOUND: dict[str, Any] = {
    "named": [1.0, 0.9],
    "named_real": [1.0, 1.0],
    "distance": 20.0,
    "distance_real": None,
    "smeared": 90.0,
    "variety": 0.9,
    "nearest": 0.7,
    "copies": 1.0,
    "drawn": 24,
}
GRID = b"\x89PNG a sheet"

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    told = json.loads((folder / "run.json").read_text())["recipe"]
    (folder / "gate").mkdir(exist_ok=True)
    (folder / "gate" / "grid.png").write_bytes(GRID)
    print(json.dumps({**FOUND, **told.get("found", {})}), flush=True)
