"""The report of a case: one content, drawn as an HTML file and as a PDF file, so that both say the same."""
