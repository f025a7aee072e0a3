"""Content-Type of the request: one boundary, or the rule that was broken."""

import pytest

from sidecar.multipart.content_type import form_type, is_multipart
from sidecar.multipart.limits import Limits
from sidecar.multipart.rules import MalformedError

F = b"multipart/form-data"

ACCEPTED = {
    "browser": (F + b"; boundary=----WebKitFormBoundaryAbC", b"----WebKitFormBoundaryAbC", False),
    "Firefox with a charset": (F + b"; boundary=x1;charset=UTF-8", b"x1", True),
    "charset first": (F + b"; charset=utf-8; boundary=x", b"x", True),
    "charset in quotes": (F + b'; charset="UTF-8"; boundary=x', b"x", True),
    "us-ascii": (F + b"; charset=US-ASCII; boundary=x", b"x", False),
    "every sign in a parameter": (F + b"; !#$%&'*+.^_`|~-=!#$%&'*+.^_`|~-; boundary=x", b"x", False),
    ".NET": (F + b'; boundary="1f6e-4b"', b"1f6e-4b", False),
    "quoted characters": (F + b'; boundary="a\'()+_,-./:=?b"', b"a'()+_,-./:=?b", False),
    "Dart": (F + b"; boundary=dart-http-boundary-a+b_c.d", b"dart-http-boundary-a+b_c.d", False),
    "apostrophe": (F + b"; boundary=a'b", b"a'b", False),
    "upper case": (b"MULTIPART/FORM-DATA; BOUNDARY=X", b"X", False),
    "mixed case": (b"Multipart/Form-Data; Boundary=x", b"x", False),
    "leading tab": (b"\t" + F + b"; boundary=x", b"x", False),
    "space round the value": (b" " + F + b"; boundary=x ", b"x", False),
    "no space after the semicolon": (F + b";boundary=x", b"x", False),
    "space before the semicolon": (F + b" ;\t boundary=x", b"x", False),
    "semicolon last": (F + b"; boundary=x;", b"x", False),
    "semicolon and space last": (F + b"; boundary=x; ", b"x", False),
    "other parameter": (F + b"; junk=1; boundary=x", b"x", False),
    "other parameter in quotes": (F + b'; junk="a;b, c"; boundary=x', b"x", False),
    "70 characters": (F + b"; boundary=" + b"b" * 70, b"b" * 70, False),
    "1 character": (F + b"; boundary=-", b"-", False),
}

REFUSED = {
    "none": ([], "content_type_missing"),
    "two headers": ([F + b"; boundary=x", F + b"; boundary=x"], "content_type_duplicate"),
    "two types in one": ([F + b"; boundary=x, text/plain"], "content_type_duplicate"),
    "two types in one, boundary in quotes": ([F + b'; boundary="x", text/plain'], "content_type_duplicate"),
    "empty value": ([b""], "content_type_invalid"),
    "one word": ([b"multipart; boundary=x"], "content_type_invalid"),
    "no semicolon": ([F + b" boundary=x"], "content_type_invalid"),
    "comma for a semicolon": ([F + b", boundary=x"], "content_type_duplicate"),
    "another type first": ([b"text/plain , " + F + b"; boundary=x"], "content_type_duplicate"),
    "two semicolons": ([F + b";; boundary=x"], "content_type_invalid"),
    "parameter without a value": ([F + b"; junk; boundary=x"], "content_type_invalid"),
    "space before =": ([F + b"; boundary =x"], "content_type_invalid"),
    "other parameter twice": ([F + b"; a=1; A=2; boundary=x"], "content_type_invalid"),
    "control character": ([F + b"; boundary=x\x01"], "content_type_invalid"),
    "line feed": ([F + b"; boundary=x\n"], "content_type_invalid"),
    "UTF-8": ([F + '; junk="é"; boundary=x'.encode()], "content_type_invalid"),
    "quoted pair in another parameter": ([F + b'; junk="\\""; boundary=x'], "content_type_invalid"),
    "form-dataX": ([b"multipart/form-dataX; boundary=x"], "content_type_not_form"),
    "mixed": ([b"multipart/mixed; boundary=x"], "content_type_not_form"),
    "related": ([b"multipart/related; boundary=x"], "content_type_not_form"),
    "urlencoded": ([b"application/x-www-form-urlencoded"], "content_type_not_form"),
    "charset latin-1": ([F + b"; boundary=x; charset=iso-8859-1"], "content_type_charset"),
    "charset utf-7": ([F + b"; charset=utf-7; boundary=x"], "content_type_charset"),
    "no boundary": ([F], "boundary_missing"),
    "no boundary but a charset": ([F + b"; charset=utf-8"], "boundary_missing"),
    "two boundaries": ([F + b"; boundary=x; boundary=y"], "boundary_duplicate"),
    "two equal boundaries": ([F + b"; boundary=x; boundary=x"], "boundary_duplicate"),
    "two boundaries in two cases": ([F + b"; boundary=x; Boundary=y"], "boundary_duplicate"),
    "boundary*": ([F + b"; boundary*=utf-8''x"], "boundary_extended"),
    "boundary* beside boundary": ([F + b"; boundary=x; boundary*=utf-8''y"], "boundary_extended"),
    "boundary*0": ([F + b"; boundary*0=x; boundary*1=y"], "boundary_extended"),
    "xboundary": ([F + b"; xboundary=y; boundary=x"], "boundary_decoy"),
    "boundary in a quoted parameter": ([F + b'; junk="; boundary=y"; boundary=x'], "boundary_decoy"),
    "empty boundary": ([F + b"; boundary="], "boundary_invalid"),
    "empty quotes": ([F + b'; boundary=""'], "boundary_invalid"),
    "unterminated quote": ([F + b'; boundary="x'], "boundary_invalid"),
    "text after the quote": ([F + b'; boundary="x"y'], "boundary_invalid"),
    "quoted pair": ([F + b'; boundary="x\\y"'], "boundary_invalid"),
    "space after =": ([F + b"; boundary= x"], "boundary_invalid"),
    "space in quotes": ([F + b'; boundary="x y"'], "boundary_invalid"),
    "space last in quotes": ([F + b'; boundary="x "'], "boundary_invalid"),
    "slash without quotes": ([F + b"; boundary=x/y"], "boundary_invalid"),
    "equals sign without quotes": ([F + b"; boundary=x=y"], "boundary_invalid"),
    "illegal token character": ([F + b"; boundary=x#y"], "boundary_invalid"),
    "illegal quoted character": ([F + b'; boundary="x;y"'], "boundary_invalid"),
    "71 characters": ([F + b"; boundary=" + b"b" * 71], "boundary_too_long"),
    "71 characters in quotes": ([F + b'; boundary="' + b"b" * 71 + b'"'], "boundary_too_long"),
}


@pytest.mark.parametrize(("value", "boundary", "utf8"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(value, boundary, utf8):
    assert form_type([value]) == (boundary, utf8)
    assert is_multipart([value])


@pytest.mark.parametrize(("values", "code"), REFUSED.values(), ids=REFUSED)
def test_refused(values, code):
    with pytest.raises(MalformedError) as caught:
        form_type(values)
    assert caught.value.rule.code == code
    assert caught.value.actual.isprintable()


def test_length_of_the_boundary_is_a_limit():
    assert form_type([F + b"; boundary=" + b"b" * 9], Limits(boundary=9)).boundary == b"b" * 9
    with pytest.raises(MalformedError):
        form_type([F + b"; boundary=" + b"b" * 9], Limits(boundary=8))


@pytest.mark.parametrize(
    "values",
    [
        [b"text/plain", b"multipart/form-data"],
        [b"Multipart/Mixed"],
        [b"application/x-MULTIPART"],
        [b"text/plain, multipart/form-data; boundary=x"],
        [b"form-data; boundary=x"],
        [b"\x00multipart/form-data"],
    ],
)
def test_whatever_could_be_a_form_counts_as_multipart(values):
    assert is_multipart(values)


@pytest.mark.parametrize("values", [[], [b""], [b"application/json"], [b"application/x-www-form-urlencoded"]])
def test_what_is_no_form_does_not(values):
    assert not is_multipart(values)


@pytest.mark.parametrize(
    "boundary", [b"x", b"----WebKitFormBoundaryAbC", b"a'b+c_d.e-f", b"b" * 70, b"b" * 71, b"a b", b"=", b"a:"]
)
def test_the_common_form_is_read_as_the_grammar_reads_it(boundary):
    def read(value: bytes) -> object:
        try:
            return form_type([value])
        except MalformedError as error:
            return error.rule

    assert read(F + b"; boundary=" + boundary) == read(F + b" ; boundary=" + boundary)
