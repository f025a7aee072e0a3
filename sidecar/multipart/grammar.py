"""The rules of the strict grammar, one row for each kind of mistake that a sender can make."""

from typing import Final

from sidecar.multipart.rules import Rule

_RENAME: Final = "Rename the file or the field, without quotes, backslashes or control characters, and send it again."
_DECLARE: Final = "Let the HTTP library write the Content-Type header and its boundary; do not set it by hand."
_COMPLETE: Final = "Send the body again, whole; if it is always cut, look for a proxy or a wrong Content-Length."
_ENDINGS: Final = "End every line of the framing with CRLF; text-mode tools often write LF alone."
_PAGE: Final = "Operators: the page of the form must be in UTF-8, or its form have accept-charset=utf-8."
_SPLIT: Final = "Send less in one request."

# fmt: off
# Content-Type of the request
CONTENT_TYPE_MISSING = Rule("content_type_missing", "The request has no Content-Type",
    "one header: Content-Type: multipart/form-data; boundary=...", "RFC 7578, section 4.1", _DECLARE)
CONTENT_TYPE_DUPLICATE = Rule("content_type_duplicate", "The request has more than one Content-Type",
    "exactly one Content-Type header with one type", "RFC 9110, section 8.3", _DECLARE)
CONTENT_TYPE_INVALID = Rule("content_type_invalid", "The Content-Type of the request cannot be read",
    "type/subtype, then parameters as ; name=value without other spaces", "RFC 9110, section 8.3.1", _DECLARE)
CONTENT_TYPE_NOT_FORM = Rule("content_type_not_form", "The request is not multipart/form-data",
    "multipart/form-data", "RFC 7578, section 8", "Send the files as a multipart/form-data form.", 415)
CONTENT_TYPE_CHARSET = Rule("content_type_charset", "The request declares a charset other than UTF-8",
    "no charset, utf-8 or us-ascii", "RFC 7578, section 5.1.2", "Send names and fields in UTF-8.", 415)
BOUNDARY_MISSING = Rule("boundary_missing", "The Content-Type has no boundary",
    "one boundary parameter", "RFC 2046, section 5.1.1", _DECLARE)
BOUNDARY_DUPLICATE = Rule("boundary_duplicate", "The Content-Type has more than one boundary",
    "one boundary parameter", "RFC 2046, section 5.1.1; parsers take the first or the last", _DECLARE)
BOUNDARY_EXTENDED = Rule("boundary_extended", "The boundary is written in the extended form of RFC 2231",
    "a plain boundary parameter", "RFC 2231, section 3; parsers disagree on it", _DECLARE)
BOUNDARY_DECOY = Rule("boundary_decoy", "Another parameter of the Content-Type holds the word boundary",
    "the word boundary once", "CVE-2022-48279: a search for the word finds the wrong one", _DECLARE)
BOUNDARY_INVALID = Rule("boundary_invalid", "The boundary is empty or has characters that it must not have",
    "letters, digits and '+_.- (in quotes also (),/:=?), no space and no escape", "RFC 2046, section 5.1.1", _DECLARE)
BOUNDARY_TOO_LONG = Rule("boundary_too_long", "The boundary is too long",
    "at most 70 characters", "RFC 2046, section 5.1.1", _DECLARE)

# Framing
FIRST_DELIMITER_MISSING = Rule("first_delimiter_missing", "The declared boundary is nowhere in the body",
    "a line of -- and the boundary before the first part", "RFC 2046, section 5.1.1", _DECLARE)
PREAMBLE_DELIMITER = Rule("preamble_delimiter", "Something like a part stands before the first delimiter",
    "the declared boundary on the first line", "RFC 2046, section 5.1.1; lenient parsers take it for a part", _DECLARE)
PREAMBLE_TOO_LARGE = Rule("preamble_too_large", "There is too much text before the first delimiter",
    "at most 4 KiB, better none", "CVE-2024-53981: unbounded work outside the parts")
BARE_LF = Rule("bare_lf", "A line of the framing ends in LF alone",
    "CRLF", "RFC 2046, section 4.1.1; lenient parsers take LF, strict ones do not", _ENDINGS)
BARE_CR = Rule("bare_cr", "A line of the framing has a CR without LF",
    "CRLF", "RFC 2046, section 4.1.1; lenient parsers take CR, strict ones do not", _ENDINGS)
DELIMITER_TRAILING = Rule("delimiter_trailing", "Something follows a delimiter on its own line",
    "CRLF right after a delimiter, or -- and then CRLF or the end",
    "RFC 2046, section 5.1.1; padding and longer boundaries are read in different ways",
    "Let the HTTP library choose a random boundary; if a file holds this boundary, change the file.")
CLOSE_DELIMITER_MISSING = Rule("close_delimiter_missing", "The body ends before its close delimiter",
    "the boundary with -- before and after it at the end", "RFC 2046, section 5.1.1", _COMPLETE)
PART_AFTER_CLOSE = Rule("part_after_close", "There is a delimiter or a part after the close delimiter",
    "nothing after the close delimiter", "RFC 2046, section 5.1.1; parsers read on, or stop")
EPILOGUE_TOO_LARGE = Rule("epilogue_too_large", "There is too much text after the close delimiter",
    "at most 4 KiB, better none", "CVE-2024-53981: unbounded work outside the parts")
PARTS_BEYOND_BOUND = Rule("parts_beyond_bound", "The body has more parts than the parser reads",
    "at most one part more than max_parts of the policy allows", "CVE-2023-24998, CVE-2023-25577", _SPLIT, 413)

# Part headers
HEADERS_MISSING = Rule("headers_missing", "A part has no headers",
    "a Content-Disposition in every part", "RFC 7578, section 4.2")
HEADER_BLOCK_UNTERMINATED = Rule("header_block_unterminated", "The headers of a part do not end in a blank line",
    "a blank line between headers and data", "RFC 2046, section 5.1", _COMPLETE)
HEADER_BLOCK_TOO_LARGE = Rule("header_block_too_large", "The headers of a part are too large",
    "at most 4 KiB of headers in a part", "CVE-2025-48976: unbounded part headers", _RENAME)
HEADERS_TOO_MANY = Rule("headers_too_many", "A part has too many headers",
    "at most 16 headers in a part", "CVE-2025-48976: unbounded part headers")
HEADER_FOLDED = Rule("header_folded", "A header line of a part begins with white space",
    "every header on one line", "RFC 9112, section 5.2: folded lines are obsolete")
HEADER_COLON_MISSING = Rule("header_colon_missing", "A header line of a part has no colon",
    "Name: value", "RFC 5322, section 2.2")
HEADER_NAME_INVALID = Rule("header_name_invalid", "A header name of a part has characters that it must not have",
    "a token, the colon right after it", "RFC 9112, section 5.1: a space before the colon was used to hide headers")
HEADER_NAME_UNDERSCORE = Rule("header_name_underscore", "A header name of a part has an underscore",
    "hyphens, as in Content-Disposition", "some parsers fold _ and - into one")
HEADER_VALUE_CONTROL = Rule("header_value_control", "A header of a part holds a NUL or another control character",
    "printable characters", "RFC 9110, section 5.5", _RENAME)
PART_TYPE_DUPLICATE = Rule("part_type_duplicate", "A part has more than one Content-Type",
    "at most one", "RFC 7578, section 4.4; parsers take the first or the last")
PART_TYPE_INVALID = Rule("part_type_invalid", "The Content-Type of a part cannot be read",
    "type/subtype, then parameters as ; name=value, each once", "RFC 9110, section 8.3.1")
PART_TYPE_MULTIPART = Rule("part_type_multipart", "A part is itself a multipart body, or is called one",
    "files and fields side by side", "RFC 7578, section 4.3: deprecated; some parsers read x-multipart, too",
    "Send several files as several parts under one name.")
PART_TYPE_CHARSET = Rule("part_type_charset", "A part declares a charset in which ASCII bytes are not ASCII",
    "utf-8 or another superset of ASCII", "UTF-7, UTF-16 and their like hide text from every other reader",
    "Send text in UTF-8, or the file as application/octet-stream.")
PART_TYPE_FILENAME = Rule("part_type_filename", "The Content-Type of a field holds a file name",
    "a filename in Content-Disposition, or none", "RFC 2046, section 4.1: mail parsers fall back on this name")
FIELD_NOT_TEXT = Rule("field_not_text", "A part without a file name says that it is text, and is not",
    "text, or a file name", "RFC 7578, section 4.4; some parsers store every part with a type as a file",
    "Send a file with a file name.")
TRANSFER_ENCODING = Rule("transfer_encoding", "A part has a Content-Transfer-Encoding that changes its bytes",
    "7bit, 8bit, binary, or none", "RFC 7578, section 4.7: deprecated; some parsers decode it, some do not",
    "Send the bytes of the file as they are.")
CHARSET_FIELD = Rule("charset_field", "The field _charset_ names a charset other than UTF-8",
    "utf-8", "RFC 7578, section 4.6: some parsers decode all other fields by it",
    f"Send all fields in UTF-8. {_PAGE}")

# Content-Disposition
DISPOSITION_MISSING = Rule("disposition_missing", "A part has no Content-Disposition",
    'Content-Disposition: form-data; name="..."', "RFC 7578, section 4.2")
DISPOSITION_DUPLICATE = Rule("disposition_duplicate", "A part has more than one Content-Disposition",
    "exactly one", "RFC 7578, section 4.2; parsers take the first or the last")
DISPOSITION_NOT_FORM_DATA = Rule("disposition_not_form_data", "A part's Content-Disposition is not form-data",
    'form-data; name="..."', "RFC 7578, section 4.2")
DISPOSITION_INVALID = Rule("disposition_invalid", "The parameters of a Content-Disposition cannot be read",
    '; name="value", semicolons between parameters, no space round =', "RFC 6266, section 4.1")
PARAMETER_DUPLICATE = Rule("disposition_parameter_duplicate", "A parameter of a Content-Disposition is there twice",
    "every parameter once", "RFC 6266, section 4.1; parsers take the first or the last")
PARAMETER_UNKNOWN = Rule("disposition_parameter_unknown", "A Content-Disposition has an unknown parameter",
    "name, filename and filename*, or a plain size or date", "RFC 7578, section 4.2; a search for name= finds decoys")
PARAMETERS_TOO_MANY = Rule("disposition_parameters_too_many", "A Content-Disposition has too many parameters",
    "name, filename and filename* alone", "bounded work")
PARAMETER_EXTENDED = Rule("disposition_parameter_extended", "A parameter is written in a form of RFC 2231",
    "name and filename as one plain value each", "RFC 7578, section 4.2; name* and filename*0 are read by some only")
QUOTE_UNTERMINATED = Rule("quote_unterminated", "A quoted value of a Content-Disposition does not end",
    "a closing quote", "RFC 9110, section 5.6.4", _RENAME)
QUOTE_TRAILING = Rule("quote_trailing", "Text follows the closing quote of a value",
    "a semicolon or the end after a closing quote; a quote within a name as %22",
    "WHATWG HTML, multipart/form-data encoding algorithm", _RENAME)
VALUE_UNQUOTED = Rule("value_unquoted", "A value of a Content-Disposition must be in double quotes",
    "double quotes round every value with spaces or special characters", "RFC 9110, section 5.6.2")
NAME_MISSING = Rule("name_missing", "A part has no name, or an empty or blank one",
    'name="..." with at least one character that is no space', "RFC 7578, section 4.2")
NAME_BACKSLASH = Rule("name_backslash", "The name of a field holds a backslash",
    "no backslash", "WHATWG HTML keeps it, RFC 9110 reads an escape", _RENAME)
NAME_DECOY = Rule("name_decoy", "A name holds what parsers take for another name",
    "no `name=` or `filename=` within a name, and no semicolon in that of a field",
    "RFC 7578, section 4.2; parsers that search for filename= find the wrong one", _RENAME)
NAME_CONTROL = Rule("name_control", "A name holds a NUL, a line separator or another control character",
    "printable characters", "CVE-2006-7243 and others: a NUL cuts the name at some services", _RENAME)
NAME_NOT_UTF8 = Rule("name_not_utf8", "A name is not valid UTF-8",
    "UTF-8", "RFC 7578, section 5.1; RFC 3629, section 3: overlong forms are invalid",
    f"Use ASCII letters in the name. {_PAGE}")
ENCODED_WORD = Rule("encoded_word", "A name is written as an encoded word of RFC 2047",
    "the name itself in UTF-8", "RFC 2047, section 5: not in a quoted string", _RENAME)
BACKSLASH_BEFORE_QUOTE = Rule("backslash_before_quote", "A backslash stands where a name's quote may end",
    "no backslash before a quote", "WHATWG HTML keeps it, RFC 9110 reads an escape", _RENAME)
FILENAME_CONFLICT = Rule("filename_conflict", "The filename and the filename* of a part differ",
    "one file name", "RFC 7578, section 4.2; parsers take one or the other", _RENAME)
FILENAME_EXTENDED_INVALID = Rule("filename_extended_invalid", "The filename* of a part cannot be read",
    "utf-8''name with percent escapes", "RFC 8187, section 3.2", _RENAME)
FILENAME_BLANK = Rule("filename_blank", "Nothing is left of a file name without its path, trailing dots and spaces",
    "a file name", "RFC 7578, section 4.2: only the last segment of a path counts", _RENAME)
FILENAME_EMPTY_WITH_DATA = Rule("filename_empty_with_data", "A file has data but an empty name",
    "a file name, or no data", "WHATWG HTML: an empty name is an empty file input",
    "Give the file a name, or leave `filename` out of the part where it is a field.")
# fmt: on

# Accepted and normalised: what the canonical body does not take over as it was sent.
NOTES: Final[dict[str, str]] = {
    "preamble": "text before the first delimiter was dropped",
    "leading_crlf": "an empty line before the first delimiter was dropped",
    "epilogue": "text after the close delimiter was dropped",
    "delimiter_without_data": "a part's blank line was also the line break of the next delimiter: an empty part",
    "header_case": "a header name was not written in its usual case",
    "header_spacing": "white space round a header's value was unusual",
    "header_dropped": "a header that no form needs was dropped",
    "content_length_dropped": "a part's own Content-Length was dropped",
    "transfer_encoding_dropped": "a Content-Transfer-Encoding that changes nothing was dropped",
    "header_order": "a part's Content-Type stood before its Content-Disposition",
    "part_type_halved": "half a content type (`image`), or an empty one, tells nothing and was dropped",
    "part_type_parameter_dropped": "a parameter of a type that some parsers take for a name or a form was dropped",
    "part_type_form": "a part that said it was a form of its own goes on without that type",
    "part_type_missing": "a file without a type goes on as application/octet-stream",
    "disposition_case": "form-data or a parameter's name was not in lower case",
    "disposition_spacing": "white space round a semicolon was unusual",
    "disposition_order": "the name did not come first",
    "disposition_parameter_dropped": "a size or a date of a file was dropped",
    "trailing_semicolon": "a semicolon at the end was dropped",
    "value_unquoted": "a plain value was put in quotes",
    "escaped_quote": "an escaped quote in a name goes on as %22",
    "filename_extended": "filename* goes on as a plain file name in UTF-8",
    "encoded_word": "an encoded word in filename, equal to filename*, was dropped",
    "filename_path": "a path before a file name was dropped",
    "filename_trailing": "dots or spaces at the end of a file name were dropped",
}

READ_ALIKE: Final[frozenset[str]] = frozenset({
    "transfer_encoding_dropped", "header_order", "part_type_missing", "value_unquoted",
})  # fmt: skip
"""Notes that change nothing in what parsers read, or let them see less: with these a body may go on as it was sent.

Not among them: other headers (Rack finds a Content-Disposition in their values), unusual case and spaces (CGI.pm loses
the file), another order (formidable and multiparty find name= in a file name), dates and lengths."""

RULES: Final[tuple[Rule, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
