"""Questions with words and choices for answers: question, key, equivalents, wrong answers."""

Row = tuple[str, str, tuple[str, ...], tuple[str, ...]]

WORDS: tuple[Row, ...] = (
    (
        "What process do plants use to make food?",
        "photosynthesis",
        ("Photosynthesis", "photosinthesis", "photosynthesys"),
        ("respiration", "photo", "synthesis", "chemosynthesis"),
    ),
    (
        "What is the powerhouse of the cell?",
        "mitochondria",
        ("the mitochondria", "Mitochondria!", "mitocondria"),
        ("nucleus", "chloroplast", "ribosome", "membrane"),
    ),
    (
        "Which gas do we breathe in to live?",
        "oxygen",
        ("Oxygen", "the oxygen", "oxigen"),
        ("nitrogen", "hydrogen", "ozone", "carbon dioxide"),
    ),
    (
        "Which cell division makes gametes?",
        "meiosis",
        ("Meiosis", "meiosis."),
        ("mitosis", "miosis", "osmosis", "fission"),
    ),
    (
        "地球围绕什么转？",
        "太阳",
        ("太陽", "是太阳", "答案是太阳"),
        ("月亮", "地球", "太空", "火星"),
    ),
    (
        "How do you say 你好 in pinyin?",
        "nǐ hǎo",
        ("ni3 hao3", "Nǐ hǎo", "nǐhǎo"),
        ("ní hǎo", "ni2 hao3", "nǐ hào", "nin hao"),
    ),
    (
        "What is 苹果 in English?",
        "apple",
        ("apples", "an apple", "Apple"),
        ("pear", "maple", "ape", "orange"),
    ),
    (
        "What keyword defines a function in Python?",
        "def",
        ("def", "DEF", "`def`"),
        ("define", "func", "lambda", "fed"),
    ),
    (
        "Is 17 a prime number?",
        "yes",
        ("Yes", "yes!", "y", "是"),
        ("no", "No", "maybe", "not"),
    ),
    (
        "True or false: 0 is even.",
        "true",
        ("True", "TRUE", "t", "对", "正确"),
        ("false", "False", "错", "untrue"),
    ),
)
CHOICES: tuple[Row, ...] = (
    (
        "Which is a noble gas?\nA) oxygen\nB) neon\nC) iron\nD) water",
        "B",
        ("b", "B)", "(B)", "neon", "option B", "B) neon", "选B", "2", "答案是B", "Neon"),
        ("A", "C", "oxygen", "A or B", "AB", "not B", "D) neon", "all of them", "E", "选C"),
    ),
    (
        "哪个是质数？\nA. 九\nB. 十\nC. 十一\nD. 十二",
        "C",
        ("c", "C", "选C", "C.", "十一", "答案是C", "我选C"),
        ("A", "B", "D", "九", "C或D", "不是C", "十", "ABCD", "不选C"),
    ),
)
