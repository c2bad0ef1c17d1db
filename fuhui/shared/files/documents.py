"""From what somebody uploaded to a document that is kept: PDF, Word or Excel, known by its content, without macros."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from io import BytesIO

from fuhui.shared.errors import BadInput

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 10_000
LONGEST_NAME = 80
_PDF, _ZIP, _OLE = b"%PDF-", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
# The main part's type in [Content_Types].xml says what the package is, whatever the file is called.
_OFFICE = {
    f"{_OPEN_XML}wordprocessingml.document": (f"{_OPEN_XML}wordprocessingml.document.main+xml", ".docx"),
    f"{_OPEN_XML}spreadsheetml.sheet": (f"{_OPEN_XML}spreadsheetml.sheet.main+xml", ".xlsx"),
}
_RUNS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|XFA)(?![A-Za-z])")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


@dataclass(frozen=True)
class Document:
    """A document fit to be kept: its type and suffix by content, and a name fit to be shown and saved."""

    content: bytes
    content_type: str
    suffix: str
    name: str


def is_document(head: bytes) -> bool:
    """True where the first bytes are those of a document, an old or encrypted one too, rather than of a picture."""
    return head.startswith((_PDF, _ZIP, _OLE))


def clean_document(content: bytes, name: str) -> Document:
    """Checks a PDF, docx or xlsx by its content. Raises BadInput, saying what to do, for more than 20 MB, another type,
    a damaged, encrypted or old file, and one that carries macros, scripts or files of its own."""
    if len(content) > MOST_BYTES:
        raise BadInput("document_big", "文件超过 20 MB，请压缩或分成几份再上传。", field="photo")
    if content.startswith(_OLE):
        raise BadInput(
            "document_old",
            "这是旧格式或加了密码的文件。请打开后去掉密码，另存为 PDF、docx 或 xlsx 再上传。",
            field="photo",
        )
    if content.startswith(_PDF):
        kind, suffix = _pdf(content)
    elif content.startswith(_ZIP):
        kind, suffix = _office(content)
    else:
        raise BadInput("document_type", "只能上传照片、PDF、Word（docx）或 Excel（xlsx）文件。", field="photo")
    return Document(content, kind, suffix, clean_name(name, suffix))


def clean_name(name: str, suffix: str) -> str:
    """A file name without folders, hidden or turning signs, and with the suffix that its content has."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", _UNSAFE.sub("_", visible)).strip(" ._")
    return f"{stem[:LONGEST_NAME] or '文件'}{suffix}"


def _pdf(content: bytes) -> tuple[str, str]:
    if b"%%EOF" not in content[-4096:]:
        raise BadInput("document_broken", "这个 PDF 不完整，可能没有下载完。请重新导出再上传。", field="photo")
    if _RUNS.search(content):
        raise BadInput(
            "document_script", "这个 PDF 里带有脚本或附带文件，不能上传。请用“打印为 PDF”重新生成一份。", field="photo"
        )
    return "application/pdf", ".pdf"


def _office(content: bytes) -> tuple[str, str]:
    broken = BadInput("document_broken", "这个文件不完整或已损坏，请重新保存一份再上传。", field="photo")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise BadInput("document_bomb", "这个文件展开后太大，请删去不需要的内容再上传。", field="photo")
            names = [part.filename.lower() for part in parts]
            if "[content_types].xml" not in names:
                raise BadInput("document_zip", "不能上传压缩包，请解压后把里面的文件一份一份上传。", field="photo")
            types = package.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise broken from error
    if "macroenabled" in types.lower() or any("vbaproject" in one or "/activex/" in one for one in names):
        raise BadInput(
            "document_macro",
            "文件里带有宏（会自动运行的程序），为安全不能上传。请另存为不带宏的 docx 或 xlsx。",
            field="photo",
        )
    for kind, (main, suffix) in _OFFICE.items():
        if f'"{main}"' in types:
            return kind, suffix
    raise BadInput("document_type", "只能上传照片、PDF、Word（docx）或 Excel（xlsx）文件。", field="photo")
