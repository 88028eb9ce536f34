"""What is typed, and the tree it becomes, told in a short notation of this file's own.

`a` whole word, `a…` beginning, `a≈` near spelling, `[a b]` phrase, `(a & b)`, `(a | b)`, `!a`,
`kind=photo,video`, `"quoted"`, days `first/last`, bytes `least..most`, `lat;lon;km`,
`*` everything. The last word has a space after it unless the row is about half-typed words.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, assert_never

import pytest

from jolidrive.model.query import (
    And,
    Around,
    Days,
    Everything,
    Field,
    Match,
    Not,
    Or,
    Phrase,
    Query,
    Sizes,
    Text,
    Value,
    Word,
)
from jolidrive.search.parse import parse

NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
_MARKS: Final = {Match.WHOLE: "", Match.PREFIX: "…", Match.NEAR: "≈"}


def told(query: Query) -> str:
    match query:
        case Everything():
            text = "*"
        case Word(word, match):
            text = word + _MARKS[match]
        case Phrase(words):
            text = f"[{' '.join(words)}]"
        case Field(name, values):
            text = f"{name}={','.join(map(told_value, values))}"
        case Not(part):
            text = f"!{told(part)}"
        case And(parts):
            text = f"({' & '.join(map(told, parts))})"
        case Or(parts):
            text = f"({' | '.join(map(told, parts))})"
        case _:
            assert_never(query)
    return text


def told_value(value: Value) -> str:
    match value:
        case Text(text, exact, prefix):
            return f'"{text}"' if exact else text + ("…" if prefix else "")
        case Days(first, last):
            return f"{first or ''}/{last or ''}"
        case Sizes(least, most):
            return f"{'' if least is None else least}..{'' if most is None else most}"
        case Around(lat, lon, km):
            return f"{lat:g};{lon:g};{km:g}"


WORDS = [
    ("", "*"),
    ("   ", "*"),
    ("sun", "sun…"),
    ("sun ", "sun"),
    ("sun)", "sun"),
    ('sun"', "sun"),
    ("sun.", "sun"),
    ("red sun", "(red & sun…)"),
    ("Red SUN ", "(red & sun)"),
    ("Éléphant ", "elephant"),
    ("e\u0301te\u0301", "ete…"),
    ("foo_bar", "(foo & bar…)"),
    ("foo_bar ", "(foo & bar)"),
    ("wi-fi ", "(wi & fi)"),
    ("l'été ", "(l & ete)"),
    ("C++ ", "c"),
    ("a.b.c ", "(a & b & c)"),
    ("the of a ", "(the & of & a)"),
    ("12:30 ", "(12 & 30)"),
    ("http://example.org/x ", "(http & example & org & x)"),
    ("東京", "東京…"),
    ("東京tower ", "(東京 & tower)"),
    ("한국어 ", "한국어"),
    ("+ = / ", "*"),
    ("AC - DC ", "(ac & dc)"),
    ("sun* ", "sun…"),
    ("sun*", "sun…"),
    ("sun* moon ", "(sun… & moon)"),
    ("foo_ba* ", "(foo & ba…)"),
    ("x*y ", "(x & y)"),
    ("* ", "*"),
    ("recieve~", "recieve≈"),
    ("e\u0301te\u0301~ ", "ete≈"),
    ("recieve~ x ", "(recieve≈ & x)"),
    ("foo_bar~ ", "(foo & bar≈)"),
    ("a~b ", "(a & b)"),
    ("sun~2 ", "(sun & 2)"),
    ("~ ", "*"),
    ("sun^2 ", "(sun & 2)"),
    ("[a TO b] ", "(a & to & b)"),
    ("a && b || c ", "(a & b & c)"),
    ("it's ", "(it & s)"),
]

PHRASES = [
    ('"new york"', "[new york]"),
    ('"New  York" x ', "([new york] & x)"),
    ('"york"', "york"),
    ('""', "*"),
    ('"  ,"', "*"),
    ('"foo_bar"', "[foo bar]"),
    ("“new york” ", "[new york]"),
    ("«new york» ", "[new york]"),
    ('a"b c"d ', "(a & [b c] & d)"),
    ('"a b"~3 ', "([a b] & 3)"),
    ('"a OR b"', "[a or b]"),
    ('"kind:photo"', "[kind photo]"),
    ('-"new york"', "![new york]"),
    ('"new yor', "(new & yor…)"),
]

OPERATORS = [
    ("a AND b ", "(a & b)"),
    ("a OR b ", "(a | b)"),
    ("a OR b OR c ", "(a | b | c)"),
    ("a OR b", "(a | b…)"),
    ("a b OR c d ", "(a & (b | c) & d)"),
    ("a AND b OR c ", "((a & b) | c)"),
    ("a OR b AND c ", "(a | (b & c))"),
    ("a or b and not c ", "(a & or & b & and & not & c)"),
    ("ROCK AND ROLL ", "(rock & roll)"),
    ("ANDROID ORANGE NOTE ", "(android & orange & note)"),
    ("NOT a ", "!a"),
    ("-a ", "!a"),
    ("-a", "!a…"),
    ("a -b c ", "(a & !b & c)"),
    ("a NOT b ", "(a & !b)"),
    ("a AND NOT b ", "(a & !b)"),
    ("a OR NOT b ", "(a | !b)"),
    ("a OR -b ", "(a | !b)"),
    ("NOT a OR b ", "(!a | b)"),
    ("NOT NOT a ", "a"),
    ("NOT -a ", "a"),
    ("NOT NOT NOT a ", "!a"),
    ("-(-a)", "a"),
    ("-foo_bar ", "!(foo & bar)"),
    ("--a ", "a"),
    ("a-b ", "(a & b)"),
    ("a- b ", "(a & b)"),
    ("(a b)", "(a & b)"),
    ("(a OR b) c ", "((a | b) & c)"),
    ("(a b) OR c ", "((a & b) | c)"),
    ("a AND (b OR c)", "(a & (b | c))"),
    ("(a OR b) OR c ", "(a | b | c)"),
    ("-(a b)", "!(a & b)"),
    ("-(a OR b)", "!(a | b)"),
    ("NOT (a b)", "!(a & b)"),
    ("NOT(a b)", "!(a & b)"),
    ("((a))", "a"),
    ("()", "*"),
    ("(a OR b", "(a | b…)"),
    ("a OR (b c", "(a | (b & c…))"),
    ("a) b ", "(a & b)"),
    ("(a)OR(b)", "(a | b)"),
    ("cats OR", "(cats & or…)"),
    ("cats OR ", "(cats & or)"),
    ("OR cats ", "(or & cats)"),
    ("NOT", "not…"),
    ("- OR ", "or"),
    ("a OR OR b ", "(a & (or | b))"),
    ("a OR - b ", "(a | b)"),
    ("(AND)", "and"),
]

FIELDS = [
    ("kind:photo", "kind=photo"),
    ("KIND:Photos", "kind=photo"),
    ("kind:photo,video", "kind=photo,video"),
    ("kind:photos, videos cat ", "(kind=photo,video & cat)"),
    ("kind: photo ", "kind=photo"),
    ("kind:activities,people,pictures,music", "kind=activity,person,photo,music"),
    ('kind:"photo"', "kind=photo"),
    ("kind:photo kind:video", "(kind=photo & kind=video)"),
    ("-kind:photo", "!kind=photo"),
    ("NOT kind:photo", "!kind=photo"),
    ("kind:photo OR tag:x", "(kind=photo | tag=x)"),
    ("(kind:photo cat)", "(kind=photo & cat)"),
    ('cat"kind:photo"', "(cat & [kind photo])"),
    ("kind:photo,", "kind=photo"),
    ("kind:banana ", "banana"),
    ("kind:photo,banana ", "(kind=photo & banana)"),
    ("-kind:banana ", "!banana"),
    ("kind:", "*"),
    ("kind: cat ", "cat"),
    ("kind:(photo OR video)", "(photo | video)"),
    ("service:webdav,mastodon", "service=webdav,mastodon"),
    ("account:work", "account=work"),
    ("from:ines", "from=ines"),
    ('from:"Ines Meyer"', 'from="Ines Meyer"'),
    ("with:ines@example.social", "with=ines@example.social"),
    ("in:Photos/2014", "in=Photos/2014"),
    ('in:"My holidays" x ', '(in="My holidays" & x)'),
    ('tag:"new york",paris', 'tag="new york",paris'),
    ("tag:hik*", "tag=hik…"),
    ("tag:hik*,sun x ", "(tag=hik…,sun & x)"),
    ("tag: paris ", "paris"),
    ("tag:# ", "tag=#"),
    ("tag:* ", "*"),
    ('tag:"🏔"', 'tag="🏔"'),
    ("place:# ", "*"),
    ('tag:"new yor', "(new & yor…)"),
    ("tag:a,b,c", "tag=a,b,c"),
    ("tag:a,, b ", "(tag=a & b)"),
    ("type:pdf,jpg", "type=pdf,jpg"),
    ("place:lisbon", "place=lisbon"),
    ("collection:garden", "collection=garden"),
    ("is:mine,saved", "is=mine,saved"),
    ("is:made", "is=mine"),
    ("is:starred is:shared", "(is=starred & is=shared)"),
    ("is:frozen", "is=frozen"),
    ("is:odd ", "odd"),
    ("has:place,thumbnail,text", "has=place,thumbnail,text"),
    ("has:service,kind,year,type", "has=service,kind,year,type"),
    ("has:people,tag,relation,date,size", "has=people,tag,relation,date,size"),
    ("-has:place", "!has=place"),
    ("has:wings ", "wings"),
    ("unknown:cat ", "(unknown & cat)"),
    ('unknown:"a b"', "(unknown & [a b])"),
    ("xkind:photo ", "(xkind & photo)"),
    ("foo-kind:photo ", "(foo & kind & photo)"),
    ("Re: hello ", "(re & hello)"),
]

PLACES_AND_SIZES = [
    ("near:48.85,2.35", "near=48.85;2.35;10"),
    ("near:48.85,2.35,3km", "near=48.85;2.35;3"),
    ("near:48.85,2.35,500m x ", "(near=48.85;2.35;0.5 & x)"),
    ("near:48.85, 2.35, 3 km x ", "(near=48.85;2.35;3 & x)"),
    ("near:-33.9,151.2", "near=-33.9;151.2;10"),
    ("near:48.85,2.35 cats ", "(near=48.85;2.35;10 & cats)"),
    ("near:95,2 ", "(95 & 2)"),
    ("near:paris ", "paris"),
    ("date:june 2019 cats ", "(date=2019-06-01/2019-06-30 & cats)"),
    ("date:june 2019 OR cats ", "(date=2019-06-01/2019-06-30 | cats)"),
    ("date:june,2019", "date=2026-06-01/2026-06-30,2019-01-01/2019-12-31"),
    ("date:2014,2016", "date=2014-01-01/2014-12-31,2016-01-01/2016-12-31"),
    ('date:"june 2019" x ', "(date=2019-06-01/2019-06-30 & x)"),
    ("-date:2014 ", "!date=2014-01-01/2014-12-31"),
    ("(date:2014) june ", "(date=2014-01-01/2014-12-31 & june)"),
    ("before:june 2019", "before=2019-06-01/2019-06-30"),
    ("after:2014 before:2016", "(after=2014-01-01/2014-12-31 & before=2016-01-01/2016-12-31)"),
    ("after:2 weeks ago", "after=2026-11-08/2026-11-08"),
    ("date:2 weeks ago", "date=2026-11-02/2026-11-08"),
    ("before:..2014 ", "2014"),
    ("before:0001 ", "0001"),
    ("after:9999 ", "9999"),
    ("date:2014..foo ", "(2014 & foo)"),
    ("date:last cat ", "(last & cat)"),
    ("date:03/04/2019 ", "(03 & 04 & 2019)"),
    ("size:>10mb", "size=10000001.."),
    ("size:>=10mb", "size=10000000.."),
    ("size:<1gb", "size=..999999999"),
    ("size:<=1 GB cat ", "(size=..1000000000 & cat)"),
    ("size:> 10 mb cat ", "(size=10000001.. & cat)"),
    ("size:10mb", "size=9500000..10499999"),
    ("size:1.5mb", "size=1450000..1549999"),
    ("size:1,5mb", "size=1450000..1549999"),
    ("size:5kb..10mb", "size=5000..10000000"),
    ("size:5..10mb", "size=5000000..10000000"),
    ("size:10mb..5kb", "size=5000..10000000"),
    ("size:5kb..", "size=5000.."),
    ("size:..5kb", "size=..5000"),
    ("size:100", "size=100..100"),
    ("size:100b,5k", "size=100..100,4500..5499"),
    ("size:2tb", "size=1500000000000..2499999999999"),
    ("size:0", "size=0..0"),
    ("size:10 bananas ", "(size=10..10 & bananas)"),
    ("size:big cats ", "(big & cats)"),
    ("size:> ", "*"),
    ("size:<0 ", "0"),
    ("size:999999999999tb ", "999999999999tb"),
    ("size:10mbx ", "10mbx"),
]


@pytest.mark.parametrize(
    ("text", "tree"), WORDS + PHRASES + OPERATORS + FIELDS + PLACES_AND_SIZES
)
def test_a_text_becomes_its_tree(text: str, tree: str) -> None:
    assert told(parse(text, now=NOW).query) == tree
