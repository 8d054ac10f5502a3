"""The glossary of the help: one sorted list, the page generated from it, and the design's vocabulary."""

import pytest

from app.help_pages import CONCEPTS, GLOSSARY_PAGE, GlossaryTerm, glossary, page, pages

# The field terms that the design decided on, and those that a reader of the window meets.
VOCABULARY = (
    "study",
    "series",
    "instance",
    "slice",
    "volume",
    "identity",
    "provenance",
    "grid",
    "grid map",
    "bundle",
    "model card",
    "handle",
    "target",
    "method",
    "parameters",
    "attribution map",
    "baseline",
    "control map",
    "curve",
    "protocol",
    "gap",
    "check",
    "finding",
    "verdict",
    "job",
    "workspace",
)
FIELD_TERMS = (
    "attribution",
    "logit",
    "softmax",
    "calibration",
    "AUROC",
    "precision",
    "sensitivity",
    "AIC",
    "SIC",
    "insertion",
    "deletion",
    "completeness",
    "Spearman's rank correlation",
    "SSIM",
    "confidence interval",
    "polarity",
    "window",
    "confusion matrix",
    "ROC curve",
)
TERMS = [entry.term for entry in glossary()]


def test_that_the_terms_are_unique_in_any_case_and_sorted() -> None:
    folded = [term.casefold() for term in TERMS]
    assert folded == sorted(set(folded))


@pytest.mark.parametrize("term", [*VOCABULARY, *FIELD_TERMS])
def test_that_a_term_of_the_design_or_the_field_is_defined(term: str) -> None:
    assert term in TERMS


@pytest.mark.parametrize("entry", glossary(), ids=lambda entry: entry.term)
def test_that_a_definition_is_a_sentence_about_something_else_than_the_term(entry: GlossaryTerm) -> None:
    assert entry.definition[0].isupper()
    assert entry.definition.endswith(".")
    assert len(entry.definition.split()) >= 5
    assert not entry.definition.casefold().startswith(f"{entry.term.casefold()} ")


@pytest.mark.parametrize("entry", glossary(), ids=lambda entry: entry.term)
def test_that_the_page_shows_a_term_with_its_definition_and_a_link_to_its_page(entry: GlossaryTerm) -> None:
    (line,) = [line for line in page(GLOSSARY_PAGE).text.splitlines() if f"**{entry.term}**" in line]
    assert line.startswith(f"- **{entry.term}**: {entry.definition}")
    if entry.see:
        assert line.endswith(f" See [{page(entry.see).title}](../{entry.see}.md).")
    else:
        assert line.endswith(entry.definition)


def test_that_every_page_referred_to_exists_and_is_not_the_glossary() -> None:
    keys = {page.key for page in pages()} - {GLOSSARY_PAGE}
    assert {entry.see for entry in glossary() if entry.see} <= keys


def test_that_the_glossary_follows_the_concepts_in_the_index_and_can_be_searched() -> None:
    keys = [page.key for page in pages()]
    assert keys.index(GLOSSARY_PAGE) == len(CONCEPTS)
    assert page(GLOSSARY_PAGE).holds("observed frequencies")
    assert page(GLOSSARY_PAGE).is_about("glossary")
    assert page(GLOSSARY_PAGE).picture == ""
