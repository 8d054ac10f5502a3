"""What a PDF file of reportlab holds, read without another library: its pages with their text, its fonts."""

import base64
import re
import zlib
from dataclasses import dataclass

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)(?:\nstream\n(.*?)endstream\n|\n)endobj", re.DOTALL)
_STRING = re.compile(rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class PdfFile:
    """objects: by number, the dictionary and the decoded stream of each."""

    objects: dict[int, tuple[bytes, bytes]]

    @classmethod
    def of(cls, data: bytes) -> "PdfFile":
        """From the bytes of a file."""
        objects = {}
        for match in _OBJECT.finditer(data):
            head = match[2]
            objects[int(match[1])] = head, _decoded(head, _stream(data, match, head)) if match[3] else b""
        return cls(objects)

    @property
    def pages(self) -> list[str]:
        """The text of each page, in the order in which it is drawn."""
        heads = [head for head, _ in self.objects.values() if re.search(rb"/Type /Page\b", head)]
        return [self._text(self.objects[_reference(head, b"Contents")][1]) for head in heads]

    @property
    def fonts(self) -> dict[str, bool]:
        """The names of its fonts, and whether each is embedded and tells the letters of its codes."""
        fonts = {}
        for head, _ in self.objects.values():
            if not re.search(rb"/Type /Font\b", head):
                continue
            name = re.search(rb"/BaseFont /(\S+)", head)
            assert name is not None
            is_embedded = b"/FontDescriptor" in head and b"/ToUnicode" in head
            if is_embedded:
                is_embedded = b"/FontFile2" in self.objects[_reference(head, b"FontDescriptor")][0]
            fonts[name[1].decode()] = is_embedded
        return fonts

    @property
    def dictionaries(self) -> bytes:
        """Everything but the streams, such as the metadata and the bookmarks."""
        return b"\n".join(head for head, _ in self.objects.values())

    def _text(self, content: bytes) -> str:
        letters = self._letters()
        parts, font = [], ""
        for name, string in _STRING.findall(content):
            if name:
                font = name.decode()
                continue
            parts.append("".join(letters[font].get(code, "\ufffd") for code in _unescaped(string)))
        return re.sub(r"\s+", " ", " ".join(parts))

    def _letters(self) -> dict[str, dict[int, str]]:
        """The letters by code, of each font by the name that pages give it."""
        tables = {}
        for head, _ in self.objects.values():
            for name, number in re.findall(rb"/(F\d+\+\d+) (\d+) 0 R", head):
                codes = self.objects[_reference(self.objects[int(number)][0], b"ToUnicode")][1]
                tables[name.decode()] = _code_table(codes)
        return tables


def _reference(head: bytes, key: bytes) -> int:
    match = re.search(rb"/" + key + rb" (\d+) 0 R", head)
    assert match is not None, (key, head)
    return int(match[1])


def _stream(data: bytes, match: re.Match[bytes], head: bytes) -> bytes:
    length = re.search(rb"/Length (\d+)", head)
    assert length is not None, head
    return data[match.start(3) : match.start(3) + int(length[1])]


def _decoded(head: bytes, stream: bytes) -> bytes:
    if b"/Image" in head:
        return b""
    if b"ASCII85Decode" in head:
        stream = base64.a85decode(stream.removesuffix(b"~>"))
    return zlib.decompress(stream) if b"FlateDecode" in head else stream


def _code_table(codes: bytes) -> dict[int, str]:
    rows = re.findall(rb"^<(\w\w)> <(\w{4,})>$", codes, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(value.decode()).decode("utf-16-be") for code, value in rows}


def _unescaped(string: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        text = match[1]
        return bytes([int(text, 8)]) if text[:1].isdigit() else _ESCAPES.get(text, text)

    return re.sub(rb"\\(\d{3}|.)", plain, string, flags=re.DOTALL)
