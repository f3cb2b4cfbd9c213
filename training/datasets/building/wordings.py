"""The tutor's turns of the examples: short, kind, about the attempt, ending in a question.

`{a}` is the attempt, `{p}` what is taken up of a hint (`{d}` as "subtracting 5"). No verdict stands
in them and no result; `tutor.pedagogy.release` reads each filled one all the same.
"""

from collections.abc import Mapping

from training.datasets.building.hint_shapes import Kind

OPENINGS = (
    "Let's look at your {a} together.",
    "Let's take {a} as a start.",
    "Thanks for showing me {a}.",
    "Keep {a} in mind for a moment.",
    "Let's put {a} aside for a moment.",
    "You have {a} so far.",
    "You wrote {a}, so let's see how you got there.",
    "You came up with {a}, and that gives us something to work with.",
)
"""Before a question that does not name the attempt."""

ABOUT_ATTEMPT: Mapping[Kind, tuple[str, ...]] = {
    Kind.ACTION: (
        "On your way to {a}, did you {p}? If not, try it now: what changes?",
        "How did you get {a}? Try to {p} and see: what comes out now?",
        "What happens to your {a} if you {p} first?",
        "Before you settle on {a}, {p} on paper. What does that step give you?",
        "You wrote {a}. Where in your work did you {p}?",
        "Compare two ways: the one that led you to {a}, and {d}. Where do they part?",
        "You tried {a}. What would your next line look like after {d}?",
        "Think back to how you found {a}: which step was {d}?",
    ),
    Kind.QUESTION: (
        "Leave {a} for a moment and take one small step: {p}",
        "Before you go back to {a}, ask yourself: {p}",
        "You wrote {a}. One smaller question first: {p}",
        "Here is a part that can tell you more about your {a}: {p}",
        "To see where {a} came from, start with this: {p}",
    ),
    Kind.TERM: (
        "You wrote {a}. How would you find {p}, and did you use it on your way?",
        "Before you go back to {a}, how would you find {p}?",
        "What did you take for {p} when you got {a}?",
        "Leave {a} for a moment. Which part of the problem helps you find {p}?",
        "Try to find {p} first. How does it fit with the way you got {a}?",
        "When you worked towards {a}, where did {p} come in?",
    ),
    Kind.IDEA: (
        "You wrote {a}. What does the hint tell you about {p}, and where do you see that here?",
        "How did you use {p} when you got {a}?",
        "In your own words, what is special about {p}? Then look at your {a} again: what changes?",
        "Think about {p} for a moment. How does it fit with your {a}?",
        "When you worked towards {a}, where did {p} come in?",
        "Hold your {a} next to what the hint says about {p}. What do you notice?",
    ),
    Kind.CONDITION: (
        "You wrote {a}. Look at the problem once more: is it so here that {p}?",
        "Before you go back to {a}: how can you tell whether {p}?",
        "When you got {a}, did you look at whether {p}?",
    ),
    Kind.REASON: (
        "You wrote {a}. What follows for your next step from the fact that {p}?",
        "When you got {a}, where did you use that {p}?",
        "Hold your {a} next to this: {p}. What does that tell you?",
        "Think back to how you found {a}: what changes once you use that {p}?",
    ),
    Kind.FORMULA: (
        "You wrote {a}. Which parts of {p} do you already know from the problem?",
        "When you got {a}, where did {p} come in?",
        "Hold your {a} next to {p}. What do you notice?",
        "You wrote {a}. Where does {p} come from, and what can you do with it next?",
        "Look at {p} and at the way you got {a}. Where do they part?",
    ),
    Kind.REWRITING: (
        "You wrote {a}. Start again from {p}: how would you rewrite it, one small step at a time?",
        "When you got {a}, what did you turn {p} into?",
        "Look at {p} once more. Which rule lets you rewrite it, and did you use it for {a}?",
    ),
    Kind.CALCULATION: (
        "You wrote {a}. How would you work out {p}, and what does it stand for here?",
        "When you got {a}, did you work out {p} on the way? What does it tell you?",
        "Why does it make sense to look at {p} here? Compare that with how you got {a}.",
        "Leave {a} for a moment. What do you get for {p}, and what is it the amount of?",
        "Take {p} as one small step. How does it fit with the way you got {a}?",
    ),
    Kind.ANY: (
        "You wrote {a}. Read the hint once more: which part of it have you not used yet?",
        "How did you get {a}? Go through the hint word by word: where does your way differ?",
        "Hold your {a} next to the hint. What do you notice?",
        "Tell me how you found {a}: which part of the hint fits a step of yours?",
    ),
}

ALONE: Mapping[Kind, tuple[str, ...]] = {
    Kind.ACTION: (
        "What do you get when you {p}?",
        "Try to {p} on paper. What does the next line look like?",
        "How would you {p} here? Tell me the first thing you would write.",
        "What changes when you {p}?",
        "What is left to do after {d}?",
        "Which numbers or terms of the problem do you need to {p}?",
    ),
    Kind.QUESTION: (
        "Start with one small step: {p}",
        "Here is a smaller question to begin with: {p}",
        "Think about just this part: {p}",
        "What in the problem helps you with this: {p}",
    ),
    Kind.TERM: (
        "How would you find {p}?",
        "Which part of the problem helps you find {p}?",
        "What do you need to know to find {p}?",
        "Try to find {p} first. What would you write down?",
    ),
    Kind.IDEA: (
        "How would you explain {p} in your own words?",
        "Where in this problem do you see {p}?",
        "What does {p} look like in this problem?",
        "What does the hint tell you about {p}, and how can you use that here?",
    ),
    Kind.CONDITION: (
        "Look at the problem once more: is it so here that {p}?",
        "How can you tell whether {p}?",
        "What would you look at to find out whether {p}?",
    ),
    Kind.REASON: (
        "What follows for your next step from the fact that {p}?",
        "What can you do next, now that you know that {p}?",
        "Where in the problem do you see that {p}?",
    ),
    Kind.FORMULA: (
        "Which parts of {p} do you already know from the problem?",
        "Where does {p} come from, and what can you do with it next?",
        "Look at {p}. What in the problem belongs to each part of it?",
    ),
    Kind.REWRITING: (
        "Start from {p}: how would you rewrite it, one small step at a time?",
        "Which rule lets you rewrite {p}?",
        "What can you turn {p} into?",
    ),
    Kind.CALCULATION: (
        "How would you work out {p}, and what does it stand for here?",
        "Why does it make sense to look at {p} here?",
        "What do you get for {p}, and what is it the amount of?",
    ),
    Kind.ANY: (
        "Which part of the hint can you use first?",
        "Read the hint once more: which words in it point to something in the problem?",
        "What would you write down first with that hint?",
    ),
}

LAST_STEP = (
    "Now only the last step is left.",
    "The way is laid out, and the end of it is yours.",
    "You have all the parts now.",
)
LAST_STEP_WITH_ATTEMPT = (
    "Follow the steps one by one and hold each next to how you got {a}.",
    "With the steps in front of you, look at {a} once more.",
    "Now only the last step is left, so put {a} aside for it.",
)

START: Mapping[Kind, tuple[str, ...]] = {
    Kind.ACTION: (
        "What does it mean to {p}, and what would you write down first?",
        "You are asked to {p}. What do you already know about that?",
        "If you had to {p} with easier numbers, how would you begin?",
        "Which part of the problem would you look at first to {p}?",
    ),
    Kind.TERM: (
        "What do you need to know to find {p}?",
        "In your own words, what is {p}?",
        "Which parts of the problem tell you something about {p}?",
        "What would help you find {p}: a drawing, a formula, or a rule you know?",
    ),
    Kind.QUESTION: (
        "Say the question in your own words: {p}",
        "Which words in the problem matter most here: {p}",
        "What do you already know that could help with this: {p}",
    ),
    Kind.ANY: (
        "What is given here, and what are you asked to find?",
        "Which part of the problem is clear to you, and which part isn't?",
        "What would you write down first, even if you are not sure?",
    ),
}
"""When nothing was tried: about what the problem asks."""

LOOK_BACK = (
    "How did you get to {a} in the end, and which step made the difference?",
    "Look back at the way to {a}: which step was the hardest for you?",
    "What would you tell a friend who has to find {a} from the same start?",
    "How could you check {a} without doing everything again?",
    "Which idea on the way to {a} can you use again next time?",
    "What did you do on the way to {a} that you would do first next time?",
)
LOOK_BACK_AT_TASK = (
    "You came to {a}. Next time you have to {p}, what will you do first?",
    "On the way to {a} you had to {p}. Which part of that was new to you?",
    "How would you explain to a friend how to {p}?",
)

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
