"""Content-Disposition: one reading of name and file name, or the rule that was broken."""

import pytest

from sidecar.multipart.disposition import Disposition, parse_attachment, parse_disposition
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.rules import MalformedError

FD = b"form-data; "
FN = b'form-data; name="f"; filename='

ACCEPTED = {
    "field": (FD + b'name="f"', b"f", None, set()),
    "file": (FN + b'"a.txt"', b"f", b"a.txt", set()),
    "Jersey": (
        FD + b'filename="a"; modification-date="Mon, 01 Jan 2024 00:00:00 GMT"; size=4; name="f"',
        b"f",
        b"a",
        {"disposition_order", "disposition_parameter_dropped"},
    ),
    "empty file input": (FN + b'""', b"f", b"", set()),
    "UTF-8": (FD + 'name="naïve"; filename="写真.png"'.encode(), "naïve".encode(), "写真.png".encode(), set()),
    "apostrophe": (FD + b'name="it\'s"; filename="it\'s.txt"', b"it's", b"it's.txt", set()),
    "semicolon in quotes": (FD + b'name="ab"; filename="c; d.txt"', b"ab", b"c; d.txt", set()),
    "name of a parameter in quotes": (FD + b'name="filename"; filename="name.txt"', b"filename", b"name.txt", set()),
    "equals sign in a file name": (FD + b'name="f"; filename="name=a.txt"', b"f", b"name=a.txt", set()),
    "equals sign in quotes": (FD + b'name="a=b"', b"a=b", None, set()),
    "PHP array": (FD + b'name="f[a][]"', b"f[a][]", None, set()),
    "dots and spaces in a name": (FD + b'name=" f.x. "', b" f.x. ", None, set()),
    "escapes of the browsers": (FD + b'name="a%22b%0D%0Ac"', b"a%22b%0D%0Ac", None, set()),
    "escapes in a file name": (FN + b'"a%22b%0D%0A.txt"', b"f", b"a%22b%0D%0A.txt", set()),
    "other escapes": (FN + b'"a%2e%C3%A9%25.txt"', b"f", b"a%2e%C3%A9%25.txt", set()),
    "leading dot": (FN + b'".profile"', b"f", b".profile", set()),
    "255 bytes": (FN + b'"' + b"n" * 251 + b'.txt"', b"f", b"n" * 251 + b".txt", set()),
    "other case": (b'Form-Data; NAME="f"; FileName="a"', b"f", b"a", {"disposition_case"}),
    "file name first": (FD + b'filename="a"; name="f"', b"f", b"a", {"disposition_order"}),
    "no space after the semicolon": (b'form-data;name="f"', b"f", None, {"disposition_spacing"}),
    "tab after the semicolon": (b'form-data;\tname="f"', b"f", None, {"disposition_spacing"}),
    "space before the semicolon": (b'form-data ; name="f" ;filename="a"', b"f", b"a", {"disposition_spacing"}),
    "semicolon last": (FD + b'name="f";', b"f", None, {"trailing_semicolon"}),
    "semicolon and space last": (FD + b'name="f"; ', b"f", None, {"trailing_semicolon"}),
    "plain values": (b"form-data; name=f; filename=a-b_1.txt", b"f", b"a-b_1.txt", {"value_unquoted"}),
    "every sign of a plain value": (FD + b"name=!#$&*+.^_`|~-09azAZ", b"!#$&*+.^_`|~-09azAZ", None, {"value_unquoted"}),
    "escaped quotes": (FN + b'"a\\"b\\".txt"', b"f", b"a%22b%22.txt", {"escaped_quote"}),
    "escaped quotes in a name": (FD + b'name="a\\"b"', b"a%22b", None, {"escaped_quote"}),
    "Windows path": (FN + b'"C:\\Users\\me\\a.txt"', b"f", b"a.txt", {"filename_path"}),
    "escaped Windows path": (FN + b'"C:\\\\Users\\\\a.txt"', b"f", b"a.txt", {"filename_path"}),
    "relative path": (FN + b'"../../a.txt"', b"f", b"a.txt", {"filename_path"}),
    "path from the root": (FN + b'"/tmp/phpA1/a.txt"', b"f", b"a.txt", {"filename_path"}),
    "mixed path": (FN + b'"/x\\y/a.txt"', b"f", b"a.txt", {"filename_path"}),
    "dots and spaces last": (FN + b'"a.php. . "', b"f", b"a.php", {"filename_trailing"}),
    "filename*": (FD + b"name=\"f\"; filename*=utf-8''%C3%A9", b"f", "é".encode(), {"filename_extended"}),
}  # fmt: skip

REFUSED = {
    "empty": (b"", "disposition_not_form_data"),
    "no type": (b'name="f"', "disposition_not_form_data"),
    "attachment": (b'attachment; name="f"', "disposition_not_form_data"),
    "file": (b'file; filename="a"', "disposition_not_form_data"),
    "form-dataX": (b'form-dataX; name="f"', "disposition_not_form_data"),
    "type in quotes": (b'"form-data"; name="f"', "disposition_not_form_data"),
    "no semicolon": (b'form-data name="f"', "disposition_invalid"),
    "comma": (b'form-data, name="f"', "disposition_invalid"),
    "comma between parameters": (FD + b'name="f", filename="a"', "quote_trailing"),
    "comma between plain parameters": (FD + b"name=f, filename=a", "value_unquoted"),
    "no separator": (FD + b'name="f" filename="a"', "quote_trailing"),
    "no separator at all": (FD + b'name="f"filename="a"', "quote_trailing"),
    "two semicolons": (FD + b'name="f";; filename="a"', "disposition_invalid"),
    "parameter without a value": (FD + b'name="f"; filename', "disposition_invalid"),
    "value alone": (FD + b'"f"', "disposition_invalid"),
    "space before =": (FD + b'name ="f"', "disposition_invalid"),
    "space after =": (FD + b'name= "f"', "value_unquoted"),
    "two =": (FD + b'name="f"; filename=="a"', "value_unquoted"),
    "plain empty": (FD + b"name=", "value_unquoted"),
    "plain with a space": (FD + b'name="f"; filename=a b.txt', "value_unquoted"),
    "plain with a slash": (FD + b'name="f"; filename=a/b.txt', "value_unquoted"),
    "plain UTF-8": (FD + 'name="f"; filename=é.txt'.encode(), "value_unquoted"),
    "single quotes": (FD + b"name='f'", "value_unquoted"),
    "single quotes and a space": (FD + b"name=\"f\"; filename='a b.txt'", "value_unquoted"),
    "stray quote in a plain value": (FD + b'name=f"g', "value_unquoted"),
    "unterminated": (FD + b'name="f', "quote_unterminated"),
    "unterminated file name": (FN + b'"a.txt', "quote_unterminated"),
    "text after the quote": (FD + b'name="f"g', "quote_trailing"),
    "raw quote": (FN + b'"a"b.txt"', "quote_trailing"),
    "third quote": (FD + b'name="f""', "quote_trailing"),
    "backslash before the closing quote": (FN + b'"a\\"', "backslash_before_quote"),
    "two backslashes before the closing quote": (FN + b'"a\\\\"', "backslash_before_quote"),
    "two backslashes before a quote": (FN + b'"a\\\\"b.txt"', "backslash_before_quote"),
    "quote that ends in one reading only": (FN + b'"a\\"; x="b.php"', "quote_trailing"),
    "backslash in a name": (FD + b'name="a\\b"', "name_backslash"),
    "no name": (b"form-data", "name_missing"),
    "file without a name": (FD + b'filename="a"', "name_missing"),
    "empty name": (FD + b'name=""', "name_missing"),
    "blank name": (FD + b'name="  "', "name_missing"),
    "name of another blank": (FD + 'name="\u3000"'.encode(), "name_missing"),
    "two names": (FD + b'name="f"; name="g"', "disposition_parameter_duplicate"),
    "two equal names": (FD + b'name="f"; name="f"', "disposition_parameter_duplicate"),
    "two names in two cases": (FD + b'name="f"; Name="g"', "disposition_parameter_duplicate"),
    "two file names": (FN + b'"a"; filename="b"', "disposition_parameter_duplicate"),
    "two filename*": (FD + b"name=\"f\"; filename*=utf-8''a; FILENAME*=utf-8''a", "disposition_parameter_duplicate"),
    "decoy": (FD + b'xname="g"; name="f"', "disposition_parameter_unknown"),
    "decoy with quotes inside": (FD + b'x="; filename=a.php; "; name="f"', "disposition_parameter_unknown"),
    "size that is no number": (FN + b'"a"; size="; name="', "disposition_parameter_unknown"),
    "date that is none": (FN + b'"a"; read-date="x; filename=b"', "disposition_parameter_unknown"),
    "two sizes": (FN + b'"a"; size=3; Size=4', "disposition_parameter_duplicate"),
    "name*": (FD + b"name*=utf-8''f", "disposition_parameter_extended"),
    "name* beside name": (FD + b"name=\"f\"; name*=utf-8''g", "disposition_parameter_extended"),
    "continuation": (FD + b'name="f"; filename*0="a."; filename*1="php"', "disposition_parameter_extended"),
    "extended continuation": (FD + b"name=\"f\"; filename*0*=utf-8''a", "disposition_parameter_extended"),
    "nine parameters": (FD + b"; ".join(b"p%d=1" % i for i in range(9)), "disposition_parameters_too_many"),
    "tab in a name": (FD + b'name="a\tb"', "name_control"),
    "escaped NUL in a name": (FD + b'name="a%00"', "name_control"),
    "escaped NUL in a file name": (FN + b'"a.php%00.png"', "name_control"),
    "overlong": (FN + b'"a\xc0\xaeb"', "name_not_utf8"),
    "surrogate": (FN + b'"a\xed\xa0\x80b"', "name_not_utf8"),
    "latin-1": (FN + b'"\xe9.txt"', "name_not_utf8"),
    "latin-1 name": (FD + b'name="\xe9"', "name_not_utf8"),
    "beyond Unicode": (FN + b'"\xf4\x90\x80\x80"', "name_not_utf8"),
    "encoded word": (FN + b'"=?utf-8?B?YS50eHQ=?="', "encoded_word"),
    "encoded word in a name": (FD + b'name="=?utf-8?Q?f?="', "encoded_word"),
    "numbered parameter in a name": (FD + b'name="name5=x"', "name_decoy"),
    "only a path": (FN + b'"a/"', "filename_blank"),
    "only dots": (FN + b'".."', "filename_blank"),
    "path to the parent": (FN + b'"a\\.."', "filename_blank"),
    "only a space": (FN + b'" "', "filename_blank"),
}


def parse(value, limits=DEFAULT_LIMITS):
    notes: set[str] = set()
    return parse_disposition(value, limits, notes), notes


@pytest.mark.parametrize(("value", "name", "filename", "notes"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(value, name, filename, notes):
    disposition, seen = parse(value)
    assert (disposition.name, disposition.filename) == (name, filename)
    assert seen == notes


@pytest.mark.parametrize(("value", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(value, code):
    with pytest.raises(MalformedError) as caught:
        parse(value)
    assert caught.value.rule.code == code
    assert caught.value.actual.isprintable()


@pytest.mark.parametrize(
    ("filename", "sent"),
    [(b'"a.txt"', None), (b'""', None), (b'"C:\\x\\a.php. "', b"C:\\x\\a.php. "), (b'"../\\"a"', b"../%22a")],
)
def test_file_name_as_sent_is_kept_where_it_differs(filename, sent):
    assert parse(FN + filename)[0].filename_as_sent == sent


def test_path_in_an_extended_file_name_is_kept_decoded():
    value = FD + b"name=\"f\"; filename*=utf-8''..%2F%22a%22.txt"
    assert parse(value)[0] == Disposition(b"f", b"%22a%22.txt", b"../%22a%22.txt")


def test_number_of_parameters_is_a_limit():
    value = FD + b'name="f"; filename="a"'
    assert parse(value, Limits(disposition_parameters=2))[0].filename == b"a"
    with pytest.raises(MalformedError):
        parse(value, Limits(disposition_parameters=1))


@pytest.mark.parametrize(
    ("value", "filename"),
    [
        (b'ATTACHMENT; filename="a/b.txt"', b"a/b.txt"),
        (b"inline; filename*=utf-8''b.txt", b"b.txt"),
        (b'form-data; name="f"; filename="b.txt"', b"b.txt"),
        (b"attachment", None),
    ],
)
def test_a_whole_message_may_name_its_file_with_its_path(value, filename):
    assert parse_attachment(value) == filename


@pytest.mark.parametrize("value", [b"", b"file; filename=a", b"attachments; filename=a", b'"attachment"; filename=a'])
def test_any_other_disposition_of_a_whole_message_is_refused(value):
    with pytest.raises(MalformedError, match="disposition_invalid"):
        parse_attachment(value)
