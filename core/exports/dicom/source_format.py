"""Which sources are DICOM images, and what is said of the others; without any DICOM library."""

# The format of such a source in workspaces, as its reader is called.
DICOM = "DICOM"
NO_DICOM_SOURCE = (
    "The source is no DICOM image, so it has neither a patient nor a study to file a result under.",
    "Set `new_study` to write the result and a copy of the picture as a study of its own.",
)
