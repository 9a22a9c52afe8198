"""The mutants of a file: every place where one small mistake could have been made, and that mistake."""

import ast
from dataclasses import dataclass, field

_SWAPPED: dict[type[ast.AST], ast.AST] = {
    ast.Lt: ast.LtE(),
    ast.LtE: ast.Lt(),
    ast.Gt: ast.GtE(),
    ast.GtE: ast.Gt(),
    ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(),
    ast.In: ast.NotIn(),
    ast.NotIn: ast.In(),
    ast.Is: ast.IsNot(),
    ast.IsNot: ast.Is(),
    ast.And: ast.Or(),
    ast.Or: ast.And(),
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.Add(),
    ast.Div: ast.Mult(),
    ast.FloorDiv: ast.Mult(),
    ast.Mod: ast.Mult(),
}

# What names a type, or tells somebody something, changes no behaviour.
_SILENT_CALLS = {"NewType", "TypeVar", "cast", "dataclass", "field", "log", "telemetry", "getLogger"}

_SILENT_KEYWORDS = {"description", "detail", "example", "strict"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A span of a file's bytes and what stands there instead."""

    path: str
    line: int
    span: tuple[int, int]
    new: str
    kind: str
    at_import: bool = False  # outside of any function's body

    def applied(self, source: bytes) -> bytes:
        """The file with the mistake in it."""
        start, end = self.span
        return source[:start] + self.new.encode() + source[end:]

    def shown(self, source: bytes) -> str:
        """Where it is and what changes, on one line."""
        start, end = self.span
        old = " ".join(source[start:end].decode().split())
        return f"{self.path}:{self.line} {self.kind}: {old[:70]} -> {self.new[:70]}"


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return sorted(finder.found, key=lambda mutant: mutant.span)


@dataclass
class _Finder(ast.NodeVisitor):
    path: str
    source: bytes
    found: list[Mutant] = field(default_factory=list)
    depth: int = 0

    def __post_init__(self) -> None:
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def add(self, node: ast.expr | ast.stmt, kind: str, new: str) -> None:
        start = self.starts[node.lineno - 1] + node.col_offset
        end = self.starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        self.found.append(Mutant(self.path, node.lineno, (start, end), new, kind, not self.depth))

    def replace(self, node: ast.expr, kind: str, new: ast.expr) -> None:
        self.add(node, kind, f"({ast.unparse(new)})")

    # What is left as it is: annotations, decorators, docstrings, names of types.

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self.depth += 1
        self.block(node.body)
        self.depth -= 1

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.block(node.body)

    def visit_Module(self, node: ast.Module) -> None:
        self.block(node.body)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                self.visit(statement)

    # Statements.

    def visit_Expr(self, node: ast.Expr) -> None:
        if _called(node.value) in _SILENT_CALLS:
            return
        if self.depth:
            self.add(node, "left out", "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add(node, "not raised", "pass")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.add(node, "no answer", "return None")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.add(node, "loop", "break")

    def visit_Break(self, node: ast.Break) -> None:
        self.add(node, "loop", "continue")

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if swapped := _SWAPPED.get(type(node.op)):
            changed = ast.AugAssign(node.target, swapped, node.value)  # type: ignore[arg-type]  # an operator
            self.add(node, "operator", ast.unparse(changed))
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self.add(node.iter, "no turn", "()")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        self.condition(node.test)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self.condition(node.test)
        self.generic_visit(node)

    # Expressions.

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.condition(node.test)
        self.generic_visit(node)

    def condition(self, test: ast.expr) -> None:
        if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            self.replace(test, "condition", ast.UnaryOp(ast.Not(), test))

    def visit_Compare(self, node: ast.Compare) -> None:
        for place, operator in enumerate(node.ops):
            changed = [*node.ops]
            changed[place] = _SWAPPED[type(operator)]  # type: ignore[call-overload]  # a comparison
            self.replace(node, "comparison", ast.Compare(node.left, changed, node.comparators))
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        swapped = _SWAPPED[type(node.op)]
        self.replace(node, "and, or", ast.BoolOp(swapped, node.values))  # type: ignore[arg-type]  # a boolop
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            self.replace(node, "not, minus", node.operand)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if swapped := _SWAPPED.get(type(node.op)):
            changed = ast.BinOp(node.left, swapped, node.right)  # type: ignore[arg-type]  # an operator
            self.replace(node, "operator", changed)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.add(test, "filter", "True")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if _called(node) in _SILENT_CALLS:
            return
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in _SILENT_KEYWORDS:
                rest = [other for other in node.keywords if other is not keyword]
                self.replace(node, f"{keyword.arg} left out", ast.Call(node.func, node.args, rest))
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        if not self.depth and len(node.keys) > 1:
            for gone in range(len(node.keys)):
                kept = [place for place in range(len(node.keys)) if place != gone]
                less = ast.Dict([node.keys[place] for place in kept], [node.values[place] for place in kept])
                self.replace(node, f"entry {gone + 1} left out", less)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        match node.value:
            case bool():
                self.replace(node, "constant", ast.Constant(not node.value))
            case int() | float():
                self.replace(node, "constant", ast.Constant(node.value + 1))
            case str() if " " not in node.value:  # a sentence is for people
                self.replace(node, "constant", ast.Constant(f"XX{node.value}"))
            case _:
                pass

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)


def _called(node: ast.expr) -> str:
    """The name that a call begins with: `log` of `log.info(...)`."""
    if not isinstance(node, ast.Call):
        return ""
    name: ast.expr = node.func
    while isinstance(name, ast.Attribute):
        name = name.value
    return name.id if isinstance(name, ast.Name) else ""
