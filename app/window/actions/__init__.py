"""The actions of the window: what each does, when it can be used, and the menus."""
