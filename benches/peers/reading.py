"""The repository's own outside checker, tests/outside/check.py, which reads instances and evaluates plans."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "outside"))
import check  # noqa: E402, F401
