"""The kinds of text that can be asked for: how each is built, how long it is, how freely. Data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tutor.i18n import mark


class Kind(StrEnum):
    ARTICLE = "article"
    BLOG_POST = "blog_post"
    SOCIAL_POST = "social_post"
    POEM = "poem"
    STORY = "story"
    SCRIPT = "script"
    CODE = "code"
    SONG = "song"
    EMAIL = "email"
    ADVERTISEMENT = "advertisement"
    CAMPAIGN_IDEAS = "campaign_ideas"
    LESSON = "lesson"
    LECTURE_OUTLINE = "lecture_outline"
    TEXTBOOK_SECTION = "textbook_section"
    QUIZ = "quiz"


class Reach(StrEnum):
    """How much a kind asks of a model."""

    WRITER = "writer"  # a model that writes
    EXACT = "exact"  # must follow a notation or get facts right: a good model


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind is written. `name` is a catalogue key; `words` the usual length in English words.
    `called` are the words by which people ask for it.

    `brief` tells the model what to write, in English and Chinese. With `sections` a long text is
    planned first and then written part by part.
    """

    name: str
    called: tuple[str, ...]
    brief: Mapping[str, str]
    words: int
    reach: Reach = Reach.WRITER
    sections: bool = False
    temperature: float = 0.7


def _brief(english: str, chinese: str) -> Mapping[str, str]:
    return {"en": english, "zh-CN": chinese}


FORMS: Mapping[Kind, Form] = {
    Kind.ARTICLE: Form(
        mark("Article"),
        ("article", "essay", "文章", "作文"),
        _brief(
            "Write an article with a title, a short introduction, clear paragraphs and a "
            "conclusion.",
            "写一篇文章，要有标题、简短的引言、条理清楚的段落和结尾。",
        ),
        600,
        sections=True,
    ),
    Kind.BLOG_POST: Form(
        mark("Blog post"),
        ("blog post", "blog", "博客"),
        _brief(
            "Write a blog post with a title that makes curious, a personal opening and short "
            "paragraphs.",
            "写一篇博客，标题吸引人，开头亲切，段落简短。",
        ),
        450,
        sections=True,
    ),
    Kind.SOCIAL_POST: Form(
        mark("Social post"),
        ("social post", "post", "tweet", "帖子", "朋友圈"),
        _brief(
            "Write one short post for social media: one thought, friendly, at most two hashtags.",
            "写一条简短的社交媒体帖子：只讲一件事，语气友好，最多两个话题标签。",
        ),
        60,
    ),
    Kind.POEM: Form(
        mark("Poem"),
        ("poem", "诗", "诗歌"),
        _brief("Write a short poem with a title.", "写一首短诗，要有题目。"),
        90,
        temperature=0.9,
    ),
    Kind.STORY: Form(
        mark("Story"),
        ("story", "tale", "故事", "小说"),
        _brief(
            "Write a short story with a title, a main character, a problem and an ending.",
            "写一个小故事，要有题目、主人公、困难和结局。",
        ),
        350,
        sections=True,
        temperature=0.9,
    ),
    Kind.SCRIPT: Form(
        mark("Script"),
        ("script", "play", "sketch", "剧本"),
        _brief(
            "Write a script: scene headings, names in capitals before what they say, stage "
            "directions in brackets.",
            "写一个剧本：有场景说明，台词前写人物名字，动作写在括号里。",
        ),
        450,
        sections=True,
        temperature=0.8,
    ),
    Kind.CODE: Form(
        mark("Code"),
        ("code", "program", "代码", "程序"),
        _brief(
            "Write the program in one code block with the name of its language, then explain it "
            "in two or three sentences.",
            "用一个注明语言的代码块写出程序，然后用两三句话说明。",
        ),
        250,
        Reach.EXACT,
        temperature=0.2,
    ),
    Kind.SONG: Form(
        mark("Song"),
        ("song", "歌", "歌曲"),
        _brief(
            "Write a short song as one code block in ABC notation: the fields X, T, M, L, K, then "
            "8 to 16 bars of melody with w: lines of lyrics below them.",
            "用一个 ABC 记谱法的代码块写一首短歌：先写 X、T、M、L、K 各项，"
            "再写 8 到 16 小节的旋律，并用 w: 行在旋律下写歌词。",
        ),
        150,
        Reach.EXACT,
    ),
    Kind.EMAIL: Form(
        mark("E-mail"),
        ("e-mail", "email", "mail", "邮件", "电邮"),
        _brief(
            "Write an e-mail: a subject line, a greeting, the matter in short paragraphs, and a "
            "closing.",
            "写一封电子邮件：有主题、称呼、简短的正文和结尾。",
        ),
        140,
        temperature=0.4,
    ),
    Kind.ADVERTISEMENT: Form(
        mark("Advertisement"),
        ("advertisement", "ad", "advert", "广告"),
        _brief(
            "Write an honest advertisement: a headline, what is good about it, and what to do "
            "next. Invent no facts and no numbers.",
            "写一则诚实的广告：有标题、优点和下一步该做什么。不要编造事实和数字。",
        ),
        80,
    ),
    Kind.CAMPAIGN_IDEAS: Form(
        mark("Campaign ideas"),
        ("campaign ideas", "campaign", "活动创意", "营销创意"),
        _brief(
            "List five ideas for a campaign; for each a name, what happens, and for whom.",
            "列出五个活动创意；每个写出名称、内容和面向的人群。",
        ),
        250,
    ),
    Kind.LESSON: Form(
        mark("Lesson"),
        ("lesson plan", "lesson", "教案"),
        _brief(
            "Write a lesson: goals, what is needed, a warm-up, the explanation with an example, "
            "exercises and a short check at the end.",
            "写一份教案：包括目标、准备、导入、带例子的讲解、练习和结尾的小检查。",
        ),
        600,
        sections=True,
        temperature=0.4,
    ),
    Kind.LECTURE_OUTLINE: Form(
        mark("Lecture outline"),
        ("lecture outline", "lecture", "讲座提纲", "讲座"),
        _brief(
            "Write the outline of a lecture: sections with minutes, key points, an example and a "
            "question to the audience for each.",
            "写一份讲座提纲：分节并注明分钟数，每节有要点、例子和一个向听众提的问题。",
        ),
        350,
        sections=True,
        temperature=0.4,
    ),
    Kind.TEXTBOOK_SECTION: Form(
        mark("Textbook section"),
        ("textbook section", "textbook", "教科书", "课文"),
        _brief(
            "Write a section of a textbook: a definition, an explanation, a worked example, what "
            "is often misunderstood, and three exercises.",
            "写一节教科书：包括定义、讲解、例题、常见误解和三道练习。",
        ),
        700,
        sections=True,
        temperature=0.3,
    ),
    Kind.QUIZ: Form(
        mark("Quiz"),
        ("quiz", "test questions", "测验", "测验题"),
        _brief(
            "Write five quiz questions. For each one line that begins with “Q:”, one line that "
            "begins with “A:” with the short answer, and one line that begins with “H:” with a "
            "hint that does not give the answer away.",
            "写五道测验题。每题一行以“Q:”开头的问题，一行以“A:”开头的简短答案，"
            "一行以“H:”开头、不泄露答案的提示。",
        ),
        200,
        Reach.EXACT,
        temperature=0.4,
    ),
}

LONGEST_WORDS = 3000
"""What a request is cut to, in English words."""

NAMED_WITHIN = 40
_CALLED = {word: kind for kind, form in FORMS.items() for word in form.called}
_NAMES = re.compile(
    "|".join(
        rf"\b{re.escape(word)}\b" if word.isascii() else word
        for word in sorted(_CALLED, key=len, reverse=True)
    ),
    re.IGNORECASE,
)


def kind_in(brief: str) -> Kind | None:
    """The kind that a request names near its beginning: "a poem about autumn"."""
    match = _NAMES.search(brief[:NAMED_WITHIN])
    return _CALLED[match.group().lower()] if match else None
