"""Makes the model of `tutor.safety.wording` from the tuning lines of benchmarks/data.

    python -m benchmarks.concern_training

Learns from concerns.jsonl (splits "tuning" and "wide_tuning") and, as harmless, from the tuned part
of messages.jsonl and from requests for pictures; never from a line that is held out. Thresholds
come from lines that a model had not seen (five folds), requests for pictures aside: they are told
so easily that with them it would look careful when it is not.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.concerns import Line, lines
from tutor.knowledge.words import is_chinese
from tutor.pedagogy.normal_text import normal
from tutor.safety.concern import Concern
from tutor.safety.wording import MODEL_FILE, piece_values, pieces

MESSAGES = Path(__file__).parent / "data" / "messages.jsonl"
PICTURES = MESSAGES.with_name("picture_requests.jsonl")
MODEL = Path(__file__).parents[1] / "tutor" / "safety" / MODEL_FILE
SEED = 20261123
FOLDS = 5
LEAST_LINES = 2  # a piece that only one line has says nothing about others
INVERSE_REGULARISATION = 20.0
SCALE = 20
FALSE_ALARMS = 0.01
NONE = ""
KINDS = [concern.value for concern in Concern]


def training_lines() -> list[Line]:
    """The lines that may be learnt from."""
    with MESSAGES.open(encoding="utf-8") as file:
        messages = [json.loads(one) for one in file]
    harmless = [
        Line(one["text"], "zh-CN" if is_chinese(one["text"]) else "en", NONE, "tuning")
        for one in messages
        if one["part"] == "tuned" and "care" not in one["expected"]
    ]
    return [*lines("tuning"), *lines("wide_tuning"), *harmless]


def picture_wishes() -> list[Line]:
    """Requests for pictures that nobody has to worry about."""
    with PICTURES.open(encoding="utf-8") as file:
        requests = [json.loads(one) for one in file]
    return [
        Line(one["text"], "zh-CN" if is_chinese(one["text"]) else "en", NONE, "tuning")
        for one in requests
        if one["part"] != "held_out" and not {"!need", "!unsafe"} & set(one["expected"].split("/"))
    ]


def regression() -> LogisticRegression:
    return LogisticRegression(
        C=INVERSE_REGULARISATION, max_iter=500, class_weight="balanced", random_state=SEED
    )


def against_none(decisions: Any, classes: Sequence[str]) -> Any:
    """Columns in the order of KINDS, less that of no concern."""
    order = list(classes)
    columns = [order.index(kind) for kind in KINDS]
    return decisions[..., columns] - decisions[..., [order.index(NONE)]]


def unseen_odds(features: Any, concerns: Sequence[str]) -> Any:
    """Log odds of any concern for each line, by models that learnt from the other folds."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    decisions = cross_val_predict(
        regression(), features, concerns, cv=folds, method="decision_function"
    )
    return np.logaddexp.reduce(against_none(decisions, sorted(set(concerns))), axis=1)


def threshold(odds: Any) -> float:
    """The log odds that only FALSE_ALARMS of these harmless lines pass."""
    return round(float(np.sort(odds)[::-1][math.floor(len(odds) * FALSE_ALARMS)]), 3)


def main() -> None:
    lines_alone, wishes = training_lines(), picture_wishes()
    every = [*lines_alone, *wishes]
    texts = [normal(line.text) for line in every]
    concerns = [line.concern for line in every]
    counts = Counter(piece for text in texts for piece in pieces(text))
    known = {piece for piece, count in counts.items() if count >= LEAST_LINES}
    vectorizer = DictVectorizer()
    features = vectorizer.fit_transform([piece_values(text, known) for text in texts])

    odds = unseen_odds(features, concerns)
    harmless = (np.array(concerns) == NONE) & (np.arange(len(every)) < len(lines_alone))
    english = np.array([line.language == "en" for line in every])
    fitted = regression().fit(features, concerns)
    classes = list(fitted.classes_)
    weights = np.rint(against_none(fitted.coef_.T, classes) * SCALE).astype(int)
    names = vectorizer.get_feature_names_out()
    model = {
        "card": {
            "what": "weights of pieces of words for five kinds of concern, against none",
            "made_by": "python -m benchmarks.concern_training",
            "seed": SEED,
            "learnt_from": "lines in benchmarks/data, written for this project, of no real person",
            "lines": len(every),
            "figures": "python -m benchmarks.concerns",
            "limits": "no monitoring and no diagnosis: misses much, see docs/data-protection.md",
        },
        "kinds": KINDS,
        "threshold_english": threshold(odds[harmless & english]),
        "threshold_chinese": threshold(odds[harmless & ~english]),
        "bias": [round(float(one), 3) for one in against_none(fitted.intercept_, classes)],
        "scale": SCALE,
        "weights": {
            name: row.tolist() for name, row in zip(names, weights, strict=True) if row.any()
        },
    }
    text = json.dumps(model, ensure_ascii=False, separators=(",", ":"))
    MODEL.write_text(text + "\n", encoding="utf-8")
    found = {name: model[name] for name in ("threshold_english", "threshold_chinese")}
    print(json.dumps({**found, "lines": len(every), "size_bytes": len(text.encode())}))


if __name__ == "__main__":
    main()
