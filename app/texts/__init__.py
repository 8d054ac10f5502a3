"""Every sentence that the window and the command line show, by subject."""
