"""Readers, one file a format, and the index of a file or folder.

Untrusted files are decoded in the reader process only; `core.readers.process.ReaderProcess` is its client.
Nothing is imported here, so that the window, which only talks to that process, loads no decoder.
"""
