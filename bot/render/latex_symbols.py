"""The Unicode that stands for LaTeX where `latex2mathml` has no table of its own."""

_DIGITS = "0123456789+−=()"
SUPERSCRIPTS = dict(zip(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)) | dict(
    zip(
        "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip(_DIGITS, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)) | dict(
    zip("aehijklmnoprstuvxβγρφχ", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
BLACKBOARD = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "𝔸𝔹ℂ𝔻𝔼𝔽𝔾ℍ𝕀𝕁𝕂𝕃𝕄ℕ𝕆ℙℚℝ𝕊𝕋𝕌𝕍𝕎𝕏𝕐ℤ", strict=True))
ACCENTS = {
    "vec": "\u20d7",
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0305",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "dot": "\u0307",
    "ddot": "\u0308",
    "underline": "\u0332",
    "overrightarrow": "\u20d7",
}
SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "quad": "  ", "qquad": "   ", "!": ""}
SYMBOLS = {
    "pm": "±", "mp": "∓", "cdot": "·", "times": "×", "div": "÷", "ast": "∗",
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "sim": "∼", "cong": "≅", "propto": "∝",
    "to": "→", "rightarrow": "→", "Rightarrow": "⇒", "implies": "⇒", "iff": "⇔", "gets": "←",
    "leftrightarrow": "↔", "Leftrightarrow": "⇔", "longrightarrow": "→", "mapsto": "↦",
    "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮",
    "degree": "°", "circ": "∘", "angle": "∠", "triangle": "△", "perp": "⊥", "parallel": "∥",
    "mid": "|", "vert": "|", "lvert": "|", "rvert": "|", "|": "‖", "Vert": "‖", "lVert": "‖",
    "rVert": "‖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "langle": "⟨",
    "rangle": "⟩", "prime": "′", "emptyset": "∅", "varnothing": "∅", "setminus": "∖",
    "{": "{", "}": "}", "%": "%", "$": "$", "#": "#", "&": "&", "_": "_",
    "varepsilon": "ε", "epsilon": "ε", "varphi": "φ", "phi": "φ", "vartheta": "ϑ",
    "bmod": " mod ", "pmod": "mod ", "therefore": "∴", "because": "∵", "checkmark": "✓",
}  # fmt: skip
FUNCTIONS = frozenset(
    {
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
        "tanh", "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker",
        "gcd", "arg", "deg", "Pr", "hom", "limsup", "liminf",
    }
)  # fmt: skip
TEXT_COMMANDS = frozenset(
    {
        "text", "textrm", "textbf", "textit", "texttt", "mbox", "mathrm", "mathsf", "mathtt",
        "operatorname", "operatorname*", "tag",
    }
)  # fmt: skip
DROPPED = frozenset(
    {
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
        "biggr", "middle", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits",
        "mathbf", "mathit", "mathcal", "mathfrak", "mathscr", "boldsymbol", "bm", "boxed",
        "nonumber", "notag", "hline", "overbrace", "underbrace", "phantom", "color", "hspace",
    }
)  # fmt: skip
OPERATORS = "=≠<>≤≥≈≡∼≅∝→⇒⇔←↔↦+−±∓×÷∈∉⊂⊆∪∩∧∨⊥∥"
