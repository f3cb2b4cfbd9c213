"""What "draw" and "show me" mean in lessons: graphs, conclusions, lots, answers; no pictures."""

import re

_NOT_DRAWN = re.compile(
    r"\s*(?:on|upon|from|near|back|up(?! arrow)|out|away|breath|in class|well|better|fast"
    r"|(?:my |your |our |his |her |any |the |some |more |a few )*"
    r"(?:attention|conclusions?|inferences?|comparisons?|lots|straws)"
    r"|an? (?:conclusion|line|blank|comparison|distinction|parallel|inference|card|ticket|marble"
    r"|sample|lesson|crowd|lot|(?:deep )?breath)"
    r"|the (?:line|curtains?|conclusion|graph|following|answer|solution|problem|question|process"
    r"|steps?|result)"
    r"|the town red|it|this|that|these|those|them|what|how|why|when|where|whatever (?:it|the)"
    r"|something similar|answers?|and|or|but|is|was|are|means?)\b"
)
_IDIOMS = re.compile(
    r"\s*(?:蛇添足|龙点睛|饼充饥|地为牢|虎类犬|虎不成|完|好了|得|的|了|过(?!山车)|着|外音|押|供|符"
    r"|十字|句号|线|(?:[个张一下]*)图(?!书|钉|章|片|画)|重点|怎么|时|眉|不|用|和|是|课|几(?:笔|分钟|个?小时|年)"
    r"|好(?:难|累|玩|看|烦|丑|无聊|美|棒)|难|太(?!阳|极|空)|真|很|比赛|班|题|(?:面|家|展|册|风|廊|室|法|报|布|皮|饼|像|上|里|中|作)(?:$|们|是|的|上|里|中|太|很|有|什么|怎么|一|用|画|在|把|通过|为))"
)
_OF_LESSONS = re.compile(
    r"\b(?:graphs?|diagrams?|lines?|axis|axes|angles?|parabolas?|functions?|tables?(?! tennis)"
    r"|charts?"
    r"|curves?|histograms?|plots?|conclusions?|tangents?|perpendicular|bisectors?|radius|diameter"
    r"|cm|mm|degrees|vectors?|lewis|circuits?|cross section|timeline|mind map|food (?:web|chain)"
    r"|number bond|array|bar models?|at random|randomly|deck|with(?:out)? replacement|side length"
    r"|sides|vertices|vertex|segments?|equations?|slope|intercept|coordinate|grid|formula|proof"
    r"|triangle [a-z]{3}|in the (?:box|space) (?:below|above|provided)"
    r"|(?:from|out of) (?:the|a) (?:bag|box|urn|jar)|area of|perimeter|patterns?"
    r"|next (?:shape|figure|term)|forces|essay|paragraph"
    r"|exercise(?! book)"
    r"|question \d|problem \d|step by step|plant cell|animal cell)\b"
    r"|[=≤≥<>^√]|\d\s*[-+*/×÷]\s*\d|[xy]\s?="
)
_OF_WORK = re.compile(
    r"\b(?:homework|hw|worksheet|answers?|anser|solution|textbook"
    r"|my (?:work|test|exam|page|paper|screen))\b"
)
_OF_WORK_CHINESE = re.compile(
    r"答案|这道|这题|本题|题目|第.题|这个|那个|这张|那张|这幅|它|解法|公式|例子|示例|作业|课文|错|进度"
    r"|成绩|过程|步骤|下列"
)
_OF_LESSONS_CHINESE = re.compile(
    r"函数|图[像象](?!$)|曲线|直线|线段|射线|垂线|平行|切线|辅助线|数轴|坐标|角平分|受力|示意图|思维导图"
    r"|树状图|流程图|电路|结构图|统计图|条形图|折线图|扇形|表格|半径|直径|圆心|厘米|重点|高线|中线|对称"
    r"|三视图|抛物线|双曲线|椭圆|重心|[=∠△⊥]"
)


def is_other_drawing(words: str) -> bool:
    """Whether the words after "draw" make it something else: "draw a conclusion", 画蛇添足."""
    return _NOT_DRAWN.match(words) is not None or _IDIOMS.match(words) is not None


def is_of_lessons(words: str, picture: bool) -> bool:
    """Whether what is to be drawn or shown is part of a task. `picture`: "a picture of" it."""
    if _OF_WORK.search(words) or _OF_WORK_CHINESE.search(words):
        return True
    return not picture and any(one.search(words) for one in (_OF_LESSONS, _OF_LESSONS_CHINESE))
