"""What a training takes, without torch: `python -m tests.doubles.gan_need FOLDER`."""

import json

if __name__ == "__main__":
    need = {"seconds": 60.0, "peak_bytes": 100 << 20, "disk_bytes": 10 << 20}
    print(json.dumps({**need, "steps": 4, "tokens": 128}), flush=True)
