"""The verbs with which hints tell what to do, and their forms in "before …ing"."""

_REGULAR = (
    "add", "subtract", "multiply", "isolate", "expand", "convert", "collect", "apply", "check",
    "find", "factor", "rewrite", "write", "calculate", "compute", "determine", "simplify", "solve",
    "substitute", "combine", "distribute", "rearrange", "identify", "compare", "evaluate", "locate",
    "consider", "graph", "sketch", "draw", "translate", "separate", "group", "look", "think",
    "start", "begin", "count", "round", "cross", "cancel", "reduce", "express", "differentiate",
    "integrate", "square", "replace", "move", "raise", "rationalize", "eliminate", "complete",
    "divide", "use", "make", "take", "place", "list", "arrange", "consult",
    "test", "break", "choose", "convert", "distinguish", "examine", "estimate", "figure", "fill",
    "follow", "work", "undo", "invert", "mark", "name", "pull", "read",
    "set", "put", "plug", "split", "flip", "plot", "drop", "bring", "switch", "turn",
    "double", "halve", "keep", "label", "match", "measure", "pick", "sum", "swap",
)  # fmt: skip
_DOUBLED = frozenset({"set", "put", "plug", "split", "flip", "plot", "drop", "sum", "swap"})


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ing"
    return f"{verb[:-1]}ing" if verb.endswith("e") else f"{verb}ing"


GERUNDS = {verb: _gerund(verb) for verb in _REGULAR}
