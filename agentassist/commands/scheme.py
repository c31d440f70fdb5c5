"""Tells the desktop that `agentassist://` links are ours, so that a CRM's link opens the call."""

import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

from agentassist.errors import MendableError
from agentassist.store import durable

SCHEME = "agentassist"
"""Of the addresses that a CRM may open."""

ENTRY = "agentassist-call.desktop"

_KIND = f"x-scheme-handler/{SCHEME}"
_REGISTRY = rf"Software\Classes\{SCHEME}"


def register() -> str:
    """Makes it so, for this user alone; returns where. Raises MendableError with the mend."""
    if sys.platform == "win32":
        return _in_registry()
    if sys.platform == "darwin":
        raise MendableError(
            "macOS opens links with applications only; have the CRM run `agentassist call start`,"
            " or make a Shortcut that runs `agentassist call open`"
        )
    return str(_entry())


def forget() -> str:
    """Takes it back; returns what is gone."""
    if sys.platform == "win32":
        return _out_of_registry()
    file = _applications() / ENTRY
    file.unlink(missing_ok=True)
    return str(file)


def _applications() -> Path:
    return platformdirs.user_data_path() / "applications"


def _entry() -> Path:
    """A desktop entry (freedesktop.org), and the word that it is the one for such links."""
    file = _applications() / ENTRY
    text = (
        "[Desktop Entry]\nType=Application\nName=agentassist: begin or end a call\n"
        f"Exec={_quoted(_program())} call open %u\nMimeType={_KIND};\n"
        "NoDisplay=true\nTerminal=false\n"
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        durable.replace(file, text.encode())
    except OSError as error:
        raise MendableError(f"{file}: can't be written: {error.strerror}") from None
    _told("xdg-mime", "default", ENTRY, _KIND)
    return file


def _quoted(program: str) -> str:
    """By the rules of the desktop entry's Exec key."""
    escaped = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in program)
    return f'"{escaped}"'.replace("\\", "\\\\").replace("%", "%%")


def _told(*command: str) -> None:
    """Where that program is not there, desktops find the entry by its kind of link."""
    if shutil.which(command[0]):
        subprocess.run(command, check=False, capture_output=True, timeout=20)  # noqa: S603


def _program() -> str:
    """This very program, as it was started."""
    return str(Path(sys.argv[0]).absolute())


def _in_registry() -> str:
    if sys.platform != "win32":
        raise NotImplementedError
    import winreg

    command = f'"{_program()}" call open "%1"'
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _REGISTRY) as key:
        winreg.SetValueEx(key, "", 0, winreg.REG_SZ, "URL:agentassist call")
        winreg.SetValueEx(key, "URL Protocol", 0, winreg.REG_SZ, "")
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, rf"{_REGISTRY}\shell\open\command") as key:
        winreg.SetValueEx(key, "", 0, winreg.REG_SZ, command)
    return rf"HKEY_CURRENT_USER\{_REGISTRY}"


def _out_of_registry() -> str:
    if sys.platform != "win32":
        raise NotImplementedError
    import winreg

    for below in (r"\shell\open\command", r"\shell\open", r"\shell", ""):
        try:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, _REGISTRY + below)
        except FileNotFoundError:
            continue
    return rf"HKEY_CURRENT_USER\{_REGISTRY}"
