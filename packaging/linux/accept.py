"""The acceptance test of the Linux packages, in a clean minimal Debian without a network.

    sudo python3 packaging/linux/accept.py --package dist/saliscope_0.1.0_amd64.deb \\
        --archive dist/saliscope-0.1.0-linux-x86_64.tar.zst --work /var/tmp/accept

It makes a root by debootstrap, fetches what the package declares as dependencies into a folder, as an
administrator does for a machine without a network, and goes on in a network namespace that has no
interface. Needs root, debootstrap, and about 8 GB. The log (accept.log) and the screenshots are left in the
work folder; it ends with 0 if every step passed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from debian_root import HOME, USER, USER_ID, Root, StepFailed

SUITE = "stable"
MIRROR = "http://deb.debian.org/debian"
PORTABLE_FOLDER = f"{HOME}/Ärztliche Ablage 医療 画像"
# For the test alone; the package declares none of them.
TEST_TOOLS = ("xvfb", "xdotool", "scrot", "locales")
# The root is thrown away, so nothing needs to reach the disk at once.
DPKG_INSTALL = ("dpkg", "--force-unsafe-io", "--install")
DISPLAY = ":7"
WINDOW_LIMIT_S = 300
SAMPLE = "brain_glioma"


class Acceptance:
    """The steps, in their order. program: how Saliscope is called."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.package, self.archive = options.package.resolve(), options.archive.resolve()
        self.work = options.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.out = self.work / "results"
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir()
        self._log_file = (self.work / "accept.log").open("w", encoding="utf-8")
        self.root = Root(self.work / "root", self.log)
        self.media = self.root.folder / "media" / "saliscope"
        self.is_quick = options.quick

    def log(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        self._log_file.write(line + "\n")
        self._log_file.flush()

    def run(self) -> int:
        """Every step; the first that fails ends the test with 1."""
        steps = (
            self.make_root,
            self.fetch_dependencies,
            self.install,
            self.test_installed,
            self.add_test_tools,
            self.test_window,
            self.test_languages,
            self.test_portable,
            self.upgrade,
            self.remove,
        )
        for step in steps:
            self.log(f"== {step.__name__}: {(step.__doc__ or '').splitlines()[0]}")
            try:
                step()
            except StepFailed as failure:
                self.log(f"FAILED: {failure}")
                return 1
        self.log("PASSED: every step.")
        return 0

    def make_root(self) -> None:
        """A minimal Debian, with one user who is no administrator."""
        base = self.work / "base"
        if not (base / "etc/debian_version").exists():
            subprocess.run(
                ["debootstrap", "--variant=minbase", SUITE, str(base), MIRROR],
                check=True,
                stdout=subprocess.DEVNULL,
            )
        shutil.rmtree(self.root.folder, ignore_errors=True)
        subprocess.run(["cp", "-a", str(base), str(self.root.folder)], check=True)
        self.root.run(["useradd", "--create-home", "--uid", str(USER_ID), USER], user="root")
        self.log("    Debian " + (base / "etc/debian_version").read_text(encoding="utf-8").strip())

    def fetch_dependencies(self) -> None:
        """What the package declares, and what the test needs, fetched while there is a network."""
        shutil.copy("/etc/resolv.conf", self.root.folder / "etc/resolv.conf")
        (self.media / "dependencies").mkdir(parents=True)
        (self.media / "tools").mkdir()
        os.link(self.package, self.media / "saliscope.deb") if self._same_disk() else shutil.copy(
            self.package, self.media / "saliscope.deb"
        )
        self.root.run(["apt-get", "update", "-qq"], user="root", network=True)
        # Debootstrap has left those of the root itself.
        self.root.run(["apt-get", "clean"], user="root")
        archives = self.root.folder / "var/cache/apt/archives"
        fetch = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "--download-only"]
        for folder, wanted in (
            ("dependencies", ["/media/saliscope/saliscope.deb"]),
            ("tools", ["/media/saliscope/saliscope.deb", *TEST_TOOLS]),
        ):
            # Apt keeps what it fetched where this is said.
            keep = ["-o", "Binary::apt-get::APT::Keep-Downloaded-Packages=1"]
            self.root.run([*fetch, *keep, *wanted], user="root", network=True)
            for path in archives.glob("*.deb"):
                is_there = (self.media / "dependencies" / path.name).exists()
                path.unlink() if is_there else path.rename(self.media / folder / path.name)
        names = sorted(path.name for path in (self.media / "dependencies").glob("*.deb"))
        size = sum(path.stat().st_size for path in (self.media / "dependencies").iterdir()) / 1e6
        self.log(
            f"    {len(names)} packages of Debian, {size:.0f} MB: " + " ".join(n.split("_")[0] for n in names)
        )
        (self.root.folder / "etc/resolv.conf").unlink()

    def install(self) -> None:
        """The dependencies and then the package from the local folder, without a network."""
        interfaces = self.root.run(["cat", "/proc/net/dev"], user="root").splitlines()[2:]
        self.log("    network interfaces: " + ", ".join(line.split(":")[0].strip() for line in interfaces))
        self._dpkg_all("dependencies")
        self.bare = self.root.files()
        size = self.package.stat().st_size / 1e6
        self.root.run([*DPKG_INSTALL, "/media/saliscope/saliscope.deb"], user="root")
        installed = subprocess.check_output(
            ["du", "-s", "--block-size=1000000", str(self.root.folder / "opt/saliscope")], text=True
        ).split()[0]
        self.log(f"    package {size:.0f} MB, installed {installed} MB")
        self._verify()
        now = self.root.files()
        changed = [name for name, mark in self.bare.items() if now.get(name) != mark]
        self._expect(not changed, f"the package changed files of others: {changed[:5]}")

    def test_installed(self) -> None:
        """As a user, with a program folder that cannot be written."""
        version = self.root.run(["saliscope", "--version"]).strip()
        self.log(f"    {version}")
        refusal = self.root.run(["touch", "/opt/saliscope/x"], may_fail=True)
        self._expect("cannot touch" in refusal, "the user can write the program's folder")
        self._self_test("saliscope", "installed", full=True)

    def add_test_tools(self) -> None:
        """An X server, what takes screenshots, and the German locale: for the test alone."""
        self._dpkg_all("tools")
        self.root.run(["localedef", "-i", "de_DE", "-f", "UTF-8", "de_DE.UTF-8"], user="root")
        self.before = self.root.files()

    def test_window(self) -> None:
        """The window on an X server: the first start shows a sample and explains it."""
        self._window("saliscope", "installed", {})

    def test_languages(self) -> None:
        """Again with LANG=C and with LANG=de_DE.UTF-8."""
        for language in ("C", "de_DE.UTF-8"):
            self._self_test("saliscope", f"installed-{language}", not self.is_quick, {"LANG": language})
            self._window("saliscope", f"installed-{language}", {"LANG": language})

    def test_portable(self) -> None:
        """The archive, unpacked by the user in a folder with spaces, umlauts and Chinese characters."""
        shutil.copy(self.archive, self.media / "saliscope.tar.zst")
        before = self.root.user_files()
        self.root.run(["mkdir", PORTABLE_FOLDER])
        # The root has no zstd.
        archive = self.root.folder / PORTABLE_FOLDER.lstrip("/")
        subprocess.run(
            ["tar", "--no-same-owner", "-xf", str(self.archive), "-C", str(archive)],
            check=True,
        )
        self.root.run(["chown", "-R", f"{USER}:{USER}", PORTABLE_FOLDER], user="root")
        program = f"{PORTABLE_FOLDER}/saliscope/saliscope"
        for language in ("C.UTF-8", "C", "de_DE.UTF-8"):
            name = f"portable-{language}"
            self._self_test(program, name, not self.is_quick and language == "C.UTF-8", {"LANG": language})
        self._window(program, "portable", {})
        inside = PORTABLE_FOLDER.removeprefix(HOME + "/")
        after = {
            name: mark
            for name, mark in self.root.user_files().items()
            if not name.startswith(inside) and not name.startswith("portable-")
        }
        beside = sorted(name for name in after if after[name] != before.get(name))
        self._expect(not beside, f"the portable program wrote elsewhere: {beside[:5]}")
        data = archive / "saliscope" / "data"
        written = sorted(path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file())
        self._expect(
            "settings/settings.json" in written, "the portable program kept no settings beside itself"
        )
        self.log(f"    in data: {', '.join(written[:8])}")
        shutil.rmtree(archive)

    def upgrade(self) -> None:
        """To a higher version: settings, models and workspaces stay, and a workspace repeats to the bit."""
        self.root.run(["saliscope", "explain", "--sample", SAMPLE, "--out", "work"])
        model = f"{HOME}/.local/share/saliscope/models/own_model"
        shipped = "/opt/saliscope/_internal/resources/models/brain_tumor_mri_efficientnetb0"
        self.root.run(["mkdir", "-p", str(Path(model).parent)])
        self.root.run(["cp", "-r", shipped, model])
        before = self.root.user_files()
        self._expect(".config/saliscope/settings.json" in before, "there are no settings to keep")
        higher = self._higher_version()
        self.root.run([*DPKG_INSTALL, "/media/saliscope/higher.deb"], user="root")
        status = self.root.run(["dpkg-query", "-W", "-f", "${Version} ${db:Status-Abbrev}", "saliscope"])
        self._expect(status.split()[0] == higher, f"version {status} is installed, not {higher}")
        self._verify()
        after = self.root.user_files()
        lost = sorted(name for name, mark in before.items() if after.get(name) != mark)
        self._expect(not lost, f"the upgrade changed files of the user: {lost[:5]}")
        self.log(f"    {status.split()[0]}; {len(before)} files of the user are the same")
        replayed = self.root.run(["saliscope", "replay", f"work/{SAMPLE}/{SAMPLE}.saliscope"])
        self.log("    replay: " + " | ".join(replayed.split("\n")[-4:]).strip())

    def remove(self) -> None:
        """Nothing is left outside the user's own folders, and nothing of other packages is touched."""
        before = self.root.user_files()
        own, others = (
            self.root.listed(lambda package: package == "saliscope"),
            self.root.listed(lambda package: package != "saliscope"),
        )
        self.root.run(["dpkg", "--purge", "saliscope"], user="root")
        after = self.root.files()
        left = sorted(name for name in (own - others) & set(after) if name not in self.bare)
        # The caches of the desktop, which the system rebuilds from the packages that are there.
        left += sorted(
            name for name in set(after) - set(self.before) - others if not name.startswith("usr/share/mime/")
        )
        left += sorted(name for name in after if "saliscope" in name.lower() and name not in left)
        gone = sorted((others & set(self.before)) - set(after))
        changed = sorted(
            name for name in others & set(after) if self.before.get(name, after[name]) != after[name]
        )
        self._expect(
            not (left or gone or changed), f"left {left[:5]}, gone {gone[:5]}, changed {changed[:5]}"
        )
        now = self.root.user_files()
        lost = [name for name, mark in before.items() if now.get(name) != mark]
        self._expect(not lost, f"the removal changed files of the user: {lost[:5]}")
        self.log(
            f"    of {len(own - others)} files and folders of the package none is left; "
            f"{len(others & set(after))} of other packages are as before, {len(before)} of the user too"
        )

    def _self_test(self, program: str, name: str, full: bool, env: Mapping[str, str] | None = None) -> None:
        whole = full and "--full" in self.root.run([program, "self-test", "--help"])
        options = ["--full"] if whole else []
        start = time.monotonic()
        self.root.run([program, "self-test", *options, "--out", name], env=env)
        self.log(f"    self-test {' '.join(options)} passed ({name}), {time.monotonic() - start:.0f} s")
        target = self.out / name
        shutil.copytree(self.root.folder / HOME.lstrip("/") / name, target)

    def _window(self, program: str, name: str, env: Mapping[str, str]) -> None:
        """Open the window on an X server, wait until it changes no more, and keep a screenshot."""
        # The lock of an earlier server names a process number that another process has in this namespace.
        script = f"""
rm -f /tmp/.X11-unix/X{DISPLAY[1:]} /tmp/.X{DISPLAY[1:]}-lock
Xvfb {DISPLAY} -screen 0 1600x1000x24 -nolisten tcp >/dev/null 2>&1 & server=$!
export DISPLAY={DISPLAY}
i=0
while [ ! -e /tmp/.X11-unix/X{DISPLAY[1:]} ]; do
    [ $i -lt 60 ] || {{ echo "no X server"; exit 3; }}
    sleep 1; i=$((i + 1))
done
"$1" & program=$!
i=0; last=; same=0
while [ $i -lt {WINDOW_LIMIT_S // 5} ] && [ $same -lt 6 ]; do
    sleep 5; i=$((i + 1)); rm -f "$2"; scrot "$2" || exit 4
    sum=$(cksum < "$2"); [ "$sum" = "$last" ] && same=$((same + 1)) || same=0; last=$sum
done
echo "titles:"
xdotool search --onlyvisible --class saliscope getwindowname %@ 2>/dev/null
# No window manager gives it the focus.
xdotool search --onlyvisible --name '^Saliscope$' windowfocus --sync %1 key --clearmodifiers ctrl+q
i=0
while kill -0 $program 2>/dev/null; do
    [ $i -lt 60 ] || {{ scrot -o "$2"; kill $program; echo "the window does not close"; exit 5; }}
    sleep 1; i=$((i + 1))
done
kill $server; true
"""
        picture = f"window-{name}.png"
        said = self.root.run(["sh", "-c", script, "sh", program, picture], env=env)
        titles = said.partition("titles:\n")[2]
        self._expect("Saliscope" in titles, f"no visible window of the program: {said[-500:]}")
        source = self.root.folder / HOME.lstrip("/") / picture
        shutil.move(source, self.out / picture)
        self.log(f"    window {titles.strip().splitlines()[0]!r}; screenshot {picture}")

    def _dpkg_all(self, folder: str) -> None:
        names = [f"/media/saliscope/{folder}/{path.name}" for path in (self.media / folder).glob("*.deb")]
        self.root.run([*DPKG_INSTALL, *sorted(names)], user="root")

    def _verify(self) -> None:
        differences = self.root.run(["dpkg", "--verify", "saliscope"], user="root").strip()
        self._expect(not differences, f"dpkg --verify: {differences[:500]}")

    def _higher_version(self) -> str:
        folder = self.work / "higher"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["dpkg-deb", "--raw-extract", str(self.package), str(folder)], check=True)
        control = folder / "DEBIAN" / "control"
        text = control.read_text(encoding="utf-8")
        version = next(line.split()[1] for line in text.splitlines() if line.startswith("Version:"))
        higher = f"{version}+1"
        control.write_text(text.replace(f"Version: {version}\n", f"Version: {higher}\n"), encoding="utf-8")
        target = str(self.media / "higher.deb")
        fast = ["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(folder), target]
        subprocess.run(fast, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder)
        return higher

    def _same_disk(self) -> bool:
        return self.package.stat().st_dev == self.media.stat().st_dev

    def _expect(self, holds: bool, complaint: str) -> None:
        if not holds:
            raise StepFailed(complaint)


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="the full self-test only once")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.stderr.write("accept.py makes a Debian root and namespaces: call it as root.\n")
        return 2
    return Acceptance(options).run()


if __name__ == "__main__":
    sys.exit(main())
