"""Walks over tokens: what every parser of a part of the language needs."""

from local.bicep.findings import SyntaxFault
from local.bicep.syntax.tokens import Kind, Token


class Reading:
    """A place in a list of tokens."""

    def __init__(self, tokens: "list[Token] | tuple[Token, ...]") -> None:
        self._tokens = tokens
        self._place = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self._tokens[self._place]

    def ahead(self, count: int) -> Token:
        """The token `count` after the next one."""
        return self._tokens[min(self._place + count, len(self._tokens) - 1)]

    def sees(self, *marks: str) -> bool:
        """Whether the next token is one of these marks."""
        return self.token.kind is Kind.MARK and self.token.text in marks

    def sees_word(self, *words: str) -> bool:
        """Whether the next token is one of these words."""
        return self.token.kind is Kind.WORD and self.token.text in words

    def take(self) -> Token:
        """The next token, which is passed."""
        token = self.token
        self._place += 1
        return token

    def accept(self, *marks: str) -> bool:
        """Passes one of these marks where it comes next."""
        if self.sees(*marks):
            self._place += 1
            return True
        return False

    def expect(self, mark: str) -> Token:
        """Passes this mark, which has to come next."""
        if not self.sees(mark):
            raise SyntaxFault(self.token.at, f"Here {mark!r} is expected, not {self._shown()}.")
        return self.take()

    def word(self) -> str:
        """Passes a word."""
        if self.token.kind is not Kind.WORD:
            raise SyntaxFault(self.token.at, f"Here a name is expected, not {self._shown()}.")
        return self.take().text

    def expect_word(self, word: str) -> None:
        """Passes this very word."""
        if not self.sees_word(word):
            raise SyntaxFault(self.token.at, f"Here {word!r} is expected, not {self._shown()}.")
        self._place += 1

    def skip_lines(self) -> None:
        """Passes new lines."""
        while self.token.kind is Kind.NEWLINE:
            self._place += 1

    def separator(self, end: str) -> None:
        """Passes what parts two items: commas and new lines; nothing is needed before the end."""
        before = self._place
        while self.token.kind is Kind.NEWLINE or self.sees(","):
            self._place += 1
        if before == self._place and not self.sees(end):
            raise SyntaxFault(
                self.token.at, f"Here a comma, a new line or {end!r} is expected, not {self._shown()}."
            )

    def end_of_statement(self) -> None:
        """Passes the end of a line, which has to come next."""
        if self.token.kind not in {Kind.NEWLINE, Kind.END}:
            raise SyntaxFault(self.token.at, f"Here the line has to end; {self._shown()} is too much.")
        self.skip_lines()

    def _shown(self) -> str:
        named = self.token.kind in {Kind.NEWLINE, Kind.END}
        return f"the {self.token.kind}" if named else repr(self.token.text)
