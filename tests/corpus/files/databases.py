"""Databases of OpenOffice: with a database within, and with code in it."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import content, odt

_SPACE: Final = 'xmlns:db="urn:oasis:names:tc:opendocument:xmlns:database:1.0"'
_MADE: Final = (
    "CREATE SCHEMA PUBLIC AUTHORIZATION DBA\n"
    'CREATE CACHED TABLE "com.example.a"("ID" INTEGER NOT NULL,"it\'s" VARCHAR(9))\n'
    'CREATE ALIAS ABS FOR "org.hsqldb.Library.abs"\nCREATE USER SA PASSWORD ""\nGRANT DBA TO SA\nSET WRITE_DELAY 60\n'
)


def _case(name: str, script: str, *reasons: str, to: str = "sdbc:embedded:hsqldb", kind: str = "base") -> FileCase:
    body = f'<db:data-source {_SPACE}><db:connection-resource xlink:href="{to}" xlink:type="simple"/></db:data-source>'
    parts = {
        "content_dot_xml": content(body),
        "database__script": _MADE + script,
        "database__properties": "version=1.8.0",
    }
    return FileCase(f"{name}.odb", lambda: odt(kind=kind, **parts), frozenset(f"office_{reason}" for reason in reasons))


_DANGEROUS: Final = (
    _case("script", "SCRIPT '/tmp/a.sh'", "program"),
    _case("script-behind-another", "SET WRITE_DELAY 60; script '/tmp/a.sh'", "program"),
    _case("script-behind-a-comment", "/*C1 ' */SCRIPT '/tmp/a.sh'", "program"),
    _case("script-behind-a-name", "DELETE FROM \"a'b\";SCRIPT '/tmp/a.sh'", "program"),
    _case("script-in-escapes", "\\u0053CRIPT '/tmp/a.sh'", "program"),
    _case("script-behind-another-line-end", "SET WRITE_DELAY 60\r\tSCRIPT '/tmp/a.sh'", "program"),
    _case("alias", 'CREATE ALIAS A FOR "java.lang.Runtime.exec"', "program"),
    _case("method", "CREATE VIEW A AS SELECT \"java.lang.System.getProperty\"('a') FROM B", "program"),
    _case("texts", "INSERT INTO A VALUES(" + "'a'," * 3_000_000 + "1)", "not_examined"),
    _case("server", "", "remote", to="jdbc:mysql://a.example/b"),
)
_HONEST: Final = (
    _case(
        "plain",
        "INSERT INTO A VALUES(1,'SCRIPT ''a''; CALL x')\n/*C2*/INSERT INTO A VALUES(2,'a\\u000aCALL me')\nCOMMIT",
    ),
    _case("firebird", "", to="sdbc:embedded:firebird"),
    _case("by-its-former-type", "", kind="database"),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
