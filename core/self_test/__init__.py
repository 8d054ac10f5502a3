"""Does this installation do what it should? Stored files and maps, trials with them, a certificate."""
