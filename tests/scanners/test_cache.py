from sidecar.scanners.cache import Cache
from sidecar.scanners.result import Bad, Clean, NotExamined, Trouble


def test_what_was_not_asked_for_longest_goes_first():
    cache = Cache(2)
    for digest in "ab":
        cache.keep(digest, "1", Clean())
    assert cache.find("a", "1") == Clean()
    cache.keep("c", "1", Bad("x"))
    assert [cache.find(digest, "1") for digest in "abc"] == [Clean(), None, Bad("x")]


def test_other_signatures_or_none_are_another_verdict():
    cache = Cache(2)
    cache.keep("a", "1", Bad("x"))
    cache.keep("b", "", Clean())
    assert (cache.find("a", "1"), cache.find("a", "2"), cache.find("b", "")) == (Bad("x"), None, None)


def test_that_nobody_could_say_is_not_kept_and_neither_is_anything_where_nothing_may_be():
    cache = Cache(2)
    cache.keep("a", "1", NotExamined(Trouble.INCOMPLETE))
    assert cache.find("a", "1") is None
    none = Cache(0)
    none.keep("a", "1", Clean())
    assert none.find("a", "1") is None
