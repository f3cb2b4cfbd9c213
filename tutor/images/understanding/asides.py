"""Courtesies and remarks around the words that name things, in both languages."""

import re

_ENGLISH_END = re.compile(
    r"[\s,]+(?:please|for (?:me|us|her|him|them|you|everyone|fun)"
    r"|for (?:my|the|a|our) [a-z]+(?: [a-z]+)?|to me"
    r"|(?:thanks|thank you|thank|thx)(?: so much| a lot| very much)?|now|haha"
    r"|ok|or (?:nah|not|no|what)|too|also|right|asap|if you can|if possible|or something"
    r"|quick|quickly|fast|today|hurry|hey|tho|though|cause|(?:can|could|will|would) you"
    r"|i beg you|with love|instead|again|like that|real quick|on (?:paper|it)|like this)$"
)
_ENGLISH_ASIDE = re.compile(
    r",?\s(?:(?:its|it is|it has|because|so (?:that )?i|i (?:love|like|want|need|have|just|really"
    r"|dont)|we (?:are|need|have|want)|that i|this is|thats|they are|theyre"
    r"|would be? (?:nice|great|cool|good|awesome|fun)|my fav[a-z]*|and make it|then|but not|not a"
    r"|which|who|where|when|before|after|while|if)\b.*|please (?!and\b).*)$"
)
_CHINESE_END = re.compile(
    r"[,\s]*(?:(?<=[\u4e00-\u9fff])不"
    r"|给(?:我|大家|我们|咱)?(?:看看|看一下|看一看|看|瞧瞧|瞅瞅)?|看看|看一下|出来|一下"
    r"|吧|呗|嘛|吗|呀|啊|哦|噢|喔|呢|啦|咯|哈+|呵+|嘻+|呜+"
    r"|好吗|好不好|好嘛|可以吗|可不可以|行吗|行不行|好么|行么|谢谢(?:你|您|老师|啦|了)?"
    r"|拜托(?:了|啦)?|求求(?:你|了)*|(?:给|让)?我看看|快点|快|[呜哇嘟滴叭咚叮当轰嘭啪]{2,}"
    r"|\b(?:haha|please|thanks|ok|now|for me))$"
)
_CHINESE_ASIDE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:我最?(?:喜欢|爱|想|要)|送给|送我"
    r"|要(?:很|超|特别|非常|最|有|大|小|可爱|好看|漂亮)|因为|用来|然后|这样|它(?:要|很|会|有)).*$"
)
_NOTHING_ELSE = frozenset(("please", "thanks", "now", "haha"))


def trimmed(words: str) -> str:
    """Without courtesies at the end, and without what is said beside the wish."""
    words = _CHINESE_ASIDE.sub("", _ENGLISH_ASIDE.sub("", words)) or words
    before = ""
    while words != before:
        before = words.strip(" ,:'\"()")
        words = _CHINESE_END.sub("", _ENGLISH_END.sub("", f" {before}").strip()) or before
    return "" if words in _NOTHING_ELSE else words
