"""The sentences of the help window, and of what the form says of a model's layers."""

from core.network.layer import Layer

HELP = "Help"
HELP_INDEX = "Pages of the help"
SEARCH_HELP = "Search the help"
CONCEPTS = "Concepts"
GLOSSARY = "Glossary"
PANELS = "The window"
METHODS_OF = "Methods: {}"
CHECKS = "Checks of a map"
VISUALISATIONS = "Pictures of the network"
BACK = "Back"
FORWARD = "Forward"
ABOUT_METHOD = "About this method"
KEYS_HEAD = ("Input", "Does")


def layer(known: Layer) -> str:
    """A layer as a choice: its name, its grid and its number of channels."""
    return f"{known.name} ({known.grid[0]} × {known.grid[1]}, {known.channels:,} channels)"


def see(link: str) -> str:
    """The reference from a term of the glossary to the page that explains it."""
    return f"See {link}."


def nothing_found(words: str) -> str:
    return f"No page contains “{words}”."
