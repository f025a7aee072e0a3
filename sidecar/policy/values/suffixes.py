"""Suffixes that some server, browser or desktop runs: the default of `deny_suffixes`."""

from typing import Final

SUFFIXES_BY_SYSTEM: Final[dict[str, tuple[str, ...]]] = {
    "PHP": ("php", "php2", "php3", "php4", "php5", "php6", "php7", "php8", "php9", "php53", "php54", "php55", "php56",
            "php70", "php71", "php72", "php73", "php74", "php80", "php81", "php82", "php83", "php84", "php85", "phps",
            "phpt", "pht", "phtm", "phtml", "phar", "pgif", "hphp", "ctp", "module", "inc"),
    "ASP and IIS handlers": ("asp", "aspx", "asa", "asax", "ascx", "ashx", "asmx", "axd", "cer", "cdx", "idc", "soap",
                             "svc", "rem", "cshtm", "cshtml", "vbhtm", "vbhtml", "razor", "htr", "htw", "ida", "idq",
                             "aspq", "xamlx", "xoml"),
    "Java servers": ("jsp", "jspa", "jspf", "jspx", "jsw", "jsv", "jtml", "jhtml", "gsp", "jws", "war", "ear", "jar",
                     "do", "action"),
    "ColdFusion": ("cfm", "cfml", "cfc", "dbm"),
    "CGI and scripting": ("cgi", "fcgi", "pl", "pm", "py", "pyc", "pyo", "pyw", "pyz", "pyzw", "rb", "rhtml", "erb",
                          "tcl", "lua", "sh", "bash", "zsh", "csh", "ksh", "fish", "tcsh"),
    "handlers of Apache": ("var", "asis"),
    "server-side includes": ("shtml", "shtm", "stm", "sht", "sphtml"),
    "markup that runs in browsers": ("htm", "html", "xhtml", "xhtm", "xht", "hxt", "hta", "htc", "mht", "mhtml", "xsl",
                                     "xslt", "js", "mjs", "cjs", "svgz", "swf"),
    "scripts of ImageMagick": ("mvg", "msl", "gplt"),
    "Windows programs and scripts": ("exe", "com", "scr", "pif", "dll", "cpl", "msi", "msp", "mst", "msc", "bat", "cmd",
                                     "ps1", "psm1", "psd1", "vb", "vbs", "vbe", "jse", "ws", "wsf", "wsh", "wsc",
                                     "sct", "reg", "inf", "gadget", "application", "appref-ms", "appx", "msix",
                                     "appxbundle", "msixbundle", "appinstaller", "diagcab", "diagcfg", "diagpkg",
                                     "xbap", "chm", "hlp", "psc1", "pyd", "themepack", "deskthemepack", "ocx",
                                     "sys", "drv", "bas", "shb", "shs", "isp", "msu", "ppkg",
                                     "printerexport", "webpnp", "wsb", "vsmacros"),
    "programs and queries of Office": ("xll", "wll", "iqy", "oqy", "dqy", "rqy", "ade", "adp", "mde", "accde", "oxt",
                                       "vsto", "accda", "accdr", "mda", "mdz", "mad", "mam", "maq", "mas", "mau",
                                       "mav", "maw"),
    "shortcuts": ("lnk", "url", "website", "desktop", "scf", "library-ms", "search-ms", "searchconnector-ms",
                  "settingcontent-ms", "appcontent-ms", "rdp", "udl", "fileloc", "inetloc", "webloc", "osdx", "xnk"),
    "other programs": ("app", "command", "tool", "terminal", "workflow", "applescript", "scpt", "scptd", "mobileconfig",
                       "dmg", "pkg", "mpkg", "deb", "rpm", "apk", "aab", "run", "bin", "elf", "so", "dylib", "class",
                       "wasm", "jnlp", "htaccess", "htpasswd"),
}  # fmt: skip

DEFAULT_DENY_SUFFIXES: Final[tuple[str, ...]] = tuple(
    sorted({suffix for group in SUFFIXES_BY_SYSTEM.values() for suffix in group})
)

# What servers run wherever it stands in a name (Apache's mod_mime reads every suffix) and what no honest name holds
# there: `report.v1.2.pdf`, `meeting.do.pdf`, `john.pl.smith.jpg` and `example.com.pdf` are names, `a.php.jpg` is not.
SUFFIXES_RUN_ANYWHERE: Final = (
    "php", "php2", "php3", "php4", "php5", "php6", "php7", "php8", "php9", "php53", "php54", "php55", "php56",
    "php70", "php71", "php72", "php73", "php74", "php80", "php81", "php82", "php83", "php84", "php85", "phps", "phpt",
    "pht", "phtm", "phtml", "phar", "hphp",
    "asp", "aspx", "asax", "ascx", "ashx", "asmx", "axd", "cshtm", "cshtml", "vbhtm", "vbhtml",
    "jsp", "jspa", "jspf", "jspx", "jsw", "jsv", "jtml", "cfm", "cfml", "cgi", "fcgi",
    "shtml", "shtm", "sphtml", "htaccess", "htpasswd",
)  # fmt: skip
# What IIS runs before a semicolon (`a.cer;.jpg`, CVE-2009-4444), beside those above.
SUFFIXES_RUN_BEFORE_SEMICOLON: Final = ("asa", "cer", "cdx")
