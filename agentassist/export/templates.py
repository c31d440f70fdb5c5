"""Jinja2 templates over a note: the shipped ones, and an organisation's own, checked before use.

They run in Jinja2's sandbox, read nothing but the shipped templates, and see `Facts` alone.
What a Markdown template prints is escaped for Markdown; `safe` takes that off.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import jinja2
import msgspec
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from agentassist.call import Call
from agentassist.cleaning import cleaned
from agentassist.errors import MendableError
from agentassist.export.escaping import escaped
from agentassist.export.facts import Facts, facts
from agentassist.export.samples import CANARY, SAMPLES
from agentassist.note import words
from agentassist.values import Note

Kind = Literal["text", "markdown"]

FOLDER = Path(__file__).parent.parent / "templates"

SHIPPED: dict[Kind, str] = {"text": "short.txt.j2", "markdown": "full.md.j2"}

NAMES = Facts.__struct_fields__
"""What a template may name, beside what it sets itself."""

_MOST = 100_000
"""Bytes of a template: far above any form letter."""


class TemplateError(MendableError):
    """A template that can't be used: one line with `file:line`, the fault, and the mend."""


class Template:
    """A template that was compiled; `read` also checks it."""

    def __init__(self, source: str, file: str, kind: Kind) -> None:
        """Raises TemplateError at the line of a syntax fault."""
        self.file = file
        self.kind = kind
        environment = _environment(kind)
        try:
            self._tree = environment.parse(source, filename=file)
            code = environment.compile(source, filename=file)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{file}:{error.lineno}: not a template: {error.message}") from None
        compiled = environment.template_class
        self._template = compiled.from_code(environment, code, environment.globals)

    def render(self, call: Call, note: Note) -> str:
        """The note as the template has it, with what is to be confirmed, which it can't leave out.

        Raises TemplateError, without words of the call.
        """
        try:
            return self._render(call, note)
        except Exception as error:  # noqa: BLE001 - whatever a template can raise
            place = f"{self.file}:{_line(error, self.file)}"
            raise TemplateError(
                f"{place}: fails on this call ({type(error).__name__}); check it with "
                f"agentassist export --check-template {self.file}"
            ) from None

    def check(self) -> None:
        """Names and a trial over sample notes, from empty to full. Raises TemplateError."""
        for line, name in self._unknown():
            raise TemplateError(f'{self.file}:{line}: unknown name "{name}"; {_listed(NAMES)}')
        for call, note in SAMPLES:
            try:
                written = self._render(call, note)
            except Exception as error:  # noqa: BLE001 - whatever a template can raise
                place = f"{self.file}:{_line(error, self.file)}"
                raise TemplateError(f"{place}: {_told(error)}") from None
            if self.kind == "markdown" and CANARY in written:
                raise TemplateError(
                    f"{self.file}: words of the call reach the page as markup; "
                    "take `safe` off what holds them"
                )

    def _render(self, call: Call, note: Note) -> str:
        known = facts(cleaned(call), cleaned(note))
        written = self._template.render({name: getattr(known, name) for name in NAMES})
        return _with_doubts(written, known, self.kind)

    def _unknown(self) -> Iterator[tuple[int, str]]:
        from jinja2.meta import find_undeclared_variables

        unknown = find_undeclared_variables(self._tree) - {*NAMES, *_environment("text").globals}
        for found in self._tree.find_all(nodes.Name):
            if found.name in unknown:
                yield found.lineno, found.name


@cache
def shipped(kind: Kind) -> Template:
    """The template that is used where none is named."""
    name = SHIPPED[kind]
    return Template(_sources()[name], name, kind)


def read(file: Path, kind: Kind) -> Template:
    """An organisation's own template, checked. Raises TemplateError."""
    try:
        source = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TemplateError(f"{file}: no such file; name a template") from None
    except UnicodeDecodeError:
        raise TemplateError(f"{file}: not text in UTF-8; save it as that") from None
    except OSError as error:
        raise TemplateError(f"{file}: can't be read: {error.strerror}") from None
    if len(source) > _MOST:
        raise TemplateError(f"{file}: longer than {_MOST:,} characters: is it a template?")
    template = Template(source, str(file), kind)
    template.check()
    return template


def kind_of(file: Path) -> Kind:
    """What a template's name says that it writes: `.md`, `.md.j2` Markdown, all else text."""
    name = file.name.lower().removesuffix(".j2").removesuffix(".jinja")
    return "markdown" if name.endswith((".md", ".markdown")) else "text"


class _Sandbox(ImmutableSandboxedEnvironment):
    """As strict as Jinja2's own, and no method of a value of ours may be called."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, msgspec.Struct):
            return attr in obj.__struct_fields__
        return super().is_safe_attribute(obj, attr, value)


class _Unknown(jinja2.StrictUndefined):
    """Says which names there are in what was asked."""

    @property
    def _undefined_message(self) -> str:
        asked = self._undefined_obj
        if self._undefined_hint or not isinstance(asked, msgspec.Struct):
            return super()._undefined_message
        return f'unknown name "{self._undefined_name}"; {_listed(asked.__struct_fields__)}'


@cache
def _environment(kind: Kind) -> _Sandbox:
    marked = kind == "markdown"
    environment = _Sandbox(
        undefined=_Unknown,
        autoescape=marked,
        finalize=_marked if marked else None,
        loader=jinja2.FunctionLoader(_sources().get),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.pop("lipsum")
    environment.filters |= {
        "money": _money,
        "day": _day,
        "clock": words.clock,
        "moment": words.moment,
        "told": words.told,
        "sentence": _sentence,
        "md": _marked,
    }
    return environment


@cache
def _sources() -> dict[str, str]:
    return {name: (FOLDER / name).read_text(encoding="utf-8") for name in SHIPPED.values()}


def _marked(value: Any) -> Any:
    """For Markdown, once: what a macro or `safe` gave is left as it is."""
    if isinstance(value, Markup | jinja2.Undefined):
        return value
    return Markup(escaped(str(value)))  # noqa: S704 - escaped for Markdown on this line


def _money(amount: Decimal | None, currency: str | None = None) -> str:
    return "" if amount is None else words.sum_of(amount, currency)


def _day(date: datetime.date | None, form: str | None = None) -> str:
    """As "Friday 27 March 2026", or by `strftime` where a form is given."""
    if date is None:
        return ""
    return date.strftime(form) if form else words.day(date)


def _sentence(text: str) -> str:
    """With a capital first, the rest as it is."""
    return text[:1].upper() + text[1:]


def _with_doubts(written: str, known: Facts, kind: Kind) -> str:
    """What is to be confirmed stands in every note, whatever its template forgot."""
    forms = escaped if kind == "markdown" else str
    missing = [doubt for doubt in known.confirm if forms(doubt) not in written]
    end = "" if written.endswith("\n") else "\n"
    lines = "".join(f"\nCONFIRM {forms(doubt)}\n" for doubt in missing)
    return f"{written}{end}{lines}"


def _line(error: BaseException, file: str) -> int:
    """Where in the template it happened; 1 where that can't be told."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _told(error: Exception) -> str:
    """The fault in words. Only sample notes are in play, so no words of a call are in it."""
    match error:
        case jinja2.exceptions.SecurityError():
            return f"forbidden: {error}"
        case jinja2.UndefinedError():
            return str(error)
        case jinja2.TemplateNotFound():
            return f"no template {error}; {_listed(SHIPPED.values())}; other files can't be read"
        case _:
            return f"{type(error).__name__}: {error}"


def _listed(names: Any) -> str:
    return f"there are: {', '.join(names)}"
