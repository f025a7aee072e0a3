"""The rules of uploads that are not forms, one row for each kind of mistake that a sender can make."""

from typing import Final

from sidecar.multipart.rules import Rule

_CODING: Final = "content encoding"
_TYPE: Final = "content type"
_NAME: Final = "file name"
_JSON: Final = "JSON"
_LIBRARY: Final = "Write the JSON with a common library."

# fmt: off
CONTENT_ENCODING = Rule("content_encoding", "The upload is compressed", "a body without Content-Encoding",
    "RFC 9110, section 8.4", "Send the body as it is; compress the files inside it instead. Operators: "
    "policies.<name>.bodies.encodings lists what is decoded.", 415, _CODING, quotes_names=False)
CONTENT_ENCODING_MALFORMED = Rule("content_encoding_malformed", "The compressed body cannot be decoded",
    "one whole compressed stream and nothing after it", "RFC 1950, RFC 1952, RFC 7932, RFC 8878; decoders disagree on "
    "what follows the first stream", "Send the body again, compressed as one stream, or not compressed.", 400, _CODING,
    quotes_names=False)
MULTIPART_DISGUISED = Rule("multipart_disguised", "The body looks like a form but is called something else",
    "Content-Type: multipart/form-data with its boundary", "RFC 7578, section 4.1",
    "Send the form with the content type that it has.", 415, _TYPE)
FILE_NAMES_DIFFER = Rule("file_names_differ", "The request calls its file by several names",
    "one name: in Content-Disposition, X-Filename, the query or the path", "RFC 6266, section 4.3; a service reads one "
    "of them", "Send one name. Operators: a path that is itself a script (/upload.php) needs a route of its own.",
    400, _NAME)
PARTIAL_UPLOAD = Rule("partial_upload", "The request holds only a piece of a file", "the whole file in one request",
    "RFC 9110, section 14.5; tus 1.0: a piece cannot be judged without the others",
    "Switch off chunked or resumable uploads in the client. Operators: policies.<name>.bodies.partial: forward lets "
    "pieces pass uninspected.", 400, "framing of the file", quotes_names=False)
JSON_MALFORMED = Rule("json_malformed", "The body is not JSON", "one JSON text in UTF-8 without a byte-order mark",
    "RFC 8259", _LIBRARY, 400, _JSON)
JSON_KEY_DUPLICATE = Rule("json_key_duplicate", "A JSON object has the same member twice", "every member once",
    "RFC 8259, section 4: parsers take the first or the last", _LIBRARY, 400, _JSON, quotes_names=False)
JSON_BEYOND_BOUND = Rule("json_beyond_bound", "The JSON is too deep, too fine or has too long names",
    "at most 64 levels, 100000 values, names of 1024 characters", "RFC 8259, section 9; CVE-2020-36518: bounded work",
    "Send less in one request.", 413, _JSON, quotes_names=False)
JSON_TOO_LARGE = Rule("json_too_large", "The JSON body is too large", "a body within bodies.json_max of the policy",
    "OWASP ASVS 5.0, 5.2.1", "Send smaller files, or send them as multipart/form-data. Operators: "
    "policies.<name>.bodies.json_max.", 413, _JSON, quotes_names=False)
JSON_FILE_UNREADABLE = Rule("json_file_unreadable", "A file in the JSON body is not written as base64",
    "a string of base64 or base64url, or a data URI with ;base64, or null", "RFC 4648, section 3; RFC 2397",
    "Write the file as one string of base64.", 400, _JSON)
# fmt: on

RULES: Final[tuple[Rule, ...]] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
