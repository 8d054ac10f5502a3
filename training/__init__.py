"""Makes the bundles that Saliscope ships, and a researcher's own."""
