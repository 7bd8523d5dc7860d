"""What a file would do beside showing itself: formulas that start a program or reach another place, and macros. None is ever run; whoever
reads is told.

Cells that begin with `=`, `+`, `-` or `@` are formulas to a spreadsheet program that opens a CSV file (OWASP: CSV Injection).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape

from signoff.domain.findings import Severity
from signoff.domain.reading import Evidence, Notice

_REACHES = re.compile(
    r"\b(?:WEBSERVICE|FILTERXML|HYPERLINK(?!\(\x22#)|IMPORT(?:XML|DATA|FEED|HTML|RANGE)|DDE|RTD|CALL|EXEC|REGISTER(?:\.ID)?|IMAGE)\s*\("
    r"|\b(?:cmd|powershell|mshta|rundll32|msexcel|wscript)\b[^|]*\|",
    re.IGNORECASE,
)
_FORMULA = re.compile(rb"<f(?: [^>]*)?>([^<]{4,2000})</f>")
_MOST = 20


def reaching(text: str) -> bool:
    """Whether a formula reaches outside its workbook: `=WEBSERVICE("http://...")`, `=cmd|' /C calc'!A0`."""
    return bool(_REACHES.search(text))


def typed(texts: Iterable[tuple[str, str]]) -> list[Notice]:
    """Notices for cells of text, each with its place, that a spreadsheet program would run as a command."""
    return [_notice(text, where) for where, text in texts if text[:1] in "=+-@" and reaching(text)][:_MOST]


def stored(data: bytes) -> list[Notice]:
    """Notices for the formulas of an XLSX package that reach outside it."""
    return [_notice(f"={formula}", part) for part, formula in _formulas(data) if reaching(formula)][:_MOST]


def _formulas(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                for found in _FORMULA.findall(package.read(name)):
                    yield name.rpartition("/")[2], unescape(found.decode("utf-8", "replace"))


_MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin$|(?:intl)?macrosheets/|Basic/.+\.xml$|Scripts/.+)", re.IGNORECASE)
"""Parts of Office and OpenDocument packages that hold programs."""
_VBA = "_VBA_PROJECT".encode("utf-16-le")


def macros(data: bytes) -> list[Notice]:
    """A notice where a file holds programs of its own, be it a package (.docm, .xlsm, .xlsb, .odt) or a compound file (.xls)."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            part = next((name for name in package.namelist() if _MACROS.search(name)), None)
    else:
        part = "VBA" if _VBA in data else None
    if part is None:
        return []
    message = "The file holds macros; they were not run, and what they would change in it is not seen here."
    return [
        Notice(code="suspicious_text", message=message, evidence=Evidence(text=part[:200], where=part[:200]), severity=Severity.WARNING)
    ]


def _notice(text: str, where: str) -> Notice:
    message = f"The formula {text[:100]!r} in {where} reaches outside the sheet; it was not run."
    return Notice(code="suspicious_text", message=message, evidence=Evidence(text=text[:200], where=where))
