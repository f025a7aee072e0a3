"""Documents of Office in which attributes and elements of other namespaces stand beside those that readers know."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import content, docx, odt, pptx, relationship, xlsx

_Z: Final = 'xmlns:z="urn:z"'
_TEMPLATE: Final = relationship("attachedTemplate", "https://a.example/a.dotm")
_CALL: Final = "of:=COM.MICROSOFT.WEBSERVICE(&quot;https://a.example/&quot;)"
_SCRIPT: Final = "vnd.sun.star.script:a.py$b?language=Python"
_LINKED: Final = '<library:library xlink:href="https://a.example/script.xlb" library:link="true"/>'
_EMPTY: Final = '<library:library library:name="Standard" library:link="false"/>'


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"office_{reason}" for reason in reasons))


def _related(attribute: str) -> bytes:
    return docx(rels=_TEMPLATE.replace("/>", f" {_Z} {attribute}/>"))


def _simple(attributes: str) -> bytes:
    return docx(f"<w:fldSimple {_Z} {attributes}><w:r><w:t>1</w:t></w:r></w:fldSimple>")


def _connected(attribute: str) -> bytes:
    source = f'<connections {_Z}><connection refreshOnLoad="1" {attribute}><webPr url="https://a.example/"/>'
    return xlsx(xl__connections_dot_xml=f"{source}</connection></connections>")


def _libraries(each: str) -> bytes:
    spaces = 'xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return odt(**{"Basic__script-lc_dot_xml": f"<library:libraries {spaces}>{each}</library:libraries>"})


def _flat(body: str) -> bytes:
    spaces = f'<office:document {_Z} xmlns:xforms="http://www.w3.org/2002/xforms" '
    return content(body, "document").replace("<office:document ", spaces).encode()


_DANGEROUS: Final = (
    _case("template-with-a-mode-beside.docx", _related('z:TargetMode="Internal"'), "remote"),
    _case("template-with-a-type-beside.docx", _related('z:Type="x/hyperlink"'), "remote"),
    _case("template-with-a-target-beside.docx", _related('z:Target="a.dotm"'), "remote"),
    _case("dde-with-a-code-beside.docx", _simple('w:instr="DDEAUTO cmd a" z:instr="x"'), "dde"),
    _case("click-with-another-beside.pptx",
          pptx(f'<a:hlinkClick {_Z} action="ppaction://program" z:action="x"/>'), "program"),
    _case("connection-with-a-word-beside.xlsx", _connected('z:refreshOnLoad="0"'), "remote"),
    _case("listener-with-an-address-beside.fodt",
          _flat(f'<script:event-listener xlink:href="{_SCRIPT}" z:href=""/>'), "macros"),
    _case("listener-with-an-action-beside.odt",
          odt(f'<script:event-listener {_Z} script:language="a" xlink:href="a" z:action="show"/>'), "macros"),
    _case("section-with-an-address-beside.fodt",
          _flat('<text:section-source xlink:href="https://a.example/a" z:href="a.odt"/>'), "remote"),
    _case("formula-with-another-beside.fods",
          _flat(f'<table:table-cell table:formula="{_CALL}" z:formula="1"/>'), "remote"),
    _case("library-of-another-machine.odt", _libraries(_LINKED), "macros"),
    _case("library-of-this-machine.odt", _libraries(_LINKED.replace("https://a.example", "file:///tmp")), "macros"),
    _case("data-of-a-form.fodt", _flat('<xforms:instance src="https://a.example/a"/>'), "remote"),
    _case("data-of-a-form-on-a-share.fodt", _flat('<xforms:instance src="file://a.example/a"/>'), "remote"),
    _case("page-after-a-second.fodt", _flat('<office:auto-reload xlink:href="https://a.example/a"/>'), "remote"),
    _case("program-click.odp",
          odt('<script:event-listener script:action="execute" xlink:href="file:///a"/>', kind="presentation"),
          "macros"),
)  # fmt: skip
_HONEST: Final = (
    _case("slide-by-click.odp",
          odt('<script:event-listener script:action="show" xlink:href="#page2"/>', kind="presentation")),
    _case("libraries.odt", _libraries(_EMPTY)),
    _case("data-within-a-form.fodt", _flat('<xforms:instance id="a" src=""><data/></xforms:instance>')),
    _case("form.odt", odt('<office:form xlink:href="https://example.com/"/>')),
    _case("own-template.odt", odt('<office:template xlink:href="https://example.com/a.ott"/>')),
    _case("map.odt", odt('<draw:area-rectangle xlink:href="https://example.com/"/>')),
    _case("toolbar.odt", odt('<office:item xlink:href="service:a.b"/><office:item xlink:href=".uno:Save"/>')),
    _case("attributes-beside.docx", _simple('w:instr="PAGE" z:instr="x"')),
    _case("link-with-a-title-beside.docx",
          docx(rels=relationship("hyperlink", "https://example.com/").replace("/>", f' {_Z} z:Title="a"/>'))),
)  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
