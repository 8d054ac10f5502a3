"""`saliscope` without a window: one file a command, found through the list in `group`."""
