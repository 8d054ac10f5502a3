"""Methods of the family region: whole regions of the image, ranked."""
