"""States and decisions of the panels, as QObjects without widgets."""
