"""A report as one page of HTML that asks for nothing from anywhere, for reading and printing."""

from pathlib import Path

from agentassist.report.drawings import drawing
from agentassist.report.whole import Report
from agentassist.report.words import INTERVAL, SMALL

FILE = Path(__file__).with_name("page.html.j2")

KEY = f"● a number, ○ one that is {SMALL}, │ its {INTERVAL}."


def page(report: Report) -> str:
    """The whole page. Raises MendableError where matplotlib is missing."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # Escaped by the writer of XML; whatever else there is Jinja2 escapes.
    drawn = [(picture, Markup(drawing(picture))) for picture in report.pictures]  # noqa: S704
    shown = {
        "title": report.title,
        "about": report.about,
        "notes": report.notes,
        "pictures": drawn,
        "quotes": report.quotes,
        "key": KEY,
        "foot": report.foot,
    }
    return environment.from_string(FILE.read_text(encoding="utf-8")).render(page=shown)
