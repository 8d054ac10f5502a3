"""Files among images that no reader supports: archives, images in other formats, videos, workspaces.

A file counts as one of these by its ending or by its first bytes. All others (texts, tables, documents,
programs, hidden files) are passed over without a note.
"""

from pathlib import Path

ARCHIVE, _VIDEO, _IMAGE, _WORKSPACE = "archive", "video", "unsupported image format", "workspace"
WORKSPACE_SUFFIX = ".saliscope"
# Endings of readers' formats that other formats have too: .ima of DICOM, .hdr and .img of NIfTI.
SHARED_SUFFIXES = (".ima", ".hdr", ".img")
_ENDINGS = {
    ARCHIVE: (
        *(".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".lz4", ".7z", ".rar"),
        *(".iso", ".cab"),
    ),
    _IMAGE: (
        # Volumes, microscopy, arrays.
        *(".nrrd", ".nhdr", ".mha", ".mhd", ".mgz", ".mgh", ".mnc", ".gipl", ".ima", ".img", ".acr"),
        *(".nii.zst", ".nii.bz2", ".nii.xz", ".nii.zip", ".par", ".rec", ".head", ".brik", ".brik.gz"),
        *(".svs", ".ndpi", ".czi", ".nd2", ".lif", ".mrxs", ".scn", ".vms", ".oib", ".oif", ".lsm"),
        *(".npy", ".npz", ".mat", ".vtk", ".vti", ".isq", ".vol", ".raw"),
        # Pictures.
        *(".gif", ".webp", ".jp2", ".j2k", ".jpx", ".jpc", ".jls", ".jxl", ".jxr", ".heic", ".heif"),
        *(".avif", ".psd", ".tga", ".pgm", ".ppm", ".pnm", ".pbm", ".pcx", ".dds", ".exr", ".hdr.gz"),
        *(".svg", ".eps", ".ico", ".dng", ".cr2", ".nef"),
    ),
    _WORKSPACE: (WORKSPACE_SUFFIX,),
    _VIDEO: (
        *(".mp4", ".m4v", ".avi", ".mov", ".mkv", ".wmv", ".mpg", ".mpeg", ".webm", ".flv", ".mts", ".3gp"),
    ),
}
# Documents and programs that are stored as archives.
_PACKED_DOCUMENTS = (
    *(".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".pages", ".numbers", ".key"),
    *(".jar", ".apk", ".whl", ".xpi", ".keras", ".pt", ".pth"),
)
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", ARCHIVE),
    (b"PK\x05\x06", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ\x00", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"Rar!\x1a\x07", ARCHIVE),
    (b"NRRD000", _IMAGE),
    (b"ObjectType = Image", _IMAGE),
    (b"GIF87a", _IMAGE),
    (b"GIF89a", _IMAGE),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", _IMAGE),
    (b"\xff\x4f\xff\x51", _IMAGE),
    (b"\xff\x0a", _IMAGE),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", _IMAGE),
    (b"8BPS", _IMAGE),
    (b"\x93NUMPY", _IMAGE),
    (b"MATLAB 5.0 MAT-file", _IMAGE),
    (b"\x1a\x45\xdf\xa3", _VIDEO),
    (b"\x00\x00\x01\xba", _VIDEO),
)
_HINTS = {
    ARCHIVE: "Unpack it and open its contents.",
    _IMAGE: "Convert it to DICOM, NIfTI, PNG or TIFF.",
    _VIDEO: "Export single frames of it.",
    _WORKSPACE: "Open it in the window, or name it to `saliscope replay` or `saliscope export`.",
}


def kind_of(path: Path, head: bytes) -> str:
    """`archive`, `video`, `unsupported image format` or `workspace`; empty for everything else."""
    name = path.name.lower()
    if name.endswith(_PACKED_DOCUMENTS):
        return ""
    # Image formats first: .nii.zst is an image, not only an archive.
    for kind in (_IMAGE, ARCHIVE, _VIDEO, _WORKSPACE):
        if name.endswith(_ENDINGS[kind]):
            return kind
    if head[257:262] == b"ustar":
        return ARCHIVE
    if head[:4] == b"RIFF":
        return {b"WEBP": _IMAGE, b"AVI ": _VIDEO}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _IMAGE if head[8:12] in (b"heic", b"heix", b"mif1", b"avif") else _VIDEO
    return next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), "")


def endings() -> tuple[str, ...]:
    """The endings by which `kind_of` knows files, in lower case."""
    return tuple(ending for of_kind in _ENDINGS.values() for ending in of_kind) + _PACKED_DOCUMENTS


def refusal_of(name: str, kind: str) -> str:
    """Why a file of this kind is not opened as an image, in a sentence."""
    if kind == _WORKSPACE:
        return f"{name} is a workspace, not an image."
    return f"{name} is not in a supported format{f' ({kind})' if kind else ''}."


def hint_for(kind: str) -> str:
    """What to do with a file of this kind."""
    return _HINTS.get(kind, "Open DICOM, NIfTI, PNG, JPEG, BMP or TIFF.")
