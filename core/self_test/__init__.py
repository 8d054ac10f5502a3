"""Does this installation do what it should? Stored files and maps, the trials that use them, a certificate."""
