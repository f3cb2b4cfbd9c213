"""Writes the next migration from what changed in the models.

    python -m storage.migrations.revise "Remember who likes tea"

Read what it wrote: a renamed column looks like one that was dropped and one that is new.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.migrate import alembic_config


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit('Say what changes: python -m storage.migrations.revise "Remember …"')
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        with engine.connect() as connection:
            config = alembic_config(connection)
            known = len(list(ScriptDirectory.from_config(config).walk_revisions()))
            command.upgrade(config, "head")
            command.revision(
                config, message=sys.argv[1], autogenerate=True, rev_id=f"{known + 1:04d}"
            )
        engine.dispose()


if __name__ == "__main__":
    main()
