"""The example plugin of `plugins/README.md` keeps the contract."""

from pathlib import Path

from jolidrive.testing import ConnectorContract


class TestLighthouse(ConnectorContract):
    folder = Path(__file__).parent / "lighthouse"
    tape = Path(__file__).parent / "lighthouse_tape"
