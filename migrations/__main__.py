"""`python -m migrations "what changed"`: write the next revision from the difference between migrations and models.

Read it before it is committed: alembic sees neither a changed CHECK nor a trigger, and on SQLite a table that is made
anew loses its triggers.
"""

import sys
import tempfile

from evalhub.infra import migrations

with tempfile.TemporaryDirectory() as folder:
    url = f"sqlite:///{folder}/scratch.sqlite"
    migrations.upgrade(url)
    print(migrations.write_revision(url, sys.argv[1]))
