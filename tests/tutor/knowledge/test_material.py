"""Material is read page by page, cut into passages, and found by those who may see it alone."""

import io
from datetime import UTC, datetime

import pytest
from pptx import Presentation

from storage import communities, materials
from storage.database import Database
from storage.materials import MaterialScope, NewPassage
from tests.doubles import documents
from tutor.knowledge.attachments import Problem
from tutor.knowledge.chunking import LONGEST_UNITS, passages_of, units
from tutor.knowledge.citing import MarkFilter, quotation, sources_line, used_sources
from tutor.knowledge.document import Page
from tutor.knowledge.embedding import Embedder, packed, unpacked
from tutor.knowledge.index import Hit
from tutor.knowledge.material import read_material_bounded
from tutor.knowledge.read_material import MAX_PAGES
from tutor.knowledge.retrieval import Library, Source, _fits
from tutor.language import Language

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PLANTS = "Light is caught by chlorophyll in the chloroplasts. Oxygen leaves through the stomata."
REVOLT = "In 1789 the Bastille was stormed by the people of Paris. Bread prices had doubled."
ZH = "叶绿体中的叶绿素吸收光能。氧气通过气孔释放。"


def slides(*texts: tuple[str, str]) -> bytes:
    show = Presentation()
    for title, body in texts:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
    file = io.BytesIO()
    show.save(file)
    return file.getvalue()


async def test_pages_of_a_pdf_keep_their_numbers() -> None:
    read = await read_material_bounded("a.pdf", "", documents.pdf(["First", "", "Third"]))
    assert [(page.number, page.text) for page in read.pages] == [(1, "First"), (3, "Third")]
    assert read.page_count == 3


async def test_every_slide_is_a_page_with_its_title_as_heading() -> None:
    data = slides(("Plants", PLANTS), ("History", REVOLT))
    read = await read_material_bounded("show.pptx", "", data)
    found = passages_of(read.pages)
    assert [(passage.page, passage.heading) for passage in found] == [(1, "Plants"), (2, "History")]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"PK\x03\x04 broken", Problem.DAMAGED),
        (b"\x7fELF program", Problem.UNSUPPORTED),
        (documents.encrypted_pdf("x"), Problem.ENCRYPTED),
        (documents.scanned_pdf("Leaves"), Problem.NO_TEXT),
        (documents.photo("Leaves"), Problem.UNSUPPORTED),
    ],
)
async def test_what_cannot_be_read_says_why(data: bytes, problem: Problem) -> None:
    assert (await read_material_bounded("file", "", data)).problem is problem


async def test_a_document_that_is_too_long_is_known_to_lack_its_end() -> None:
    read = await read_material_bounded("a.pdf", "", documents.pdf(["Leaf"] * (MAX_PAGES + 1)))
    assert (len(read.pages), read.page_count, read.complete) == (MAX_PAGES, MAX_PAGES + 1, False)
    assert (await read_material_bounded("b.pdf", "", documents.pdf(["Leaf"]))).complete


def test_no_passage_is_too_long_or_loses_a_word() -> None:
    sentences = [f"Sentence number {n} tells of the colour {n * 7}." for n in range(400)]
    text = "# Colours\n" + " ".join(sentences) + "\n\n" + "word " * 900
    found = passages_of([Page(4, text)])
    assert {passage.page for passage in found} == {4}
    assert {passage.heading for passage in found} == {"Colours"}
    assert max(units(passage.text) for passage in found) <= 2 * LONGEST_UNITS
    together = " ".join(passage.text for passage in found)
    assert all(sentence in together for sentence in sentences)


def test_a_chinese_page_is_cut_between_sentences() -> None:
    found = passages_of([Page(1, "第一章 光合作用\n" + ZH * 60)])
    assert len(found) > 2
    assert all(passage.text.endswith("。") for passage in found)
    assert {passage.heading for passage in found} == {"第一章 光合作用"}


async def stored(
    database: Database, text: str, *, channel: str = "", course: str | None = None
) -> str:
    async with database.write() as session:
        community = await communities.community_for(
            session, platform="slack", external_id="T1", now=NOON
        )
        added = await materials.add_material(
            session,
            course_id=course,
            community_id=None if course else community.id,
            channel=channel,
            name=f"{channel or course}.md",
            media_type="text/markdown",
            blob_hash="0" * 64,
            uploaded_by=None,
            now=NOON,
        )
        await materials.put_passages(session, added.id, 1, [NewPassage(1, "", text, b"")])
    return community.id


async def test_only_material_of_the_scope_is_ever_found(database: Database) -> None:
    community = await stored(database, PLANTS, channel="biology")
    await stored(database, REVOLT, channel="history")
    library = Library(database)
    question = "Where is light caught, by which chlorophyll?"
    here = MaterialScope((), community, "biology")
    elsewhere = MaterialScope((), community, "history")
    assert [one.name for one in await library.find(here, question)] == ["biology.md"]
    assert await library.find(elsewhere, question) == ()
    assert await library.find(MaterialScope(("nobody",)), question) == ()
    assert await library.find(MaterialScope(), question) == ()


async def test_chinese_material_is_found_by_its_words(database: Database) -> None:
    community = await stored(database, ZH, channel="shengwu")
    library = Library(database)
    scope = MaterialScope((), community, "shengwu")
    assert [one.text for one in await library.find(scope, "叶绿素吸收什么？")] == [ZH]
    assert await library.find(scope, "法国大革命是哪一年？") == ()


async def test_chinese_words_are_found_however_they_are_cut(database: Database) -> None:
    text = "张骞于公元前138年出使西域。秦始皇统一了文字和货币。"
    community = await stored(database, text, channel="lishi")
    library, scope = Library(database), MaterialScope((), community, "lishi")
    for question in ("张骞哪一年出使西域？", "秦始皇统一了哪些东西？"):
        assert [one.text for one in await library.find(scope, question)] == [text], question
    assert await library.find(scope, "帮我写一封请假信。") == ()


@pytest.mark.parametrize(("similarity", "fits"), [(None, True), (0.05, False), (0.5, True)])
def test_a_shared_word_is_no_source_where_the_meaning_is_another(
    similarity: float | None, fits: bool
) -> None:
    assert _fits(Hit(0, 1.0, 0.5, similarity)) is fits


async def test_removed_material_is_found_no_more(database: Database) -> None:
    community = await stored(database, PLANTS, channel="biology")
    scope = MaterialScope((), community, "biology")
    library = Library(database)
    question = "chlorophyll light"
    assert await library.find(scope, question)
    async with database.write() as session:
        (only,) = await materials.materials_in(session, scope)
        await materials.remove_material(session, only.id, NOON)
    assert await library.find(scope, question) == ()


async def test_meaning_is_found_where_no_word_is_shared() -> None:
    embedder = Embedder()
    try:
        assert await embedder.ready()
        rows = await embedder.embed(["Why are some volcanos flat?", "Lava flows easily.", REVOLT])
        assert rows is not None
        assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2
        assert abs(unpacked(packed(rows)) - rows).max() < 1e-3
    finally:
        await embedder.close()


def source(text: str, page: int = 12) -> Source:
    return Source("m", "Biology.pdf", page, "", text, 1.0)


def test_only_what_the_answer_uses_is_cited() -> None:
    plants, revolt = source(PLANTS), source(REVOLT, 3)
    answer = "Chlorophyll in the chloroplasts catches the light. [2]"
    assert used_sources(answer, [plants, revolt]) == (plants,)
    assert used_sources("I like music very much indeed.", [plants, revolt]) == ()
    assert sources_line(Language.ENGLISH, [plants, source(REVOLT, 3)]) == (
        "Sources: Biology.pdf, p. 3, 12"
    )
    assert sources_line(Language.ENGLISH, []) == ""


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_marks_that_a_model_invents_are_taken_out_however_they_come(size: int) -> None:
    text = "Leaves catch light [1]. Oxygen [2, 3] leaves; see x[i] and [note] [4"
    marks = MarkFilter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    shown = "".join([*map(marks.add, pieces), marks.rest()])
    assert shown == "Leaves catch light. Oxygen leaves; see x[i] and [note] [4"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_brackets_in_code_and_intervals_are_no_marks(size: int) -> None:
    text = "Write `a[1]` or\n```\nb[2] = [1, 2]\n```\nfor x in [0, 1] [3]."
    marks = MarkFilter()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    shown = "".join([*map(marks.add, pieces), marks.rest()])
    assert shown == text.replace(" [3]", "")


def test_a_quotation_has_the_sentences_that_say_most() -> None:
    assert quotation("When was the Bastille stormed?", source(REVOLT)).startswith("> In 1789")
