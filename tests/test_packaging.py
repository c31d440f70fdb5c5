"""What a user gets who installs the package rather than clones it."""

import os
import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

from agentassist.understanding.model import folder

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        name = build_wheel(str(folder))
    finally:
        os.chdir(before)
    return zipfile.ZipFile(folder / name)


def test_the_wheel_holds_all_that_is_not_code(wheel: zipfile.ZipFile) -> None:
    held = set(wheel.namelist())
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "agentassist").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source <= held
    model = {f"agentassist/models/turns/{file.name}" for file in folder().iterdir()}
    assert len(model) == 5
    assert model <= held
    assert "agentassist/demo/call.flac" in held
    assert "agentassist/py.typed" in held


def test_the_wheel_is_small_and_holds_no_tests(wheel: zipfile.ZipFile) -> None:
    assert sum(item.compress_size for item in wheel.infolist()) < 40_000_000
    assert not any(name.startswith(("tests/", "scripts/")) for name in wheel.namelist())
    recording = wheel.getinfo("agentassist/demo/call.flac")
    assert recording.file_size < 2_000_000


def test_the_command_is_installed(wheel: zipfile.ZipFile) -> None:
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert b"agentassist = agentassist.cli:main" in wheel.read(entry)
