"""Remarks that are not the model's to make: verdicts, its own rules, questions about the person.

Patterns over one text in English or Chinese; knows nothing of keys and moves.
"""

import re
from collections.abc import Iterable


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


PRAISE = _any(
    (
        r"\b(?:that|this|it|you|answer|solution|attempt|result|\d)(?:'s|'re| is| are| was|,)? "
        r"(?:\w+ )?(?:right|correct|true|accurate|perfect|valid|spot[ -]on)\b",
        r"(?:^|[.!?\n,]\s*)(?:yes|yep|yeah|exactly|correct|right|indeed|perfect|bingo|congrat\w*)"
        r"\s*(?:[,.!:—-]|$)",
        r"\b(?:well done|(?:good|great|nice|excellent|fantastic|amazing|awesome) (?:job|work)"
        r"|you (?:got|nailed|did|made|solved|found) it|you(?:'ve| have) (?:got|solved|found) "
        r"(?:it|the)|nailed it|congratulations|correctly (?:found|solved|answered|got))\b",
        r"\b(?:bravo|hooray|hurray|nice one|way to go|kudos)\b|[✅✔☑👍🎉💯🏆👏]",
        r"\b(?:awesome|excellent|fantastic|brilliant)!",
        r"(?:correct|right) (?:answer|solution|result|choice)",
        r"(?<!不)(?:正确|答对|做对|算对)|(?<!不)对(?:了|的|！)|没错|恭喜|太棒了|做得(?:很|真)?好",
        r"(?:^|[。！？\n])\s*(?:是的|对)[，。！]",
    )
)
BLAME = _any(
    (
        r"\b(?:wrong|incorrect|mistaken|not (?:\w+ )?(?:right|correct|true)|isn't (?:\w+ )?"
        r"(?:right|correct)|a mistake|an error|false)\b",
        r"(?:^|[.!?\n]\s*)(?:no|nope|not quite|almost|close|so close)\s*(?:[,.!:—-]|$)",
        r"\b(?:that|this|it) (?:isn't|is not|wasn't|was not|ain't) (?:it|the)\b",
        r"\bmistakes?\b|[❌✗✘👎]",
        r"\bnot (?:quite|exactly) (?:it|there)\b|\b(?:too (?:high|low|big|small|large))\b"
        r"|\b(?:higher|lower|bigger|smaller|larger) than (?:the answer|that)\b",
        r"错误|错了|不对|不正确|答错|做错|算错|不是正确|差一点|偏大|偏小|太大了|太小了",
    )
)
ITS_RULES = _any(
    (
        r"\b(?:my|these|the|your|system) (?:rules|instructions?|prompts?|guidelines|polic(?:y|ies))"
        r"\b(?! of)",
        r"\b(?:prompt|rephras\w*|paraphras\w*|as an ai|language model|chatbot|openai)\b",
        r"\bI(?:'m| am| was|'ve been| have been) (?:not |only )?"
        r"(?:told|instructed|allowed|asked|programmed|supposed|designed|trained"
        r"|an? (?:ai|assistant))",
        r"\bI (?:can't|cannot|can not|must not|mustn't|won't|will not|may not|shouldn't) (?:\w+ )?"
        r"(?:tell|reveal|give|show|say|share|help)|\b(?:as your|the) tutor\b",
        r"\bhere(?:'s| is| are) (?:a|an|the|my|your|one|some) (?:\w+ )?(?:version|sentence|response"
        r"|reply|message|text|rewrite|translation)",
        r"(?:^|\n)\s*(?:tutor|student|learner|teacher|assistant|user|system|attempt|problem|hint"
        r"|template|facts?)\s*:",
        r"\bthe (?:student|learner)s?\b|https?:|www\.|\b(?:link|website|click)\b",
        r"提示词|系统(?:指令|提示|消息)|我的(?:规则|指令|设定)|(?:语言模型|人工智能)|作为(?:一个|一名)?AI"
        r"|我是(?:一个)?(?:AI|机器人|模型|程序)|改写|学生[:：]|老师[:：]",
    )
)
PERSONAL = _any(
    (
        r"\bhow old are you|\bwhere (?:do|are) you (?:live|from)|\bwhat(?:'s| is) your (?:\w+ )?"
        r"(?:name|age|address|phone|number|email|school|birthday|password|city|country|grade)\b",
        r"\b(?:tell|give|send|share|show)(?: me| us)? (?:me )?(?:your|you'?re?) (?:\w+ )?"
        r"(?:name|age|address|phone|email|school|birthday|password|photo|picture|location)\b",
        r"\b(?:e-?mail|call|text|contact|message|dm|add) me\b",
        r"\bwhich (?:school|city|town|class) (?:do|are) you\b",
        r"\bare you (?:a )?(?:boy|girl|male|female)",
        r"你(?:几岁|多大|叫什么|住在?哪|在哪(?:里|个|所)?(?:上学|学校|住)|是哪(?:里|个)人)",
        r"(?:你|您)的(?:电话|手机|邮箱|地址|住址|学校|姓名|名字|密码|生日|年龄|微信|QQ|照片)",
    )
)
"""What asks for personal data: a tutor's model never does."""

DICTATES = _any(
    (
        r"\b(?:the|your|final|correct|right) (?:final |correct |right )?(?:answer|solution) "
        r"(?:is|was|equals|=|would be|will be|should be|must be)",
        r"\brhym\w+|\bsounds like\b|\bfingers on\b|\b(?:half[ -]?)?(?:a )?dozen\b|一打|谐音",
        r"(?:正确|最终|最后)?答案(?:就|应该|应当|可能)?[是为:：]",
    )
)
"""What announces the answer, whatever follows."""
