"""Prints the counts of every rule of the house, then each violation; ends with 1 if a rule is broken."""

import sys
from pathlib import Path

from tests.house import class_names, class_sizes, docstrings, guarded_controls, import_circles

ROOT = Path(__file__).resolve().parents[2]
RULES = (import_circles, class_sizes, docstrings, class_names, guarded_controls)


def main(root: Path = ROOT) -> int:
    """Print the report on the project in `root`. Returns the exit code."""
    for rule in RULES:
        print("\n".join(rule.counts(root)))
    violations = [violation for rule in RULES for violation in rule.violations(root)]
    print(f"violations: {len(violations)}")
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
