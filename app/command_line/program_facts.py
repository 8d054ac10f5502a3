"""What `saliscope info` says without a path: version, folders, and the policy in force."""

from app.command_line.output import Output
from core.folders import log_folder, models_folder, policy_file, settings_folder, state_folder
from core.output import shown_name
from core.policy import policy
from core.results.info import InfoDocument, ProgramRecord
from core.results.versions import versions_now

ORIGINS = {
    "built in": "no policy",
    "default": "default of your administrator",
    "forced": "set by your administrator",
}


def show_program(output: Output) -> int:
    """Print and write what there is to know of this installation. Returns the exit code."""
    rules = policy().rules
    record = ProgramRecord(
        versions=versions_now(),
        folders={
            "settings": shown_name(str(settings_folder())),
            "logs": shown_name(str(log_folder())),
            "models": shown_name(str(models_folder())),
            "unsaved work": shown_name(str(state_folder())),
            "policy file": shown_name(str(policy_file())),
        },
        policy=rules,
        policy_problem=policy().problem,
    )
    output.table([("Saliscope", record.versions.program), ("Python", record.versions.python)])
    output.table(list(record.versions.libraries.items()))
    output.print()
    output.table(list(record.folders.items()))
    output.print()
    output.table([(rule.key, _words(rule.value), ORIGINS[rule.origin]) for rule in rules])
    output.document(InfoDocument(images=(), program=record))
    return 0


def _words(value: bool | str) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value or "none"
