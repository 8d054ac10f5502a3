"""The DICOM objects that the exporters `dicom_*` write; imported by them only when something is written."""
