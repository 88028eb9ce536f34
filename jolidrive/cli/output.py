"""How results are printed: the stable JSON shapes, and plain lines for people.

The JSON is read by other people's scripts: fields may be added, never renamed or removed. With
`--json` standard output holds the JSON alone; everything else goes to standard error.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jolidrive.model.account import Account, AccountSummary
    from jolidrive.model.balance import Balance
    from jolidrive.model.item import Marks, StoredItem
    from jolidrive.model.overview import ServiceEntry
    from jolidrive.model.receipt import Receipt
    from jolidrive.model.result import Hit, ResultPage


def speak_utf8(*pipes: TextIO) -> None:
    """Whatever this system's own encoding is: titles hold every character there is."""
    for pipe in pipes:
        if isinstance(pipe, TextIOWrapper):
            pipe.reconfigure(encoding="utf-8", errors="replace")


def print_json(value: object) -> None:
    """The one thing on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def say(line: str) -> None:
    """A line for people beside the result: standard error."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def when(moment: datetime | None) -> str | None:
    """ISO 8601, with the offset; None stays None."""
    return moment.isoformat() if moment else None


def service_json(entry: ServiceEntry) -> dict[str, Any]:
    """One service of the directory."""
    return {
        "id": entry.id,
        "name": entry.name,
        "summary": entry.summary,
        "kinds": [kind.value for kind in entry.kinds],
        "auth": entry.flow,
        "needs": entry.needs.value,
        "state": entry.state.value,
        "options": [option.name for option in entry.options],
        "problems": list(entry.problems),
    }


def account_json(summary: AccountSummary) -> dict[str, Any]:
    """One connected account."""
    return {
        "account": summary.account,
        "service": summary.service,
        "label": summary.label,
        "state": summary.state.value,
        "items": summary.items,
        "bytes": summary.bytes,
        "synced_at": when(summary.synced_at),
        "trouble": summary.trouble,
    }


def balance_json(balance: Balance | None) -> dict[str, Any] | None:
    """A balance, without the second pass's own."""
    if balance is None:
        return None
    return {
        "seen": balance.seen,
        "new": balance.new,
        "changed": balance.changed,
        "unchanged": balance.unchanged,
        "removed": balance.removed,
        "skipped": _reasons(balance.skipped),
        "failed": _reasons(balance.failed),
        "seconds": balance.seconds,
    }


def connected_json(
    account: Account, balance: Balance | None, error: str | None = None
) -> dict[str, Any]:
    """What `connect` gives; `error` only where the first sync ended early."""
    value: dict[str, Any] = {
        "account": account.id,
        "service": account.service,
        "label": account.label,
        "sync": balance_json(balance),
        "content": balance_json(balance.content if balance else None),
    }
    if error is not None:
        value["error"] = error
    return value


def sync_json(account: str, balance: Balance | None, error: str | None) -> dict[str, Any]:
    """What `sync` gives for one account; `error` only where it ended early, or never began."""
    value: dict[str, Any] = {
        "account": account,
        "sync": balance_json(balance),
        "content": balance_json(balance.content if balance else None),
    }
    if error is not None:
        value["error"] = error
    return value


def hit_json(hit: Hit) -> dict[str, Any]:
    """One row of a result."""
    excerpt = hit.marked_excerpt
    return {
        "account": hit.account,
        "service": hit.service,
        "key": hit.key,
        "kind": hit.kind.value,
        "title": hit.title,
        "excerpt": excerpt.text,
        "marks": [list(mark) for mark in excerpt.marks],
        "people": list(hit.people),
        "created_at": when(hit.created_at),
        "url": hit.url,
        "score": hit.score,
    }


def page_json(page: ResultPage) -> dict[str, Any]:
    """A page of a result."""
    return {
        "query": page.query,
        "understood": page.understood,
        "hints": [asdict(hint) for hint in page.hints],
        "total": page.total,
        "took_ms": round(page.took_ms, 3),
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": {
            name.value: [{"value": v.value, "count": v.count} for v in values]
            for name, values in page.facets.items()
        },
    }


def marks_json(account: str, key: str, marks: Marks) -> dict[str, Any]:
    """The person's own marks of one item."""
    return {
        "account": account,
        "key": key,
        "starred": marks.starred,
        "tags": list(marks.tags),
        "note": marks.note,
    }


def item_json(account: str, service: str, stored: StoredItem) -> dict[str, Any]:
    """Every field of one item, but for its raw reply."""
    item = stored.item
    values = {
        "account": account,
        "service": service,
        "key": item.key,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "content": stored.content,
        "url": item.url,
        "people": [asdict(person) for person in item.people],
        "relations": [relation.value for relation in item.relations],
        "created_at": when(item.created_at),
        "created_day": stored.created_day,
        "changed_at": when(item.changed_at),
        "place": asdict(item.place) if item.place else None,
        "tags": list(item.tags),
        "reactions": dict(item.reactions),
        "extra": dict(item.extra),
        "has_thumbnail": stored.has_thumbnail,
        "marks": {
            "starred": stored.marks.starred,
            "tags": list(stored.marks.tags),
            "note": stored.marks.note,
        },
    }
    plain = "folder album mime size width height duration_s visibility content_hash has_content"
    return {**values, **{name: getattr(item, name) for name in plain.split()}}


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """Both halves of a revoke."""
    return {
        "account": receipt.account,
        "service": receipt.service,
        "items": receipt.items,
        "bytes": receipt.bytes,
        "seconds": round(receipt.seconds, 3),
        "remote": {"outcome": receipt.remote.outcome.value, "url": receipt.remote.url},
        "left": list(receipt.left),
    }


def size_text(size: int) -> str:
    """Bytes for people: `3.1 MB`."""
    amount = float(size)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{size:,} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


def balance_lines(balance: Balance, what: str = "items") -> list[str]:
    """A balance for people."""
    first = (
        f"{balance.seen:,} {what} seen: {balance.new:,} new, {balance.changed:,} changed, "
        f"{balance.unchanged:,} unchanged, {balance.removed:,} removed "
        f"({balance.seconds:.1f} s)"
    )
    lines = [first]
    lines += [f"  {count:,} skipped: {reason}" for reason, count in balance.skipped.items()]
    lines += [f"  {count:,} failed: {reason}" for reason, count in balance.failed.items()]
    return lines


def _reasons(reasons: Mapping[str, int]) -> list[dict[str, str | int]]:
    return [{"reason": reason, "count": count} for reason, count in reasons.items()]
