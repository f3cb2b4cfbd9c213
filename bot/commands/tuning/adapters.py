"""`/adapter list|use|rollback`: which trained adapter answers where.

Without a pass of its report an adapter is used only with a reason, which the audit log keeps.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.commands.arguments import argument, form_field
from bot.commands.offers import offer
from bot.commands.tuning.placing import ask_course, place_name, scope_meant
from bot.commands.tuning.pointed import NAMED_BY, SENTENCES
from bot.commands.tuning.rights import (
    community_around,
    is_operator,
    may_handle,
    not_yours,
    refusal,
    scopes_of,
    with_refusals,
)
from bot.commands.wording import typed
from bot.services import Services
from storage.artifacts import Artifact, artifact_by_id
from storage.tuning_runs import run_of_artifact
from tutor.adapters.listing import ListedAdapter, listed, named
from tutor.adapters.promoting import (
    NONE_EARLIER,
    Promoted,
    RolledBack,
    promote,
    roll_back,
    use_base,
)
from tutor.adapters.refusals import AdapterUnknown, GeneratorUnknown, NotPromotable
from tutor.adapters.scopes import GLOBAL, for_community
from tutor.engine.contract import Capabilities, EngineError
from tutor.i18n import mark, say
from tutor.messages import Button, ReplyPart, Style, Text
from tutor.tuning.product import Product
from tutor.turn import Turn

BASE_NAMES = ("base", "none", "基础", "无")
SHOWN = 15


async def show_list(services: Services, turn: Turn) -> AsyncIterator[ReplyPart]:
    """The adapters of this place with what is known of each."""
    capabilities = await capabilities_of(services)
    async with services.database.read() as session:
        found = await listed(session, visible(turn), capabilities)
    if not found:
        yield Text(
            say(
                turn.language,
                "There are no adapters yet. {start} trains one.",
                start=typed(turn.question.place.platform, "tune start"),
            )
        )
        return
    lines = [say(turn.language, "**Adapters**"), *(line_of(turn, one) for one in found[:SHOWN])]
    if len(found) > SHOWN:
        lines.append(say(turn.language, "and {count} more", count=len(found) - SHOWN))
    yield Text("\n".join(lines))


@with_refusals
async def use(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """Lets an adapter answer in a scope, or a generator draw; `base` is what there was before."""
    scope = await scope_meant(services, turn)
    if scope is None:
        async for part in ask_course(services, turn):
            yield part
        return
    written = argument(turn, NAMED_BY[product])
    if written.lower() in BASE_NAMES:
        yield await _use_base(services, turn, scope, product)
        return
    adapter = await adapter_meant(services, turn, written, product)
    async for part in _use(services, turn, adapter.id, scope):
        yield part


@with_refusals
async def press_promote(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The adapter of a report, in the scope where it was made unless another is named."""
    scope = await _scope_offered(services, payload)
    async for part in _use(services, turn, payload["artifact_id"], scope):
        yield part


@with_refusals
async def press_override(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    """The same in spite of its report, with the reason that was entered."""
    reason = form_field(turn, "reason")
    if not reason:
        yield Text(say(turn.language, "Without a reason it can't be used."))
        return
    scope = await _scope_offered(services, payload)
    async for part in _use(services, turn, payload["artifact_id"], scope, reason):
        yield part


@with_refusals
async def press_roll_back(
    services: Services, turn: Turn, payload: Mapping[str, Any]
) -> AsyncIterator[ReplyPart]:
    async with services.database.read() as session:
        artifact = await artifact_by_id(session, payload["artifact_id"])
    product = Product(artifact.kind) if artifact else Product.ADAPTER
    yield await _rolled_back(services, turn, payload["scope"], payload["artifact_id"], product)


@with_refusals
async def rollback(
    services: Services, turn: Turn, product: Product = Product.ADAPTER
) -> AsyncIterator[ReplyPart]:
    """Goes back to what answered or drew before, in one step."""
    scope = await scope_meant(services, turn)
    if scope is None:
        async for part in ask_course(services, turn):
            yield part
        return
    yield await _rolled_back(services, turn, scope, None, product)


async def adapter_meant(
    services: Services, turn: Turn, written: str, product: Product = Product.ADAPTER
) -> ListedAdapter:
    """The adapter or generator of a name or id; raises AdapterRefused."""
    capabilities = await capabilities_of(services)
    async with services.database.read() as session:
        found = await named(session, written, visible(turn), capabilities, kind=product)
    if found is None:
        raise AdapterUnknown if product is Product.ADAPTER else GeneratorUnknown
    return found


def visible(turn: Turn) -> list[str] | None:
    """The scopes whose adapters somebody sees: all of them as an operator."""
    return None if is_operator(turn) else scopes_of(turn)


async def capabilities_of(services: Services) -> Capabilities | None:
    """What the engine says of itself; None where it can't be asked."""
    try:
        return await services.engine.capabilities()
    except EngineError:
        return None


def line_of(turn: Turn, one: ListedAdapter) -> str:
    """An adapter in a line: how good, whether it can answer, and where it does."""
    language = turn.language
    notes = [say(language, _verdict(one))]
    if one.parked:
        notes.append(say(language, "parked: made for another model"))
    elif one.passed and not one.valid:
        notes.append(say(language, "to be evaluated again"))
    if one.withdrawn:
        notes.append(say(language, "somebody withdrew their words"))
    if one.used_by:
        places = ", ".join(place_name(turn, scope) for scope in one.used_by)
        notes.append(say(language, "in use {places}", places=places))
    return f"- **{one.name}** {one.number} ({one.id[-6:]}): {'; '.join(notes)}"


def _verdict(one: ListedAdapter) -> str:
    if one.passed is None:
        return mark("not evaluated")
    return mark("passed its evaluation") if one.passed else mark("did not pass its evaluation")


async def _use_base(services: Services, turn: Turn, scope: str, product: Product) -> Text:
    if not await may_handle(services, turn, scope):
        return not_yours(turn)
    async with services.database.write() as session:
        done = await use_base(
            session, scope=scope, by=turn.learner.id, now=services.now(), kind=product
        )
    return Text(_used(turn, done, product))


async def _use(
    services: Services, turn: Turn, artifact_id: str, scope: str, reason: str = ""
) -> AsyncIterator[ReplyPart]:
    if not await may_handle(services, turn, scope):
        yield not_yours(turn)
        return
    capabilities, now = await capabilities_of(services), services.now()
    around = await community_around(services, scope) or turn.community.id
    about = {"community_id": around, "scope": scope, "artifact_id": artifact_id}
    try:
        async with services.database.write() as session:
            done = await promote(
                session,
                artifact_id=artifact_id,
                scope=scope,
                by=turn.learner.id,
                now=now,
                capabilities=capabilities,
                override_reason=reason,
            )
    except NotPromotable as error:
        if reason or not await _may_be_overridden(services, artifact_id, capabilities):
            raise
        yield Text(refusal(turn, error))
        yield await offer(services, turn, [_override_button(turn, about)])
        return
    assert done.artifact is not None, done
    yield Text(_used(turn, done, Product(done.artifact.kind)))
    label = say(turn.language, "Roll back")
    yield await offer(services, turn, [Button("adapter_rollback", label, about, emoji="↩️")])


async def _may_be_overridden(
    services: Services, artifact_id: str, capabilities: Capabilities | None
) -> bool:
    """A reason helps against a verdict, not against another base model."""
    async with services.database.read() as session:
        artifact = await artifact_by_id(session, artifact_id)
    return artifact is not None and fits(artifact, capabilities)


def fits(artifact: Artifact, capabilities: Capabilities | None) -> bool:
    from tutor.adapters.fitness import fits_base

    return artifact.retired_at is None and fits_base(artifact.base_hash, capabilities)


def _override_button(turn: Turn, about: Mapping[str, str]) -> Button:
    label = say(turn.language, "Promote all the same…")
    return Button("adapter_override", label, about, Style.DANGER)


def _used(turn: Turn, done: Promoted, product: Product) -> str:
    place, said = place_name(turn, done.scope), SENTENCES[product]
    if done.artifact is None:
        return say(turn.language, said.base, place=place)
    name = done.artifact.name
    if not done.changed:
        return say(turn.language, said.already, name=name, place=place)
    sentence = said.overridden if done.overridden else said.used
    return say(turn.language, sentence, name=name, place=place)


async def _rolled_back(
    services: Services, turn: Turn, scope: str, seen: str | None, product: Product
) -> Text:
    if not await may_handle(services, turn, scope):
        return not_yours(turn)
    capabilities = await capabilities_of(services)
    async with services.database.write() as session:
        done = await roll_back(
            session,
            scope=scope,
            by=turn.learner.id,
            now=services.now(),
            capabilities=capabilities,
            seen=seen,
            kind=product,
        )
    lines = [reason.said(turn.language) for reason in done.skipped]
    if lines and done.artifact is None:
        lines.append(say(turn.language, NONE_EARLIER))
    return Text("\n".join([_rolled_back_to(turn, done, product), *lines]))


def _rolled_back_to(turn: Turn, done: RolledBack, product: Product) -> str:
    place, said = place_name(turn, done.scope), SENTENCES[product]
    if not done.changed:
        return say(turn.language, said.unchanged, place=place)
    if done.artifact is not None:
        return say(turn.language, said.back, name=done.artifact.name, place=place)
    inherits = done.inherits and done.scope != GLOBAL
    return say(turn.language, said.back_to_wider if inherits else said.back_to_base, place=place)


async def _scope_offered(services: Services, payload: Mapping[str, Any]) -> str:
    """The scope that a button names; under a report, the one that its run was started for."""
    if "scope" in payload:
        return str(payload["scope"])
    async with services.database.read() as session:
        run = await run_of_artifact(session, payload["artifact_id"])
    return run.scope if run else for_community(payload["community_id"])
