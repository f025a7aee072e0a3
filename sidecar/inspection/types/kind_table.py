"""The table of kinds of files: their types, their suffixes, what they are a kind of."""

from typing import Final, NamedTuple

from sidecar.inspection.formats.containers.cms import BEGINS as SIGNED
from sidecar.inspection.types import first_bytes as first


class Row(NamedTuple):
    """One kind, each list as words. See `kinds.Kind` for what they mean.

    Types that are one and the same stand together, the registered name first; `|` parts them from their kin.
    """

    title: str
    types: str
    suffixes: str
    flags: str = ""
    within: str = ""
    holds: str = ""
    begins: bytes = b""


_ZIP: Final = "application/zip"
_OLE: Final = "application/x-ole-storage"
_XML: Final = "text/xml application/xml"
_TEXT: Final = "text/plain"
# With 4 KiB of an OLE file libmagic often cannot reach the directory that tells its kinds apart.
_SOME_OLE: Final = "application/x-ole-storage application/cdfv2 application/cdfv2-corrupt application/vnd.ms-office"
_SEALED: Final = f"{_SOME_OLE} application/encrypted application/cdfv2-encrypted"
_ANY_OLE: Final = (
    f"{_SEALED} application/msword application/vnd.ms-excel application/vnd.ms-powerpoint application/vnd.ms-outlook"
)
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_WORD: Final = f"{_OOXML}.wordprocessingml"
_EXCEL: Final = f"{_OOXML}.spreadsheetml"
_SLIDES: Final = f"{_OOXML}.presentationml"
_ANY_OOXML: Final = f"{_ZIP} {_OOXML} {_WORD}.document {_EXCEL}.sheet {_SLIDES}.presentation"
_ODF: Final = "application/vnd.oasis.opendocument"
# The brand at the head of an ISO media file often says film where there is only sound, and the reverse.
_MP4: Final = "video/mp4 video/quicktime video/x-m4v video/3gpp video/3gpp2 audio/mp4 audio/x-m4a audio/3gpp"
_OGG: Final = "application/ogg audio/ogg video/ogg"
APPLE_DOUBLE: Final = "application/applefile"
_MATROSKA: Final = "video/x-matroska video/webm"

# fmt: off
ROWS: Final[tuple[Row, ...]] = (
    # Images
    Row("PNG image", "image/png image/x-png image/x-citrix-png image/apng image/vnd.mozilla.apng", "png apng"),
    Row("JPEG image", "image/jpeg image/jpg image/pjpeg image/jfif image/x-citrix-jpeg application/jpg",
        "jpg jpeg jpe jfif pjpeg pjp"),
    Row("GIF image", "image/gif", "gif"),
    Row("WebP image", "image/webp", "webp"),
    Row("BMP image", "image/bmp image/x-ms-bmp image/x-bmp image/x-windows-bmp", "bmp"),
    Row("TIFF image", "image/tiff image/tif image/x-tiff", "tif tiff"),
    Row("Windows icon", "image/vnd.microsoft.icon image/x-icon image/ico image/icon", "ico", "", "",
        "image/png", begins=first.ICON),
    Row("HEIF image", "image/heic | image/heif | image/heic-sequence | image/heif-sequence",
        "heic heif heics heifs hif"),
    Row("AVIF image", "image/avif | image/avif-sequence", "avif avifs", "", "", "image/heif"),
    Row("JPEG XL image", "image/jxl", "jxl", begins=first.JPEG_XL),
    Row("JPEG 2000 image", "image/jp2 image/jpeg2000 image/jpeg2000-image image/x-jp2 | image/jpx | image/jpm "
        "| image/x-jp2-codestream image/j2c", "jp2 jpx jpf jpm j2k j2c", begins=first.JPEG_2000),
    Row("Photoshop image", "image/vnd.adobe.photoshop image/x-photoshop application/x-photoshop application/photoshop",
        "psd psb"),
    Row("SVG image", "image/svg+xml image/svg", "svg", "active text", _XML),

    # Sound and film
    Row("MP3 sound", "audio/mpeg audio/mp3 audio/x-mp3 audio/x-mpeg audio/mpeg3", "mp3 mp2 mpga", begins=first.MP3),
    Row("MP4 film", "video/mp4 application/mp4 video/x-mp4 | video/x-m4v | video/quicktime | video/3gpp | video/3gpp2 "
        "| video/mj2", "mp4 m4v mov qt 3gp 3g2 3gpp f4v", "", "", _MP4, begins=first.FILM),
    Row("MP4 sound", "audio/mp4 audio/x-m4a audio/m4a | audio/3gpp", "m4a m4b", "", "", _MP4, begins=first.FILM),
    Row("WAVE sound", "audio/x-wav audio/wav audio/wave audio/vnd.wave audio/x-pn-wav", "wav wave", begins=first.WAVE),
    Row("Ogg film", "video/ogg", "ogv", "", "", _OGG),
    Row("Ogg sound", "audio/ogg audio/opus audio/vorbis application/ogg", "ogg oga ogx opus spx", "", "", _OGG),
    Row("FLAC sound", "audio/flac audio/x-flac", "flac", "", "", "audio/mpeg"),
    Row("AAC sound", "audio/aac audio/x-aac audio/aacp audio/x-hx-aac-adts", "aac", begins=first.AAC),
    Row("MIDI sound", "audio/midi audio/x-midi audio/mid", "mid midi"),
    Row("AMR sound", "audio/amr audio/amr-wb", "amr awb"),
    Row("AIFF sound", "audio/x-aiff audio/aiff", "aif aiff aifc"),
    Row("Matroska or WebM film", "video/x-matroska video/matroska | video/webm", "mkv webm", begins=first.MATROSKA),
    Row("Matroska or WebM sound", "audio/webm | audio/x-matroska", "mka weba", "", "", _MATROSKA,
        begins=first.MATROSKA),
    Row("AVI film", "video/x-msvideo video/avi video/msvideo video/vnd.avi", "avi"),
    Row("MPEG film", "video/mpeg video/mpg video/mpv video/mp2p", "mpg mpeg mpe m2v m2ts", "", "", "video/mp2t",
        begins=first.MPEG),
    # .ts and .mts are TypeScript as well, and clients declare it as this film: text by a type alone, by no suffix.
    Row("MPEG transport stream", "video/mp2t", "", "", "video/mpeg", _TEXT, begins=first.MPEG),
    Row("Windows Media film", "video/x-ms-asf application/vnd.ms-asf | video/x-ms-wmv", "wmv asf"),
    Row("Windows Media sound", "audio/x-ms-wma", "wma", "", "", "video/x-ms-asf"),
    Row("Flash film", "video/x-flv video/flv", "flv"),

    # Documents
    Row("PDF document", "application/pdf application/x-pdf application/acrobat text/pdf", "pdf", "readable"),
    Row("PostScript document", "application/postscript application/eps application/x-eps image/x-eps", "ps eps",
        "readable", "", "application/pdf", begins=first.POSTSCRIPT),
    Row("Illustrator drawing", "application/illustrator application/vnd.adobe.illustrator", "ai", "", "",
        "application/pdf application/postscript", begins=first.ILLUSTRATOR),
    Row("Rich text", "application/rtf text/rtf text/richtext application/x-rtf", "rtf", "readable"),
    Row("OLE container", f"{_SOME_OLE} | application/encrypted application/cdfv2-encrypted", ""),
    Row("Word document before 2007", "application/msword application/x-msword application/doc", "doc", "",
        _OLE, f"{_ANY_OLE} {_ANY_OOXML} application/rtf {_TEXT} {_XML}", begins=first.WORD),
    Row("Excel workbook before 2007", "application/vnd.ms-excel application/msexcel application/x-msexcel "
        "application/x-excel application/excel application/xls", "xls xlt xla", "",
        _OLE, f"{_ANY_OLE} {_ANY_OOXML} {_TEXT} {_XML}", begins=first.EXCEL),
    Row("PowerPoint presentation before 2007", "application/vnd.ms-powerpoint application/mspowerpoint "
        "application/powerpoint application/x-mspowerpoint", "ppt pps", "", _OLE,
        f"{_ANY_OLE} {_ANY_OOXML} {_TEXT}", begins=first.COMPOUND),
    Row("Outlook message", "application/vnd.ms-outlook", "msg", "", _OLE, f"{_ANY_OLE} {_TEXT}", begins=first.COMPOUND),
    Row("Visio drawing before 2013", "application/vnd.visio application/vnd.ms-visio", "vsd vss vst", "", _OLE,
        _ANY_OLE, begins=first.VISIO),
    Row("Word document", f"{_WORD}.document | {_WORD}.template | application/vnd.ms-word.document.macroenabled.12 "
        "| application/vnd.ms-word.template.macroenabled.12", "docx docm dotx dotm", "", _ZIP, f"{_OOXML} {_SEALED}"),
    Row("Excel workbook", f"{_EXCEL}.sheet | {_EXCEL}.template | application/vnd.ms-excel.sheet.macroenabled.12 "
        "| application/vnd.ms-excel.template.macroenabled.12 | application/vnd.ms-excel.sheet.binary.macroenabled.12 "
        "| application/vnd.ms-excel.addin.macroenabled.12", "xlsx xlsm xltx xltm xlsb xlam", "", _ZIP,
        f"{_OOXML} {_SEALED}"),
    Row("PowerPoint presentation", f"{_SLIDES}.presentation | {_SLIDES}.template | {_SLIDES}.slideshow "
        "| application/vnd.ms-powerpoint.presentation.macroenabled.12 "
        "| application/vnd.ms-powerpoint.slideshow.macroenabled.12", "pptx pptm potx potm ppsx ppsm", "", _ZIP,
        f"{_OOXML} {_SEALED}"),
    Row("Visio drawing", "application/vnd.ms-visio.drawing | application/vnd.ms-visio.drawing.main+xml", "vsdx vsdm",
        "", _ZIP, f"{_OOXML} {_SEALED}"),
    Row("Office Open XML file", _OOXML, "", "", _ZIP),
    Row("OpenDocument text", f"{_ODF}.text | {_ODF}.text-template | {_ODF}.text-master | {_ODF}.text-web",
        "odt ott odm", "", _ZIP),
    Row("OpenDocument spreadsheet", f"{_ODF}.spreadsheet | {_ODF}.spreadsheet-template", "ods ots", "", _ZIP),
    Row("OpenDocument presentation", f"{_ODF}.presentation | {_ODF}.presentation-template", "odp otp", "", _ZIP),
    Row("OpenDocument drawing", f"{_ODF}.graphics | {_ODF}.graphics-template", "odg otg", "", _ZIP),
    Row("OpenDocument part", f"{_ODF}.formula | {_ODF}.chart | {_ODF}.image", "odf odc odi", "", _ZIP),
    Row("OpenDocument database", f"{_ODF}.base | {_ODF}.database | application/vnd.sun.xml.base", "odb", "", _ZIP),
    Row("iWork document", "application/vnd.apple.pages | application/vnd.apple.numbers | application/vnd.apple.keynote "
        "| application/x-iwork-pages-sffpages | application/x-iwork-numbers-sffnumbers "
        "| application/x-iwork-keynote-sffkey", "pages numbers", "", _ZIP),
    Row("EPUB book", "application/epub+zip", "epub", "", _ZIP),
    Row("Google Earth archive", "application/vnd.google-earth.kmz", "kmz", "", _ZIP),
    Row("DjVu document", "image/vnd.djvu image/x-djvu image/x.djvu", "djvu djv"),
    Row("SQLite database", "application/vnd.sqlite3 application/x-sqlite3", "sqlite sqlite3"),

    Row("AppleDouble file", APPLE_DOUBLE, ""),

    # Archives
    Row("ZIP archive", f"{_ZIP} application/x-zip application/x-zip-compressed", "zip", "", "",
        "application/java-archive application/vnd.android.package-archive"),
    Row("gzip archive", "application/gzip application/x-gzip application/x-gunzip", "gz tgz svgz", "wraps"),
    Row("bzip2 archive", "application/x-bzip2 application/x-bzip application/bzip2", "bz2 tbz tbz2",
        "wraps"),
    Row("xz archive", "application/x-xz application/xz", "xz txz", "wraps"),
    Row("Zstandard archive", "application/zstd application/x-zstd", "zst zstd tzst", "wraps"),
    Row("tar archive", "application/x-tar application/tar application/x-gtar application/x-ustar", "tar", "",
        "", "application/gzip application/x-bzip2 application/x-xz application/zstd", begins=first.TAR),
    Row("signed or encrypted file", "application/pkcs7-mime application/x-pkcs7-mime | application/pkcs7-signature "
        "application/x-pkcs7-signature | application/timestamped-data | application/cms", "p7m p7s p7c p7z", "wraps",
        "", _TEXT, begins=SIGNED),
    Row("7-Zip archive", "application/x-7z-compressed application/7z", "7z"),
    Row("RAR archive", "application/vnd.rar application/x-rar application/x-rar-compressed application/rar", "rar"),

    # Fonts
    Row("web font", "font/woff2 application/font-woff2 | font/woff application/font-woff application/x-font-woff",
        "woff woff2", begins=first.WEB_FONT),
    Row("font", "font/sfnt application/font-sfnt | font/ttf application/x-font-ttf | font/otf application/x-font-otf "
        "application/vnd.ms-opentype | font/collection", "ttf otf ttc", begins=first.FONT),

    # Text
    Row("plain text", f"{_TEXT} | text/x-log", "txt text log nfo asc", "text verbatim"),
    Row("Markdown or other written text", "text/markdown text/x-markdown text/x-web-markdown | text/x-rst | text/x-tex "
        "application/x-tex | text/x-diff text/x-patch | text/x-po text/x-gettext-translation | text/x-texinfo "
        "application/x-texinfo", "md markdown mdown mkd rst adoc asciidoc org textile wiki dokuwiki tex texi texinfo "
        "bib po pot puml plantuml diff patch", "text verbatim"),
    Row("comma-separated values", "text/csv application/csv text/x-csv application/x-csv text/comma-separated-values "
        "text/x-comma-separated-values | text/tab-separated-values", "csv tsv tab", "text"),
    Row("JSON", "application/json text/json application/x-json | application/x-ndjson application/jsonl "
        "| application/geo+json application/vnd.geo+json | application/ld+json | application/manifest+json",
        "json ndjson jsonl geojson ipynb har webmanifest", "text"),
    Row("XML", f"{_XML} | application/rss+xml | application/atom+xml | application/gpx+xml "
        "| application/vnd.google-earth.kml+xml | application/xml-dtd | application/rdf+xml text/rdf "
        "| application/mathml+xml | application/smil+xml application/smil | application/xspf+xml "
        "| application/voicexml+xml | application/vnd.mozilla.xul+xml",
        "xml rss atom gpx kml xsd dtd resx wsdl tei xliff xlf rdf rdfs owl rng mml mathml smil xspf vxml xul opml "
        "disco mno vml xsf",  # IIS sends these as text/xml
        "text"),
    Row("settings", "application/yaml text/yaml text/x-yaml application/x-yaml | application/toml "
        "| application/x-wine-extension-ini text/x-ini", "yaml yml toml ini cfg conf properties", "text"),
    Row("calendar or address", "text/calendar text/x-vcalendar | text/vcard text/x-vcard", "ics ifb vcf vcs", "text"),
    Row("subtitles", "application/x-subrip text/srt | text/vtt", "srt vtt", "text"),
    Row("mail message", "message/rfc822 message/global | application/mbox", "eml mbox", "text"),
    Row("style sheet", "text/css", "css scss sass less", "text"),
    Row("database statements", "application/sql text/x-sql application/x-sql", "sql", "text"),
    Row("source code", "text/x-c | text/x-c++ | text/x-java | text/x-asm | text/x-makefile | text/x-objective-c "
        "| text/x-pascal | text/x-fortran | text/x-go | text/x-rust | text/x-m4 | text/x-lisp | text/x-msdos-batch "
        "| text/x-powershell | text/x-modulefile | text/x-algol68 | text/x-bcpl | text/x-awk | text/x-gawk "
        "| text/x-nawk | text/x-info | text/x-ruby | text/x-script.python text/x-python | text/x-perl "
        "| text/x-tcl | text/x-lua | text/troff",
        "c h cc cpp cxx hpp cs java go rs swift kt scala r vue svelte hbs mustache twig j2 ejs tmpl tpl liquid",
        "text verbatim"),

    # What browsers and servers run
    Row("HTML page", "text/html | application/xhtml+xml", "html htm xhtml xhtm xht hxt shtml shtm mht mhtml hta",
        "active text", "", f"{_XML} message/rfc822"),
    Row("JavaScript", "text/javascript application/javascript application/x-javascript application/ecmascript "
        "text/ecmascript", "js mjs cjs jsx", "text verbatim"),
    Row("PHP script", "text/x-php application/x-php application/x-httpd-php application/x-httpd-php-source",
        "php php3 php4 php5 php7 php8 phtml phps", "active text", "", "text/html"),
    Row("server page", "application/x-httpd-jsp text/x-jsp | text/asp text/x-asp", "jsp jspx asp aspx ashx ascx cshtml",
        "active text", "", f"text/html {_XML}"),
    Row("script", "text/x-shellscript application/x-sh application/x-shellscript | application/x-csh "
        "| application/x-perl | application/x-ruby",
        "sh bash zsh csh tcsh ksh fish py pyw pl pm perl rb tcl lua awk cgi ps1 bat cmd", "active text"),

    # What machines run
    Row("Windows program", "application/vnd.microsoft.portable-executable application/x-dosexec "
        "application/x-msdownload application/x-ms-dos-executable application/x-exe "
        "application/x-winexe application/exe", "exe dll com scr cpl sys ocx pif", "program"),
    Row("Windows installer", "application/x-msi application/x-ms-installer", "msi msp", "program", _OLE, _ANY_OLE),
    Row("Windows shortcut", "application/x-ms-shortcut", "lnk", "program"),
    Row("Unix program", "application/x-executable | application/x-pie-executable | application/x-sharedlib "
        "| application/x-elf | application/x-object | application/x-coredump", "elf so", "program"),
    Row("macOS program", "application/x-mach-binary", "dylib", "program"),
    Row("Java program", "application/x-java-applet application/java-vm application/x-java application/x-java-class",
        "class", "program"),
    Row("Java archive", "application/java-archive application/x-java-archive application/x-jar", "jar war ear",
        "program", _ZIP, _ZIP),
    Row("Android package", "application/vnd.android.package-archive", "apk aab", "program", _ZIP, _ZIP),
    Row("Linux package", "application/vnd.debian.binary-package application/x-debian-package | application/x-rpm",
        "deb rpm", "program"),
    Row("WebAssembly", "application/wasm", "wasm", "program", begins=first.WASM),
    Row("Flash program", "application/x-shockwave-flash application/vnd.adobe.flash.movie", "swf", "program"),
    Row("HTML help", "application/vnd.ms-htmlhelp", "chm", "program"),
)
