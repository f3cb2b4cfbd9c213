"""How members of a course are called: by name for those who may see names, else by alias."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage.database import Session
from storage.members import CourseMember, names_of
from tutor.i18n import mark, say
from tutor.language import Language

_WORDS = {
    word: word
    for word in (
        mark("Amber"),
        mark("Blue"),
        mark("Copper"),
        mark("Golden"),
        mark("Green"),
        mark("Ivory"),
        mark("Red"),
        mark("Silver"),
        mark("Violet"),
        mark("White"),
        mark("Crane"),
        mark("Finch"),
        mark("Heron"),
        mark("Ibis"),
        mark("Kingfisher"),
        mark("Magpie"),
        mark("Oriole"),
        mark("Owl"),
        mark("Robin"),
        mark("Sparrow"),
        mark("Swallow"),
        mark("Wren"),
    )
}


@dataclass(frozen=True, slots=True)
class Register:
    """What each member is called before one reader; `names` is empty where they see aliases."""

    language: Language
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def anonymous(self) -> bool:
        return not self.names

    def call(self, member: CourseMember) -> str:
        """The name, where the reader may see it; else the alias in their language."""
        return self.names.get(member.learner_id) or alias_in(member.alias, self.language)


async def register_for(
    session: Session, course_id: str, language: Language, *, sees_names: bool
) -> Register:
    """The register of a course for a reader who may see names, or may not."""
    return Register(language, await names_of(session, course_id) if sees_names else {})


def alias_in(alias: str, language: Language) -> str:
    """`Blue Heron 7` as the reader's language says it."""
    colour, bird, number = alias.split()
    if language is Language.ENGLISH:
        return alias
    return f"{say(language, _WORDS[colour])}{say(language, _WORDS[bird])} {number}"


def by_call(members: Sequence[CourseMember], register: Register) -> list[CourseMember]:
    """Members in the order of what they are called."""
    return sorted(members, key=register.call)
