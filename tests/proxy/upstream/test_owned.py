"""A connection that speaks for one client is given to that one alone, and ends with its connection."""

from sidecar.proxy.upstream.owned import Owned


class Client:
    def __init__(self, *, transport=True):
        self.transport = transport or None
        self.when_gone = None


class Upstream:
    def __init__(self, *, open_=True):
        self.open = open_
        self.closed = False

    def reuse(self):
        return self.open

    def close(self):
        self.closed = True


def test_only_its_owner_gets_it_and_once():
    owned, mine, other, connection = Owned(), Client(), Client(), Upstream()
    owned.keep(mine, connection)
    assert owned.take(other) is None
    assert owned.take(mine) is connection
    assert owned.take(mine) is None


def test_it_ends_with_the_connection_of_its_owner():
    owned, mine, connection = Owned(), Client(), Upstream()
    owned.keep(mine, connection)
    mine.when_gone()
    assert connection.closed
    assert owned.take(mine) is None


def test_it_is_not_kept_for_one_who_is_gone():
    owned, connection = Owned(), Upstream()
    owned.keep(Client(transport=False), connection)
    assert connection.closed


def test_one_that_the_service_has_closed_is_given_to_nobody():
    owned, mine, connection = Owned(), Client(), Upstream(open_=False)
    owned.keep(mine, connection)
    assert owned.take(mine) is None
    assert connection.closed


def test_all_are_closed_at_the_end():
    owned, connections = Owned(), [Upstream(), Upstream()]
    for connection in connections:
        owned.keep(Client(), connection)
    owned.close()
    assert [each.closed for each in connections] == [True, True]
