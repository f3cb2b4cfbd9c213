"""The shapes of answers and of the words around them, as patterns over `normal_text.normal`."""

import re

LEAD = re.compile(
    r"^(?:(?:um+|uh+|hm+|er|ok|so|well|oh|ah|wait|no|nah|yes|yeah|then|and|but|or|maybe"
    r"|perhaps|probably|possibly|like|about|around|"
    r"i (?:also |just |now )?(?:think|guess|believe|got|get|say|put|mean|have|would say"
    r"|would go with|choose|pick|chose|picked|did get|calculated|found|wrote|keep getting)|"
    r"id (?:say|go with|guess)|ill (?:say|go with|guess|take|try|pick)|im (?:guessing"
    r"|going with|pretty sure|thinking|sure)|dont know|not sure|no idea|"
    r"my (?:new |final |next )?(?:answer|guess|try|result)|(?:the |correct |right "
    r"|final )*(?:answer|solution|result|ans)|"
    r"(?:is|was|would|could|might|does|must|should) (?:it|that|this|the (?:right |correct "
    r"|final )?answer|x)(?: be| equal| is)?|"
    r"it|its|thats|that|this|equals?|is|be|was|should be|could be|would be|must be|might be"
    r"|has to be|let me try|let me guess|try|trying|"
    r"how about|what about|what if (?:its|it is|i say)?|going with|option|choice|letter"
    r"|gotta be|have to be|def(?:initely)?|actually|sorry|now|please|haha|thanks|"
    r"我(?:觉得|认为|想|猜|感觉|算出来?|算的|算得|得到|选择?|填|写|的答案|算了|做出来"
    r"|重新算)?(?:应该|可能|大概)?(?:是|了)?|(?:正确|最终|最后|这题)?(?:的)?(?:答案|结果|得数"
    r"|解)?(?:应该|可能|大概|会不会|难道)?(?:就)?(?:是|为|等于|得|选)(?:不是)?|"
    r"应该|可能|大概|也许|难道|会不会|那就?|所以|因此|是不是|不是|不知道|不会|不确定|嗯|哦"
    r"|好的?|啊|呃|试试|猜|蒙一?个|选|填|得|求得|等于|就|还|答|解)"
    r"(?=$|[^a-z]|\d)[\s,.:;=~!?、,。:…-]*)"
)
TAIL = re.compile(
    r"(?:[\s?!.,~…。、;:]+|(?<![a-z])(?:right|correct|yes|no|i think|i guess|maybe"
    r"|or something|probably|haha|please|obviously|tho|though|then|thanks|not sure|dont know|"
    r"(?:is|was) (?:that|it|this) (?:right|correct|ok|true|it)?|am i right|is it|for sure"
    r"|final answer|isnt it|innit|wasnt it|arent they|or not|i hope|hopefully|i believe"
    r"|in total|altogether|ok|if im not wrong|is my answer|is the answer)|"
    r"(?:对|是|行|可以)?(?:吗|嘛|么|吧|呢|啊|呀|哦|了|哈|呗|的|不对|对不对|是不是|对吗|对吧"
    r"|对不|可以吗)|对|不|谢谢|我猜|我觉得|应该|大概|左右|没错|是这个)$"
)
NUMBER = (
    r"[-+±]?\s?[$£€¥￥]?\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s?/\s?-?\d+"
    r"|\s\d+/\d+)?(?:\s?[e^]\s?[-+]?\d+)?"
)
UNIT = (
    r"(?:\s?(?:%|percent|°|degrees?|℃|[a-zμω]{1,12}(?:[\^/²³]\s?[a-z\d²³]*)*"
    r"|[\u4e00-\u9fff]{1,5}|[²³^2]))*"
)
NUMBER_WORD = (
    r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|"
    r"eighty|ninety|hundred|thousand|million|half|halves|thirds?|quarters?|fourths?|fifths?|"
    r"sixths?|sevenths?|eighths?|ninths?|tenths?)"
)
WORD_NUMBERS = (
    rf"\b(?:minus |negative |a )?{NUMBER_WORD}\b(?:[\s-]*(?:{NUMBER_WORD}|point|and|a|over)\b)*"
)
CHINESE_NUMBER = (
    r"[负正]?[零〇一二两三四五六七八九十百千万亿半][零〇一二两三四五六七八九十百千万亿半点分之又]*"
)
BARE_NUMBER = re.compile(
    rf"^(?:[a-z]\s?(?:=|is|等于|是)\s?)?(?:{NUMBER}|{WORD_NUMBERS}|{CHINESE_NUMBER}"
    rf"|百分之{CHINESE_NUMBER}){UNIT}$"
)
SEVERAL = re.compile(r"\s*(?:,|;|、|\bor\b|\band\b|&|或者?|和|还是|,)\s*")
FUNCTIONS = re.compile(
    r"\\(?:begin|end|text|mathrm|operatorname)\s?\{[a-z ]*\}|\\[a-z]+|\\?(?:sqrt|frac|sin|cos"
    r"|tan|cot|sec|csc|log|ln|exp|pi|theta|alpha|beta|infty|infinity|inf|abs|cdot|times|left"
    r"|right|leq|geq|le|ge|pm|int|dx|dy|plus|minus|over|squared|cubed|根号|平方|立方|加|减"
    r"|乘以?|除以|等于|无穷)"
)
FORMULA_SIGNS = re.compile(r"^[\d\s+\-*/^().,=<>≤≥≠±{}\[\]|\\$√π∞×÷²³°%∪∩!':;&_]*$")
PROSE = re.compile(r"[a-z]{2,}")
COUNTED = re.compile(
    r"\b(?:question|problem|hint|step|part|number|no|exercise|chapter|page|level|grade|year"
    r"|lesson|class|unit|option) ?#?\s?\d+\b"
    r"|\b\d+(?:st|nd|rd|th)\b|\b\d+ ?(?:more )?(?:hints?|questions?|problems?|mins?|minutes?"
    r"|hours?|hrs?|times|tries|days?|more|seconds?|secs?|years? old|yo|people|exercises?"
    r"|steps?|pm|am)\b"
    r"|第\s?[\d一二三四五六七八九十]+\s?[题步个问道次条课章节]|\d+\s?(?:个?提示|分钟|小时|年级"
    r"|岁|遍|次|道题?|题|点钟|秒|步)"
    r"|[一二两三四五六七八九十几]+(?:个?提示|分钟|小时|年级|岁|遍|次|道题?|题|点钟|秒|步|下|点"
    r"|个|会儿|些|样|种|起|直|定|切|般|边)"
)
MARKER = re.compile(
    r"(?:=|\b(?:think|guess|guessing|got|get|its|is|equals?|answer|say|maybe|probably|must be"
    r"|should be|be|x|about|around|put|choose|pick|then|so|gives?|result|comes? (?:out )?to"
    r"|said|have|with|try)|"
    r"答案|等于|得到?|算出来?|觉得|选|是|应该|可能|大概|猜|结果|填|出来|为|所以|蒙)\W*(?:that "
    r"|it is |its |is |it |like |about |around |to be |be |the |[a-z] ?= ?|是|了|的|应该"
    r"|等于)*\s*$"
)
REASON = re.compile(
    r"\s*(?:[,.!?;:。](?!\d)|\b(?:because|since|as|so|but|and|if|by|when|right|there)\b|因为"
    r"|所以|但)\s*"
)
ABOUT_LESSON = re.compile(
    r"\b(?:question|problem|hint|step|part|number|exercise|chapter|page|level|grade)s? ?#?\s?\d+$"
    r"|\d+ ?(?:more |extra )?(?:hints?|questions?|problems?|tries|exercises?)\b"
    r"|\b(?:minutes?|mins?|hours?) (?:left|until|till|to go)\b|\byears? old\b"
    r"|^第.+[题步问]|\d+\s?个?(?:提示|道题|问题)"
)
FOUND = re.compile(rf"{NUMBER}")
ANSWERS = re.compile(
    r"^(?:\W|\b(?:dont know|not sure|um+|ok|so|oh|well)\b)*(?:i think|i guess|maybe|probably"
    r"|its|it is|is it|the answer|my answer|could it be)\b"
    r"|^(?:不知道|不确定|嗯|那)?[,。 ]*(?:我?(?:觉得|猜)|答案|应该是|可能是|是不是|会不会)"
)
QUESTION = re.compile(
    r"^(?:so |and |but |ok |hey |please )*(?:what|who|whos|when|where|why|how|which|can|could"
    r"|do|does|did|will|would you|are|should|tell|explain|give)\b"
    r"|^(?:什么|谁|为什么|怎么|如何|哪|能不能|可以|你|请|为啥|给|帮)"
)
CHOICE_LETTER = re.compile(
    r"^\(?(?:option |choice |answer |letter |选项?|第)?\s?([a-z]|\d{1,2}"
    r"|[一二三四五六])\s?(?:\s|个|选项|项|\)|\.|:)*$"
)
LETTER_IN_PROSE = re.compile(
    r"(?:\b(?:option|choice|answer|letter|its|is|pick|choose|think|say|guess|with|be|going|for"
    r"|maybe|probably|got|then|put)|选|是|答案|觉得|应该|猜|填)\s*\(?([a-h])\)?\s*(?=$"
    r"|[.,;:!?)。,]|\b(?:because|since|but|as|so|cos|right|i|it)\b|[\u4e00-\u9fff])"
)
ORDINALS = re.compile(
    r"^(?:the )?(?:first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|top|bottom"
    r"|middle)(?: one| option| choice| answer)?$|^(?:第[一二三四五六]|最后一|最后"
    r"|倒数第?[一二]|中间|上面|下面)(?:个|项|那个|一个)?$"
)
PLACES = (
    (r"倒数第?二", -2),
    (r"first|1st|top|第一|上面", 0),
    (r"second|2nd|第二", 1),
    (r"third|3rd|第三", 2),
    (r"fourth|4th|第四", 3),
    (r"fifth|第五", 4),
    (r"last|bottom|最后|倒数第?一|下面", -1),
)
LETTERS = re.compile(r"^(?:[a-h](?:[\s,、和&+/]|\band\b|\bor\b)*)+$")
