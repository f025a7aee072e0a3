"""Short tags of PHP, ASP, JSP and ERB with code in them, told from pixels and sounds that only look so.

`<?=` and `<%` are met by chance in compressed data, and any readable bytes behind them in dark pixels as they are: 60,
63 and 61 are shades of one grey. So words must follow that no picture has, within readable bytes up to the next tag.
"""

from typing import Final

_RUN: Final = rb"(?:[\t\r\n -;=-~]|<(?![?%])){0,60}?(?<!\w)(?=[a-z$])"
"""To a word before another tag begins, so that no byte is read for more than one of them."""
_BETWEEN: Final = rb"[\s@(!+-]{0,40}+(?:(?:/\*[ -)+-;=-~]{0,20}\*/|(?:\#|//)[ -;=-~]{0,20}\n)[\s@(!+-]{0,9}+){0,2}+"
_FUNCTIONS: Final = (
    rb"eval|assert|system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec|call_user_func(?:_array)?|array_(?:map|filter"
    rb"|walk|reduce)|u[ak]?sort|create_function|preg_replace(?:_callback)?|base64_decode|str_rot13|gzinflate|gzuncompress"
    rb"|hex2bin|convert_uudecode|file_get_contents|file_put_contents|readfile|fopen|unlink|rename|copy|scandir|show_source"
    rb"|highlight_file|phpinfo|getenv|putenv|ini_set|mail|curl_exec|move_uploaded_file|symlink|chmod|extract|parse_str"
    rb"|register_shutdown_function|unserialize|print_r|var_dump|printf?|implode|join|strrev|chr|pack|function"
)
_FUNCTION: Final = rb"(?:%b)\s{0,9}\(|(?:include|require)(?:_once)?[\s(\"'$]" % _FUNCTIONS
_INPUT: Final = rb"\$(?:_(?:get|post|request|cookie|server|files|env|session)\b|globals\b|\{[\"'])"
_WORD: Final = rb"[\"'][\w\\ ]{1,24}[\"']"
_BUILT: Final = rb"%b\s{0,3}(?:\.\s{0,3}[\"'$]|\)?\s{0,3}\()|\$\w{1,24}\s{0,3}=\s{0,3}%b" % (_WORD, _WORD)
"""A name that is put together and called."""
_INVERTED: Final = rb"~[\s(]{0,3}[\"'][\x80-\xff]{4}"
_SHELL: Final = rb"`[\w./$~-]{2}[\t -_a-~]{0,60}`\s{0,3}(?:;|[?%]>)"
PHP: Final = rb"\?=(?:%b(?:%b|%b|%b|`\$)|%b(?:%b|%b))" % (_BETWEEN, _BUILT, _INVERTED, _SHELL, _RUN, _FUNCTION, _INPUT)
_OBJECTS: Final = (
    rb"request\s{0,3}[.(\[]|response\s{0,3}\.|server\s{0,3}\.|runtime\s{0,3}\.|application\s{0,3}\.|session\s{0,3}[.(]"
    rb"|processbuilder|createobject|executeglobal|getparameter|getruntime|forname\s{0,3}\(|java\.|javax\."
    rb"|system\.(?:io|diagnostics|web|net)|process\.start|out\.print|wscript\.|shell\.|scripting\."
)
PAGES: Final = rb"%%[=\s]{0,3}(?:%b|(?:eval|execute|exec|system)\s{0,3}[(\"'])|%%%b(?:%b)" % (
    _SHELL, _RUN, _OBJECTS,
)  # fmt: skip
"""ASP, JSP and ERB."""
LONGEST: Final = 256
"""Bytes that a match of either takes at most, with what it looks at behind it."""
