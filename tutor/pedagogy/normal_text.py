"""A learner's message made even for reading: width, case, spacing, slang, abbreviations, emoji.

What comes out is for matching phrases only; answers are graded as they were written.
"""

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe0f\U0001f3fb-\U0001f3ff]")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`´](?=\w)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # sooo, 啊啊啊
_BETWEEN_CHINESE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_BORDER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9%])(?=[\u4e00-\u9fff])")
_WORD = re.compile(r"[a-z0-9]+")

_SIMPLIFIED = str.maketrans(
    "會給這題錯對訴說過個為麼沒請嗎還樣點繼續結問應該懂實際選擇後來麽妳講離開幫機構減數學難煩"
    "無聊謝嘛換",
    "会给这题错对诉说过个为么没请吗还样点继续结问应该懂实际选择后来么你讲离开帮机构减数学难烦"
    "无聊谢嘛换",
)
_EMOJI = {
    " ok ": "👍👌✅🆗🙆💪",
    " dont know ": "🤷🤔😵🤯😕🫤😩😫😭😢❓❔🆘",
    " hi ": "👋",
    " haha ": "😂🤣😆😄😁🙂😀😊",
    " thanks ": "🙏❤",
}
_SLANG = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "plz": "please",
    "pls": "please",
    "pleas": "please",
    "plss": "please",
    "pl": "please",
    "wat": "what",
    "wut": "what",
    "wht": "what",
    "whats": "what is",
    "wats": "what is",
    "whts": "what is",
    "hows": "how is",
    "ans": "answer",
    "anser": "answer",
    "aswer": "answer",
    "asnwer": "answer",
    "answr": "answer",
    "awnser": "answer",
    "anwser": "answer",
    "answers": "answer",
    "soln": "solution",
    "gimme": "give me",
    "gimmie": "give me",
    "giv": "give",
    "lemme": "let me",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "have to",
    "dunno": "dont know",
    "idk": "dont know",
    "idek": "dont know",
    "dk": "dont know",
    "iono": "dont know",
    "idc": "dont care",
    "idgi": "dont get it",
    "donno": "dont know",
    "dont": "dont",
    "don": "dont",
    "doesnt": "dont",
    "didnt": "dont",
    "cannot": "cant",
    "couldnt": "cant",
    "kno": "know",
    "knw": "know",
    "kinda": "",
    "tf": "",
    "wtf": "what",
    "thx": "thanks",
    "thnx": "thanks",
    "ty": "thanks",
    "tysm": "thanks",
    "tks": "thanks",
    "tnx": "thanks",
    "kk": "ok",
    "okay": "ok",
    "okey": "ok",
    "oki": "ok",
    "oky": "ok",
    "okie": "ok",
    "ik": "i know",
    "rn": "now",
    "cmon": "",
    "yall": "you",
    "bc": "because",
    "cuz": "because",
    "coz": "because",
    "cos": "cos",
    "cause": "because",
    "becuz": "because",
    "nxt": "next",
    "nex": "next",
    "q": "question",
    "qn": "question",
    "ques": "question",
    "qs": "question",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "gtg": "have to go",
    "g2g": "have to go",
    "ttyl": "bye",
    "cya": "bye",
    "brb": "bye",
    "gn": "good night",
    "wdym": "what do you mean",
    "smth": "something",
    "sth": "something",
    "bcoz": "because",
    "bcz": "because",
    "n": "and",
    "havent": "dont",
    "hasnt": "dont",
    "wasnt": "dont",
    "theres": "there is",
    "prob": "probably",
    "prolly": "probably",
    "abt": "about",
    "ikr": "haha",
    "lol": "haha",
    "lmao": "haha",
    "lmfao": "haha",
    "rofl": "haha",
    "xd": "haha",
    "hahaha": "haha",
    "bruh": "",
    "bro": "",
    "dude": "",
    "omg": "",
    "ffs": "",
    "smh": "",
    "ngl": "",
    "tbh": "",
    "fr": "",
    "bzd": "不知道",
    "wbzd": "我不知道",
    "bzdl": "不知道了",
    "bhz": "不会做",
    "bh": "不会",
    "wbh": "我不会",
    "wbhz": "我不会做",
    "bd": "不懂",
    "wbd": "我不懂",
    "mbd": "没懂",
    "kbd": "看不懂",
    "bmb": "不明白",
    "mxl": "没想法",
    "xyt": "下一题",
    "xyg": "下一个",
    "htt": "换一题",
    "hyt": "换一题",
    "smys": "什么意思",
    "sm": "什么",
    "wsm": "为什么",
    "zmz": "怎么做",
    "zmb": "怎么办",
    "gda": "给答案",
    "qda": "求答案",
    "kda": "看答案",
    "gwda": "给我答案",
    "gts": "给提示",
    "qts": "求提示",
    "yq": "有请",
    "xx": "谢谢",
    "xiexie": "谢谢",
    "buhui": "不会",
    "buzhidao": "不知道",
    "budong": "不懂",
    "tishi": "提示",
    "daan": "答案",
    "tiaoguo": "跳过",
    "xiayiti": "下一题",
    "bucuo": "不错",
    "mingbai": "明白",
    "mingbaile": "明白了",
    "dongle": "懂了",
    "zhidaole": "知道了",
}
_PINYIN_PHRASES = (
    (re.compile(r"\bbu (?:hui|hui zuo|huizuo)\b"), "不会"),
    (re.compile(r"\bbu (?:zhi ?dao)\b"), "不知道"),
    (re.compile(r"\bbu dong\b"), "不懂"),
    (re.compile(r"\bgei (?:wo )?da ?an\b"), "给答案"),
    (re.compile(r"\bda an\b"), "答案"),
    (re.compile(r"\bgei (?:wo )?(?:ge )?ti ?shi\b"), "给提示"),
    (re.compile(r"\bti shi\b"), "提示"),
    (re.compile(r"\bxia yi ?(?:ti|ge)\b"), "下一题"),
    (re.compile(r"\bw/e\b"), "whatever"),
)


@lru_cache(maxsize=64)
def normal(text: str) -> str:
    """Lower case, simplified, one space between words of different scripts, slang spelt out.

    One message is read by several on its way.
    """
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).casefold()
    text = _APOSTROPHE.sub("", text).translate(_SIMPLIFIED)
    if not text.isascii():
        for word, emoji in _EMOJI.items():
            text = re.sub(f"[{emoji}]+", word, text)
    text = _STRETCHED.sub(r"\1", text)
    for pattern, chinese in _PINYIN_PHRASES:
        text = pattern.sub(chinese, text)
    text = _BORDER.sub(" ", text)
    text = _WORD.sub(lambda word: _SLANG.get(word[0], word[0]), text)
    return joined_chinese(text)


def joined_chinese(text: str) -> str:
    """Single spaces, and none between Chinese characters."""
    return " ".join(_BETWEEN_CHINESE.sub("", text).split())
