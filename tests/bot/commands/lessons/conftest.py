"""The small course, brought in at the desk; questions come in the order of the course."""

import pytest

from storage.database import Database
from tests.doubles.desk import Desk
from tests.doubles.small_course import bring_in


@pytest.fixture
async def course_id(desk: Desk, database: Database) -> str:
    return await bring_in(database, desk.clock[0])
