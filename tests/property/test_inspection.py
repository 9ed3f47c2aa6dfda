"""Laws of inspecting files: whatever bytes come, there is an answer, and an accepted zip has one reading."""

import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalhub.infra.inspection.archive import read_archive, unpack
from evalhub.infra.inspection.images import inspect_jpeg, inspect_png
from evalhub.infra.inspection.office import inspect_docx, inspect_xlsx
from evalhub.infra.inspection.pdf import inspect_pdf
from evalhub.infra.inspection.reasons import Reason, Refusal
from tests.integration.infra import hostile

INSPECTED = {
    "docx": (inspect_docx, hostile.word_file()),
    "xlsx": (inspect_xlsx, hostile.excel_file()),
    "pdf": (inspect_pdf, hostile.pdf_file()),
    "png": (inspect_png, hostile.png_file()),
    "jpg": (inspect_jpeg, hostile.jpeg_file()),
}
EDITS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 6)), max_size=5)


def edited(content: bytes, edits) -> bytes:
    """The content with pieces at some places replaced, put in or taken out."""
    for share, piece, removed in edits:
        at = int(share * len(content))
        content = content[:at] + piece + content[at + removed :]
    return content


@pytest.mark.parametrize("kind", INSPECTED)
@settings(max_examples=150)
@given(edits=EDITS)
def test_damaged_file_is_judged_never_a_crash(kind, edits):
    inspect, content = INSPECTED[kind]
    facts = inspect(io.BytesIO(edited(content, edits)))

    assert facts.get("notices") is not None or facts["refused"] in {reason.code for reason in Reason}


@settings(max_examples=300)
@given(edits=EDITS)
def test_accepted_archive_reads_the_same_by_another_program(edits):
    content = edited(hostile.word_file(), edits)
    file = io.BytesIO(content)
    try:
        ours = {entry.name: b"".join(unpack(file, entry)) for entry in read_archive(file)}
    except Refusal:
        return

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert ours == {info.filename: archive.read(info) for info in archive.infolist()}


@settings(max_examples=50)
@given(names=st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), unique_by=str.lower))
def test_sound_archive_is_read_whole(names):
    entries = [(f"word/{name}.xml", name.encode() * 50) for name in names]
    archive = hostile.zip_of(entries) if entries else hostile.zip_of([("a", b"")])
    file = io.BytesIO(archive)

    found = [(entry.name, b"".join(unpack(file, entry)), entry.checksum) for entry in read_archive(file)]

    assert found == [(name, content, zlib.crc32(content)) for name, content in entries or [("a", b"")]]
