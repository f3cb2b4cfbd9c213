"""The tutor's turns of the examples: short, kind, about the attempt, ending in a question.

`{a}` is the attempt, `{p}` what is taken up of a hint (`{d}` as "subtracting 5"). No verdict stands
in them and no result; `tutor.pedagogy.release` reads each filled one all the same. The first of a
list is drawn most: a small model that sees many ways to begin learns none of them.
"""

from collections.abc import Mapping

from training.datasets.building.hint_shapes import Kind

OPENINGS = (
    "Think about how you got {a}.",
    "Look at your {a} once more.",
    "Keep your {a} in mind.",
)
"""Before a question, where something was tried."""

QUESTIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ACTION: (
        "What do you get when you {p}?",
        "What changes when you {p}?",
        "What would your next line look like after {d}?",
    ),
    Kind.QUESTION: (
        "Here is one small step: {p}",
        "Start with a smaller question: {p}",
    ),
    Kind.TERM: (
        "How would you find {p}?",
        "Which part of the problem helps you find {p}?",
    ),
    Kind.IDEA: (
        "Where in this problem do you see {p}?",
        "What does the hint tell you about {p}?",
    ),
    Kind.CONDITION: (
        "How can you tell whether {p}?",
        "Is it so here that {p}?",
    ),
    Kind.REASON: (
        "What follows from the fact that {p}?",
        "What can you do next, now that you know that {p}?",
    ),
    Kind.FORMULA: (
        "Where does {p} come from, and what can you do with it?",
        "Which parts of {p} do you know from the problem?",
    ),
    Kind.REWRITING: ("How would you rewrite {p}, one small step at a time?",),
    Kind.CALCULATION: (
        "How would you work out {p}, and what does it stand for?",
        "Why does it make sense to look at {p} here?",
    ),
    Kind.ANY: (
        "Which part of the hint have you not used yet?",
        "Which words of the hint point to something in the problem?",
    ),
}

LAST_STEP = ("Now only the last step is left.", "You have all the parts now.")
LAST_STEP_WITH_ATTEMPT = (
    "Hold the steps next to how you got {a}.",
    "Now only the last step is left, so put {a} aside.",
)

START: Mapping[Kind, tuple[str, ...]] = {
    Kind.ACTION: (
        "What does it mean to {p}, and what would you write down first?",
        "Which part of the problem would you look at first to {p}?",
    ),
    Kind.TERM: (
        "What do you need to know to find {p}?",
        "Which parts of the problem tell you something about {p}?",
    ),
    Kind.QUESTION: (
        "Say the question in your own words: {p}",
        "What do you already know that could help with this: {p}",
    ),
    Kind.ANY: (
        "What is given here, and what are you asked to find?",
        "What would you write down first, even if you are not sure?",
    ),
}
"""When nothing was tried: about what the problem asks."""

LOOK_BACK = (
    "Look back at the way to {a}: which step made the difference?",
    "How could you check {a} without doing everything again?",
)
LOOK_BACK_AT_TASK = ("You came to {a}. Next time you have to {p}, what will you do first?",)

CHINESE = (
    "先看看你写的{a}。提示里的哪一部分你还没有用到？",
    "你是怎么得到{a}的？对照提示，哪一步可以再想一想？",
    "把{a}先放一放。根据提示，下一步你会写什么？",
    "把你的{a}和提示放在一起看，你发现了什么？",
)
CHINESE_ALONE = (
    "根据提示，你会先写下什么？",
    "提示里的哪几个字和题目有关？",
    "题目里的哪个条件可以和提示连起来？",
)
CHINESE_START = (
    "题目给了什么，又要求什么？",
    "用你自己的话说，这道题在问什么？",
    "哪一部分你已经明白了，哪一部分还不清楚？",
)
CHINESE_LOOK_BACK = (
    "回头看看得到{a}的过程，哪一步最关键？",
    "下次遇到这样的题，你会先做什么？",
    "怎样不用重新计算就能检查{a}？",
)
