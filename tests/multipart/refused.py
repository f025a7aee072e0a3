"""Bodies that are refused, each with the rule that it breaks (boundary BB)."""

from tests.multipart.reading import body_of, field_part, part_with

_OK = field_part()
_END = b"\r\n--BB--\r\n"


def _headers(*lines: bytes) -> bytes:
    return body_of(b"\r\n".join(lines) + b"\r\n\r\nv")


_DISPOSITION = b'Content-Disposition: form-data; name="f"'
_FILE = b'Content-Disposition: form-data; name="f"; filename="a.txt"'

FRAMING = {
    "empty body": (b"", "first_delimiter_missing"),
    "text alone": (b"hello", "first_delimiter_missing"),
    "another boundary": (body_of(_OK, boundary=b"CC"), "first_delimiter_missing"),
    "boundary in another case": (body_of(_OK, boundary=b"bb"), "first_delimiter_missing"),
    "another boundary, long": (body_of(field_part(value=b"v" * 5000), boundary=b"CC"), "first_delimiter_missing"),
    "fake part in the preamble": (
        body_of(field_part(b"fake"), boundary=b"CC") + body_of(_OK),
        "preamble_delimiter",
    ),
    "part without delimiter in the preamble": (_DISPOSITION + b"\r\n\r\nx\r\n" + body_of(_OK), "preamble_delimiter"),
    "junk on the first delimiter's line": (b"junk" + body_of(_OK), "preamble_delimiter"),
    "space before the first delimiter": (b" " + body_of(_OK), "preamble_delimiter"),
    "delimiter in the preamble in another case": (b"--bb\r\n" + body_of(_OK), "preamble_delimiter"),
    "first delimiter after LF": (b"\n" + body_of(_OK), "bare_lf"),
    "text, LF, delimiter": (b"text\n" + body_of(_OK), "bare_lf"),
    "first delimiter after CR": (b"\r" + body_of(_OK), "bare_cr"),
    "only LF": (body_of(_OK).replace(b"\r\n", b"\n"), "bare_lf"),
    "only LF after text": (b"text\n" + body_of(_OK).replace(b"\r\n", b"\n"), "bare_lf"),
    "only CR": (body_of(_OK).replace(b"\r\n", b"\r"), "bare_cr"),
    "only CR after text": (b"text\r" + body_of(_OK).replace(b"\r\n", b"\r"), "bare_cr"),
    "long preamble": (b"x" * 4097 + b"\r\n" + body_of(_OK), "preamble_too_large"),
    "long text alone": (b"x" * 9000, "preamble_too_large"),
    "delimiter ended by LF": (b"--BB\n" + _OK + _END, "bare_lf"),
    "delimiter ended by CR": (b"--BB\r" + _OK + _END, "bare_cr"),
    "second delimiter ended by LF": (b"--BB\r\n" + _OK + b"\r\n--BB\n" + _OK + _END, "bare_lf"),
    "space after the delimiter": (b"--BB \r\n" + _OK + _END, "delimiter_trailing"),
    "tab after the delimiter": (b"--BB\t\r\n" + _OK + _END, "delimiter_trailing"),
    "NUL after the delimiter": (b"--BB\x00\r\n" + _OK + _END, "delimiter_trailing"),
    "longer boundary": (b"--BBX\r\n" + _OK + _END, "delimiter_trailing"),
    "longer boundary in the middle": (body_of(field_part(value=b"v\r\n--BBX\r\n")), "delimiter_trailing"),
    "header on the delimiter's line": (b"--BB" + _OK + _END, "delimiter_trailing"),
    "one hyphen after the delimiter": (b"--BB\r\n" + _OK + b"\r\n--BB-\r\n", "delimiter_trailing"),
    "text after the close delimiter": (b"--BB\r\n" + _OK + b"\r\n--BB--X", "delimiter_trailing"),
    "space after the close delimiter": (b"--BB\r\n" + _OK + b"\r\n--BB-- \r\n", "delimiter_trailing"),
    "close delimiter ended by LF": (b"--BB\r\n" + _OK + b"\r\n--BB--\n", "bare_lf"),
    "close delimiter ended by CR": (b"--BB\r\n" + _OK + b"\r\n--BB--\r", "bare_cr"),
    "no close delimiter": (b"--BB\r\n" + _OK, "close_delimiter_missing"),
    "cut in the data": (b"--BB\r\n" + _OK + b"\r\n--B", "close_delimiter_missing"),
    "cut after a delimiter": (b"--BB\r\n" + _OK + b"\r\n--BB\r\n", "header_block_unterminated"),
    "cut in a delimiter's line": (b"--BB\r\n" + _OK + b"\r\n--BB\r", "close_delimiter_missing"),
    "cut in the close delimiter": (b"--BB\r\n" + _OK + b"\r\n--BB-", "close_delimiter_missing"),
    "part after the close delimiter": (body_of(_OK) + body_of(_OK), "part_after_close"),
    "part after the close delimiter and text": (body_of(_OK) + b"x\r\n" + body_of(_OK), "part_after_close"),
    "two close delimiters": (body_of(_OK) + b"--BB--\r\n", "part_after_close"),
    "delimiter after LF behind the close": (body_of(_OK) + b"x\n--BB\n", "part_after_close"),
    "delimiter in a line behind the close": (body_of(_OK) + b"x --BB", "part_after_close"),
    "part of another boundary behind the close": (body_of(_OK) + body_of(_OK, boundary=b"C"), "part_after_close"),
    "headers behind the close": (body_of(_OK) + _DISPOSITION + b"\r\n\r\nx", "part_after_close"),
    "long epilogue": (body_of(_OK) + b"x" * 4096, "epilogue_too_large"),
    "part far behind the close": (body_of(_OK) + b"x" * 4000 + b"\r\n" + body_of(_OK) * 9, "part_after_close"),
    "1001 parts": (body_of(*[_OK] * 1001), "parts_beyond_bound"),
}

HEADERS = {
    "part without headers": (b"--BB\r\n\r\nv" + _END, "headers_missing"),
    "headers without a blank line": (b"--BB\r\n" + _DISPOSITION + _END, "header_block_unterminated"),
    "headers without a blank line, then a part": (
        b"--BB\r\n" + _DISPOSITION + b"\r\n" + body_of(_OK),
        "header_block_unterminated",
    ),
    "headers without a blank line, much data": (
        b"--BB\r\n" + _DISPOSITION + b"\r\n--BB\r\n" + b"x" * 5000 + _END,
        "header_block_unterminated",
    ),
    "headers cut off": (b"--BB\r\nContent-Dispo", "header_block_unterminated"),
    "data in place of a header": (b"--BB\r\n" + _DISPOSITION + b"\r\nv\r\n" + body_of(_OK), "header_colon_missing"),
    "large header": (_headers(_DISPOSITION, b"X: " + b"x" * 4096), "header_block_too_large"),
    "many headers": (_headers(_DISPOSITION, *[b"X: x"] * 16), "headers_too_many"),
    "folded by a space": (_headers(b"Content-Disposition: form-data;", b' name="f"'), "header_folded"),
    "folded by a tab": (_headers(b"Content-Disposition: form-data;", b'\tname="f"'), "header_folded"),
    "folded by a vertical tab": (_headers(b"Content-Disposition: form-data;", b'\x0bname="f"'), "header_folded"),
    "space before the first header": (_headers(b" " + _DISPOSITION), "header_folded"),
    "space before the colon": (_headers(b'Content-Disposition : form-data; name="f"'), "header_name_invalid"),
    "tab before the colon": (_headers(b'Content-Disposition\t: form-data; name="f"'), "header_name_invalid"),
    "control before the name": (_headers(b"\x01" + _DISPOSITION), "header_name_invalid"),
    "control in the name": (_headers(b'Content\x00-Disposition: form-data; name="f"'), "header_name_invalid"),
    "no name": (_headers(_DISPOSITION, b": x"), "header_name_invalid"),
    "UTF-8 in the name": (_headers(_DISPOSITION, "é: x".encode()), "header_name_invalid"),
    "underscore": (_headers(b'Content_Disposition: form-data; name="f"'), "header_name_underscore"),
    "underscore beside the real one": (
        _headers(_DISPOSITION, b"Content_Type: text/html"),
        "header_name_underscore",
    ),
    "line without a colon": (_headers(_DISPOSITION, b"Content-Type"), "header_colon_missing"),
    "NUL in a value": (_headers(b'Content-Disposition: form-data; name="f\x00"'), "header_value_control"),
    "escape in a value": (_headers(_DISPOSITION, b"X: \x1b[0m"), "header_value_control"),
    "bare LF between headers": (_headers(_DISPOSITION + b"\nContent-Type: text/plain"), "bare_lf"),
    "bare CR between headers": (_headers(_DISPOSITION + b"\rContent-Type: text/plain"), "bare_cr"),
    "blank line of LF": (b"--BB\r\n" + _DISPOSITION + b"\r\n\nv" + _END, "bare_lf"),
    "blank line of LF, long data": (b"--BB\r\n" + _DISPOSITION + b"\n\n" + b"v" * 5000 + _END, "bare_lf"),
    "no disposition": (_headers(b"Content-Type: text/plain"), "disposition_missing"),
    "two dispositions": (_headers(_DISPOSITION, b'content-disposition: form-data; name="g"'), "disposition_duplicate"),
    "two equal dispositions": (_headers(_DISPOSITION, _DISPOSITION), "disposition_duplicate"),
    "two types": (_headers(_FILE, b"Content-Type: image/png", b"Content-Type: text/html"), "part_type_duplicate"),
    "type without a subtype": (_headers(_FILE, b"Content-Type: image/"), "part_type_invalid"),
    "nested multipart": (_headers(_FILE, b"Content-Type: multipart/mixed; boundary=x"), "part_type_multipart"),
    "UTF-7": (_headers(_FILE, b"Content-Type: text/plain; charset=utf-7"), "part_type_charset"),
    "file name in a field's type": (
        _headers(_DISPOSITION, b'Content-Type: text/plain; name="a.php"'),
        "part_type_filename",
    ),
    "binary data in a field of text": (
        body_of(_DISPOSITION + b"\r\nContent-Type: text/plain\r\n\r\n\x7fELF\x02"),
        "field_not_text",
    ),
    "another name within a name": (_headers(b'Content-Disposition: form-data; name="a; filename=b"'), "name_decoy"),
    "another name within a file name": (_headers(_DISPOSITION + b'; filename="a; name=b"'), "name_decoy"),
    "base64": (_headers(_FILE, b"Content-Transfer-Encoding: base64"), "transfer_encoding"),
    "quoted-printable": (_headers(_FILE, b"Content-Transfer-Encoding: quoted-printable"), "transfer_encoding"),
    "empty transfer encoding": (_headers(_FILE, b"Content-Transfer-Encoding:"), "transfer_encoding"),
    "charset field": (body_of(field_part(b"_charset_", b"utf-7")), "charset_field"),
    "empty charset field": (body_of(field_part(b"_charset_", b"")), "charset_field"),
    "long charset field": (body_of(field_part(b"_charset_", b"utf-8" * 99)), "charset_field"),
    "data under an empty file name": (
        body_of(part_with(b'form-data; name="f"; filename=""')),
        "filename_empty_with_data",
    ),
}

REFUSED = FRAMING | HEADERS
