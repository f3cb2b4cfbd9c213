"""JSON for the eye says the same as any other."""

import json

from tutor.images.legible import legible

RECORD = {
    "name": "icons-1",
    "labels": [{"id": "volcano", "zh": "火山", "tags": ["a", "b"]}, {"id": "dog", "tags": []}],
    "styles": ["noto", "flat"],
    "cells": {"dog": ["flat"], "volcano": ["noto", "flat"]},
    "empty": {},
    "none": [],
    "seed": 42,
}


def test_legible_json_is_read_back_whole() -> None:
    assert json.loads(legible(RECORD)) == RECORD


def test_each_entry_has_a_line_and_chinese_stays_readable() -> None:
    lines = legible(RECORD).splitlines()
    assert '  {"id": "volcano", "zh": "火山", "tags": ["a", "b"]},' in lines
    assert '  "volcano": ["noto", "flat"]' in lines
    assert ' "styles": ["noto", "flat"],' in lines
