"""Methods of the family control: control maps, which ignore the network and which others must beat."""
