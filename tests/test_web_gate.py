"""Who may come in from a browser, and where the desk may be served: without a socket."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentassist.errors import MendableError
from agentassist.web import place
from agentassist.web.gate import MOST_WRONG, WITHIN, Gate, RefusedError
from agentassist.web.place import Place
from tests.conftest import Run

ORIGIN = "http://127.0.0.1:8000"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(ORIGIN, ["127.0.0.1:8000"], clock)


def token(gate: Gate) -> str:
    return gate.link.partition("token=")[2]


def refused(gate: Gate, told: str) -> int:
    with pytest.raises(RefusedError) as error:
        gate.enter(told)
    return error.value.status


def test_a_link_is_good_once_and_another_one_comes_after_it(gate: Gate) -> None:
    first = token(gate)
    visit = gate.enter(first)
    assert refused(gate, first) == 403
    assert gate.visit(visit.cookie) == visit
    assert gate.enter(token(gate)) != visit


def test_no_secret_is_short_or_told_twice(gate: Gate) -> None:
    first, other = token(gate), token(Gate(ORIGIN, []))
    secrets = [first, other, *gate.enter(first)]
    assert len(set(secrets)) == 4
    assert min(map(len, secrets)) >= 43  # 256 bits


@pytest.mark.parametrize("told", ["", "x", "ä", "\udcff", "x" * 10_000])
def test_a_wrong_token_or_cookie_or_key_opens_nothing(gate: Gate, told: str) -> None:
    visit = gate.enter(token(gate))
    assert refused(gate, told) == 403
    with pytest.raises(RefusedError, match="Open the link"):
        gate.visit(told)
    with pytest.raises(RefusedError, match="Open the link"):
        gate.check_key(visit, told)


def test_a_browsers_key_opens_no_desk_of_another(gate: Gate) -> None:
    one, other = gate.enter(token(gate)), gate.enter(token(gate))
    gate.check_key(one, one.key)
    with pytest.raises(RefusedError):
        gate.check_key(one, other.key)


def test_after_many_wrong_tokens_not_even_the_right_one_is_taken_for_a_minute(
    gate: Gate, clock: Clock
) -> None:
    visit = gate.enter(token(gate))
    assert {refused(gate, "guess") for _ in range(MOST_WRONG)} == {403}
    assert refused(gate, token(gate)) == 429
    assert gate.visit(visit.cookie) == visit
    clock.now += WITHIN
    gate.enter(token(gate))


@pytest.mark.parametrize(
    ("changed", "is_socket"),
    [
        ({"Host": "evil.example:8000"}, False),
        ({"Host": "127.0.0.1:8001"}, False),
        ({"Host": ""}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://127.0.0.1:8001"}, True),
        ({"Origin": "null"}, True),
        ({}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_what_another_page_asks_for_is_refused(
    gate: Gate, changed: dict[str, str], is_socket: bool
) -> None:
    with pytest.raises(RefusedError) as error:
        gate.check_sender({"Host": "127.0.0.1:8000"} | changed, is_page=False, is_socket=is_socket)
    assert error.value.status == 403


def test_what_our_page_asks_for_is_not(gate: Gate) -> None:
    ours = {"Host": "127.0.0.1:8000", "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
    gate.check_sender(ours, is_page=False, is_socket=True)
    opened = {"Host": "127.0.0.1:8000", "Sec-Fetch-Site": "cross-site"}
    gate.check_sender(opened, is_page=True, is_socket=False)


@pytest.mark.parametrize(
    ("where", "origin", "hosts"),
    [
        (Place(), "http://127.0.0.1:8000", ("127.0.0.1:8000",)),
        (Place("::1"), "http://[::1]:8000", ("[::1]:8000",)),
        (
            Place(public_url="https://Desk.example/"),
            "https://desk.example",
            ("127.0.0.1:8000", "desk.example"),
        ),
        (
            Place("0.0.0.0", public_url="http://desk.example:80"),
            "http://desk.example",
            ("0.0.0.0:8000", "desk.example"),
        ),
    ],
)
def test_the_address_is_as_a_browser_writes_it(
    where: Place, origin: str, hosts: tuple[str, ...]
) -> None:
    assert (place.origin(where, 8000), place.hosts(where, 8000)) == (origin, hosts)


@pytest.mark.parametrize(
    "where",
    [
        Place("0.0.0.0"),
        Place(public_url="desk.example"),
        Place(public_url="https://desk.example/path"),
        Place(public_url="https://you@desk.example"),
        Place(public_url="https://desk.example:x"),
        Place(public_url="ftp://desk.example"),
    ],
)
def test_an_address_that_no_browser_could_open_is_told_with_one_that_could(where: Place) -> None:
    with pytest.raises(MendableError, match=r"https?://desk\.example"):
        place.origin(where, 8000)


@pytest.mark.parametrize(
    ("hosts", "is_loopback"),
    [
        (("127.0.0.1", "127.1.2.3", "::1", "localhost"), True),
        (("0.0.0.0", "192.168.0.2", "::", "desk.example"), False),
    ],
)
def test_it_is_known_what_others_can_reach(hosts: tuple[str, ...], is_loopback: bool) -> None:
    assert {Place(host).is_loopback for host in hosts} == {is_loopback}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


def test_it_listens_on_this_machine_alone_and_passes_over_a_port_in_use(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "USUAL", range(taken, taken + 1))
    with place.bind(Place()) as bound:
        host, port = bound.getsockname()
    assert host == "127.0.0.1"
    assert port != taken


def test_a_port_that_was_asked_for_and_is_in_use_is_told_with_the_mend(taken: int) -> None:
    with pytest.raises(MendableError, match=f"port {taken} of 127.0.0.1 is in use; leave --port"):
        place.bind(Place(port=taken))


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(MendableError, match=r"--host 192\.0\.2\.1: not an address of this"):
        place.bind(Place("192.0.2.1", 8000))


def test_serving_others_says_in_a_line_what_that_means(run: Run) -> None:
    done = run("review", "--web", "--host", "0.0.0.0")
    reached, wrong = done.err.splitlines()
    assert "plain HTTP: put TLS in front. Who has the link sees what you see" in reached
    assert wrong.startswith("agentassist: --host 0.0.0.0 needs --public-url")
    assert (done.code, done.out) == (1, "")


def test_an_archive_that_cant_be_opened_is_told_before_anything_is_served(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    done = run("review", "--web")
    assert (done.code, done.out) == (1, "")
    assert "archive.sqlite: can't be written" in done.err
    assert done.err.count("\n") == 1


def test_without_the_library_the_mend_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "agentassist.web.server", raising=False)
    monkeypatch.delitem(sys.modules, "agentassist.web.session", raising=False)
    monkeypatch.setitem(sys.modules, "textual_serve", None)
    done = run("review", "--web")
    assert done.code == 1
    assert done.err.endswith("pip install 'agentassist[web]'\n")
    assert done.err.count("\n") == 1
