"""Recognises writing offline with RapidOCR (Apache-2.0), whose package ships its models.

Reads English and Chinese print; handwriting and tall formulas only in part.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np
from PIL.Image import Image
from rapidocr import RapidOCR

LEAST_CONFIDENCE = 0.5
_THREADS = 2
_BORDER = 24
_EQUATION = re.compile(r"(?<=[\w)²³])\s*([=+×÷<>≤≥≠≈])\s*(?=[\w(√−-])")
_MINUS = re.compile(r"(?<=[\w)²³])\s*[-−–]\s*(?=[\w(])")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    top: float
    bottom: float


def recognise(picture: Image) -> str:
    """The writing on an RGB picture, line by line; "" where there is none."""
    pixels = np.asarray(picture)[:, :, ::-1]
    frame = (_BORDER, _BORDER)
    framed = np.pad(pixels, (frame, frame, (0, 0)), mode="edge")
    result = _engine()(framed)
    if result.txts is None:
        return ""
    words = [
        _Word(text, float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 1].max()))
        for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)
        if score >= LEAST_CONFIDENCE
    ]
    return "\n".join(spaced(line) for line in _lines(words))


def spaced(line: str) -> str:
    """An equation with the spaces that recognition swallows; prose is left alone."""
    if "=" not in line or "://" in line or "&" in line or "==" in line:
        return line
    return _MINUS.sub(" - ", _EQUATION.sub(r" \1 ", line))


def _lines(words: list[_Word]) -> list[str]:
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: (word.top + word.bottom) / 2):
        middle = (word.top + word.bottom) / 2
        if lines and lines[-1][0].top < middle < lines[-1][0].bottom:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [" ".join(w.text for w in sorted(line, key=lambda w: w.left)) for line in lines]


@cache
def _engine() -> Any:
    cv2.setNumThreads(_THREADS)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
