"""The two processes of the food team's database: the server, and the application that fills it and writes to it."""

from collections.abc import Iterable

import psycopg

from portal.configuration import PROJECT_ROOT
from portal.demo import programs
from portal.demo.child import Child
from portal.demo.database import access, server, writing
from portal.demo.place import Place
from portal.demo.waiting import wait_until

READY_SECONDS = 60


class FoodDatabase:
    """Both processes of one place. Whoever makes it starts, watches and ends them."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._children: list[Child] = []

    def start(self) -> None:
        """Start both, and write down how the local AWS gets there."""
        entry = access.access(self._place)
        access.write_secrets(self._place)
        environment = {
            **self._place.environment(),
            server.PASSWORD_VARIABLE: entry.passwords[access.SUPERUSER],
            writing.PORT_VARIABLE: str(entry.port),
            **{variable: entry.passwords[user] for user, variable in writing.USER_PASSWORD_VARIABLES.items()},
        }
        commands = {"food app": programs.food_application(), "food db": programs.food_database(self._place)}
        self._children = [
            Child(name, command, environment=environment, directory=PROJECT_ROOT, say=None)
            for name, command in commands.items()
        ]
        for child in reversed(self._children):
            child.start()

    def wait_until_filled(self) -> None:
        """Wait until every table is there. Raises `NeverReady`."""
        for child in reversed(self._children):
            wait_until(child, self._is_filled, seconds=READY_SECONDS)

    def children(self) -> Iterable[Child]:
        """Give the processes in the order in which they end: the application before its server."""
        return self._children

    def _is_filled(self) -> bool:
        entry = access.access(self._place)
        try:
            with psycopg.connect(**entry.arguments(access.CATALOGUE)) as database:
                found = database.execute(
                    "SELECT has_table_privilege(to_regclass('nutrition.recipes'), 'SELECT')"
                ).fetchone()
        except psycopg.Error:
            return False
        return found == (True,)
