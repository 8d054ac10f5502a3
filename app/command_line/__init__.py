"""The commands of `saliscope`: one file for each, listed in `group`."""
