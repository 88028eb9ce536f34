"""Starts `tests/fake/child.py` and speaks with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).parents[2]


class Child:
    """One child process on a profile."""

    def __init__(self, profile: Path, *, keep_open: bool = False) -> None:
        more = ["--keep-open"] if keep_open else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fake.child", str(profile), *more],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.answer() == {"ready": True}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def ask(self, **command: Any) -> None:
        """Sends a command, and returns when the child has begun it."""
        _pipe(self.process.stdin).write(json.dumps(command) + "\n")
        _pipe(self.process.stdin).flush()
        assert self.answer() == {"go": command["do"]}

    def answer(self) -> Any:
        """The next line, or None when the child is gone."""
        line = _pipe(self.process.stdout).readline()
        return json.loads(line) if line.endswith("\n") else None

    def call(self, **command: Any) -> Any:
        """Sends a command and waits for its answer."""
        self.ask(**command)
        return self.answer()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self._let_go()

    def end(self) -> None:
        """Lets the child end by itself."""
        if self.process.poll() is None:
            _pipe(self.process.stdin).close()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._let_go()

    def _let_go(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()
        self.process.wait(30)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
