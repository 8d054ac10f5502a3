"""Files for other programs and other people: one file a kind of export."""
