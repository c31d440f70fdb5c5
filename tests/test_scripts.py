"""The two commands that a newcomer runs, where something is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "dirname", "basename", "pwd", "cmp", "cp", "printf")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for POSIX shells")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone on a machine without Python."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / lock, clone)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tmp_path / "bin" / tool).symlink_to(found)
    return clone


def run(clone: Path, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(clone / "scripts" / script)],
        env={"PATH": str(clone.parent / "bin")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def fake_python(clone: Path, script: str) -> None:
    python = clone.parent / "bin" / "python3"
    python.write_text(f"#!{shutil.which('sh')}\n{script}\n")
    python.chmod(0o755)


@pytest.mark.parametrize("script", ["demo", "test"])
def test_without_python_the_mend_is_named(bare: Path, script: str) -> None:
    done = run(bare, script)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "sudo apt install python3" in done.stderr


def test_an_old_python_is_not_taken(bare: Path) -> None:
    fake_python(bare, "exit 1")
    assert "Python 3.11 or newer is needed" in run(bare, "demo").stderr


def test_a_python_without_venv_names_the_package(bare: Path) -> None:
    fake_python(bare, 'case "$*" in *venv*) exit 1;; --version) echo Python 3.12.1;; esac')
    done = run(bare, "demo")
    assert done.returncode == 1
    assert "sudo apt install python3-venv" in done.stderr


def test_a_failing_install_says_so_and_can_be_run_again(bare: Path) -> None:
    fake_python(
        bare,
        'case "$*" in\n'
        '  *"-m pip"*) exit 1;;\n'
        f'  "-m venv"*) {shutil.which("mkdir")} -p .venv/bin;'
        f' {shutil.which("cp")} "$0" .venv/bin/python;;\n'
        "  *agentassist*) exit 1;;\n"
        "  --version) echo Python 3.12.1;;\n"
        "esac",
    )
    done = run(bare, "demo")
    assert done.returncode == 1
    assert "Is there a network?" in done.stderr
    assert not (bare / ".venv" / "installed-requirements.lock").exists()


@pytest.mark.parametrize(
    "script",
    [
        "scripts/demo",
        "scripts/install-phones",
        "scripts/install-servers",
        "scripts/test",
        ".ci/run",
    ],
)
def test_the_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
