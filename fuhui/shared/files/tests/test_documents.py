"""What is taken for a document: by content, never by name."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from fuhui.shared.errors import BadInput
from fuhui.shared.files.documents import MOST_BYTES, clean_document, clean_name

_TYPES = "application/vnd.openxmlformats-officedocument."
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def package(main: str, *parts: str, types: str = "[Content_Types].xml") -> bytes:
    """An office file with a main part of a type, and further parts."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(types, f'<Types><Override PartName="/m.xml" ContentType="{main}"/></Types>')
        for part in parts:
            file.writestr(part, b"x")
    return kept.getvalue()


DOCX = package(f"{_TYPES}wordprocessingml.document.main+xml", "word/document.xml")
XLSX = package(f"{_TYPES}spreadsheetml.sheet.main+xml", "xl/workbook.xml")


@pytest.mark.parametrize(("content", "suffix"), [(PDF, ".pdf"), (DOCX, ".docx"), (XLSX, ".xlsx")])
def test_the_suffix_comes_from_the_content(content: bytes, suffix: str) -> None:
    assert clean_document(content, "证明.html").name == f"证明{suffix}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><script>alert(1)</script>", "只能上传"),
        (PDF[:-8], "不完整"),
        (PDF.replace(b"/Type", b"/JavaScript(x)/Type"), "脚本"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "旧格式或加了密码"),
        (DOCX[:-30], "不完整或已损坏"),
        (package("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "宏"),
        (package(f"{_TYPES}wordprocessingml.document.main+xml", "word/vbaProject.bin"), "宏"),
        (package("x", "virus.exe", types="readme.txt"), "压缩包"),
        (package(f"{_TYPES}presentationml.presentation.main+xml"), "只能上传"),
        (PDF + bytes(MOST_BYTES), "20 MB"),
    ],
)  # fmt: skip
def test_what_is_no_plain_document_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        clean_document(content, "文件.docx")


def test_a_package_that_unpacks_to_too_much_is_refused() -> None:
    kept = BytesIO(DOCX)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/media/zeros.bin", bytes(201 * 1024 * 1024))
    assert len(kept.getvalue()) < 1024 * 1024
    with pytest.raises(BadInput, match="展开后太大"):
        clean_document(kept.getvalue(), "x.docx")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\桌面\\证明.pdf", "证明.pdf"),
        ("合同\u202efdp.exe", "合同fdp.pdf"),
        ('<b>"x"</b>.html', "b.pdf"),
        ("", "文件.pdf"),
        ("很长" * 90 + ".pdf", "很长" * 40 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    assert clean_name(name, ".pdf") == kept
