"""The sentences of the help window."""

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


def see(link: str) -> str:
    """The reference from a term of the glossary to the page that explains it."""
    return f"See {link}."


def nothing_found(words: str) -> str:
    return f"No page contains “{words}”."
