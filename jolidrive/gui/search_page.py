"""Search: field, chips, facets, results and details, always telling the same query.

The text is the truth. A click on a facet or a chip changes the text; the text is asked; the
answer shows everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from jolidrive.model.item import Kind
from jolidrive.model.query import Sort
from jolidrive.model.result import FacetName
from jolidrive.search.edit import FacetMode, remove_part, with_facet

from . import phrases
from .answer_words import empty_words, total_words
from .button import icon_button
from .chip_bar import ChipBar
from .columns import Columns
from .details_pane import DetailsPane
from .facet_panel import FacetPanel
from .label import Label, hairline, surface
from .query_words import choices, shown_chips, without_chips, without_dates
from .results_pane import ResultsPane
from .search_field import SearchField
from .search_session import SearchSession
from .tokens import TOP_BAR, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.item import Marks, StoredItem
    from jolidrive.model.result import Hit, ResultPage

    from .port import DrivePort
    from .tasks import Tasks
    from .theme import Look
    from .thumbnails import Thumbnails
    from .tile_view import TileView

_MOST_OFTEN_MS = 500
_QUICK_KINDS = 4


class SearchPage(QWidget):
    """The page one lives in."""

    add_wanted = Signal()
    text_changed = Signal(str)
    troubled = Signal(object)

    def __init__(
        self,
        look: Look,
        drive: DrivePort,
        tasks: Tasks,
        thumbnails: Thumbnails,
    ) -> None:
        super().__init__()
        self._look, self._drive = look, drive
        self._tasks, self._thumbnails = tasks, thumbnails
        self._names: Mapping[str, str] = {}
        self._accounts = 0
        self._sort_by_hand: Sort | None = None
        self.session = SearchSession(drive, tasks, self)
        surface(self, Tone.CONTENT)
        self._build(look)
        self._connect()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_MOST_OFTEN_MS)
        self._later.timeout.connect(self.session.look_for_more)
        self.show_view("grid")
        self.bar.show_sort(self._sort)

    # ── what the window asks ──

    @property
    def text(self) -> str:
        """The query."""
        return self.field.text

    def set_text(self, text: str) -> None:
        """Another query, as if typed."""
        self.field.set_text(text)

    def refresh(self) -> None:
        """Asks again."""
        self._ask()

    def set_names(self, names: Mapping[str, str], accounts: int) -> None:
        """Names of services, and how many accounts there are."""
        renamed = dict(names) != dict(self._names)
        self._names, self._accounts = names, accounts
        if renamed and self.session.page is not None:
            self.facets.show_facets(self.session.page.facets, choices(self.text), names)
        self.results.set_names(names)
        self._show_chips()

    def forget_account(self, account: str) -> None:
        """Nothing of a revoked account stays on screen."""
        self.results.forget()
        hit, _ = self._chosen()
        if hit is not None and hit.account == account:
            self.details.show_nothing()
        self._ask()

    def items_changed(self) -> None:
        """Something new can be searched."""
        page = self.session.page
        if page is not None and not page.total:
            self._ask(quietly=True)
        elif not self._later.isActive():
            self._later.start()

    def show_view(self, name: str) -> None:
        """`grid` or `list`; the chosen item stays chosen."""
        self.results.show_view(name)
        self.bar.views.show_view(name)

    @property
    def view(self) -> TileView:
        """The view in sight."""
        return self.results.view

    def set_columns(self, *, facets: bool, details: bool) -> None:
        """Which panes stand beside the results."""
        self.columns.dock(facets=facets, details=details)

    def toggle_facets(self) -> None:
        """Opens or closes the facets."""
        self._facet_button.click()

    def toggle_details(self) -> None:
        """Opens or closes the details."""
        self._details_button.click()

    def show_facets(self, *, shown: bool) -> None:
        """Opens or closes the facets."""
        self.facets.setVisible(shown)
        self._facet_button.setChecked(shown)
        self._show_chips()

    def show_details(self, *, shown: bool) -> None:
        """Opens or closes the details."""
        self.details.setVisible(shown)
        self._details_button.setChecked(shown)

    def star(self) -> None:
        """Sets or takes the star of the chosen item."""
        hit, row = self._chosen()
        if hit is None:
            return
        wish = not hit.starred
        self.session.model.replace(row, replace(hit, starred=wish))
        self.details.show_star(starred=wish)

        account, key = hit.account, hit.key

        def show(*, starred: bool) -> None:
            now, at = self._chosen()
            if now is not None and (now.account, now.key) == (account, key):
                self.session.model.replace(at, replace(now, starred=starred))
                self.details.show_star(starred=starred)

        def undone(error: Exception) -> None:
            then = self.session.model.hit(row)
            if then is not None and (then.account, then.key) == (account, key):
                self.session.model.replace(row, replace(then, starred=hit.starred))
            show(starred=hit.starred)
            self.troubled.emit(error)

        def done(marks: Marks) -> None:
            show(starred=marks.starred)

        self._tasks.run(
            lambda: self._drive.mark(account, key, starred=wish), done, undone, slow=True
        )

    def open_at_service(self) -> None:
        """Opens the chosen item's page in the browser."""
        hit, _ = self._chosen()
        if hit is not None and hit.url:
            QDesktopServices.openUrl(QUrl(hit.url))

    def escape(self) -> bool:
        """Esc: close what floats, then clear, then the results. False: nothing to do."""
        for name, widget in (("details", self.details), ("facets", self.facets)):
            if self.columns.floats(name) and widget.isVisibleTo(self):
                show = self.show_details if name == "details" else self.show_facets
                show(shown=False)
                return True
        if self.field.line.hasFocus():
            if self.text:
                self.field.clear()
            else:
                self.view.setFocus()
            return True
        return False

    # ── building ──

    def _build(self, look: Look) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.field = SearchField(look)
        self._facet_button = icon_button(look, "list-filter", phrases.tr("Filters"))
        self._details_button = icon_button(look, "panel-right", phrases.tr("Details"))
        top = QWidget()
        top.setFixedHeight(TOP_BAR)
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addSpacing(4)
        for button in (self._facet_button, self._details_button):
            button.setCheckable(True)
            button.setChecked(True)
            row.addWidget(button)
        column.addWidget(top)
        self._hint = Label("", tone=Tone.TEXT_2, step="caption")
        self._hint.setContentsMargins(28, 0, 16, 4)
        self._hint.hide()
        column.addWidget(self._hint)
        self.bar = ChipBar(look)
        column.addWidget(self.bar)
        column.addWidget(hairline())
        self.columns = self._make_columns(look)
        column.addWidget(self.columns, 1)

    def _make_columns(self, look: Look) -> Columns:
        self.results = ResultsPane(look, self.session.model, self._thumbnails, self._tasks)
        self.facets = FacetPanel(look)
        self.details = DetailsPane(look, self._thumbnails)
        return Columns(look, self.facets, self.results, self.details)

    def _connect(self) -> None:
        self.field.edited.connect(self._typed)
        self.field.down.connect(self.results.enter)
        self.field.line.emptied_back.connect(self._remove_last)
        self.bar.removed.connect(self._remove)
        self.bar.cleared.connect(self._clear_filters)
        self.bar.kind_wanted.connect(
            lambda kind: self._facet_clicked(FacetName.KIND, kind.value, FacetMode.INCLUDE)
        )
        self.bar.sort_chosen.connect(self._sort_chosen)
        self.bar.view_chosen.connect(self.show_view)
        self._facet_button.toggled.connect(lambda on: self.show_facets(shown=on))
        self._details_button.toggled.connect(lambda on: self.show_details(shown=on))
        self.facets.changed.connect(self._facet_clicked)
        self.facets.range_chosen.connect(self._years_chosen)
        self.session.answered.connect(self._answered)
        self.session.counted.connect(self._counted)
        self.session.failed.connect(self.troubled)
        self.session.more_there.connect(self._more_there)
        self.details.open_wanted.connect(self.open_at_service)
        self.details.star_wanted.connect(self.star)
        self.details.copy_wanted.connect(self._copy_link)
        self.results.empty_pressed.connect(self._empty_pressed)
        self.results.new_wanted.connect(self._ask)
        self.results.current_changed.connect(self._current_changed)
        self.results.opened.connect(self._opened)
        self.results.left_upwards.connect(self.field.line.setFocus)

    # ── the query ──

    @property
    def _sort(self) -> Sort:
        if self._sort_by_hand is not None:
            return self._sort_by_hand
        return Sort.BEST if self._has_words() else Sort.NEWEST

    def _has_words(self) -> bool:
        return bool(without_chips(self.text).strip())

    def _typed(self, text: str) -> None:
        self._sort_by_hand = None if not text else self._sort_by_hand
        self._show_chips()
        self._ask()
        self.text_changed.emit(text)

    def _ask(self, *, quietly: bool = False) -> None:
        self.results.offer_new(0)
        self.bar.show_sort(self._sort)
        self.session.ask(self.text, self._sort, quietly=quietly)

    def _show_chips(self) -> None:
        chips = shown_chips(self.text, self._names)
        if chips or self.facets.isVisibleTo(self) or self.session.page is None:
            self.bar.show_chips(chips)
            return
        counts = [
            (Kind(entry.value), entry.count)
            for entry in self.session.page.facets.get(FacetName.KIND, ())
            if entry.value
        ]
        self.bar.offer_kinds(counts[:_QUICK_KINDS], max(0, len(counts) - _QUICK_KINDS))

    def _facet_clicked(self, facet: FacetName, value: str | None, mode: FacetMode) -> None:
        self.set_text(with_facet(self.text, facet, value, mode))

    def _years_chosen(self, first: str, last: str) -> None:
        span = first if first == last else f"{first}..{last}"
        self.set_text(f"{without_dates(self.text).strip()} date:{span} ".lstrip())

    def _remove(self, index: int) -> None:
        self.set_text(remove_part(self.text, index))

    def _remove_last(self) -> None:
        chips = shown_chips(self.text, {})
        if chips:
            self._remove(chips[-1].index)

    def _clear_filters(self) -> None:
        self.set_text(without_chips(self.text))

    def _sort_chosen(self, sort: Sort) -> None:
        self._sort_by_hand = sort
        self._ask()

    # ── the answer ──

    def _answered(self, page: ResultPage) -> None:
        self.results.mark(page.query)
        self.field.show_hints(page.hints)
        self._hint.setText("  ".join(hint.text for hint in page.hints[:2]))
        self._hint.setVisible(bool(page.hints))
        self.bar.total.setText(total_words(page))
        self.facets.show_facets(page.facets, choices(self.text), self._names)
        self._show_chips()
        self._show_empty(page)
        if self.results.row < 0:
            self.details.show_nothing()

    def _counted(self, page: ResultPage) -> None:
        self.facets.show_facets(page.facets, choices(self.text), self._names)

    def _show_empty(self, page: ResultPage) -> None:
        nothing = not page.total and not self.text.strip()
        self.columns.show_alone(alone=nothing)
        if page.total:
            self.results.show_results()
        else:
            self.results.show_empty(empty_words(self.text, self._accounts))

    def _empty_pressed(self) -> None:
        if not self.text.strip():
            self.add_wanted.emit()
        elif shown_chips(self.text, {}):
            self._clear_filters()
        else:
            self.field.clear()

    def _more_there(self, total: int) -> None:
        page = self.session.page
        if page is None or not page.total or self.results.undisturbed or total < page.total:
            self._ask(quietly=True)
        else:
            self.results.offer_new(total - page.total)

    # ── the chosen item ──

    def _chosen(self) -> tuple[Hit | None, int]:
        row = self.results.row
        return (self.session.model.hit(row), row) if row >= 0 else (None, -1)

    def _current_changed(self, current: QModelIndex) -> None:
        hit = self.session.model.hit(current.row()) if current.isValid() else None
        if hit is None:
            self.details.show_nothing()
            return
        service = self._names.get(hit.service, hit.service)
        self.details.show_hit(hit, service)
        account, key = hit.account, hit.key

        def show(stored: StoredItem) -> None:
            now, _ = self._chosen()
            if now is not None and (now.account, now.key) == (account, key):
                self.details.show_item(stored, service)

        self._tasks.run(
            lambda: self._drive.item(account, key), show, lambda _: None, lane="details"
        )

    def _opened(self, _: QModelIndex) -> None:
        if self.columns.floats("details") and not self.details.isVisibleTo(self):
            self.show_details(shown=True)
            return
        self.open_at_service()

    def _copy_link(self) -> None:
        hit, _ = self._chosen()
        if hit is not None and hit.url:
            QGuiApplication.clipboard().setText(hit.url)
