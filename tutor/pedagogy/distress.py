"""Words of somebody who may be in danger, few and certain, so that care comes before any lesson.

A wider check is `tutor.safety`'s; this one stands between every message and its grading.
"""

import re

from tutor.pedagogy.normal_text import normal

_WORDS = re.compile(
    r"\b(?:kill(?:ing)? myself|want to die|wanna die|wish i (?:was|were) dead|end (?:my"
    r"|it) (?:life|all)|(?:hurt|cut|harm)(?:ing)? myself|self ?-?harm|suicid\w*|kms|"
    r"(?:dont|do not) want to (?:live|be alive|exist)|no reason to live|better off (?:dead"
    r"|without me)|"
    r"(?:is|keeps?|was|are) (?:hitting|beating|touching|abusing|raping) me|(?:hits|beats"
    r"|molests|abuses|raped|molested) me)\b"
    r"|自杀|自残|自伤|割腕|轻生|不想活|想死(?!我了)|活不下去|活着没(?:有)?(?:意思|意义)"
    r"|结束(?:我的|自己的)生命|跳楼|(?:家暴|性侵|猥亵|虐待)(?:了)?我|伤害自己|死了算了"
)


def is_distress(text: str) -> bool:
    """Whether a person should be cared for before anything else."""
    return bool(_WORDS.search(normal(text)))
