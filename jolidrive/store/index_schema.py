"""The fields of an account's text index, and the number of their format.

Question: how many fields? Tried on 1,000,000 items in ten indexes on two cores: one catch-all
field, `words`, with a gap between values, against one field for each of title, text, people …
A word is then one posting list whatever it was found in (5 ms for a word in 72 % of all items,
count and best 50), where seven fields cost seven; words found in *different* fields need no
special plan; a phrase cannot reach from one value into the next.

- `title` repeats the title's words for weight alone: + 4 ms for the commonest word.
- `heads` holds the first one and two letters of each word: `k` (in 95 % of all items) takes
  6 ms instead of 129. It costs 12 µs and 25 bytes an item.
- `facets` holds two values an item: kind, type and relation packed into one, and the year. For
  a query that may match more than a fifth of an index its posting lists are walked (the query
  is asked once, then 4 ms of processor for a million items, however many match); for others
  its column is read (19 ns a match). As two columns the broadest query took 18 ms, and each
  item a microsecond more to write.
- People, place and tag have too many values for a column: the dictionary of `named` is walked,
  its three kinds told apart by their first letter (29 ms of processor on the broadest query,
  41 as three fields, 70 as aggregations).
- `flags` holds everything compared as a whole value (`kind:photo`, `tag:new york`, `is:mine`),
  and the month it was made in, by which the newest are found without looking at every date.
- Documents lie newest first in a segment: free (78 against 80 µs an item, all threads
  together), and hits of equal score come newest first.

A value of `author`, `others`, `album` and `place` stands between BEGIN and END, so that a
whole value and words in a row are both one phrase. Each part of a folder's path ends with PART.
"""

from __future__ import annotations

from typing import Final

import tantivy

FORMAT: Final = 2
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
FACETS: Final = "facets"
NAMED: Final = "named"
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
HANDLE: Final = "\x02"
"""Before a handle in `named` whose person has a name: counted, but not shown for it."""

FACE_OF: Final = "f"
YEAR_OF: Final = "y"
PEOPLE_OF: Final = "p"
PLACE_OF: Final = "l"
TAG_OF: Final = "t"
"""Each begins the values of its facet, in `facets` and in `named`."""
NONE: Final = ""
"""Stands after that letter where an item has no value for the facet."""
MONTH: Final = "month"
"""The flag for the month an item was made in, by UTC as `created` is."""

MARKER_KEY: Final = "marker"


def schema() -> tantivy.Schema:
    """The fields as Tantivy wants them."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(NUMBER, indexed=True, fast=True)
    for name in (WORDS, AUTHOR, OTHERS, FOLDER, ALBUM, PLACE):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(TITLE, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field(HEADS, tokenizer_name="whitespace", index_option="basic")
    for name in (FLAGS, NAMED):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (FACETS, ORDER):
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
