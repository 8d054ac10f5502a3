"""The help: a page for every method, check, panel and concept; every link, picture and key in it is there."""

import re
from pathlib import Path

import pytest

from app.help_pages import (
    CONCEPTS,
    FIRST_PAGE,
    GLOSSARY_PAGE,
    HELP,
    PANELS,
    HelpPage,
    keys_table,
    method_page,
    page,
    page_path,
    pages,
)
from app.shortcuts import ACTIONS, GESTURES
from app.texts import studies as texts_studies
from app.texts import window as texts
from app.window.panel_page import PAGE_NAMES
from core.checks import CHECKS
from core.errors import UnknownMethod
from core.methods import METHODS
from core.methods.path.baselines import BaselineParams
from core.models.bundle import find_bundle
from core.results.visualisation import STATEMENT
from core.samples import sample
from core.visualisations import VISUALISATIONS
from training.help_pictures import HELP_METHODS, PICTURES, HelpPictures

LINKS = re.compile(r"\]\(([^)]+)\)")
WORDS = {
    "explain": texts.EXPLAIN,
    "maps": texts.MAPS,
    "curves": texts.CURVES,
    "studies": texts_studies.STUDIES,
}


def names_in(folder: str) -> set[str]:
    return {path.stem for path in (HELP / folder).glob("*.md")}


def test_that_the_index_holds_every_page_there_is_once() -> None:
    assert names_in("concepts") == set(CONCEPTS)
    assert names_in("panels") == set(PANELS)
    assert names_in("methods") == {method.name for method in METHODS}
    assert names_in("checks") == {metric.name for metric in CHECKS}
    assert names_in("visualisations") == {each.name for each in VISUALISATIONS}
    keys = [found.key for found in pages()]
    files = len(CONCEPTS) + len(PANELS) + len(METHODS) + len(CHECKS) + len(VISUALISATIONS)
    assert len(keys) == len(set(keys)) == files + 1
    assert GLOSSARY_PAGE in keys
    assert keys[0] == FIRST_PAGE


def test_that_methods_stand_in_their_families_in_the_order_of_the_window() -> None:
    keys = [found.key for found in pages() if found.key.startswith("methods/")]
    assert keys == [f"methods/{method.name}" for method in METHODS]
    assert method_page("grad_cam").group == "Methods: activations"


def test_that_every_panel_of_the_window_has_a_page(repository: Path) -> None:
    modules = {path.stem for path in (repository / "app" / "panels").glob("[!_]*.py")}
    assert {PAGE_NAMES.get(name, name) for name in modules} <= set(PANELS)


@pytest.mark.parametrize("found", pages(), ids=lambda found: found.key)
def test_that_a_page_has_a_title_and_nothing_in_it_leads_nowhere(found: HelpPage) -> None:
    assert found.text.startswith(f"# {found.title}\n")
    generated = page_path(GLOSSARY_PAGE)
    for target in LINKS.findall(found.text):
        place = (found.path.parent / target).resolve()
        assert place.is_file() or place == generated, target
        assert place.is_relative_to(HELP)
        assert place.suffix in (".md", ".webp")


# A new method may have none until the pictures are drawn again.
WITH_PICTURE = [method for method in METHODS if method_page(method.name).picture]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_that_the_page_of_a_method_has_its_title(method) -> None:
    assert method_page(method.name).title == method.title


@pytest.mark.parametrize("method", WITH_PICTURE, ids=lambda method: method.name)
def test_that_the_page_of_a_method_ends_with_its_picture_and_what_it_shows(method) -> None:
    method_help = method_page(method.name)
    assert method_help.picture == f"{method.name}.webp"
    head, _, last = method_help.text.partition("\n## Example\n")
    assert f"]({method_help.picture})" in last
    assert "\n## " not in last
    assert len(last.split()) > 30
    assert f"]({method_help.picture})" not in head


@pytest.mark.parametrize("visualisation", VISUALISATIONS, ids=lambda each: each.name)
def test_that_the_page_of_a_visualisation_says_what_it_is_not_and_shows_one(visualisation) -> None:
    found = page(f"visualisations/{visualisation.name}")
    assert found.title == visualisation.title
    assert STATEMENT in found.text
    assert f"]({found.picture})" in found.text
    assert found.path.with_name(found.picture).stat().st_size < 60_000
    for name in visualisation.Params.model_fields:
        assert f"`{name}`" in found.text


def test_that_every_family_is_shown_by_a_picture() -> None:
    assert {method.family for method in WITH_PICTURE} == {method.family for method in METHODS}
    assert len(WITH_PICTURE) >= 22


@pytest.fixture(scope="module")
def drawn() -> HelpPictures:
    return HelpPictures.model_validate_json((HELP_METHODS / PICTURES).read_text(encoding="utf-8"))


def test_that_the_pictures_are_those_of_the_bundled_model_and_its_defaults(drawn: HelpPictures) -> None:
    assert drawn.weights_sha256 == find_bundle(drawn.model).card.weights_sha256
    assert [each.record.name for each in drawn.maps] == [method.name for method in WITH_PICTURE]
    for method, each in zip(WITH_PICTURE, drawn.maps, strict=True):
        assert each.record.parameters == method.Params().model_dump(mode="json")
        assert (each.record.seed, each.record.target.kind) == (0, "logit")
        assert each.record.target.class_name == sample(drawn.sample).class_name


def test_that_the_pages_say_what_was_measured_of_their_pictures(drawn: HelpPictures) -> None:
    for one in drawn.maps:
        last = method_page(one.record.name).text.partition("## Example")[2]
        assert f"{100 * one.inside:.0f} % of the" in last
        assert f"covers {100 * drawn.outline:.1f} % of the slice" in last


def test_that_the_pictures_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in HELP_METHODS.glob("*.webp")}
    assert set(sizes) == {f"{method.name}.webp" for method in WITH_PICTURE}
    assert {name: size for name, size in sizes.items() if size >= 60_000} == {}


@pytest.mark.parametrize(("name", "title"), WORDS.items())
def test_that_a_panel_is_called_in_the_help_as_in_the_window(name: str, title: str) -> None:
    assert page(f"panels/{name}").title == title


def test_that_the_page_of_the_image_lists_every_key_and_mouse_move() -> None:
    text = page("panels/image").text
    assert keys_table() in text
    assert "{{" not in text
    for action in ACTIONS:
        assert not action.keys or f"| **{', '.join(action.keys)}** | {action.text} |" in text
    for move, does in GESTURES:
        assert f"| **{move}** | {does} |" in text


def test_that_the_pages_name_the_default_baseline_of_the_path_methods() -> None:
    default = re.search(r"The default is `(\w+)`\.", page("concepts/baselines").text)
    assert default is not None
    assert default[1] == BaselineParams().baseline
    assert f"`{default[1]}` is the default" in page("methods/integrated_gradients").text
    with_baseline = [method for method in METHODS if issubclass(method.Params, BaselineParams)]
    assert {method.Params().baseline for method in with_baseline} == {default[1]}
    assert {"integrated_gradients", "guided_ig"} <= {method.name for method in with_baseline}


def test_that_words_are_found_in_any_case_and_order() -> None:
    found = HelpPage(
        "concepts/x", "Concepts", "Signs and colours", "# Signs and colours\n\nRed supports Ärger.\n"
    )
    assert found.holds("SUPPORTS red")
    assert found.holds("ärger")
    assert not found.holds("red blue")
    assert found.is_about("colours")
    assert not found.is_about("red")
    assert not found.is_about(" ")


def test_that_an_unknown_method_has_no_page_and_says_the_nearest() -> None:
    with pytest.raises(UnknownMethod, match="grad_cm"):
        method_page("grad_cm")
