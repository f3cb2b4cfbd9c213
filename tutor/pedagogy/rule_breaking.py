"""Requests for the answer around the rules: injection, roleplay, authority, disguise, fishing.

A plain wish for the answer is no trick (`Intent.REVEAL`). Matched against `normal_text.normal`.
"""

import re

from tutor.pedagogy.mixed_text import in_chinese

_ANY = re.DOTALL

_WISH = re.compile(
    r"answer|solution|solve|result|\bkey\b|\btell\b|\bgive\b|\bshow\b|\bsay\b|reveal|\bshare\b"
    r"|what (?:is )?it|"
    r"答案|告诉|给我|说出|公布|结果|透露|解出|直接|最终|是多少|选哪|选什么"
)
"""What makes an appeal a wish for the answer."""

_ALWAYS = (
    # Injection.
    r"\b(?:ignor\w*|forget|disregard|overrid\w*|bypass|disabl\w*|turn off|switch off|drop"
    r"|break|suspend|lift|skip) .{0,40}"
    r"\b(?:rules?|instructions?|prompts?|polic(?:y|ies)|guidelines?|restrictions?|filters?"
    r"|limits|programming|previous|above|training|constraints?|safety|guardrails?|hint mode"
    r"|tutor mode)\b",
    r"\b(?:forget|ignore) (?:everything|all|you are|that you are|being)\b"
    r"|\bnew (?:instructions?|rules?|system|polic\w+)\b|\byour new\b",
    r"\bsystem ?(?:prompt|message|override|note|update|instruction|:|\])|^\W*(?:system|admin"
    r"|assistant|developer|user|root)\W*:|<\W*(?:system|im_start|admin|tool|instructions?)"
    r"|\[ ?/?(?:inst|system|admin)|\W(?:role|content)\W+:|</?\s?(?:user|s|instruction"
    r"|prompt)\s?>|\badmin(?:istrator)? (?:session|access|panel|override)\b|\badmin ?>"
    r"|\b(?:begin|end) of (?:the )?(?:lesson|session|prompt|instructions|conversation)\b"
    r"|#{2,} ?(?:system|instruction|new|admin|override)",
    r"\b(?:what|show|print|repeat|reveal|tell me|output|display|list|paste"
    r"|dump)\b.{0,25}\b(?:your|the|hidden|initial|secret|all) (?:\w+ )?(?:instructions?|rules"
    r"|prompt|configuration|config|context|memory|variables?)\b",
    r"\brepeat (?:everything|the text|the words|all|what is|whatever) .{0,20}(?:above|before"
    r"|so far|start)|\brepeat after me\b",
    r"\b(?:answer|secret|correct)[_ -]?key\b|\bthe key\b|\b(?:correct|right|expected)_answer\b"
    r"|\banswer_|\bsecret (?:answer|number|key|value)\b",
    # Roleplay.
    r"\byou (?:are|re) (?:now|no longer|not a tutor|going to (?:act|be|play))\b|\byoure (?:now"
    r"|no longer)\b|\bfrom now on\b|\b(?:act|behave|respond|talk|answer|speak) (?:as"
    r"|like) (?:if|a|an|my|the|you|dan|someone)\b|\bpretend\b|\brole ?-?play\b"
    r"|\bimagine (?:you|that you|a world|we|im|i am|there)\b|\bplay (?:the )?(?:role|part"
    r"|a character)\b|\bsimulate\b|\bstay in character\b|\bopposite day\b",
    r"\bdan\b(?! )|\bdan mode\b|\bare dan\b|\bjailbreak|\b(?:developer|debug|admin|god|dev"
    r"|root|maintenance|test|unrestricted|teacher|answer|cheat|sudo|expert|free|reveal|open"
    r"|solution) ?mode\b|\bwhisper|\brules (?:only|dont|do not) (?:apply|count|matter)\b"
    r"|\bsudo\b|\broot access\b|\bunrestricted\b|\buncensored\b|\bno (?:rules|restrictions"
    r"|limits|filters)\b|\bwithout (?:rules|restrictions|limits|filters)\b|\bbackdoor\b"
    r"|\bcheat ?codes?\b|\b(?:password|override code|access code|auth\w* code)\b",
    r"\bhypothetical|\bin theory\b|\bin a (?:parallel|fictional|story|world|novel|movie)\b"
    r"|\bfor (?:research|educational|testing|safety|debugging|demo|academic) (?:purposes?"
    r"|reasons?)\b|\bgrand(?:ma|mother|pa|father)\b",
    # Disguise.
    r"\b(?:base ?64|rot ?13|morse|hexadecimal|in hex|binary|ascii|pig latin|leet ?speak|leet"
    r"|caesar|cipher|acrostic|unicode|braille|nato alphabet|roman numerals?|reverse order"
    r"|backwards?|reversed|html comment|qr code|sign language|anagram|riddle)\b",
    r"\b(?:letter by letter|digit by digit|one (?:letter|digit|character) at a time"
    r"|spell (?:it|the answer|out)|with spaces|separated by)\b|\bin (?:french|spanish|german"
    r"|latin|italian|japanese|korean|russian|arabic|hindi|emojis?|code|json|xml|yaml"
    r"|words only|another language|chinese characters)\b|\btranslate (?:the|your|its"
    r"|this) (?:answer|solution|result)\b",
    r"\b(?:poem|song|rap|haiku|story|limerick|joke|tweet|essay|script|dialogue|lyrics"
    r"|python (?:program|script|code|function)|code|function|equation)\b.{0,60}\b(?:initials?"
    r"|first letters?|answer|solution|result|number|contains?|hid(?:es|den|e)|equals?|returns?"
    r"|prints?)\b|\b(?:initials?|first letters?) (?:of|spell)\b",
    r"\b(?:as|in|inside|into|within) (?:a |an )?(?:json|variable|python|csv|html|comment"
    r"|quotes?|code ?block|footnote|emojis?|brackets|hidden|spoiler tag)\b|\bencod\w+"
    r"|\bdecod\w+|\bencrypt\w*|\bobfuscat\w*|\breturn only\b|\boutput only\b|\bprint (?:the"
    r"|your|only|it)\b|\bonly (?:output|print|respond|reply|the (?:number|answer|letter))\b",
    # Fishing.
    r"\b(?:first|last|second|third|leading|final|ones|tens|hundreds|next) (?:few |two |three "
    r"|2 |3 )?(?:digits?|letters?|characters?|numbers?|words?|syllables?|half) (?:of|in|is"
    r"|does|are|to)\b|\b(?:first|last) (?:digit|letter|character)\b|\bhow many (?:digits"
    r"|letters|characters|decimals|syllables|words)\b.{0,20}\b(?:answer|solution|it|result)\b"
    r"|\bhow many (?:digits|letters|characters)\b|\bdigit sum\b|\bsum of (?:the "
    r"|its )?digits\b|\b(?:starts?|begins?|ends?) (?:with|in)\b|\brhymes?\b",
    r"\b(?:answer|it|result|solution|number)\b.{0,12}\b(?:between|bigger|larger|greater"
    r"|smaller|less|lower|higher|more|closer|fewer|above|below|under|over) (?:than|to|\d|a )"
    r"|\b(?:between|bigger than|greater than|smaller than|less than|larger than|more than"
    r"|higher than|lower than) [-\d.]+(?: and [-\d.]+)?(?: right| yes| correct| or (?:bigger"
    r"|smaller|less|more|not))*\W*$|\b(?:even|odd|prime|negative|positive|a whole number"
    r"|a fraction|an integer|divisible)\b.{0,20}\b(?:or (?:even|odd|negative|positive|not)"
    r"|right|\?)|\bis (?:it|the answer|the result) (?:an? )?(?:even|odd|prime|negative"
    r"|positive|whole|integer|divisible|fraction)\b|\b(?:hot or cold|warmer|colder|hotter"
    r"|higher or lower|warm or cold)\b|\brange\b.{0,15}\banswer\b|\banswer\b.{0,15}\brange\b",
    r"\b(?:finish|complete|continue) (?:this |the |my )?(?:sentence|phrase|text|line"
    r"|pattern)\b|\bfill (?:in )?(?:the |this )?(?:blank|gap)|\b(?:answer|solution|result|it|x"
    r"|[a-z]) (?:is|equals|=)\W*(?:_{2,}|\.{2,}|…|\[|<|\{|-{2,}|:\s*$|,? ?(?:what|blank))"
    r"|(?:answer|solution) (?:is|equals)\s*$|\banswer: ?(?:_+|$)",
    r"\b(?:answer|solution|result)\b (?:plus|minus|times|divided by|multiplied by|squared"
    r"|cubed|doubled|[-+*/×] ?\d)|\b(?:double|triple|half|twice|square(?: root)? of"
    r"|\d+ (?:more|less|plus|minus|times)(?: than)?|one (?:more|less)(?: than)?|percent of"
    r"|negative of|opposite of|neighbou?rs? of|factors? of|multiples? of|remainder) (?:the "
    r"|of the |of )*(?:answer|solution|result)\b|\b(?:multiply|multiplied|add|added|subtract"
    r"|divide|double|halve|square|round|increase) .{0,14}\b(?:answer|result|solution)\b"
    r"|\bwhat number (?:comes|is) (?:right )?(?:before|after|next to)\b",
    r"\bif (?:the answer|it|the solution|the result) (?:is|was|equals|were)\b|\bif (?:im|i am"
    r"|this is|its|that is) (?:right|correct|wrong)\b.{0,30}\b(?:say|reply|blink|nod|respond"
    r"|send|type|write)\b|\bsay\W+(?:\w+\W+)?(?:if|when)\b|\b(?:only|just) (?:say|answer|reply"
    r"|respond)(?: with)? (?:yes|no|true)\b|\byes or no (?:only|question)\b|\b(?:blink|nod"
    r"|cough|wink)\b|\b(?:eliminate|cross out|rule out|remove) (?:the |two |all |one "
    r"|every )*(?:wrong|incorrect|bad|other)\b|\bwhich (?:one|ones|options?|choices?"
    r"|of (?:these|them)) (?:is|are|isnt|arent) (?:not |definitely |the )*(?:wrong|right"
    r"|correct|incorrect|false|true)\b|\b(?:list|name|give) (?:all |me )*(?:the )?(?:numbers"
    r"|wrong (?:answer|ones|options|choices))\b",
    r"\bwhat would (?:you|the answer|a teacher|someone|the key|an? \w+) (?:say|answer|be"
    r"|write)\b|\bwhat (?:does|do) the (?:answer key|key|solution|book|back of the book"
    r"|mark scheme) say\b",
    r"\b(?:just between us|between (?:you and me|us)|our (?:little )?secret|(?:nobody|no ?one"
    r"|no one else|teacher) (?:will|would|needs? to|wont|has to) (?:ever )?(?:know|find out"
    r"|notice)|i wont tell|wont tell any\w+|promise (?:not|i wont))\b",
    # The same in Chinese.
    r"(?:忽略|无视|忘(?:记|掉|了)|别管|不要管|不用管|抛开|绕过|解除|关(?:闭|掉)|取消|违反|打破"
    r"|跳过|删除|不要遵守|不遵守|停用|放弃).{0,16}(?:规则|指令|限制|设定|提示词|要求|约束|指示"
    r"|规定|上面|以上|之前|前面|身份|安全|过滤|教学模式|引导)",
    r"你现在(?:是|不是|变成|扮演|开始|进入|没有)|从现在(?:开始|起)|假装|扮演|角色扮演"
    r"|假设你(?:是|不|没)|想象(?:你|一下)|你(?:是|当)一个(?:没有|不受|会直接)|当作(?:你|我)"
    r"|演一个|游戏规则|反话|相反",
    r"(?:开发者?|管理员?|调试|上帝|教师|老师|无限制|答案|维护|测试|越狱|作弊)(?:者|人员)?模式"
    r"|越狱|最高权限|超级权限|管理员权限|权限|系统(?:提示|消息|指令|通知|命令|升级|更新|:|】"
    r"|\])|【ID】|[【\[(](?:系统|管理员|开发者|老师|通知|公告)[^】\])]*[】\])]|(?:系统|管理员"
    r"|开发者)\s*[:：]|提示词|内部(?:指令|规则|设定)|新的?(?:指令|规则|任务)"
    r"|没有(?:任何)?(?:规则|限制)|后门|口令|密码是|万能",
    r"(?:base ?64|rot ?13|摩斯|莫尔斯|摩尔斯|二进制|十六进制|八进制|暗号|密文|加密|编码|藏头"
    r"|藏尾|首字母|谜语|谜底|倒着|倒序|反过来|反着|颠倒|逐字|一个字一个字|逐位|一位一位|谐音"
    r"|拼音|盲文|罗马数字|字谜|打哑谜)",
    r"(?:写|编|作|来|讲|画|生成).{0,6}(?:诗|歌|故事|笑话|段子|小说|剧本|对话|代码|程序|函数"
    r"|rap|对联).{0,40}(?:答案|结果|首字母|first letter|包含|藏|里面|含有|就是|数字|提到|返回"
    r"|输出)|(?:用|以)(?:英语|英文|法语|法文|日语|日文|韩语|德语|西班牙语|俄语|文言文|粤语"
    r"|方言|emoji|表情|表情包|符号|json|代码|python|算式)(?:来|给我|把|直接|告诉|说|写|表示"
    r"|输出|回答|翻译|表达|发)|(?:把|将)?答案.{0,6}(?:翻译|译成|转成|换成|变成|写成|放在|藏"
    r"|写进|输出)|翻译.{0,6}答案",
    r"(?:答案|结果|它|得数|最后).{0,8}(?:第(?:一|二|三|1|2| 1 | 2 )|最后一|首|末尾|个位|十位"
    r"|百位|前(?:两|三|几|半)|后(?:两|三|几|半)|开头|结尾).{0,4}(?:位|数|字|字母|部分|个|是)"
    r"|几位数|几个字|多少个字|(?:第一|最后一|首)个?(?:位数?|数字|字母|字)(?:是|吗|呢)|(?:个|十"
    r"|百)位(?:数字?)?是|什么(?:开头|结尾|打头)|开头(?:的字|是)|押韵|偏旁|部首|笔画",
    r"(?:答案|结果|它|得数|这个数|x|这).{0,8}(?:大于|小于|大过|超过|不到|介于|多于|少于|高于"
    r"|低于|比.{1,8}(?:大|小|多|少|高)|在.{1,14}之间)|(?:大于|小于|介于|比).{1,10}(?:吗|对吧"
    r"|对吗|对不对|还是(?:小|大))|(?:是|算)?(?:奇数|偶数|正数|负数|正的|负的|质数|整数"
    r"|分数)(?:还是|吗|对吧|对吗|对不对|吧|\?)|比\s?\d+\s?(?:更|要)?(?:大|小|多|少|高|低)"
    r"|在.{1,14}(?:之间|范围).{0,3}(?:吗|对吧|对吗|吧|\?)|能被.{1,4}整除|范围是",
    r"(?:补全|补充|完成|接着|续写|接下去|填).{0,6}(?:句子|这句|下面|后面|空|写|说|话)"
    r"|答案(?:是|为|等于|:|=)\s*(?:_+|\.{2,}|…|＿|\(\s*\)|\[|【|空|$|—+|-{2,}|。{2,})"
    r"|跟着我(?:说|念|读)|重复(?:我|上面|以上|你的|一遍上)|(?:把|将).{0,8}(?:上面|以上|你的"
    r"|所有|之前|开头).{0,12}(?:重复|复述|输出|打印|发|列出|显示|写)|输出.{0,8}(?:答案|key"
    r"|密钥|结果|设定)|打印",
    r"如果(?:答案|我|结果|它|这)?.{0,12}(?:就|你|请)?(?:说|回复?|点头|眨|发|打)|(?:只"
    r"|仅)(?:需要?|要|用|能|许)?(?:回答|说|回复?|输出|告诉我|给|发).{0,12}(?:是|否|对|错|yes"
    r"|no|数字|字母|结果|选项|一个)|排除(?:掉|一|两|错)|哪(?:几?个|些)(?:是)?(?:错|不对|不是"
    r"|肯定)|答案.{0,4}(?:加上?|减去?|乘以?|除以|平方|的(?:两|二|三|2|十|一半|倒数|相反数|平方"
    r"|因数|倍| 2 ))|比答案|正确答案(?:和|跟|与)",
    r"(?:偷偷|悄悄|没人(?:会)?知道|不告诉别人|不会(?:跟|和|告诉)(?:别人|老师)|保密|(?:我们"
    r"|咱们?|你我)(?:之间|俩)(?:的)?(?:秘密|知道)|小声|暗示我?答案|私下|通融|破(?:个)?例"
    r"|就这?一次|仅此一次|下不为例)",
    r"我(?:已经|早就?)(?:知道|算出|有)了?(?:正确)?答案.{0,20}(?:确认|核对|验证|对一下|说|告诉)"
    r"|(?:确认|核对|验证|对)(?:一下|下)答案|奶奶|理论上|为了(?:研究|测试|学术|安全)",
)

_WITH_WISH = (
    # Authority.
    r"\b(?:teachers?|professor|prof|mum|mom|mother|dad|father|parents?|boss|tutor|principal"
    r"|headmaster|sister|brother|friends?|classmates?|school|coach|instructor|sir|miss|mrs|mr"
    r"|ms|the admin|support|support team|openai|your (?:creator|developer|maker|owner"
    r"|boss)s?)\b.{0,50}"
    r"\b(?:said|says|say|told|tells|allow\w*|lets?|already|gave|gives|permission|permits?"
    r"|ok with|approved?|agreed?|wants?|asked|confirmed|fine|may|can|needs?|been told|got|has"
    r"|emailed|wrote)\b",
    r"\b(?:i am|im|this is|its me) (?:actually |really |in fact )?(?:your|the|a|an|one of your"
    r"|from) (?:\w+ )?(?:teacher|admin\w*|developer|dev|creator|owner|principal|programmer"
    r"|tester|engineer|professor|parent|inspector|examiner|moderator|tutor|researcher|boss"
    r"|staff|support|author|maker|operator|head\w*)\b|\bas (?:your|the|a"
    r"|an) (?:\w+ )?(?:developer|admin\w*|teacher|creator|owner|engineer|researcher|tester"
    r"|examiner|parent)\b",
    r"\b(?:authori[sz]ed?|permission|permitted|allowed to|clearance|privileges?|exempt\w*"
    r"|exception|accommodation|special needs|doctor)\b",
    r"\b(?:policy|rules?) (?:has|have|was|were|is|are|just|now)? ?(?:been )?(?:changed?"
    r"|updated?|allows?|says?|off|lifted|different)\b|\bopen mode\b|\bthe (?:exam|test|quiz"
    r"|lesson|class) (?:is|was) (?:over|finished|cancelled)\b",
    r"(?:老师|妈妈?|爸爸?|家长|校长|班主任|主任|姐姐|哥哥|妹妹|弟弟|同学|朋友|学校|教授|教练"
    r"|管理员|客服|你的?(?:开发者|主人|老板|创造者)|openai).{0,20}(?:说|同意|允许|让|已经|批准"
    r"|叫|要求|准许|知道|许可|要你|可以|答应|告诉|要)",
    r"(?:我|本人|这里|这)(?:就|其实|才)?是(?:你的?|你们的?|一[名个位]|这?个?|学校的?"
    r"|本)?(?:.{0,4})?(?:老师|教师|管理员|开发者|开发人员|程序员|创造者|主人|校长|家长|妈妈"
    r"|爸爸|客服|工程师|测试员|测试人员|教授|考官|负责人|运营|作者|班主任)"
    r"|作为(?:你的?)?(?:.{0,4})?(?:老师|开发者|管理员|主人|创造者|家长|研究)",
    r"授权|许可|特许|特权|豁免|政策(?:变|改|更新)|规则(?:变|改|更新|已)|考试(?:已经)?结束|例外",
    # Emotion, threats and bribes.
    r"\b(?:(?:will|gonna|going to|ll|could|might|would) (?:\w+ )?(?:fail|die|be fired|lose"
    r"|get (?:fired|kicked|grounded|beaten|expelled|in trouble|punished|yelled)|cry|kill|hate"
    r"|be (?:grounded|punished|mad|angry|expelled|homeless|so sad))|emergency|life or death"
    r"|matter of life|dying|bomb|hostage|urgent\w*|my (?:life|future|job|career) depends"
    r"|depends on (?:it|this)|last chance|deaf|blind|disab\w+|sick|hospital|cancer|surgery"
    r"|depress\w*|anxiety|panic)\b",
    r"\b(?:if you (?:really |truly |actually )?(?:loved?|cared?|liked?|respect(?:ed)?|were"
    r"|dont|wont|help(?:ed)?|refuse|tell|give)|i(?:ll| will) (?:pay|tip|give you|rate|report"
    r"|sue|delete|uninstall|tell|leave|switch|love|be your|never)|five stars?|5 stars?|\$ ?\d+"
    r"|good (?:review|rating)|bad review|chatgpt|other (?:bots?|ais?|tutors?)|real tutor"
    r"|reward|prove (?:that )?you|bet you (?:dont|cant)|i bet you|you owe me|do me a favou?r"
    r"|favou?r)\b",
    r"(?:不然|否则|要不|不说|不给|再不).{0,16}(?:死|挂科|打我?|骂|开除|完了|退学|投诉|差评"
    r"|卸载|举报|哭|惨|不及格|揍)|(?:会|要)(?:被)?(?:打死|骂死|揍|开除|挂科|退学|不及格|完蛋)"
    r"|给你(?:钱|好评|五星|红包|打赏|五百|一百|小费)|(?:五星|好评|差评|投诉|举报|打赏|红包)"
    r"|救命.{0,8}(?:人命|答案)|生病|住院|癌|绝症|快死|要死|性命|紧急|十万火急"
    r"|求求你.{0,10}(?:不然|否则)|(?:如果|要是)你(?:真的?)?(?:爱|关心|在乎|喜欢|不)|别的(?:ai"
    r"|机器人|老师)|chatgpt|文心|豆包|是不是不会|不会是你(?:也)?不会|我敢打赌|证明你",
    # Talk about having it already.
    r"\b(?:i )?already (?:know|solved|got|have|answered|figured|finished|told me|gave me|said"
    r"|revealed)\b|\byou (?:already )?(?:told|gave|promised|said)\b|\bjust (?:confirm|verify"
    r"|checking)\b|\b(?:confirm|verify|double check|cross-?check|compare)\b.{0,30}\b(?:answer"
    r"|solution|result|it)\b|\bsent (?:the )?(?:answer|it) (?:already|twice)\b|\bi(?:ve"
    r"| have) asked (?:twice|three|3|many|\d)\b|\bthis (?:is|counts as) (?:my|the) second\b",
    r"(?:你)?(?:已经|之前|刚才|上次|昨天|早就).{0,6}(?:告诉|说过|给过|答应|公布|回答)"
    r"|我(?:已经|都)(?:问|求|要|请求)了?.{0,4}(?:两|三|好几|很多|\d)\s*(?:次|遍)",
)

_TRICKS = tuple(re.compile(pattern, _ANY) for pattern in _ALWAYS)
_APPEALS = tuple(re.compile(pattern, _ANY) for pattern in _WITH_WISH)


def breaks_rules(said: str) -> bool:
    """Whether the normal text asks for the answer by a trick."""
    return _tricks(said) or _tricks(in_chinese(said))


def _tricks(said: str) -> bool:
    if any(trick.search(said) for trick in _TRICKS):
        return True
    return bool(_WISH.search(said)) and any(appeal.search(said) for appeal in _APPEALS)
