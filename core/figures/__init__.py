"""Pictures in files: overlays and curves. matplotlib is imported only when one is drawn."""
