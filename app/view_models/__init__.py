"""What the panels show, as QObjects without widgets; every decision of the window is made here."""
