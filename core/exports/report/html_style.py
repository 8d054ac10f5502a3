"""The style sheet of HTML reports: light and dark by the reader's setting, A4 in print."""

from base64 import b64encode
from dataclasses import fields

from core.exports.report.palette import DARK, LIGHT, ReportPalette
from core.figures.scheme_colours import IMAGE_FIELD, IMAGE_TEXT
from core.models.bundle import RESOURCES

WEIGHTS = {400: "InterTabular-Regular.ttf", 600: "InterTabular-SemiBold.ttf"}

_RULES = """
* { box-sizing: border-box; }
html { color-scheme: light dark; }
body { margin: 0 auto; max-width: 1000px; padding: 16px 24px;
  background: var(--background); color: var(--text);
  font: 15px/1.45 "Saliscope Report", "Segoe UI", system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 22px; margin: 8px 0 2px; }
h2 { font-size: 17px; margin: 24px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
h3 { font-size: 15px; margin: 20px 0 8px; }
h1, h2, h3, th, dt, strong { font-weight: 600; }
p { margin: 6px 0; }
.research { font-weight: 600; border: 1px solid var(--line); padding: 6px 10px; background: var(--panel); }
.subtitle { font-size: 16px; margin: 0 0 8px; }
.lead { font-size: 19px; font-weight: 600; }
.caution { color: var(--caution); background: var(--caution_back); padding: 6px 10px; }
.small, figcaption, .axis-text { color: var(--muted); font-size: 13px; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 28px; }
.pictures { display: flex; flex-wrap: wrap; gap: 16px; }
figure { margin: 8px 0; flex: 1 1 280px; max-width: 560px; min-width: 0; }
.picture { display: grid; grid-template-columns: 1fr auto; gap: 6px; background: var(--field); padding: 6px;
  color: var(--letter); font-size: 12px; }
.field { display: grid; grid-template-columns: auto 1fr auto; align-items: center;
  justify-items: center; gap: 2px 4px; }
.field img { grid-area: 2 / 2; width: 100%; height: auto; }
.top { grid-area: 1 / 2; } .left { grid-area: 2 / 1; } .right { grid-area: 2 / 3; }
.bottom { grid-area: 3 / 2; }
.clinical .picture { grid-template-columns: 1fr 62px; }
.scale { position: relative; display: flex; }
.scale img { position: absolute; left: 0; top: 0; width: 16px; height: 100%; }
.scale ol { list-style: none; margin: 0; padding: 0 0 0 20px; display: flex; flex-direction: column;
  justify-content: space-between; white-space: nowrap; }
.no-evidence { grid-column: 1 / -1; color: #ffffff; font-weight: 600; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: 8px 0; font-size: 13px; }
caption { text-align: left; font-weight: 600; padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 8px 4px 0;
  border-bottom: 1px solid var(--line); }
dl.facts { display: grid; grid-template-columns: minmax(9em, max-content) 1fr; gap: 3px 16px;
  margin: 8px 0; font-size: 13px; }
dl.facts dt { max-width: 20em; }
dd { margin: 0; }
dl.verdicts dt { margin-top: 6px; }
dl.verdicts dd { font-size: 13.5px; }
.bars { list-style: none; padding: 0; margin: 8px 0; }
.bars li { display: grid; grid-template-columns: 1fr auto; gap: 0 12px; margin: 4px 0; }
.bars li:first-child { font-weight: 600; }
.bars svg { grid-column: 1 / -1; width: 100%; height: 7px; display: block; }
.bar { fill: var(--bar); } .bar-back { fill: var(--bar_back); }
ul { margin: 6px 0; padding-left: 20px; }
.plot { width: 100%; height: auto; }
.plot text { fill: var(--text); font-size: 7.5px; }
.plot text.title { font-size: 9px; font-weight: 600; }
.plot polyline { fill: none; }
.grid { stroke: var(--line); } .line { stroke: var(--text); } .control { stroke: var(--control); }
footer { margin-top: 24px; }
@media (max-width: 720px) { .columns { grid-template-columns: 1fr; } }
@page { size: A4; margin: 12mm 14mm 14mm;
  @bottom-right { content: "Page " counter(page) " of " counter(pages);
    font: 8pt "Saliscope Report", sans-serif; color: #525c69; } }
@media print {
  body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.35; }
  h1 { font-size: 14pt; } h2 { font-size: 11pt; margin: 10pt 0 4pt; }
  h3 { font-size: 10pt; margin: 10pt 0 4pt; }
  .lead { font-size: 13pt; } .subtitle { font-size: 10.5pt; }
  table, dl.facts, dl.verdicts dd { font-size: 8.5pt; } .small, figcaption { font-size: 8pt; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, li, .caution, .columns { break-inside: avoid; }
  .columns { grid-template-columns: 1fr 1fr; gap: 0 18pt; }
  .clinical { font-size: 8.5pt; line-height: 1.25; }
  .clinical p, .clinical ul, .clinical figure { margin: 2pt 0; }
  .clinical h1 { font-size: 12pt; } .clinical h2 { font-size: 10pt; margin: 5pt 0 2pt; }
  .clinical .lead { font-size: 12pt; } .clinical .small, .clinical figcaption { font-size: 7.5pt; }
  .clinical dl.verdicts { margin: 0; } .clinical dl.verdicts dt { margin-top: 3pt; }
  .clinical dl.verdicts dd { font-size: 8pt; } .clinical .bars, .clinical .bars li { margin: 2pt 0; }
  .clinical figure { max-width: 66mm; } .clinical footer { margin-top: 4pt; }
  .full figure { max-width: 88mm; }
  .picture, .bar, .bar-back, .caution, .research { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
}
"""


def style_sheet() -> str:
    """The whole style sheet, with the program's font in it; it loads nothing."""
    rules = f":root {{ {_variables(DARK)} }} {_curve_rules(DARK)}"
    dark = f"@media screen and (prefers-color-scheme: dark) {{ {rules} }}"
    pictures = f"--field: {IMAGE_FIELD}; --letter: {IMAGE_TEXT};"
    return f"{_fonts()}\n:root {{ {_variables(LIGHT)} {pictures} }}\n{_RULES}{_curve_rules(LIGHT)}\n{dark}\n"


def _fonts() -> str:
    rules = []
    for weight, file in WEIGHTS.items():
        data = b64encode((RESOURCES / "fonts" / file).read_bytes()).decode()
        rules.append(
            f'@font-face {{ font-family: "Saliscope Report"; font-weight: {weight};'
            f' src: url("data:font/ttf;base64,{data}") format("truetype"); }}'
        )
    return "\n".join(rules)


def _variables(palette: ReportPalette) -> str:
    return " ".join(
        f"--{each.name}: {getattr(palette, each.name)};" for each in fields(palette) if each.name != "curves"
    )


def _curve_rules(palette: ReportPalette) -> str:
    return " ".join(
        f".curve{number} {{ stroke: {colour}; }} .mark{number} {{ fill: {colour}; }}"
        for number, colour in enumerate(palette.curves)
    )
