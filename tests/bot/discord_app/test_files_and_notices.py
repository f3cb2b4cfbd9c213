"""Files that come in, and what Daoshi says unasked."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapter import (
    Address,
    AttachmentUnavailable,
    Card,
    DeliveryImpossible,
    Draft,
    Ending,
    Notice,
)
from bot.discord_app.attachments import allowed_hosts, download
from tests.bot.discord_app.conftest import Running
from tests.doubles.discord_server import DiscordServer
from tutor.messages import Attachment, Picture, Place, Platform


def stored(server: DiscordServer, name: str, data: bytes) -> Attachment:
    url = server.rest.attachment(name, data)["url"]
    return Attachment(name, "text/plain", len(data), url)


async def test_file_within_the_limit_is_fetched(server: DiscordServer) -> None:
    file = stored(server, "a.txt", b"abc")
    assert await download(file, 3, allowed_hosts(server.api_base)) == b"abc"


async def test_file_over_the_limit_is_refused_whatever_it_claims(server: DiscordServer) -> None:
    from dataclasses import replace

    file = stored(server, "a.txt", b"x" * 1000)
    hosts = allowed_hosts(server.api_base)
    with pytest.raises(AttachmentUnavailable):
        await download(file, 999, hosts)
    with pytest.raises(AttachmentUnavailable):
        await download(replace(file, size_bytes=10), 999, hosts)


async def test_file_that_is_gone_is_unavailable(server: DiscordServer) -> None:
    file = Attachment("a.txt", "text/plain", 3, f"{server.rest.public_url}/files/1/gone.txt")
    with pytest.raises(AttachmentUnavailable, match="404"):
        await download(file, 100, allowed_hosts(server.api_base))


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/metrics",
        "http://169.254.169.254/latest/meta-data",
        "https://cdn.discordapp.com.evil.example/a.txt",
        "https://cdn.discordapp.com@evil.example/a.txt",
        "http://cdn.discordapp.com/a.txt",
        "file:///etc/passwd",
        "ftp://cdn.discordapp.com/a.txt",
    ],
)
async def test_files_are_fetched_from_discord_alone(address: str) -> None:
    hosts = allowed_hosts("https://discord.com/api/v10")
    with pytest.raises(AttachmentUnavailable):
        await download(Attachment("a", "text/plain", 1, address), 100, hosts)


def notice(id_: str = "n1", **more: object) -> Notice:
    draft = Draft(text="Time to practise.", ending=Ending.DONE)
    values = {"recipient": None, "place": None, "draft": draft, **more}
    return Notice(id_, **values)  # type: ignore[arg-type]


async def test_notice_reaches_its_recipient_once(server: DiscordServer, bot: Running) -> None:
    ann = server.user("Ann")
    first = await bot.adapter.deliver(notice(recipient=ann.id))
    again = await bot.adapter.deliver(notice(recipient=ann.id))
    other = await bot.adapter.deliver(notice("n2", recipient=ann.id))
    assert first == again != other
    assert len(server.dms(ann)) == 2


async def test_notice_of_long_ago_is_found_instead_of_sent_again(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    first = await bot.adapter.deliver(notice(recipient=ann.id))
    server.rest._nonces.clear()
    old = datetime.now(UTC) - timedelta(minutes=10)
    assert await bot.adapter.deliver(notice(recipient=ann.id, created_at=old)) == first
    assert len(server.dms(ann)) == 1


async def test_card_is_edited_and_a_deleted_one_sent_anew(
    server: DiscordServer, bot: Running
) -> None:
    guild = server.guild("School", server.user("Owner"))
    general = guild.channels[0]
    place = Place(Platform.DISCORD, guild.id, general.id)
    card = await bot.adapter.deliver(notice(place=place))
    later = notice("n2", place=place, edits=card, draft=Draft(text="50 %", ending=Ending.DONE))
    assert await bot.adapter.deliver(later) == card
    assert [m["content"] for m in server.messages(general)] == ["50 %"]
    del general.messages[card.message_id]
    renewed = await bot.adapter.deliver(later)
    assert renewed.message_id != card.message_id
    assert [m["content"] for m in server.messages(general)] == ["50 %"]


def card(text: str, picture: bytes = b"", **more: object) -> Notice:
    pictures = (Picture(picture, "loss.png", "A curve"),) if picture else ()
    draft = Draft(text=f"Training\n{text}", pictures=pictures, ending=Ending.DONE)
    return notice(draft=draft, card=Card("Training", "training", text), **more)


async def test_card_whose_address_was_lost_is_found_though_it_says_more_by_now(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    first = await bot.adapter.deliver(card("10 %", recipient=ann.id))
    server.rest._nonces.clear()
    old = datetime.now(UTC) - timedelta(minutes=10)
    again = await bot.adapter.deliver(card("50 %", recipient=ann.id, created_at=old))
    assert again == first
    assert [m["content"] for m in server.dms(ann)] == ["Training\n50 %"]


async def test_picture_of_a_card_is_sent_again_only_when_it_changed(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann")
    address = await bot.adapter.deliver(card("10 %", b"one", recipient=ann.id))

    async def picture_after(text: str, data: bytes) -> str:
        await bot.adapter.deliver(card(text, data, recipient=ann.id, edits=address))
        [message] = server.dms(ann)
        [file] = message["attachments"]
        return str(file["id"])

    [before] = server.dms(ann)
    first = str(before["attachments"][0]["id"])
    assert await picture_after("20 %", b"one") == first
    assert await picture_after("30 %", b"two") != first


async def test_notice_to_somebody_who_takes_none_is_impossible(
    server: DiscordServer, bot: Running
) -> None:
    ann = server.user("Ann", dms_closed=True)
    with pytest.raises(DeliveryImpossible):
        await bot.adapter.deliver(notice(recipient=ann.id))
    with pytest.raises(DeliveryImpossible):
        await bot.adapter.deliver(notice(place=Place(Platform.DISCORD, "1", "2")))
    with pytest.raises(DeliveryImpossible):
        gone = Address("2", "3")
        await bot.adapter.deliver(notice(place=Place(Platform.DISCORD, "1", "2"), edits=gone))
