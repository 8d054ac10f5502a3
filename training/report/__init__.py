"""What is measured on a finished bundle: performance, shortcuts, figures, the page that compares models."""
