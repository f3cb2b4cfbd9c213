"""The job that makes an uploaded document searchable: read, cut, embed, store, tell the teacher."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage import learners, materials
from storage.blobs import BlobDamaged, BlobMissing
from storage.materials import Material, NewPassage
from training.worker import Handler, Running
from tutor.i18n import say, say_count
from tutor.knowledge.attachments import Problem
from tutor.knowledge.chunking import Passage, passages_of
from tutor.knowledge.document import Document
from tutor.knowledge.embedding import BATCH, Embedder, packed
from tutor.knowledge.filing import KIND
from tutor.knowledge.material import explain_unread, read_material_bounded
from tutor.knowledge.words import is_chinese
from tutor.language import Language, choose
from tutor.notices import tell_learner


async def index_material(running: Running) -> Mapping[str, Any]:
    """Does a job with the payload {material_id}; a file that can't be read is no failed job."""
    material = await _material(running)
    if material is None or material.removed_at is not None:
        return {"state": "removed"}
    try:
        data = await running.blobs.get(material.blob_hash)
    except (BlobMissing, BlobDamaged):
        await _give_up(running, material, Problem.LOST)
        return {"state": "failed", "problem": Problem.LOST.value}
    running.report(stage="reading")
    document = await read_material_bounded(material.name, material.media_type, data)
    if document.problem is not None:
        await _give_up(running, material, document.problem)
        return {"state": "failed", "problem": document.problem.value}
    passages = passages_of(document.pages)
    embeddings = await _embedded(running, passages)
    if not await _store(running, material, document, passages, embeddings):
        return {"state": "removed"}
    return {
        "state": "ready",
        "pages": document.page_count,
        "passages": len(passages),
        "embedded": sum(1 for embedding in embeddings if embedding),
    }


async def _material(running: Running) -> Material | None:
    async with running.database.read() as session:
        return await materials.material(session, running.job.payload["material_id"])


async def _embedded(running: Running, passages: Sequence[Passage]) -> list[bytes]:
    """An embedding for every passage that the model can read; empty for the others."""
    embeddings = [b""] * len(passages)
    readable = [n for n, passage in enumerate(passages) if not is_chinese(passage.text)]
    embedder = Embedder()
    try:
        for start in range(0, len(readable), BATCH):
            running.report(stage="embedding", done=start, of=len(readable))
            batch = readable[start : start + BATCH]
            texts = [f"{passages[n].heading}. {passages[n].text}" for n in batch]
            vectors = await embedder.embed(texts)
            if vectors is None:
                break  # what is left is found by its words
            for n, row in zip(batch, packed(vectors), strict=True):
                embeddings[n] = row
    finally:
        await embedder.close()
    return embeddings


async def _store(
    running: Running,
    material: Material,
    document: Document,
    passages: Sequence[Passage],
    embeddings: Sequence[bytes],
) -> bool:
    """Makes it searchable and says so; False if it was taken out while it was being read."""
    rows = [
        NewPassage(passage.page, passage.heading, passage.text, embedding)
        for passage, embedding in zip(passages, embeddings, strict=True)
    ]
    async with running.database.long_write() as session:
        present = await materials.material(session, material.id)
        if present is None or present.removed_at is not None:
            return False
        await materials.put_passages(session, material.id, document.page_count, rows)
    await _tell(running, material, document)
    return True


async def _give_up(running: Running, material: Material, problem: Problem) -> None:
    async with running.database.write() as session:
        await materials.fail_material(session, material.id, problem.value)
    await _tell(running, material, Document(problem=problem))


async def _tell(running: Running, material: Material, document: Document) -> None:
    """Says to whoever uploaded it what became of it, in their language."""
    if material.uploaded_by is None:
        return
    async with running.database.write() as session:
        uploader = await learners.learner_by_id(session, material.uploaded_by)
        if uploader is None:
            return
        language = choose(Language(uploader.language) if uploader.language else None, "", None)
        text = _ended(language, material.name, document)
        await tell_learner(
            session,
            await learners.identities(session, uploader.id),
            text,
            now=running.now(),
            key=f"material:{material.id}",
        )


def _ended(language: Language, name: str, document: Document) -> str:
    if document.problem is not None:
        return explain_unread(document.problem, name, language)
    ready = say_count(
        language,
        "“{name}” is ready: I can answer from it and cite it.",
        "“{name}” is ready: I can answer from its {count} pages and cite them.",
        document.page_count,
        name=name,
    )
    if document.complete:
        return ready
    cut = say(language, "It is longer than I take in: its end is left out. Upload it in parts.")
    return f"{ready} {cut}"


HANDLERS: Mapping[str, Handler] = {KIND: index_material}
