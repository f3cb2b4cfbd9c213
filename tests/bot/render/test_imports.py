"""Rendering text is light: it loads no platform, no drawing and no font library."""

import subprocess
import sys


def test_rendering_text_loads_neither_platforms_nor_drawing() -> None:
    heavy = {
        "discord",
        "slack_sdk",
        "slack_bolt",
        "torch",
        "PIL",
        "ziamath",
        "resvg_py",
        "fontTools",
    }
    modules = "bot.render.discord_text, bot.render.slack_stream, bot.render.painter"
    code = f"import sys, {modules}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
