"""The forms of an HTML page, as a browser without JavaScript sees them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(slots=True)
class Field:
    """One input of a form."""

    name: str
    value: str
    kind: str
    checked: bool


@dataclass(slots=True)
class Button:
    """One button that submits a form."""

    name: str
    value: str
    label: str = ""


@dataclass(slots=True)
class Form:
    """One form with everything it would send."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    def choose(self, name: str, value: str) -> bool:
        """Turn on the radio button with this value, and only that one; False where there is none."""
        group = [item for item in self.fields if item.kind == "radio" and item.name == name]
        wanted = [item for item in group if item.value.lower() == value.lower()]
        for item in group if wanted else ():
            item.checked = item in wanted
        return bool(wanted)

    def tick_all(self) -> None:
        """Tick every checkbox."""
        for item in self.fields:
            if item.kind == "checkbox":
                item.checked = True

    def content(self, button: Button) -> list[tuple[str, str]]:
        """What a browser sends when this button is pressed."""
        sent = [
            (item.name, item.value)
            for item in self.fields
            if item.name and (item.checked or item.kind not in {"radio", "checkbox"})
        ]
        return [*sent, (button.name, button.value)] if button.name else sent


class Page(HTMLParser):
    """A page's heading, text and forms."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.heading = ""
        self.text = ""
        self.forms: list[Form] = []
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, inputs and buttons."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif tag == "input" and self.forms:
            self.forms[-1].fields.append(
                Field(
                    values.get("name", ""),
                    values.get("value", ""),
                    values.get("type", "text"),
                    "checked" in values,
                )
            )
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append(Button(values.get("name", ""), values.get("value", "")))
        if tag in {"h1", "button", "style", "script"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note the heading, the labels of buttons, and the text."""
        place = self._open[-1] if self._open else ""
        if place in {"style", "script"}:
            return
        self.text += data
        if place == "h1":
            self.heading += data
        elif place == "button" and self.forms:
            self.forms[-1].buttons[-1].label += data.strip()
