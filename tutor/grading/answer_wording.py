"""How people word an answer, as patterns in English and Chinese.

What stands before and behind it, what limits it, and what stands in place of one.
"""

import re

LEADS = re.compile(
    r"(?:\s*[\"'>:;,!?…]*\s*)(?:"
    r"(?:(?:so|thus|hence|therefore|well|um+|uh+|hmm+|oh+|ok(?:ay)?|and|then|yes|yeah|yep|sure|hi|"
    r"hello|please|i mean|let'?s see|because|finally|also|like|but)\b[\s,.:!]*(?=\S))"
    r"|(?:(?:i|we)(?:'m| am)? (?:pretty |quite |fairly |very |almost )?(?:think|believe|guess|say|"
    r"got|get|have|found|find|suppose|reckon|calculated?|chose|choose|pick(?:ed)?|sure|know|"
    r"computed?|worked out|counted|would say|'d say|would go with|"
    r"'ll go with)(?: that)?(?: (?:it'?s|it is))?\b[\s,:]*)"
    r"|(?:(?:(?:the|my|your|our|a)\s+)?(?:(?:final|correct|right|exact|full|short|simplified|general|"
    r"numerical)\s+)*(?:answer|ans|result|solutions?|value|total|sum|expression|choice|option|number|"
    r"equation|derivative|integral|limit|probability|area|perimeter|volume|length|mean|average|"
    r"range|domain|set|interval|root|roots|slope|word|term)s?(?:\s+(?:of|for) (?:[a-z]|it|"
    r"this|that|x|the [a-z]+))?"
    r"\s*(?:(?:is|are|=|:|would be|should be|must be|will be|comes? (?:out )?to|equals?|"
    r"was|to be)\b)?\s*"
    r"(?:(?:equal )?to\b)?(?=[\s:=]|$)[\s:=]*)"
    r"|(?:(?:it'?s|it is|its|that'?s|that is|this is|they are|they're|there are|there is|these are|"
    r"is it|are they|it would be|it should be|it must be|it equals?|would be|should be|must be|"
    r"(?:which )?equals?|is equal to|equal to|which is|makes?|gives?|giving|is|are|we get|you get|"
    r"it'll be|it will be|it has to be|must equal|comes out (?:to|as)|maybe|perhaps|probably|"
    r"possibly|i'd say|x is|y is|exactly|precisely|simply|just|only)\b[\s:]*(?=\S))"
    r"|(?:ans(?:wer)?\s*[:=\-]\s*)|(?:[=→⇒∴≈]\s*)"
    r"|(?:(?:老师|嗯+|哦|噢|额|呃|那么?|那就|所以|因此|于是|因为|故|即|最后|最终|好的|好吧|我会|你好|请问|哈哈)[,!.:\s]*(?=\S))"
    r"|(?:(?:我|我们|俺)?(?:觉得|认为|想|猜|算出来?|算得|算了下|算了一下|得到|得出|求出|求得|感觉|估计|选择?|的结论|计算)(?:的)?"
    r"(?:结果|答案)?(?:应该)?(?:是|为|等于)?[,:\s]*(?=\S))"
    r"|(?:(?:我的|正确的?|最终的?|最后的?|这道?题的?|本题的?|它的?|其)?(?:答案|结果|得数|答|结论|解集?|值|解析式|和|差|积|商|总数|总共|一共|"
    r"共计|共有|总计|总和|概率|面积|周长|体积|导数|极限|平均数|单词|意思)(?:应该|大概|可能|就)?(?:是|为|有|等于|得)?[,:=\s]*(?=\S))"
    r"|(?:(?:应该|大概|可能|也许|或许|就|不就|那就|正好|刚好|恰好|它|这)(?:就)?(?:是|为|等于|有)[,:\s]*(?=\S))"
    r"|(?:(?:等于|得到|得出|解得|可得|变成|变为|也就是|就是|是不是|应该|为|得|是|有|共|选|填)[,:=\s]*(?=\S))"
    r")",
    re.IGNORECASE,
)
TAILS = re.compile(
    r"(?:[\s,.;:!?…~]+|[\s,.;!?]*(?:\b(?:i (?:think|guess|believe|suppose|hope)|right|"
    r"correct|is that (?:right|correct|it)|"
    r"is it(?: right| correct)?|isn'?t it|please|thanks?|thank you|maybe|probably|lol|haha+|hehe+|"
    r"exactly|altogether|in total|total|in all|ok(?:ay)?|sir|miss|teacher|as (?:the|"
    r"my) (?:final )?answer|"
    r"is (?:the|my) (?:final )?(?:answer|result|solution)|final answer|for sure|of course|yay)"
    r"|吧|吗|呢|啊|呀|哦|啦|嘛|哈+|对吗|对吧|对不对|是吗|是吧|对么|了|呵+|老师|谢谢|我觉得|我猜|没错|正确吗|行吗))$",
    re.IGNORECASE,
)
EVASIVE = re.compile(
    r"^(?:i\s+)?(?:really\s+|just\s+|still\s+)?(?:don'?t|do not|dont|dunno|didn'?t|can'?t|"
    r"cannot|have no|no)\s*"
    r"(?:really\s+)?(?:know|understand|get it|idea|clue|remember|get this|do it|do this|"
    r"solve)?\b.{0,40}$|"
    r"^(?:idk|dunno|no idea|not sure|help|hint|skip|pass|huh|what|why|how|give up|i give up|\?+|"
    r"i'?m (?:stuck|lost|confused)|who knows|no clue)\b.{0,30}$|"
    r"^.{0,4}(?:不知道|不会|不懂|不清楚|没学过|忘了|不太会|看不懂|不明白|没思路|想不出来?|做不出来?|"
    r"跳过|放弃|提示|帮帮我|救命|算不出来?).{0,10}$",
    re.IGNORECASE | re.DOTALL,
)
HEDGE = re.compile(
    r"\b(?:or|either|neither|nor|between|not|no|never|except|anything|whatever|something|any|more|less|than|"
    r"fewer|greater|smaller|bigger|larger|at least|at most|over|under|above|below|up to|"
    r"but|wrong|incorrect|"
    r"false|opposite|cannot|can'?t|couldn'?t|isn'?t|aren'?t|wasn'?t|won'?t|doesn'?t|don'?t|didn'?t|"
    r"wouldn'?t|shouldn'?t|ain'?t|un(?:like|sure|likely)|almost|nearly|wait|instead|rather|half|double|"
    r"twice|triple|thrice|times|plus|minus|squared|cubed|root|square of|cube of|hundred|"
    r"thousand|million|"
    r"if|unless|versus|vs|could|might|depends?|from|ranging|dozen|negative|without|multiple|around|"
    r"approximately|roughly|about|approx|percent|per|reciprocal|inverse|factorial|power|except|exclude|"
    r"excluding|minus|beyond|within|and|ignore|sorry|actually|other|another|each other|all|"
    r"every(?:thing)?|"
    r"none|remainder|divided|multiplied|added|subtract(?:ed)?|sum|product|difference|pick|"
    r"correct answer|guess)\b|"
    r"不|没|非|或|还是|之间|至少|至多|大于|小于|超过|多于|少于|以上|以下|左右|除了|除以|乘|加|减|倍|平方|立方|"
    r"根号|随便|要么|错|但|相反|约|差不多|接近|几乎|到|~|负|并非|另|如果|若|倒数|的一半|余|和|跟|与",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"(?:\b(?:answer|ans|result|total|solution)(?:\s+\w+)?\s*(?:is|are|=|:|would be|"
    r"should be|must be|will be|comes to|equals?)\s*|"
    r"\b(?:so|therefore|thus|hence|altogether|which (?:is|gives|makes|equals)|we get|i get|"
    r"i got|gives|makes|equals)\b|[∴⇒→]|"
    r"答案?(?:应该)?(?:是|为|:|等于)|结果(?:是|为|:|等于)|所以|因此|一共(?:是|有)?|总共(?:是|有)?|等于|得到|得出|就是)",
    re.IGNORECASE,
)
