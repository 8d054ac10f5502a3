"""Everything of Saliscope that needs no window."""
