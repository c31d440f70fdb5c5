"""Two themes of our own: quiet colours, every text at 4.5:1 or more on what it stands on.

The ratio is WCAG 2.1's for normal text (success criterion 1.4.3); a test holds it. Colours
only ever repeat what a word, a mark or a weight already says.
"""

from typing import Any, Literal

from textual.app import App
from textual.theme import Theme

QUIET = "quiet"
"""Variables that our style sheets use beside Textual's own."""

TEXTS = ("foreground", QUIET, "agent", "caller", "flag", "urgent", "credit")
GROUNDS = ("background", "surface", "panel")


def _theme(name: str, *, dark: bool, colours: dict[str, str]) -> Theme:
    own = {key: colours[key] for key in (QUIET, "agent", "caller", "flag", "urgent", "credit")}
    return Theme(
        name=name,
        dark=dark,
        primary=colours["agent"],
        secondary=colours["caller"],
        accent=colours["agent"],
        warning=colours["flag"],
        error=colours["urgent"],
        success=colours["credit"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        text_alpha=1.0,
        variables=own
        | {
            "rule": colours["rule"],
            "footer-background": colours["panel"],
            "footer-foreground": colours["foreground"],
            "footer-key-foreground": colours["agent"],
            "footer-description-foreground": colours["foreground"],
            "block-cursor-background": colours["agent"],
            "block-cursor-foreground": colours["background"],
            "block-cursor-blurred-background": colours["panel"],
            "block-cursor-blurred-foreground": colours["foreground"],
            "text-muted": colours[QUIET],
            "text-disabled": colours[QUIET],
            "border": colours["rule"],
            "border-blurred": colours["rule"],
            "scrollbar": colours["rule"],
            "scrollbar-background": colours["background"],
            "scrollbar-background-hover": colours["background"],
            "scrollbar-background-active": colours["background"],
            "scrollbar-corner-color": colours["background"],
        },
    )


DARK = _theme(
    "agentassist-dark",
    dark=True,
    colours={
        "foreground": "#e4e2dc",
        "background": "#17191c",
        "surface": "#1d2024",
        "panel": "#24282d",
        "rule": "#444b53",
        "quiet": "#9aa3ab",
        "agent": "#8ec7ee",
        "caller": "#e3bd86",
        "flag": "#ff9d8f",
        "urgent": "#ff8a80",
        "credit": "#9ccf9c",
    },
)

LIGHT = _theme(
    "agentassist-light",
    dark=False,
    colours={
        "foreground": "#1e2226",
        "background": "#faf9f6",
        "surface": "#f3f1ec",
        "panel": "#e9e6df",
        "rule": "#b6b1a6",
        "quiet": "#575d63",
        "agent": "#0b5387",
        "caller": "#7a4a00",
        "flag": "#a8210f",
        "urgent": "#a8100f",
        "credit": "#22652b",
    },
)

THEMES = {"dark": DARK, "light": LIGHT}


def dress(app: App[Any], theme: Literal["dark", "light"]) -> None:
    """Gives a program both themes and shows it in one, without anything that moves."""
    for known in THEMES.values():
        app.register_theme(known)
    app.theme = THEMES[theme].name
    app.animation_level = "none"


def switch(app: App[Any]) -> None:
    """To the other one."""
    app.theme = THEMES["light" if app.current_theme.dark else "dark"].name
