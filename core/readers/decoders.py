"""Loading everything that decodes at once, for the reader process."""

from importlib import import_module

_MODULES = (
    "core.readers.dicom_image",
    "core.readers.nifti_volume",
    "core.readers.picture_image",
    "core.readers.tiff_image",
)


def load_decoders() -> None:
    """Import the decoders that readers otherwise load with their first file.

    The reader process calls this before it limits its memory, so that loading takes nothing of a file's
    share.
    """
    for module in _MODULES:
        import_module(module)
