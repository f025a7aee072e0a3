"""Tables as large as an upload may be are examined with the memory that a worker has."""

import pytest

from sidecar.policy.settings.model import Policy

from .conftest import MemoryCopy

SIZE = 32 * 1024 * 1024
ROW = '1;{};"Stock (all), a list";-5,00;- remarks;{}\n'
FOREIGN = {
    "utf-8": "Stra\u00dfe \U0001f600", "utf-16": "Stra\u00dfe \u20ac", "cp1252": "Stra\u00dfe \u20ac",
    "cp1250": "Łódź", "cp1251": "\u0423\u043b\u0438\u0446\u0430", "cp1254": "Köprü",
}  # fmt: skip


def large(encoding: str, begin: str, row: str, block: int = 4096) -> bytes:
    """Mostly plain rows, which are quick, with others between them."""
    plain, foreign = (row.format(word, word) for word in ("Street", FOREIGN[encoding]))
    begins = begin.encode(encoding)
    coded = "utf-16-le" if encoding == "utf-16" else encoding
    some = ((plain * 7 + foreign) * 8 + plain * (block * 3)).encode(coded)
    return begins + some * ((SIZE - len(begins)) // len(some))


async def codes(pool, name: bytes, data: bytes) -> list[str]:
    copy = MemoryCopy(data, name, ("spreadsheet_formulas",))
    return [finding.reason.code for finding in (await pool.examine(copy, Policy(), stop_at_first=False)).findings]


@pytest.mark.parametrize("encoding", FOREIGN)
async def test_a_large_table_is_examined_in_any_encoding(pool_of, encoding):
    assert await codes(pool_of(), b"a.csv", large(encoding, "a;b;c;d;e;f\n", ROW)) == []


async def test_a_large_table_is_examined_to_its_end(pool_of):
    table = large("utf-8", "a;b;c;d;e;f\n", ROW)
    assert await codes(pool_of(), b"a.csv", table + b"1;=HYPERLINK(A1)\n") == ["formula_link"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
async def test_a_large_page_is_examined_to_its_end(pool_of, encoding):
    page = large(encoding, "<table>", "<tr><td>1<td>{}<!-- a --><td>- an image<td>{}</tr>\n")
    formula = "<td>&#61;HYPERLINK(A1)".encode(encoding.replace("16", "16-le"))
    assert await codes(pool_of(), b"a.xls", page + formula) == ["formula_link"]


async def test_a_large_table_whose_first_cell_looks_like_a_tag_is_examined_to_its_end(pool_of):
    assert await codes(pool_of(), b"a.csv", large("cp1252", "<TICKER>,<DATE>\n", "A,{},-1.5,{}\n")) == []
