"""Word documents of the house: A4, Chinese fonts, a header that says what it is; equal bytes for equal content."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from pipeline.export.workbook import CREATED

AUTHOR = "暖心驿站项目 Warm Stations"
BODY, HEADING = "宋体", "黑体"
GREY, RED = RGBColor(0x66, 0x66, 0x66), RGBColor(0xB0, 0x20, 0x20)
TO_FILL = "〔待填"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def new_document(
    title: str, header: str, stamp: str, *, size: float = 10.5, margin: float = 2.0, spacing: float = 1.15
) -> Any:
    """An empty A4 document; `header` stands on every page, and `stamp` (simulated data) before it; sizes in points,
    margins in centimetres, `spacing` in lines."""
    document = Document()
    _set_properties(document.core_properties, title, stamp)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(margin)
    section.top_margin, section.bottom_margin = Cm(margin), Cm(margin - 0.4)
    section.header_distance, section.footer_distance = Cm(0.9), Cm(0.7)
    normal = document.styles["Normal"]
    normal.font.size = Pt(size)
    _set_font(normal.font, normal.element.get_or_add_rPr(), BODY)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = spacing
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if stamp:
        write(line, f"{stamp}　", size=9, color=RED)
    write(line, header, size=9, color=GREY)
    return document


def write(
    paragraph: Any, text: str, *, size: float | None = None, bold: bool = False, font: str = BODY, color: Any = None
) -> None:
    """Text at the end of a paragraph; what is still to be filled in stands in red."""
    for place, part in enumerate(_split(text)):
        run = paragraph.add_run(part)
        _set_font(run.font, run._element.get_or_add_rPr(), font)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        shade = RED if place % 2 else color
        if shade is not None:
            run.font.color.rgb = shade


def add_line(
    document: Any,
    text: str,
    *,
    indent: float = 0,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
    center: bool = False,
    **looks: Any,
) -> Any:
    """A paragraph; `indent` in centimetres, space in points; `keep` holds it on the page of the next one."""
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent, shape.space_before, shape.space_after = Cm(indent), Pt(before), Pt(after)
    shape.keep_with_next = keep
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(paragraph, text, **looks)
    return paragraph


def add_table(
    document: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], *, indent: float = 0, ruled: bool = True,
    size: float | None = None,
) -> Any:  # fmt: skip
    """A table that stays on one page with what stands above it; widths and indent in centimetres."""
    table = document.add_table(rows=len(rows), cols=len(widths), style="Table Grid" if ruled else None)
    table.autofit = False
    inset = OxmlElement("w:tblInd")
    inset.set(qn("w:w"), str(Cm(indent).twips))
    inset.set(qn("w:type"), "dxa")
    table._tbl.tblPr.append(inset)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = Cm(width)
            write(cell.paragraphs[0], text, size=size)
            cell.paragraphs[0].paragraph_format.keep_with_next = place < len(rows) - 1
    return table


def saved(document: Any) -> bytes:
    """The document as bytes: the parts of the archive in their order, without the time of day."""
    buffer, plain = io.BytesIO(), io.BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, _ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, made.read(name))
    return plain.getvalue()


def _split(text: str) -> list[str]:
    """Text cut so that every second piece is one to fill in.

    >>> _split("由〔待填：单位〕发起")
    ['由', '〔待填：单位〕', '发起']
    """
    pieces, rest = [], text
    while TO_FILL in rest:
        before, _, after = rest.partition(TO_FILL)
        inside, _, rest = after.partition("〕")
        pieces += [before, f"{TO_FILL}{inside}〕"]
    return [*pieces, rest]


def _set_font(font: Any, properties: Any, name: str) -> None:
    """Word takes the font of Chinese letters from an attribute of its own."""
    font.name = name
    properties.rFonts.set(qn("w:eastAsia"), name)


def _set_properties(properties: Any, title: str, stamp: str) -> None:
    created: datetime = CREATED  # fixed, so that the same content gives the same bytes
    properties.author = properties.last_modified_by = AUTHOR
    properties.title, properties.comments, properties.language = title, stamp, "zh-CN"
    properties.created = properties.modified = created
    properties.revision = 1
