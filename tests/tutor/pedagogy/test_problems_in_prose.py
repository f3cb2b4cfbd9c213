"""Problems in the words in which learners bring them, and messages that bring none."""

import pytest

from tutor.bank.item import AnswerKey, AnswerType, Step
from tutor.pedagogy.another_problem import brings_another
from tutor.pedagogy.dialogue import DialogueState
from tutor.pedagogy.own_problem import recognise

BROUGHT = [
    "please solve this equation for me: 3x+5=20",
    "my homework says: find x if 2x-7=9",
    "Can you help me solve 4x - 3 = 13?",
    "I need to solve x^2 - 9 = 0 for tomorrow",
    "hey could you solve 5y = 35 please",
    "what is x in 3x + 2 = 11?",
    "How do I solve 2x + 3 = 7?",
    "how do you solve 3(x-2)=12",
    "i have this equation 7x-4=24 and I'm stuck",
    "Here's my homework problem: x^2+5x+6=0",
    "solve for y: 3y-6=9 plz",
    "Find the value of x: 2x/3 = 8",
    "I can't figure out 6x+1=25",
    "can u do 2x+5=15 for me",
    "The question is: Solve x/4 = 9",
    "Q3) 2x + 9 = 21",
    "3. Solve for x: 5x - 10 = 0",
    "if 3x - 4 = 11, what is x?",
    "Determine x when 8x = 64",
    "help!! 9x-3=24",
    "can you help me solve x+y=7 and x-y=1?",
    "my homework: solve the system 2x+y=5, x-y=1",
    "can you help me with 2/3 + 1/4?",
    "help me calculate 12*15",
    "what does 7*8 equal?",
    "How much is 15*4?",
    "could you tell me what 144/12 is?",
    "I need help with 3/4 - 1/8",
    "what's 25 * 16?",
    "hi, what is 12 + 30?",
    "teacher asked us to compute 45*3 - 12",
    "whats the answer to 6*(4+3)",
    "please work out 3.5 * 12 for me",
    "what's 7 times 8?",
    "what is 144 divided by 12?",
    "calculate the square root of 144",
    "what is 12 plus 30",
    "what's the derivative of x^3?",
    "Can you find the derivative of x^2 + 3x for me?",
    "I need to differentiate 5x^4",
    "please integrate x^2 + 1",
    "help me with the integral of 3x^2 from 0 to 2",
    "my homework asks for the derivative of sin(x)",
    "derivative of f(x) = 2x^3 please",
    "what is 20% of 45?",
    "can you tell me what 15 percent of 60 is",
    "how many meters are in 3 km?",
    "could you convert 5 miles to km for me?",
    "can you find the mean of 4, 8, 15 for me",
    "what is the median of 3, 9, 4?",
    "find the lcm of 6 and 8 please",
    "what's the greatest common factor of 24 and 36?",
    "can you factor x^2-5x+6 for me?",
    "please help me simplify 2x + 3x",
    "Tom has 12 marbles and gives 5 away. How many are left?",
    "帮我算一下 12*15",
    "我作业里有一题：x²-5x+6=0",
    "老师让我们解方程 3x+5=20",
    "请帮我解这个方程：2x-7=9",
    "这道题怎么做：4x+8=20",
    "怎么解 2x+3=7",
    "3x-6=9 怎么解？",
    "3x-6=9，x等于多少？",
    "已知 2x+1=9，求 x",
    "如果 5x=40，那么 x 是多少",
    "能帮我看看 x²-4=0 吗",
    "第3题：5x-10=0",
    "求解 x+y=7，x-y=1",
    "帮我做一下这道题 2/3+1/4",
    "2/3 加 1/4 等于多少？",
    "36除以4等于几",
    "12乘以15是多少",
    "25×16=？",
    "请问 144÷12 等于多少",
    "作业：计算 3/4-1/8",
    "45的20%是多少？",
    "请帮我求 x³ 的导数",
    "x^2+3x的导数是什么",
    "求函数 y=x^3+2x 的导数",
    "帮我求一下 2x 从 0 到 3 的积分",
    "3公里等于多少米",
    "帮我把 5 千克换算成克",
    "4、8、15 的平均数是多少？",
    "12 和 18 的最大公因数是几",
    "帮我因式分解 x²-5x+6",
    "小红有12颗糖，吃了5颗，还剩多少颗？",
    "老师，144的平方根是多少",
    "帮我 solve 3x+5=20",
]
NOT_BROUGHT = [
    "my birthday is 12/05/2010",
    "the test is on 2026-11-23",
    "see you at 10:30",
    "call me at 555-1234",
    "my number is +86 138 0013 8000",
    "(415) 555-2671",
    "3 friends and I went to the park yesterday",
    "what is photosynthesis?",
    "in 1789 what happened",
    "what happened in 1914-1918?",
    "for i in range(10): print(i)",
    "x = 5",
    "if (a == b) { return 1; }",
    "def add(a, b): return a + b",
    "let total = price * count;",
    "print(1+1)",
    "what does x += 1 mean in Python?",
    "const y = x * 2",
    "SELECT * FROM users WHERE id = 3",
    "what is the capital of France?",
    "I'm 12 years old and I like maths",
    "we lost 3-2 last night",
    "the score was 21-14",
    "chapter 3, pages 12-15",
    "I read pages 10-20 of the book",
    "my dog is 5 years old, what should I feed him?",
    "how do I solve equations?",
    "what is a derivative?",
    "can you explain integration?",
    "how do percentages work?",
    "why is 1/0 undefined?",
    "what does x^2 mean?",
    "who wrote 1984?",
    "is 7 a lucky number?",
    "version 3.2.1 of the app",
    "can you find a book about WW2?",
    "find me a song from the 1980s",
    "what is the mean of life lol",
    "24/7 support is great",
    "we have 9/10 students here",
    "A+ is my grade",
    "C++ vs C#, which is better?",
    "E=mc^2 is famous",
    "H2O + CO2 is what plants use",
    "https://example.com/a?b=1&c=2",
    "how many planets are there?",
    "when did world war 2 end?",
    "I got 8/10 on my quiz",
    "我的生日是2010年5月12日",
    "我的电话是138-0013-8000",
    "今天是11/23",
    "什么是光合作用？",
    "1789年发生了什么？",
    "我和3个朋友去公园了",
    "我今年12岁了",
    "比分是3-2",
    "第三章，12-15页",
    "方程怎么解？",
    "什么是质数？",
    "导数是什么意思",
    "你好，几点了？",
    "考试 9:30-11:00",
    "我考了98/100",
    "平方根是什么",
    "为什么 1/0 没有意义",
    "中国有多少个省？",
    "第二次世界大战是1939-1945",
]
TERMS = [
    ("please solve this equation for me: 3x+5=20", ("3x+5=20",)),
    ("my homework says: find x if 2x-7=9", ("2x-7=9",)),
    ("can you help me with 2/3 + 1/4?", ("2/3 + 1/4",)),
    ("what is 144 divided by 12?", ("144 / 12",)),
    ("I guess 3x - 4 = 11 I need help", ("3x - 4 = 11",)),
    ("我作业里有一题：x²-5x+6=0", ("x^2-5x+6=0",)),
    ("36除以4等于几", ("36 / 4",)),
    ("144的平方根是多少", ("sqrt(144)",)),
    ("求函数 y=x^3+2x 的导数", ("x^3+2x",)),
    ("can you help me solve x+y=7 and x-y=1?", ("x+y=7", "x-y=1")),
]
OPEN = Step("1", "Solve 4x + 1 = 9.", AnswerKey(AnswerType.NUMBER, ("2",)))
ABOUT_THE_OPEN_ONE = [
    "how do I solve 4x+1=9?",
    "please solve 4x + 1 = 9 for me",
    "4x=8",
    "so 4x = 8 and x = 2",
    "x = 2",
    "is it 8/4?",
    "我觉得 4x=8",
    "hint please",
]


@pytest.mark.parametrize("text", BROUGHT)
def test_problem_is_recognised_whatever_stands_around_it(text: str) -> None:
    assert recognise(text) is not None


@pytest.mark.parametrize("text", NOT_BROUGHT)
def test_figures_and_signs_alone_make_no_problem(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(("text", "terms"), TERMS)
def test_terms_are_the_mathematics_alone(text: str, terms: tuple[str, ...]) -> None:
    problem = recognise(text)
    assert problem is not None and problem.terms == terms


@pytest.mark.parametrize("text", [text for text in BROUGHT if "=" in text or "derivative" in text])
def test_problem_that_comes_in_a_lesson_is_no_answer(text: str) -> None:
    assert brings_another(text, OPEN, DialogueState(), OPEN.prompt)


@pytest.mark.parametrize("text", ABOUT_THE_OPEN_ONE)
def test_who_speaks_of_the_open_question_brings_no_other(text: str) -> None:
    assert not brings_another(text, OPEN, DialogueState(), OPEN.prompt)
