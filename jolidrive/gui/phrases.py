"""Numbers, dates and states in words: one place for what the window says of facts.

Words follow `look.md` section 5: present tense, counted numbers, local formats.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from jolidrive.model.account import AccountState
from jolidrive.model.item import Kind, Relation
from jolidrive.model.query import Sort
from jolidrive.model.result import FacetName

from .state_shape import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jolidrive.model.account import AccountSummary


_STATES: Mapping[AccountState, str] = {
    AccountState.CONNECTING: "Being connected.",
    AccountState.SIGN_IN: "Wants you to sign in. Your items stay.",
    AccountState.PAUSED: "Paused. Your items stay and can be searched.",
    AccountState.TROUBLE: "Stopped by an error. Your items stay.",
    AccountState.REVOKING: "Being wiped.",
}

_KEY_GOES: Mapping[str, str] = {
    "keyring": "The sign-in key goes to your system’s keyring.",
    "file": "The sign-in key goes to the file your passphrase opens.",
    "memory": "The sign-in key stays in memory and ends with the demo.",
}
_KEY_COMES_FROM: Mapping[str, str] = {
    "keyring": "from your system’s keyring",
    "file": "from the file your passphrase opens",
    "memory": "from memory",
}


def tr(text: str) -> str:
    """A sentence in the person's language."""
    return QCoreApplication.translate("jolidrive", text)


KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.PHOTO: ("photo", "photos"),
    Kind.VIDEO: ("video", "videos"),
    Kind.MUSIC: ("track", "tracks"),
    Kind.DOCUMENT: ("document", "documents"),
    Kind.LINK: ("link", "links"),
    Kind.PLACE: ("place", "places"),
    Kind.POST: ("post", "posts"),
    Kind.ACTIVITY: ("activity", "activities"),
    Kind.EVENT: ("event", "events"),
    Kind.PERSON: ("person", "people"),
}
KIND_TITLES: Mapping[Kind, str] = {
    Kind.PHOTO: "Photos",
    Kind.VIDEO: "Videos",
    Kind.MUSIC: "Music",
    Kind.DOCUMENT: "Documents",
    Kind.LINK: "Links",
    Kind.PLACE: "Places",
    Kind.POST: "Posts",
    Kind.ACTIVITY: "Activity",
    Kind.EVENT: "Events",
    Kind.PERSON: "People",
}
SORTS: Mapping[Sort, str] = {
    Sort.BEST: "Best match",
    Sort.NEWEST: "Newest",
    Sort.OLDEST: "Oldest",
    Sort.LARGEST: "Largest",
    Sort.TITLE: "Title",
}
FACETS: Mapping[FacetName, str] = {
    FacetName.SERVICE: "Service",
    FacetName.KIND: "Kind",
    FacetName.YEAR: "Year",
    FacetName.TYPE: "Type",
    FacetName.PEOPLE: "People",
    FacetName.PLACE: "Place",
    FacetName.TAG: "Tag",
    FacetName.RELATION: "Relation",
}
RELATIONS: Mapping[Relation, str] = {
    Relation.MADE: "Made by you",
    Relation.SAVED: "Saved by you",
    Relation.RECEIVED: "Shared with you",
}
GROUPS: Mapping[str, str] = {
    "files": "Files",
    "photos": "Photos and video",
    "social": "Social",
    "links": "Links, reading and code",
    "music": "Music",
    "media": "Music and video",
    "notes": "Notes and calendar",
    "other": "Other",
}
SHAPES: Mapping[Shape, str] = {
    Shape.UP_TO_DATE: "up to date",
    Shape.SYNCING: "syncing",
    Shape.PAUSED: "paused",
    Shape.FROZEN: "frozen",
    Shape.NEEDS_YOU: "needs you",
    Shape.STOPPED: "stopped by an error",
    Shape.FROM_FILE: "from a file",
    Shape.DONE: "done",
}


def number(value: int) -> str:
    """A whole number with the local separators."""
    return QLocale().toString(value)


def size(value: int) -> str:
    """Bytes, in thousands as shops count them."""
    if value < 1000:
        return tr("{n} bytes").format(n=value)
    amount, units = value / 1000, ["kB", "MB", "GB", "TB"]
    while amount >= 999.5 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    unit = units[0]
    digits = 1 if amount < 10 and unit != "kB" else 0
    return f"{QLocale().toString(amount, 'f', digits)} {unit}"


def count(value: int, one: str, many: str) -> str:
    """“1 photo”, “2 photos”."""
    return f"{number(value)} {tr(one) if value == 1 else tr(many)}"


def kinds(by_kind: Mapping[Kind, int], most: int = 3) -> str:
    """“5,934 photos, 152 places, 41 videos”."""
    ranked = sorted(by_kind.items(), key=lambda pair: -pair[1])
    return ", ".join(count(n, *KINDS[kind]) for kind, n in ranked[:most] if n)


def clock(at: datetime) -> str:
    """Hours and minutes here."""
    return f"{at.astimezone():%H:%M}"


def day(at: datetime) -> str:
    """“14 Jun 2019”, on the clock where the thing was made."""
    return QLocale().toString(QDate(at.year, at.month, at.day), "d MMM yyyy")


def moment(at: datetime) -> str:
    """“14 June 2019, 09:42”, on the clock where the thing was made."""
    return f"{QLocale().toString(QDate(at.year, at.month, at.day), 'd MMMM yyyy')}, {at:%H:%M}"


def as_of(at: datetime) -> str:
    """Short, for the sidebar: “14:32” today, else “2 Nov”."""
    here, now = at.astimezone(), datetime.now().astimezone()
    if here.date() == now.date():
        return clock(at)
    pattern = "d MMM" if here.year == now.year else "MMM yyyy"
    return QLocale().toString(QDate(here.year, here.month, here.day), pattern)


def when(at: datetime) -> str:
    """“Today, 14:32”, “Friday, 23:10”, “2 Nov, 08:00”."""
    here, now = at.astimezone(), datetime.now().astimezone()
    away = (now.date() - here.date()).days
    date = QDate(here.year, here.month, here.day)
    if away == 0:
        name = tr("Today")
    elif away == 1:
        name = tr("Yesterday")
    elif 0 < away < 7:
        name = QLocale().toString(date, "dddd")
    else:
        name = as_of(at)
    return f"{name}, {here:%H:%M}"


def took(seconds: float) -> str:
    """“2 s”, “6 min”, “1 h 5 min”."""
    if seconds < 9.95:
        return f"{QLocale().toString(seconds, 'f', 1)} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def duration(seconds: float) -> str:
    """“0:42”, “1:02:10”."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def reasons(skipped: Mapping[str, int], failed: Mapping[str, int]) -> str:
    """Why records were left out: “5 system file, 1 broken pdf”."""
    both = [*skipped.items(), *failed.items()]
    return ", ".join(f"{number(n)} {reason.replace('_', ' ')}" for reason, n in both if n)


def key_goes(place: str) -> str:
    """Where a new sign-in key will lie; `place` as `DrivePort.key_place` names it."""
    return tr(_KEY_GOES.get(place, _KEY_GOES["keyring"]))


def key_comes_from(place: str) -> str:
    """Where a sign-in key is taken from at the wipe."""
    return tr(_KEY_COMES_FROM.get(place, _KEY_COMES_FROM["keyring"]))


def state_sentence(account: AccountSummary) -> str:
    """The state of an account that is not syncing, in a sentence."""
    said = _STATES.get(account.state)
    if account.state is AccountState.TROUBLE and account.trouble:
        said = account.trouble
    if said is not None:
        return tr(said)
    if account.synced_at is None:
        return tr("Connected. Nothing was read yet.")
    return tr("Up to date since {time}.").format(time=as_of(account.synced_at))


def initial(name: str) -> str:
    """The first letter as a capital, the rest as it is."""
    return name[:1].upper() + name[1:]
