"""The page of App Home: the same that every platform may show, for the person who opened it."""

from dataclasses import replace

from bot.adapter import Draft, Ending
from bot.commands.home import home_page
from bot.dispatch.drafting import Drafting
from bot.dispatch.opening import look_up
from bot.services import Services
from bot.slack_app.home import HomePage
from tutor.messages import Kind, Person, Place, Platform, Question, Visibility


def own_page(services: Services) -> HomePage:
    """Makes the page from what is stored; nobody but the person gets to see it."""

    async def page(person: Person) -> Draft:
        question = Question(
            event_id=f"home-{person.workspace}-{person.user_id}",
            kind=Kind.COMMAND,
            place=Place(Platform.SLACK, "", ""),
            message_id="home",
            author=person,
            visibility=Visibility.PRIVATE,
            received_at=services.now(),
        )
        turn = await look_up(services.database, question, services.now())
        drafting = Drafting()
        async for part in home_page(services, turn):
            drafting.add(part)
        return replace(drafting.draft(), ending=Ending.DONE)

    return page
