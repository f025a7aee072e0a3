"""gzip files with a name in their head, which some readers give to what comes out."""

from tests.corpus.files.packing import PHP, TEXT, bad, good, tarred
from tests.corpus.files.server_code import gzipped

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def named(name: bytes, content: bytes = TEXT) -> bytes:
    return gzipped(8, name + b"\0", content)


DANGEROUS = (
    bad("named-php.txt.gz", lambda: named(b"evil.php", PHP), "suffix_forbidden"),
    bad("named-php.gz", lambda: named(b"evil.php", PHP), "suffix_forbidden"),
    bad("named-php.tgz", lambda: named(b"evil.php", tarred(("a.txt", TEXT))), "suffix_forbidden"),
    bad("named-php-behind-extra.txt.gz", lambda: gzipped(12, b"\2\0ABevil.php\0", PHP), "suffix_forbidden"),
    bad("named-php-under-root.txt.gz", lambda: named(b"C:\\www\\evil.php", PHP), "suffix_forbidden"),
    bad("named-to-climb.txt.gz", lambda: named(b"../../a.txt"), "archive_path", "file_name_path"),
    bad("named-as-packed-itself.txt.gz", lambda: named(b"evil.php.gz", PHP), "suffix_forbidden"),
    bad("named-for-servers.txt.gz", lambda: named(b".htaccess"), "file_name_reserved", "suffix_forbidden"),
    bad("named-as-a-drawing.txt.gz", lambda: named(b"evil.svg", SVG), "active_script"),
)

HONEST = (
    good("own-name.txt.gz", lambda: named(b"own-name.txt")),
    good("renamed.txt.gz", lambda: named(b"minutes.txt")),
    good("renamed-to-nothing.gz", lambda: named(b"minutes.txt")),
    good("of-a-temporary-file.csv.gz", lambda: named(b"tmpk3x8_ab", b"a,b\n1,2\n" * 20)),
    good("of-another-kind.csv.gz", lambda: named(b"export.txt", b"a,b\n1,2\n" * 20)),
    good("with-its-path.log.gz", lambda: named(b"/var/log/syslog")),
    good("archive.tgz", lambda: named(b"archive.tar", tarred(("a.txt", TEXT)))),
    good("named-as-python-does.tgz", lambda: named(b"named-as-python-does.tgz", tarred(("a.txt", TEXT)))),
    good("named-as-python-does-and-renamed.tgz", lambda: named(b"backup.tgz", tarred(("a.txt", TEXT)))),
    good("packed-in-two-steps.gz", lambda: named(b"backup.tar", tarred(("a.txt", TEXT)))),
)

CASES = (*DANGEROUS, *HONEST)
