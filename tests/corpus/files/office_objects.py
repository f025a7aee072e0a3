"""Documents of Office with objects in them, all of which Office calls oleObject1.bin."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import docx, pptx, xlsx
from tests.inspection.ole_files import ole, workbook

_MATH_TYPE: Final = ole({"\1CompObj": b"x", "Equation Native": b"x"}, root="0002CE03-0000-0000-C000-000000000046")
_EQUATION: Final = ole({"Equation Native": b"x"}, root="0002CE02-0000-0000-C000-000000000046")
_PACKAGE: Final = ole({"\1Ole10Native": b"MZ"}, root="0003000C-0000-0000-C000-000000000046")
_MACROS: Final = ole({"_VBA_PROJECT": b"x"}, {"VBA": ""})
_CHART: Final = ole({"Workbook": workbook()})


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


_DANGEROUS: Final = (
    _case("equation.docx", docx(word__embeddings__oleObject1_dot_bin=_EQUATION), "ole_equation"),
    _case("package.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=_PACKAGE), "ole_package"),
    _case("macros.xlsx", xlsx(xl__embeddings__oleObject1_dot_bin=_MACROS), "ole_macros"),
    _case("program.xlsx", xlsx(xl__embeddings__oleObject1_dot_exe_dot_bin=_CHART), "suffix_forbidden"),
)
_HONEST: Final = (
    _case("math.docx", docx(word__embeddings__oleObject1_dot_bin=_MATH_TYPE)),
    _case("chart.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=_CHART)),
    _case("letter.xlsx", xlsx(xl__embeddings__oleObject1_dot_bin=docx())),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
