"""The fields of an account's text index, and the number of their format.

Question: how many fields? Tried on 1,000,000 items in ten indexes on two cores: one catch-all
field, `words`, with a gap between values, against one field for each of title, text, people …
A word is then one posting list whatever it was found in (5 ms for a word in 72 % of all items,
count and best 50), where seven fields cost seven; words found in *different* fields need no
special plan; a phrase cannot reach from one value into the next.

- `title` repeats the title's words for weight alone: + 4 ms for the commonest word.
- `heads` holds the first one and two letters of each word: `k` (in 95 % of all items) takes
  6 ms instead of 129. It costs 12 µs and 25 bytes an item.
- `face` packs kind, type and relation, so one count gives three exact facets: 3 ms for a
  million items, 5 with `year`. Packed with the year too it has a thousand values an index, and
  carrying those into Python costs more than the second count.
- People, place and tag have too many values for that; the dictionaries of `people_named`,
  `place_named` and `tag_named` are walked instead: 41 ms for all three on the broadest query,
  against 70 as aggregations, and no columns are needed.
- `flags` holds everything compared as a whole value (`kind:photo`, `tag:new york`, `is:mine`).
- Documents lie newest first in a segment: free (78 against 80 µs an item, all threads
  together), and hits of equal score come newest first.

A value of `author`, `others`, `album` and `place` stands between BEGIN and END, so that a
whole value and words in a row are both one phrase. Each part of a folder's path ends with PART.
"""

from __future__ import annotations

from typing import Final

import tantivy

FORMAT: Final = 1
"""Raised whenever fields, or the rule for words, change: older indexes are built anew."""

NUMBER: Final = "number"
WORDS: Final = "words"
TITLE: Final = "title"
HEADS: Final = "heads"
AUTHOR: Final = "author"
OTHERS: Final = "others"
FOLDER: Final = "folder"
ALBUM: Final = "album"
PLACE: Final = "place"
FLAGS: Final = "flags"
FACE: Final = "face"
YEAR: Final = "year"
PEOPLE_NAMED: Final = "people_named"
PLACE_NAMED: Final = "place_named"
TAG_NAMED: Final = "tag_named"
CREATED: Final = "created"
DAY: Final = "day"
SIZE: Final = "size"
LAT: Final = "lat"
LON: Final = "lon"
ORDER: Final = "order"
MARKER: Final = "marker"

BEGIN: Final = "\x02"
END: Final = "\x03"
PART: Final = "\x1d"
NONE: Final = ""
"""Stands in a facet's field where an item has no value for it."""

MARKER_KEY: Final = "marker"


def schema() -> tantivy.Schema:
    """The fields as Tantivy wants them."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(NUMBER, indexed=True, fast=True)
    for name in (WORDS, AUTHOR, OTHERS, FOLDER, ALBUM, PLACE):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(TITLE, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(HEADS, tokenizer_name="whitespace", index_option="basic")
    for name in (FLAGS, PEOPLE_NAMED, PLACE_NAMED, TAG_NAMED):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (FACE, YEAR, ORDER):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(CREATED, fast=True)
    builder.add_unsigned_field(DAY, fast=True)
    builder.add_unsigned_field(SIZE, fast=True)
    builder.add_float_field(LAT, fast=True)
    builder.add_float_field(LON, fast=True)
    builder.add_text_field(MARKER, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def flag(name: str, value: str) -> str:
    """The term of `flags` for a whole value."""
    return f"{name}:{value}"
