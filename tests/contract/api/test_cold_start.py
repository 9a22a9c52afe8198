import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = ("jwt", "requests", "msal", "azure.data", "azure.storage", "azure.identity", "cryptography")


def loaded_by(*modules: str) -> set[str]:
    """What a fresh interpreter holds after it imported the modules."""
    program = f"import sys, {', '.join(modules)}; print(' '.join(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ended.stdout.split())


def test_the_shell_and_the_slices_load_nothing_heavy_before_the_first_call() -> None:
    loaded = loaded_by("functions.about.routes", "functions.preferences.routes", "functions.mapping.routes")
    assert "functions.identity" in loaded
    assert [name for name in loaded if name.startswith(HEAVY)] == []
