"""Starts and stops the window around a `Drive`: application, look, bridge, worker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QLoggingCategory, QObject
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication

from jolidrive import paths
from jolidrive.drive import Drive

from .binding import keep_none
from .brand import draw_brand
from .bridge import Bridge
from .ending import ends_on_signals
from .main_window import MainWindow
from .passphrase import PassphraseAsker, opened_keys
from .tasks import Tasks
from .theme import Look
from .worker_link import WorkerLink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .port import DrivePort, JobsPort


_PICTURES_KB = 64 * 1024
"""Room for a few screens of cropped pictures, also at 200 %."""
_PATIENCE_S = 3.0
"""How long an end waits for calls that still run; the window is out of sight by then."""

_QUIET = "qt.text.font.db=false"
"""Titles come in every script, and Qt warns of each one the chosen font does not hold. What
the person set in QT_LOGGING_RULES still wins."""


def make_application(arguments: Sequence[str] = ()) -> QApplication:
    """The one application object; without a display, Qt's offscreen platform is used."""
    keep_none()
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QGuiApplication.setDesktopFileName("jolidrive")
    app = QApplication([sys.argv[0], *arguments])
    app.setApplicationName("Jolidrive")
    QLoggingCategory.setFilterRules(_QUIET)
    QPixmapCache.setCacheLimit(_PICTURES_KB)
    if QLocale().language() is QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English))
    return app


def has_display() -> bool:
    """Whether there is a screen to open a window on."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Running(QObject):
    """A window with everything it needs, from start to stop."""

    def __init__(
        self,
        app: QApplication,
        drive: DrivePort,
        *,
        jobs: JobsPort | None = None,
        worker_arguments: Sequence[str] = ("work",),
        given: Mapping[str, Mapping[str, str]] | None = None,
        asker: PassphraseAsker | None = None,
    ) -> None:
        super().__init__()
        self._asker = asker
        self._drive = drive
        self.tasks = Tasks()
        self.look = Look(app, paths.resources_dir() / "icons")
        app.setWindowIcon(brand_icon(self.look))
        self.bridge = Bridge(drive.hub)
        self._worker: WorkerLink | None = None
        if jobs is None:
            self._worker = WorkerLink(
                drive.hub,
                worker_arguments,
                tasks=self.tasks,
                keys=self._open_keys,
                parent=self,
            )
            jobs = self._worker
        self.window = MainWindow(self.look, drive, jobs, self.tasks)
        self.window.sheets.given = dict(given or {})
        self.window.sheets.open_keys = self._open_keys
        if asker is not None:
            asker.asked.connect(lambda again: self.window.sheets.ask_passphrase(asker, again))
            self.window.watch.wished.connect(asker.allow)
            self.window.sheets.begun.connect(asker.allow)
        self.bridge.happened.connect(self.window.heard)
        self.window.closing.connect(self.stop)
        self._stopped = False

    def start(self) -> None:
        """Shows the window; events that waited come now."""
        self.window.show()
        self.window.search.field.line.setFocus()
        self.window.start()
        self.bridge.ready()

    def stop(self) -> None:
        """Ends the worker and the threads. Twice is fine."""
        if self._stopped:
            return
        self._stopped = True
        self.window.hide()
        self.window.give_up()
        self.bridge.close()
        if self._asker is not None:
            self._asker.close()
        if self._worker is not None:
            self._worker.close()
        self.tasks.close(_PATIENCE_S)

    def _open_keys(self) -> str | None:
        """Keys that lie in no keyring; asks for the passphrase until it fits. Off-thread."""
        return opened_keys(self._drive, self._asker)


def run_window(profile: str | None = None) -> int:
    """Opens the window on a profile and returns when it is closed."""
    app = make_application()
    folder = Path(profile) if profile else paths.default_profile()
    asker = PassphraseAsker()
    arguments = ("--profile", str(folder), "work")
    with ends_on_signals(app) as ending, Drive.open(folder, passphrase=asker) as drive:
        running = Running(app, drive, worker_arguments=arguments, asker=asker)
        try:
            running.start()
            return ending.run()
        finally:
            running.stop()


def brand_icon(look: Look) -> QIcon:
    """Jolidrive's mark for the task bar."""
    icon = QIcon()
    for side in (16, 32, 64, 128):
        pixmap = QPixmap(side, side)
        pixmap.fill("transparent")
        painter = QPainter(pixmap)
        painter.scale(side / 24, side / 24)
        draw_brand(painter, look)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
