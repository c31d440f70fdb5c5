"""Speech models fetched from a real server: cut off, wrong, too large, and safe in the end."""

import hashlib
import io
import random
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import filelock
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from agentassist import config, doctor
from agentassist.speech import catalogue, download, models, unpacking
from agentassist.speech.base import SpeechError
from tests.conftest import Done, Run
from tests.model_server import ModelServer

NAME = "vosk-model-test"
FILES = {
    "am/final.mdl": random.Random(1).randbytes(300_000),
    "conf/model.conf": b"--beam=13\n",
    "conf/mfcc.conf": b"--use-energy=false\n",
    "graph/HCLG.fst": b"a graph" * 9,
}


def zipped(files: Mapping[Any, bytes]) -> bytes:
    """By names or by ZipInfo."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def inside(folder: str, files: dict[str, bytes] = FILES) -> dict[str, bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}


CUT = 2**17
"""Bytes, a whole number of the downloader's chunks; of what comes of one more, none is kept."""

ARCHIVE = zipped(inside(NAME))


@pytest.fixture(autouse=True)
def _no_proxy_and_no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr(download, "PAUSE", 0.01)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(ARCHIVE).running() as server:
        yield server


class Shop:
    """A catalogue that offers the server's file, and the commands with it."""

    def __init__(self, server: ModelServer, folder: Path, run: Run) -> None:
        self.server, self.run, self.file = server, run, folder / "ours.yaml"
        self.offer()

    def offer(self, path: str = "/model.zip", published: str | None = None, **facts: Any) -> None:
        content = self.server.content
        offered = {
            "name": NAME,
            "language": "en-us",
            "about": "For tests.",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "url": path if "://" in path else self.server.address + path,
            "licence": "CC0-1.0",
            "source": "here",
        } | facts
        offered = {key: value for key, value in offered.items() if value is not None}
        self.file.write_text(yaml.safe_dump({"models": [offered], "published": published}))

    def fetch(self, *more: str | Path) -> Done:
        return self.run("models", "fetch", NAME, "--catalogue", self.file, *more)


@pytest.fixture
def shop(server: ModelServer, tmp_path: Path, run: Run) -> Shop:
    return Shop(server, tmp_path, run)


def place() -> Path:
    return models.user_folder() / NAME


def is_sound() -> bool:
    kept = {name: (place() / name).read_bytes() for name in FILES}
    left = {path.name for path in models.user_folder().iterdir()} - {f".{NAME}.lock"}
    return kept == FILES and left == {NAME} and not list(models.faults(here()))


def here() -> models.Installed:
    (model,) = [model for model in models.installed() if model.name == NAME]
    return model


def nothing_installed() -> bool:
    return NAME not in {model.name for model in models.installed()}


def finding(what: str) -> doctor.Finding:
    return next(found for found in doctor.findings(Path()) if found.what == what)


def test_a_model_is_fetched_checked_and_in_place(shop: Shop) -> None:
    done = shop.fetch()
    assert done == Done(0, f"{NAME} is installed and sound: {place()}\n", done.err)
    assert NAME in done.err  # the bar's label
    assert is_sound()
    assert here() == models.Installed(NAME, place())
    assert models.path_of(NAME) == models.path_of(str(place())) == place()


def test_a_sound_model_is_not_fetched_again_unless_asked_for(shop: Shop) -> None:
    shop.fetch()
    asked = len(shop.server.asked)
    assert "installed and sound" in shop.fetch().out
    assert len(shop.server.asked) == asked
    assert shop.fetch("--again").code == 0
    assert len(shop.server.asked) == asked + 1
    assert is_sound()


def test_a_cut_connection_goes_on_from_where_it_was_cut(shop: Shop) -> None:
    shop.server.cuts = [CUT, CUT // 2]
    assert shop.fetch().code == 0
    assert [asked for _, asked in shop.server.asked] == ["", "bytes=131072-", "bytes=196608-"]
    assert is_sound()


def test_a_cut_that_the_server_does_not_own_up_to_is_seen(shop: Shop) -> None:
    shop.server.says_length = False
    shop.server.cuts = [CUT]
    assert shop.fetch().code == 0
    assert is_sound()


def test_a_server_without_ranges_sends_it_all_again(shop: Shop) -> None:
    shop.server.ranges = False
    shop.server.cuts = [CUT]
    assert shop.fetch().code == 0
    assert is_sound()


def test_a_server_that_always_breaks_off_is_given_up_and_what_came_is_kept(shop: Shop) -> None:
    shop.server.cuts = [CUT] + [0] * download.TRIES
    done = shop.fetch()
    assert done.code == 1
    assert "127.0.0.1: the connection was cut. By hand: fetch http" in done.err
    assert models.part_of(NAME).stat().st_size == CUT
    assert nothing_installed()
    assert shop.fetch().code == 0
    assert shop.server.asked[-1][1] == "bytes=131072-"


def test_a_server_that_is_busy_is_asked_again(shop: Shop) -> None:
    shop.server.statuses = [503, 429]
    assert shop.fetch().code == 0


def test_a_file_that_is_not_there_is_told_at_once(shop: Shop) -> None:
    shop.server.statuses = [404, 200]
    done = shop.fetch()
    assert "answers with status 404" in done.err
    assert len(shop.server.asked) == 1


def test_a_redirect_is_followed_also_when_it_goes_on(shop: Shop) -> None:
    shop.offer("/moved")
    shop.server.cuts = [CUT]
    assert shop.fetch().code == 0
    assert shop.server.asked[-1] == ("/model.zip", "bytes=131072-")
    assert is_sound()


def test_a_wrong_checksum_is_not_installed_and_not_kept(shop: Shop) -> None:
    shop.server.content = ARCHIVE[:-30] + bytes(30)
    done = shop.fetch()
    assert done.code == 1
    assert f"its sha256 is not that of {NAME}" in done.err
    assert nothing_installed()
    assert not models.part_of(NAME).exists()
    shop.server.content = ARCHIVE
    assert shop.fetch().code == 0


def test_a_login_page_in_between_is_taken_for_no_model(shop: Shop) -> None:
    shop.server.content = b"<h1>Welcome to our guest network</h1>"
    done = shop.fetch()
    assert "37 bytes in place of" in done.err
    assert "is there a login page in between?" in done.err
    assert nothing_installed()


def test_a_server_that_sends_too_much_fills_no_disk(shop: Shop) -> None:
    shop.server.says_length = False
    shop.server.content = ARCHIVE + bytes(10**6)
    done = shop.fetch()
    assert f"sends more than {len(ARCHIVE):,} bytes" in done.err
    assert models.part_of(NAME).stat().st_size <= len(ARCHIVE)


@pytest.mark.parametrize(
    "kept", [ARCHIVE, ARCHIVE + b"more", ARCHIVE[:-1] + b"?"], ids=["all", "more", "other"]
)
def test_whatever_an_earlier_try_left_ends_in_a_sound_model(shop: Shop, kept: bytes) -> None:
    models.user_folder().mkdir(parents=True)
    models.part_of(NAME).write_bytes(kept)
    (models.user_folder() / f".{NAME}.new").mkdir()
    if shop.fetch().code:
        assert shop.fetch().code == 0
    assert is_sound()


def test_a_file_that_became_shorter_there_is_told(shop: Shop) -> None:
    models.user_folder().mkdir(parents=True)
    models.part_of(NAME).write_bytes(ARCHIVE[:200_000])
    shop.server.content = ARCHIVE[:1000]
    assert "1,000 bytes in place of" in shop.fetch().err


def test_without_a_network_it_says_what_to_do_by_hand(
    shop: Shop, unused_address: str, tmp_path: Path
) -> None:
    shop.offer(f"{unused_address}/model.zip")
    done = shop.fetch()
    assert done.code == 1
    assert len([line for line in done.err.splitlines() if line.startswith("agentassist:")]) == 1
    assert "can't be reached; is there a network" in done.err
    assert f"agentassist models fetch {NAME} --file ZIP" in done.err
    brought = tmp_path / "brought.zip"
    brought.write_bytes(ARCHIVE)
    assert shop.fetch("--file", brought).code == 0
    assert is_sound()
    assert brought.exists()


@pytest.fixture
def unused_address() -> str:
    server = ModelServer(b"")
    server.server_close()
    return server.address


def test_a_brought_archive_is_checked_like_any_other(shop: Shop, tmp_path: Path) -> None:
    brought = tmp_path / "brought.zip"
    assert "brought.zip: can't be read: No such file" in shop.fetch("--file", brought).err
    brought.write_bytes(ARCHIVE[:-1])
    assert "its sha256 is not that of" in shop.fetch("--file", brought).err
    assert brought.exists()
    assert nothing_installed()


def test_the_proxy_that_is_set_is_used(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", shop.server.address)
    shop.offer("http://models.invalid/model.zip")
    assert shop.fetch().code == 0
    assert shop.server.asked == [("http://models.invalid/model.zip", "")]


def test_what_needs_no_proxy_is_asked_directly(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, unused_address: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", unused_address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert shop.fetch().code == 0


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "refusing"])
def test_a_proxy_that_fails_is_told_without_its_password(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, unused_address: str, gone: bool
) -> None:
    address = unused_address if gone else shop.server.address
    monkeypatch.setenv("HTTP_PROXY", address.replace("//", "//ann:secret@"))
    shop.server.statuses = [407]
    done = shop.fetch("--again")
    assert done.code == 1
    assert "HTTPS_PROXY" in done.err
    assert "secret" not in done.err


def test_a_connection_that_is_not_secure_is_told_at_once(shop: Shop) -> None:
    shop.offer(f"{shop.server.address}/model.zip".replace("http:", "https:"))
    assert "no secure connection" in shop.fetch().err


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(shop: Shop) -> None:
    shop.offer(size=10**18)
    done = shop.fetch()
    assert done.code == 1
    assert "MB are needed" in done.err
    assert "By hand" not in done.err
    assert shop.server.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
@pytest.mark.parametrize("limit", [100_000, len(ARCHIVE) + 1], ids=["fetching", "unpacking"])
def test_a_disk_that_fills_up_loses_nothing(shop: Shop, limit: int) -> None:
    import resource

    if limit > 100_000:
        shop.server.content = zipped(inside(NAME, FILES | {"am/zeros": bytes(2 * limit)}))
        shop.offer()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        done = shop.fetch()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.code == 1
    assert "free some space and run it again; it goes on from there" in done.err
    assert nothing_installed()
    assert models.part_of(NAME).stat().st_size == min(limit, len(shop.server.content))
    assert shop.fetch().code == 0
    assert not list(models.faults(here()))


@pytest.mark.skipif(sys.platform == "win32", reason="no interrupt can be sent to one process there")
def test_who_breaks_off_is_told_what_is_kept_and_goes_on_from_there(shop: Shop) -> None:
    shop.server.cuts, shop.server.hold = [CUT], threading.Event()
    arguments = ["models", "fetch", NAME, "--catalogue", str(shop.file)]
    # Who is started in the background is started with interrupts ignored.
    heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{heeds}; from agentassist.cli import main; main({arguments})"],
        stderr=subprocess.PIPE,
        text=True,
    )
    while download.size_of(models.part_of(NAME)) < 65_536:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=120)[1]
    shop.server.hold.set()
    assert process.returncode == 130
    assert "0 MB are kept; the same command goes on from there" in err
    assert "Traceback" not in err
    assert shop.fetch().code == 0
    assert shop.server.asked[-1][1].startswith("bytes=")
    assert is_sound()


def test_only_one_fetches_a_model_at_a_time(shop: Shop) -> None:
    models.user_folder().mkdir(parents=True)
    with filelock.FileLock(models.user_folder() / f".{NAME}.lock", is_singleton=False):
        assert "is being fetched by another agentassist" in shop.fetch().err


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_a_model_with_an_md5_alone_is_compared_with_the_publishers_list(shop: Shop) -> None:
    published = f"{shop.server.address}/list.json"
    shop.offer(sha256=None, md5=md5(ARCHIVE), published=published)
    shop.server.listed = [{"name": "another"}, {"name": NAME, "md5": md5(b"other"), "size": 3}]
    done = shop.fetch()
    assert "the publisher's list has another checksum than ours" in done.err
    assert [path for path, _ in shop.server.asked] == ["/list.json"]
    shop.server.listed[1]["md5"] = md5(ARCHIVE)
    assert shop.fetch().code == 0
    assert is_sound()


@pytest.mark.parametrize("listed", [[3], [{"md5": "x"}]])
def test_a_list_that_is_none_is_told(shop: Shop, listed: list[Any]) -> None:
    published = f"{shop.server.address}/list.json"
    shop.offer(sha256=None, md5=md5(ARCHIVE), published=published)
    shop.server.listed = listed
    assert "answers with something else" in shop.fetch().err
    shop.server.statuses = [500]
    assert "answers with status 500" in shop.fetch().err


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "evil",
    [
        "../evil",
        "/evil",
        f"{NAME}/../../evil",
        "C:/evil",
        f"{NAME}\\..\\..\\evil",
        f"{NAME}/am/FINAL.mdl",
        f"{NAME}/am/con:stream",
        f"{NAME}/dot.",
        link(f"{NAME}/link"),
        NAME,
        zipfile.ZipInfo("\0"),
    ],
    ids=lambda evil: ascii(getattr(evil, "filename", evil)),
)
def test_an_archive_with_a_name_that_leads_elsewhere_is_not_unpacked(
    shop: Shop, evil: str | zipfile.ZipInfo
) -> None:
    shop.server.content = zipped({**inside(NAME), evil: b"/etc/passwd"})
    shop.offer()
    done = shop.fetch()
    assert done.code == 1
    assert "which no model does; not unpacked" in done.err
    assert nothing_installed()


@settings(max_examples=40)
@given(names=st.sets(st.text("./\\:ab ", min_size=1), min_size=1))
def test_no_archive_writes_outside_of_its_folder(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("unpacked")
    archive = folder / "archive.zip"
    files = {zipfile.ZipInfo(name): b"x" for name in names}
    archive.write_bytes(zipped(files))
    try:
        kept = set(unpacking.unpack(archive, folder / "model"))
    except SpeechError:
        kept = set()
    written = {path for path in folder.rglob("*") if path.is_file() and path != archive}
    assert kept <= {path.relative_to(folder / "model").as_posix() for path in written}
    assert all(folder / "model" in path.parents for path in written)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ARCHIVE[:-100], "a damaged archive"),
        (ARCHIVE[:5000] + b"?" + ARCHIVE[5001:], "a damaged archive"),
        (b"no archive at all", "a damaged archive"),
        (zipped({f"{NAME}/README": b"hello"}), "is missing or empty"),
    ],
    ids=["torn", "flipped", "none", "no model"],
)
def test_a_bad_archive_leaves_the_model_that_was_there(
    shop: Shop, content: bytes, words: str
) -> None:
    shop.fetch()
    shop.server.content = content
    shop.offer()
    done = shop.fetch("--again")
    assert done.code == 1
    assert words in done.err
    assert not list(models.faults(here()))


def test_verify_names_the_file_that_changed_and_fetch_mends_it(shop: Shop) -> None:
    shop.fetch()
    assert shop.run("models", "verify") == Done(0, f"{NAME}: sound\n", "")
    graph = place() / "graph" / "HCLG.fst"
    graph.write_bytes(graph.read_bytes()[::-1])
    (place() / "conf" / "mfcc.conf").unlink()
    done = shop.run("models", "verify", NAME)
    assert done.code == 1
    assert f"{graph}: was changed" in done.err
    assert "mfcc.conf: can't be read: No such file" in done.err
    assert "NOT as fetched" in done.out
    assert shop.fetch().code == 0
    assert is_sound()


def test_a_damaged_manifest_is_a_fault(shop: Shop) -> None:
    shop.fetch()
    (place() / models.MANIFEST).write_bytes(b"{")
    assert shop.run("models", "verify").code == 1


def test_a_model_put_there_by_hand_is_looked_at_for_what_vosk_needs(run: Run) -> None:
    for name, content in FILES.items():
        path = place() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    done = run("models", "verify")
    assert done.code == 0
    assert "not fetched by agentassist: its files are there" in done.out
    (place() / "am/final.mdl").write_bytes(b"")
    assert "am/final.mdl is missing or empty" in run("models", "verify").err


def test_remove_takes_away_the_model_or_what_came_of_it(shop: Shop) -> None:
    shop.fetch()
    config.remember("speech", model=NAME)
    done = shop.run("models", "remove", NAME)
    assert done.out == f"{NAME} is removed.\n"
    assert "still names it under [speech]" in done.err
    assert not place().exists()
    models.part_of(NAME).write_bytes(b"half")
    assert shop.run("models", "remove", NAME).code == 0
    assert not models.part_of(NAME).exists()
    for name in (NAME, "../../etc", "vosk/../.."):
        done = shop.run("models", "remove", name)
        assert done.code == 1
        assert "is installed; installed:" in done.err


def test_a_model_that_lies_elsewhere_is_not_ours_to_remove(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "models" / NAME
    theirs.mkdir(parents=True)
    monkeypatch.setattr(models, "_PACKAGE", tmp_path)
    done = run("models", "remove", NAME)
    assert "was not fetched by agentassist; remove it by hand" in done.err
    assert theirs.exists()


def test_the_list_tells_what_is_installed_and_what_can_be_fetched(shop: Shop) -> None:
    shop.fetch()
    done = shop.run("models", "list", "--catalogue", shop.file)
    assert f"  {NAME}  0 MB  {place()}" in done.out
    assert "For tests." not in done.out
    shipped = shop.run("models").out
    for offered in catalogue.read().models:
        assert f"  {offered.name}  " in shipped


def test_a_model_of_the_settings_that_is_gone_is_told(run: Run) -> None:
    config.remember("speech", model="vosk-gone")
    done = run("models")
    assert done.code == 0
    assert "the model 'vosk-gone' of the settings is not there" in done.err
    assert "Can be fetched:" in done.out
    found = finding("Settings")
    assert not found.ok
    assert "the model 'vosk-gone'" in found.found


def test_the_doctor_sees_a_model_with_a_file_cut_short(shop: Shop) -> None:
    shop.fetch()
    assert NAME in finding("Speech models").found
    (place() / "graph/HCLG.fst").write_bytes(b"")
    found = finding("Speech models")
    assert not found.ok
    assert "HCLG.fst: has another size" in found.found


def test_the_shipped_catalogue_is_sound() -> None:
    shipped = catalogue.read()
    names = [model.name for model in shipped.models]
    assert len(names) == len(set(names)) > 3
    assert all(model.url.startswith("https://") for model in shipped.models)
    assert all(model.url.endswith(f"/{model.name}.zip") for model in shipped.models)
    assert shipped.published
    assert names[0] == "vosk-model-small-en-us-0.15"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("models: [", "ours.yaml:1:10: not YAML"),
        ("models: 3", "not a catalogue of models: Expected `array`, got `int` - at `$.models`"),
        ("models: [{name: ../x}]", "not a catalogue of models"),
        (b"\xff\xfe\x00", "not YAML in UTF-8"),
        (None, "can't be read: No such file"),
    ],
    ids=["torn", "number", "name", "encoding", "missing"],
)
def test_a_catalogue_that_is_none_is_one_line(
    shop: Shop, text: str | bytes | None, words: str
) -> None:
    if text is None:
        shop.file.unlink()
    else:
        shop.file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = shop.fetch()
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert words in line


@pytest.mark.parametrize(
    "facts",
    [
        {"sha256": None},
        {"sha256": "abc"},
        {"url": "file:///etc/passwd"},
        {"name": "vosk/../x"},
        {"size": 0},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_model_in_a_catalogue_has_all_its_facts(shop: Shop, facts: dict[str, Any]) -> None:
    shop.offer(**facts)
    assert "not a catalogue of models" in shop.fetch().err


def test_an_unknown_name_is_told_with_those_that_there_are(shop: Shop) -> None:
    done = shop.run("models", "fetch", "vosk-model-nobody", "--catalogue", shop.file)
    assert f"no model 'vosk-model-nobody' can be fetched; there is: {NAME}" in done.err
    assert "no model 'x' is installed" in shop.run("models", "verify", "x").err


@pytest.mark.parametrize("command", ["", "list", "fetch", "verify", "remove"])
def test_every_command_of_models_has_help_with_an_example(run: Run, command: str) -> None:
    done = run("models", *command.split(), "--help")
    assert f"Example: agentassist models {command}".rstrip() in done.out


def test_a_folder_that_can_not_be_written_is_told(shop: Shop) -> None:
    models.user_folder().parent.mkdir(parents=True)
    models.user_folder().write_bytes(b"no folder")
    assert "it must be a folder that you may write to" in shop.fetch().err
