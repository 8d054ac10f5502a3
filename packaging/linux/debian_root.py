"""The Debian root of the acceptance test: commands in it, and what lies in it."""

import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

USER, USER_ID = "clinician", 1000
HOME = f"/home/{USER}"
# What a running system and the package manager itself write.
UNWATCHED = (
    "proc",
    "sys",
    "dev",
    "tmp",
    "run",
    "home",
    "media",
    "var/cache",
    "var/lib/dpkg",
    "var/lib/apt",
    "var/log",
)

# What is run inside: the mounts that a program expects, then the command as the user.
INSIDE = """set -e
root=$1; shift
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom; do
    touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
if [ -n "$READ_ONLY" ] && [ -d "$root$READ_ONLY" ]; then
    mount --bind "$root$READ_ONLY" "$root$READ_ONLY"; mount -o remount,bind,ro "$root$READ_ONLY"
fi
exec "$@"
"""


class StepFailed(Exception):
    """A step of the test that did not pass, in one sentence."""


class Root:
    """The Debian root in which everything happens."""

    def __init__(self, folder: Path, log: Callable[[str], None]) -> None:
        self.folder, self._log = folder, log

    def run(
        self,
        command: Sequence[str],
        user: str = USER,
        network: bool = False,
        env: Mapping[str, str] | None = None,
        may_fail: bool = False,
    ) -> str:
        """The output of a command in the root. Raises StepFailed if it does not end with 0."""
        chroot = ["chroot", *([f"--userspec={USER_ID}:{USER_ID}"] if user == USER else []), str(self.folder)]
        variables = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": HOME if user == USER else "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            **(env or {}),
        }
        pairs = [f"{name}={value}" for name, value in variables.items()]
        space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
        place = ["sh", "-c", 'cd "$HOME" && exec "$@"', "sh"]
        whole = [
            *space,
            "sh",
            "-c",
            INSIDE,
            "sh",
            str(self.folder),
            *chroot,
            "env",
            "-i",
            *pairs,
            *place,
            *command,
        ]
        # The program's folder cannot be written, whoever tries it, except by the package manager.
        read_only = {"READ_ONLY": "/opt/saliscope" if user == USER else ""}
        start = time.monotonic()
        done = subprocess.run(
            whole,
            env={**os.environ, **read_only},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        shown = " ".join(command).replace("\n", " ")[:200]
        self._log(f"    {user}$ {shown}  -> {done.returncode}, {time.monotonic() - start:.1f} s")
        if done.returncode and not may_fail:
            raise StepFailed(f"`{shown}` ended with {done.returncode}:\n{done.stdout[-4000:]}")
        return done.stdout

    def files(self) -> dict[str, str]:
        """Every file and link of the system, with a mark of its content."""
        marks = {}
        for folder, names, files in os.walk(self.folder):
            inside = Path(folder).relative_to(self.folder).as_posix()
            names[:] = [name for name in names if f"{inside}/{name}".removeprefix("./") not in UNWATCHED]
            for name in [*files, *names]:
                path = Path(folder, name)
                kind = os.readlink(path) if path.is_symlink() else "folder" if path.is_dir() else _hash(path)
                marks[path.relative_to(self.folder).as_posix()] = kind
        return marks

    def user_files(self) -> dict[str, str]:
        """The user's files with their hashes."""
        home = self.folder / HOME.lstrip("/")
        return {
            path.relative_to(home).as_posix(): _hash(path)
            for path in sorted(home.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }

    def listed(self, wanted: Callable[[str], bool]) -> set[str]:
        """The files and folders of those installed packages whose name is wanted."""
        lists = (self.folder / "var/lib/dpkg/info").glob("*.list")
        return {
            line.lstrip("/")
            for path in lists
            if wanted(path.stem.partition(":")[0])
            for line in path.read_text(encoding="utf-8").splitlines()
        }


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return error.__class__.__name__
