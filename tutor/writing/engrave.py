"""The process that engraves one song: ABC in, a picture out, as `ask_process` wants it.

verovio is a large C++ library, and what a model writes is nobody's word: if it ends badly, it ends
here and not in the tutor.
"""

import base64
import json
import sys

from tutor.writing.music import NoMusic, Song, sheet


def main() -> None:
    request = json.load(sys.stdin)
    try:
        answer = {"png": base64.b64encode(sheet(Song(request["abc"], ""))).decode()}
    except NoMusic as error:
        answer = {"problem": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
