"""Every sentence that the window and the command line show, one file a subject; nothing else of app."""
