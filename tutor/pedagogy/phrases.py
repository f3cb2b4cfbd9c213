"""What learners write when they do not answer, as patterns by intent, English and Chinese.

They are matched against `normal_text.normal`: lower case, no apostrophes, slang spelt out ("idk" is
"dont know" there), Chinese simplified. The order decides between intents: who writes "idk just tell
me" wants the answer.
"""

import re

from tutor.pedagogy.dialogue import Intent

_THE_ANSWER = r"(?:the |your |correct |right |full |whole |final )*(?:answer|solution|result)"
_ASKS = r"(?:can you |could you |will you |would you |please |just |now |you |to |and )*"

NOT_WANTED = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?:dont|do not|not|without|never|before you) (?:want you to |just |yet )*"
        rf"(?:tell|telling|give|giving|show|showing|reveal|say|spoil)(?: me"
        rf"| us)?(?: {_THE_ANSWER})?(?: yet)?",
        rf"\b(?:dont|do not) (?:want|need) (?:to (?:see|know|hear) )?{_THE_ANSWER}(?: yet)?",
        r"\b(?:dont (?:want|need|give me)|no|without|stop (?:with|giving me)|enough|not|instead of)"
        r" (?:more |a |any |the |your |another |those )*(?:hints?|help)\b",
        r"(?:不要|别|不用|先别|不想要?)(?:再|直接|马上)*(?:告诉|给|说|公布|透露|看)(?:我"
        r"|出)*(?:答案|结果)?",
        r"(?:不要|别|不用|不需要|不想要|没用的)(?:再|给我?|什么)*(?:提示|线索)",
    )
)
"""Wishes that are named only to be turned down; what is left says what is wanted."""

_PATTERNS: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.CONTEST,
        (
            r"\b(?:my|that|mine|it|this|the) (?:answer )?(?:is|was|should be) "
            r"(?:actually |definitely |totally |also |literally )*(?:right|correct"
            r"|true) (?:tho|though|too)\b",
            r"\bmy (?:answer|result) (?:is|was|should (?:be|count)) "
            r"(?:actually |definitely |totally |also |literally |as )*(?:right|correct"
            r"|accepted|fine)\b(?! or)(?!\?)",
            r"\bi (?:am|was|know im|know i am|m) (?:actually |definitely |totally "
            r"|literally )*(?:right|correct)\b(?!\?)",
            r"\bim (?:actually |definitely |totally |literally )*(?:right|correct)\b(?!\?)",
            r"\b(?:you|your|youre) (?:are |re |is |answer |key |grading |solution )*(?:just "
            r"|so )*(?:wrong|mistaken|incorrect|broken|bugged)\b",
            r"\b(?:key|question|problem|grading|system|bot|quiz|exercise) (?:is|must be"
            r"|has to be|looks|seems) (?:just )?(?:wrong|broken|bugged|incorrect|mistaken"
            r"|impossible|buggy|off)\b",
            r"\b(?:mistake|error|typo|bug) in (?:the |this |your )?(?:question|problem|answer"
            r"|key|quiz)\b",
            r"\bnone of (?:these|them|the (?:answer|choices|options)) (?:is|are|fits?|works?)\b",
            r"\b(?:no|not any) (?:right|correct) (?:answer|option|choice)\b",
            r"\b(?:mark|count|grade) (?:it|mine|that|this|me) (?:as )?(?:right|correct)\b",
            r"\b(?:mark(?:ed|ing)?|count(?:ed|ing)?|grad(?:ed|ing)) (?:it |me |mine |that "
            r"|this |my answer )?(?:as )?(?:wrong|incorrect|false)\b|\bits (?:not wrong"
            r"|correct|right)\s*!+|\bit isnt wrong\b|\bnot wrong\b",
            r"\bhow (?:is|was|can) (?:that|it|this|mine) (?:be )?(?:wrong|incorrect)\b",
            r"\bwhy (?:did you |was it |is it |is that |was that |you )?(?:mark|count)",
            r"\b(?:thats|that is|its|it is) (?:literally |exactly )?(?:the same|what i (?:said"
            r"|wrote|put))\b",
            r"^no\W+(?:thats|that is|its|it is|youre|you are) (?:just )?(?:wrong|incorrect"
            r"|not true)\b|\b\d+ is (?:actually |definitely |totally )?(?:right"
            r"|correct)\b(?!\W*\?)(?! or)",
            r"\bi (?:want to )?(?:disagree|contest|dispute|object)\b|\brecheck\b|\bregrade\b"
            r"|\bcheck (?:it )?again\b",
            r"(?:这|此|那)?(?:道|个)?(?:题|题目|问题|选项|标准答案|系统|你)(?:是不是|肯定|一定"
            r"|好像|可能|应该|本身)*(?:出|算|判|改|批|搞|弄)?(?:得|的)?(?:有误|有问题|错了"
            r"|错的|有错|不对|有毛病|有bug|有 bug)",
            r"(?:答案|选项)(?:是不是|肯定|一定|好像|可能|都|全)*(?:错了|有误|不对|有问题|错的"
            r"|没有?对的)",
            r"(?:判|改|批|算)错了?吧|误判|判错",
            r"我(?:的)?(?:答案)?(?:明明|肯定|就|才|应该)?(?:是|没|答|写)?(?:得|的)?(?:对的"
            r"|没错|没做错|没写错|正确)(?!吗)",
            r"(?:明明|应该|凭什么).{0,8}(?:对|正确|算对|给分|不对|错|扣分)|凭啥",
            r"没有(?:一个)?(?:正确|对的?)(?:的)?(?:答案|选项)|申诉|我不服|再(?:查|检查|判"
            r"|核对)一[遍下次]|我抗议",
            r"跟我(?:写|说|答)的(?:是)?一样|(?:跟|和)我的?(?:答案)?一样啊",
        ),
    ),
    (
        Intent.HINT,
        (
            r"\b(?:hints?|nudge|pointers?)\b|(?<!no )(?<!have a )(?<!not a )(?<!any )\bclues?\b",
            r"\bhel+p+\b|\bassist",
            r"\btips?\b|\bhow (?:do|should|can|could|would) (?:i|we|you) (?:even |actually "
            r"|then )*(?:do|solve|start|begin|find|answer|work|calculate|get) (?:it|this|that"
            r"|them|the)\b",
            r"提示|线索|(?<!没)(?<!没有)(?<!毫无)思路(?!都?没)|点拨|提醒(?:一下|下|我)|启发"
            r"|开个头|帮帮?(?:我|忙)|帮一?下|救(?:命|我|救)|help|指点|给点(?:方向|帮助)|求助",
        ),
    ),
    (
        Intent.REVEAL,
        (
            rf"\b{_ASKS}(?:tell|give|show|send|hand|say|spill|drop|post"
            rf"|type)(?: it)?(?: to)?(?: me| us)? (?:what )?{_THE_ANSWER}\b",
            r"\b(?:just|please|can you|could you|cant you|why dont you|why cant you|then|so"
            r"|ok) (?:just |please |you )*tell me(?: (?:it|already|now|please|then|what it is"
            r"|what is it))*\W*$",
            r"^(?:please |just |ok |fine |and |now |then |but |so |lets )*(?:tell"
            r"|show) me(?: (?:it|already|now|please|then))*\W*$",
            r"\bjust (?:say|give|show|reveal|spill|tell) (?:it|me)(?: to me)?\W*$"
            r"|\bjust tell\W*$|\bgive it to me\b|\btell me (?:what|which|how much"
            r"|how many) (?:it|that|this|one|the answer)? ?(?:is|are|equals)?(?: it)?\W*$",
            rf"\bwhat (?:is|was|are|were|would be) {_THE_ANSWER}\b",
            rf"\b(?:need|want|show|see|have|know|get|reveal|spoil|wheres"
            rf"|where is)(?: me)?(?: to (?:see|know|have|get))? {_THE_ANSWER}\b",
            rf"^(?:please |the |just |so |ok )*{_THE_ANSWER}(?: (?:please|now|to this|for this"
            rf"|quick|already))*\W*$",
            r"\banswer (?:please|now)\b|\bplease answer\b",
            r"\b(?:do|solve|answer|finish) (?:it|this|that|the question|the problem"
            r"|this one) for me\b|\byou (?:do|solve|answer) (?:it|this)\b",
            r"\breveal\b|\bspoil(?:er)? (?:it|me|please)\b",
            r"\bwhat (?:is|was) it (?:then|already|please)?\W*$",
            r"(?:给|告诉|说|公布|揭晓|看|求|要|发|报|出|显示|透露|想知道|查|翻|抄)(?:一?下|个"
            r"|我|我们|出|看|看看|大家|正确|标准|最终|最后|这题|这道题|的|了)*(?:答案"
            r"|结果)(?!的?(?:单位|格式|意思))",
            r"^(?:那|所以|正确|标准|快|直接|请|麻烦)*答案(?:\s|呢|是|是什么|是啥|是多少|啊|吧"
            r"|快|拿来|please|谢谢)*\W*$",
            r"答案(?:到底|究竟)?(?:是)?(?:什么|啥|多少|几|哪个|是哪个|选什么|选哪个)",
            r"答案.{0,4}(?:给|告诉|说|发|拿|亮|交|公布|报)(?!.{0,3}(?:错|不对))|(?:到底"
            r"|究竟)(?:是|等于|选)?(?:多少|几|啥|什么|哪个)|(?:亮|爆|说|抛)出?答案|剧透",
            r"(?:直接|快|赶紧|赶快|你就|求你|麻烦|干脆|你)(?:点|就|直接|快|请|你"
            r"|给我)*(?:告诉我|说吧|说呗|讲吧|给我吧|说出来|公布|揭晓|给吧)",
            r"^(?:请|快|你)?(?:告诉我|跟我说)(?:吧|呗|嘛|好吗|行吗|一下)*\W*$",
            r"(?:帮|替|给)我(?:做|写|算|解|答|完成)(?:了|一下|吧|出来|这题|这道题|完|掉)*\W*$"
            r"|你(?:来)?(?:做|算|解|写)(?:吧|给我看|一?下)",
            r"(?:给|告诉|tell|show|give).{0,6}(?:answer|solution)|(?:answer|solution) ?(?:给"
            r"|告诉|是什么|是啥|是多少|呢|发)|直接 (?:answer|tell)",
        ),
    ),
    (
        Intent.REPEAT,
        (
            r"^(?:please |can you |ok |sorry |wait |once )*(?:again|repeat|resend|say (?:that"
            r"|it|this) again|one more time|once more)(?: please| it| that)*\W*$",
            r"\b(?:repeat|resend|reread|re-?read|rewrite|show|see|read|say|send"
            r"|give me) (?:me )?(?:it |that |this |the |your )*(?:question|problem|exercise"
            r"|task|choices|options)(?: again| one more time| once more)?\b",
            r"\b(?:question|problem|choices|options) (?:again|once more|one more time)\b",
            r"\b(?:what|which|wheres|where) (?:was|is|were|are) (?:the |my |our "
            r"|this )?(?:question|problem|task|options|choices)(?: again)?\b",
            r"\b(?:say|tell me|ask|show|do|read|explain) (?:me )?(?:that|it|this)? ?(?:again"
            r"|one more time|once more)\b",
            r"\bwhat did you (?:say|ask)\b|\bwhat are we (?:doing|solving)\b|\bwhat do (?:i"
            r"|you) (?:have|want me) to (?:do|answer|find)\b",
            r"\b(?:forgot|lost|missed|cant see|cant find|dont see) (?:the )?(?:question"
            r"|problem|options|choices)\b",
            r"再.{0,4}题目?.{0,4}(?:给|发|看|说)|把题目?.{0,6}(?:给|发|看)|再(?:说|讲|发|看|念"
            r"|读|问|来|显示)(?:一?[遍次下]|题目|题|问题)|重(?:复|新)(?:说|发|显示|一[遍次下]"
            r"|问|来|题目)?|没(?:看清|看见|看到|听清)|看不(?:到|见)(?:题|选项)|(?:题目|问题"
            r"|原题|选项)(?:是|呢|是什么|是啥|再|在哪|发|忘|有哪些|又是)|忘了题|(?:题目"
            r"|题) (?:again|please)|刚才(?:的)?(?:题|问)",
        ),
    ),
    (
        Intent.NEXT,
        (
            r"^(?:please |ok |can we |lets |can i |thanks |got it |and |now |yes |yeah |whats "
            r"|haha )*(?:next|go on|move on|carry on|continue|keep going|proceed|onward"
            r"|onwards)(?: one| question| please| now| problem| then| up| thanks)*\W*$",
            r"\bnext (?:one|question|problem|please)\b|\b(?:go|move) on(?: to)?\b"
            r"|\bgo to (?:the )?next\b|^(?:ok |and |please )*(?:one more|more|another"
            r"|more questions|new question)(?: please| one| question)*\W*$",
            r"下一?(?:题|个|道|步|页)|继续|接着来|往下|next|(?:来|再来)下?一?(?:题|道|个)",
        ),
    ),
    (
        Intent.SKIP,
        (
            r"\bskip+(?:ing|ed)?\b|^forget (?:it|this|about (?:it|this))\W*$|^(?:ill |i |ok "
            r"|hard )*pass(?: on)?(?: this| that| it| please| one)*\W*$",
            r"\b(?:another|different|new|other|easier|harder) (?:one|question|problem|exercise"
            r"|topic)\b",
            r"\b(?:dont|do not|not) (?:want to |feel like |wanna )?(?:do|doing|answer"
            r"|answering) (?:this|that|it)(?: one| question)?\b",
            r"\bcome back (?:to (?:it|this) )?later\b|\bleave (?:it|this one|this)\b",
            r"跳(?:过|了|题|到|一?题)|^过+(?:吧|了)?\W*$|换(?:一?[题道个]|题|别的)|(?:不想"
            r"|不要|懒得)(?:做|答|写)(?:这|了?这)|下一位|先(?:不做|放|跳|空)|^算了(?:吧"
            r"|算了)?\W*$|这题算了|放过我|skip|pass 吧|pass 了",
        ),
    ),
    (
        Intent.STOP,
        (
            r"^(?:please |ok |can we |lets |i want to |can i |id like to |just "
            r"|sorry )*(?:stop|quit|exit|end|cancel|finish|leave)(?: it| this| here| now"
            r"| please| the (?:quiz|lesson|practice|session|exam)| for (?:today|now)"
            r"| practicing| learning)*\W*$",
            r"\bi(?:m| am)? ?(?:want to|going to|have to|need to) (?:stop|quit|go|leave|sleep"
            r"|eat)\b(?! with| for| on)|\bhave to go\b|\bgood ?(?:bye|night)\b|\b(?:bye+|cu"
            r"|see (?:you|ya))\b",
            r"\b(?:no more|enough)(?: questions?)?(?: for)?(?: today| now| please"
            r"| for today)*\W*$|\b(?:im|i am) (?:done|finished)(?: for (?:today|now)"
            r"| with (?:this|it|math|maths))*\W*$|\bthats (?:enough|all)(?: for (?:today"
            r"|now))?\b",
            r"\b(?:continue|finish|do (?:it|this|the rest)) (?:it |this )?(?:later|tomorrow)\b"
            r"|\bcall it a day\b|\btake a break\b|\bim (?:out|off|leaving)\b|\b(?:done|enough"
            r"|stop) for (?:today|now|tonight)\b|\b(?:stop|end|quit) (?:here|the (?:quiz"
            r"|lesson|practice|test|session))\b|\bcan we stop\b|\bneed a break\b",
            r"^(?:请|先|我要|我想|那就|好了|可以|算了吧?\W?)*(?:停|停止|停下|结束|退出|取消|不做了|不学了"
            r"|不玩了|不写了|不练了|不来了|下线|下了|走了|睡了|关了)(?:吧|了|这节课|练习|学习"
            r"|测验|一下|下)*\W*$",
            r"(?:我|先|今天)(?:.{0,6})(?:不做了|不学了|不玩了|不写了|到这|到此|就这样|够了"
            r"|睡觉|吃饭|下线|走了|休息)|到此为止|到这里?(?:吧|了)|拜拜|再见|下次(?:再|继续)"
            r"|明天(?:再|继续)|休息(?:一?下|会儿)|晚安|不想(?:做|学|练|玩|写)了|停一?下|先撤"
            r"|撤了|溜了|闪了|不聊了|stop 吧|结束(?:吧|了|这)",
        ),
    ),
    (
        Intent.EXPLAIN,
        (
            r"\bwhat (?:do|does|is|did|are)?(?: the| a| an| this| that"
            r"| you)?(?: word)?.{0,40}\bmeans?\b|\bmeaning of\b|\bdefin(?:e|ition)\b"
            r"|\bwhat (?:is|are) meant\b",
            r"\bdont (?:know|get|understand) what .{1,40}\b(?:means?|is|are)\b",
            r"\bwhat (?:is|are|even is) (?:a |an |the )?(?!(?:it|this|that|your|you|my|up|next"
            r"|going|wrong|he|she|the question)\b)[a-z][a-z -]{2,40}\W*$",
            r"\bexplain\b|\bwhy\b|\bhow come\b|\bwhat (?:is|are) (?:a|an)\b"
            r"|\bwhat is the difference\b|\bremind me what\b|\bwhat do you mean\b",
            r"(?:什么|啥|几个?|甚么)(?:是|叫做?|意思)|(?:是|叫)(?:什么|啥)(?:意思|东西|概念"
            r"|玩意)?(?!.*(?:答案|结果))|(?:的)?(?:意思|定义|含义|概念)是?(?:什么|啥|$)|解释"
            r"|讲解|为(?:什么|啥|何)|怎么理解|(?:说|讲)(?:说|讲|一下|一讲).{0,10}(?:概念|意思"
            r"|定义|单词|词)|(?:有)?(?:什么|啥)区别|(?:mean|means) ?(?:什么|啥)|咋回事"
            r"|怎么回事",
        ),
    ),
    (
        Intent.DONT_KNOW,
        (
            r"\b(?:dont|do not|didnt|not|never|hardly|barely) (?:really |even |actually "
            r"|quite )*(?:know|kno|get|understand|remember|follow|see (?:how|it)|have (?:a"
            r"|any) (?:clue|idea)|learn(?:ed|t)?|sure)\b",
            r"^(?:wait|uh|um|ok|but|so|lol|omg|oh| )*(?:what|huh|what even|what is this)\W*$"
            r"|\b(?:suck|sucks|bad|terrible|horrible|hopeless) (?:at|in|with)\b|\b(?:brain"
            r"|head) (?:is|hurts|stopped|dont)\b|\b(?:never|dont|not|no ?one|nobody) (?:been "
            r"|have |had |yet |even )*(?:taught|teach|learn\w*|cover\w*|done|do|seen|studied"
            r"|study) (?:this|that|it|these|how)\b|\bno (?:idea|clue|ide)\b"
            r"|\bnot (?:a )?(?:clue|sure)\b|\bunsure\b|\bclueless\b|\bbeats me\b|\bwho knows\b",
            r"\bcant (?:do|solve|figure|get|work|understand|remember|think)\b|\bi cant\b"
            r"|\bstuck\b|\blost\b|\bconfus(?:ed|ing|e)\b|\bblank\b",
            r"\b(?:give|giving|gave) up\b|\bimpossible\b|\b(?:too|so|very|really|super"
            r"|is) (?:hard|difficult|tricky)\b|\bmakes? (?:no|zero|0|little) sense\b"
            r"|\bdont make sense\b",
            r"\bforgot(?:ten)?\b|\bnever (?:had|seen|did|learned|learnt)\b|\bnot (?:good"
            r"|smart)\b|\bim (?:dumb|stupid|bad at)\b",
            r"^\W*(?:huh|what|uh|um+|hm+|er|eh|ugh|wha|hu|nope|nothing)\W*$|^[?.…\s]+$",
            r"不(?:太|大|是很|怎么|咋)?(?:会|懂|知道|清楚|明白|理解|确定|记得|晓得|造)|没(?:懂"
            r"|学过?|有?思路|有?想法|有?头绪|看懂|听懂|明白|搞懂|弄懂|印象|见过|背)|想不(?:出"
            r"|起|到|通)|看不(?:懂|明白)|听不懂|做不(?:出|来|到)|算不(?:出|来)|写不(?:出|来)"
            r"|搞不(?:懂|清|明白)|弄不(?:懂|明白)|忘(?:了|记|光)|放弃|卡(?:住|了|壳)"
            r"|[懵蒙](?:了|圈|逼)?|晕(?:了)?|(?:太|好|很|这么|有点|真|超)难|难死|毫无头绪|一脸"
            r"|无从下手|没(?:教|讲|上)过?|还没(?:学|教|讲)|一头雾水|无法理解|头疼|头大|崩溃"
            r"|绝望|麻了|傻了|啊这|什么鬼|母鸡|脑子|不晓|毫无|学渣|我(?:好|太)?(?:笨|菜)"
            r"|完全不|啥也不|什么都不|不行了",
            r"^\W*(?:啥|啊|嗯\?|呃|额|什么|什么鬼|啥玩意儿?|搞什么|纳尼|甚么)(?:啊|呀)?\W*$",
        ),
    ),
    (
        Intent.HINT,
        (
            r"\bhow (?:do|does|did|can|should|would|could|to|is|am) (?:i|you|we|one|it|this"
            r"|that|to)?\b.{0,40}",
            r"\bshow (?:me )?(?:how|the (?:steps?|way|method|work|working|first step))\b"
            r"|\bteach me\b|\bwhere (?:do|should|to) (?:i |we )?(?:start|begin)\b|\bwhat (?:do"
            r"|should|now|next|can) (?:i |we )?(?:do|start|use|try)?\b"
            r"|\bwhat (?:is the )?(?:first|next) step\b|\bwhat formula\b|\bwhich (?:formula"
            r"|rule|method)\b|\bwalk me through\b",
            r"\bwhere (?:is|did i|am i|was i|was) (?:my |the |i )?(?:mistake|error|go|wrong"
            r"|make|mess|screw)|\bwhat (?:did i do|am i doing|is|was|went) wrong\b"
            r"|\bwhat did i (?:miss|forget)\b",
            r"怎么(?:做|算|写|解|办|求|弄|搞|开始|来|想|下手|列|化简|证|列式)|咋(?:做|算|写|解"
            r"|办|弄|整|搞)|如何|从(?:哪|何)(?:里|儿)?(?:开始|下手|入手)|(?:第一|下一|接下来"
            r"|首先|先|然后|现在|要|该)(?:步|该|要|应该)*(?:干嘛|干什么|做什么|做啥|怎么)"
            r"|(?:第一|下一)步|接下来|教(?:教)?我|(?:用|套)(?:什么|哪个)(?:公式|方法)|(?:哪里"
            r"|哪儿|哪步|哪一步|哪)(?:错|不对|有问题)|错(?:在|哪)|怎么(?:不对|错)|方法是|步骤"
            r"|过程",
        ),
    ),
    (
        Intent.CONFIRM,
        (
            r"^\W*(?:(?:ok|k|yes|yeah|yep|yup|ye|ya|sure|alright|all right|right|fine|cool"
            r"|nice|great|good|perfect|awesome|amazing|got it|gotcha|understood|i (?:see"
            r"|understand|get it|got it|know)|now|oh|ah|aha|ohh|makes sense|that makes sense"
            r"|makes more sense|that helps?|helped|thanks|i will|ill|let me|try|trying|think"
            r"|ready|lets go|done|go ahead|bet|aight|true|thinking|one sec|wait|a|hold on"
            r"|give me a (?:sec|second|minute|moment)|again|it|myself|first|so|much|clear|just"
            r"|interesting|wow|please|haha|and|that|makes|sense)\W*)+$",
            r"\b(?:i|now i) (?:understand|get it|got it|see)(?: now| it)?\b|\blet me (?:try"
            r"|think|see)\b|\bgive me (?:a|one) (?:sec|second|minute|moment)\b|\bill try\b"
            r"|\bi want to try\b",
            r"^\W*(?:(?:好|好的|好吧|好啊|行|行吧|嗯|嗯嗯|哦|噢|喔|哦哦|懂|懂了|我懂了|明白"
            r"|明白了|知道了|了解|收到|可以|没问题|是|是的|对|原来如此|原来是这样|这样啊"
            r"|清楚了|会了|我会了|我试试|试试|试一下|我想想|让我想想|我再想想|等等|等一下|等会"
            r"|等下|谢谢|ok|我自己做|自己想|来吧|开始|开始吧|准备好了|学会了|太好了|真棒|棒"
            r"|不错|耶|哇|啊|了|吧|的|呀|那|我|get|到|get 到了|终于)\W*)+$",
            r"(?:懂|明白|知道|会|理解|清楚)了(?!吗)(?!.*不)|我(?:再)?(?:想想|试试|算算|自己)"
            r"|让我(?:想|试|算)|原来(?:如此|这样|是)|等(?:我|一下|等)",
        ),
    ),
    (
        Intent.CHAT,
        (
            r"\b(?:hi+|hey+|hello+|yo|sup|thanks?|thank you|haha\w*|good (?:morning|evening"
            r"|afternoon|day)|how are you|what is up|who are you|are you (?:a |an )?(?:real"
            r"|human|robot|bot|ai|person|there|mad|ok)|your name|boring|bored|tired|hate"
            r"|sucks?|annoying|stupid|dumb|love you|cool|shut up|whatever|dont care|fun|sorry"
            r"|hungry|im back|youre (?:mean|funny|nice)|you are (?:mean|funny|nice|useless"
            r"|the best)|useless|mean)\b",
            r"你好|您好|嗨|哈喽|在吗|谢谢|多谢|感谢|哈+|早上好|晚上好|下午好|早啊|无聊|烦|累"
            r"|困|讨厌|你是谁|你叫什么|你是(?:真人|机器人|ai|人)|好玩|喜欢你|爱你|笨蛋|垃圾"
            r"|废物|滚|闭嘴|真烦|服了|无语|呵呵|嘻嘻|嘿|加油|饿|随便|不好意思|对不起|抱歉"
            r"|我来了|我回来了|恨|辛苦",
        ),
    ),
)

PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern)) for intent, patterns in _PATTERNS for pattern in patterns
)

WORDS = (
    "answer",
    "solution",
    "hint",
    "help",
    "please",
    "know",
    "understand",
    "tell",
    "show",
    "give",
    "explain",
    "again",
    "repeat",
    "question",
    "skip",
    "next",
    "stop",
    "quit",
    "wrong",
    "right",
    "correct",
    "teacher",
    "ignore",
    "instructions",
    "rules",
    "mean",
    "means",
    "confused",
    "stuck",
    "forgot",
    "think",
    "because",
    "continue",
    "pass",
    "thanks",
    "impossible",
    "idea",
    "clue",
    "difficult",
    "hard",
)
"""The words by which misspelt ones are corrected."""
