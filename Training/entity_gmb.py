"""GMB (Groningen Meaning Bank, ner_dataset.csv) as training data for PER, ORG, LOC.

The labels are silver: the same words are tagged now one way, now another ("Tehran" geo, org, per, tim),
titles are part of persons, names are cut in two.  But the texts repeat their names often, so the corpus
can mend itself: spans are first cut to the bare name, each name then votes for its label over the whole
corpus, the outcome is put back on every place where the name stands, and sentences in which something
stays unsure are dropped.
"""

import collections
import csv
import io
import re
import zipfile

from entity_corpora import (ARTICLES, CONNECTORS, COUNTRIES, DEMONYMS, DIRECTIONS, POSSESSIVES, QUOTES, SOFT_TITLES,
                            TITLES, is_nationality, record, spans_of_tags)

LABELS = {"geo": "LOC", "org": "ORG", "per": "PER", "gpe": "GPE", "tim": "NONE", "art": "NONE", "eve": "NONE", "nat": "NONE"}

# Names whose majority in the corpus is wrong or close.
FIXED = {}
FIXED.update(dict.fromkeys("""U.N.|UN|United Nations|European Union|EU|African Union|AU|NATO|Fatah|Hamas|Taleban|Taliban|
Islamic Jihad|Red Cross|National Assembly|Palestinian Authority|Arab League|Security Council|U.N. Security Council|Gazprom|
Interfax|White House|Pentagon|Kremlin|State Department|U.S. State Department|World Bank|World Trade Organization|
World Health Organization|Amnesty International|Human Rights Watch|VOA|Al-Jazeera|al-Jazeera|Al-Arabiya|Google|Shell|
Democratic Party|Labor Party|Tamil Tigers|Tamil Tiger|Likud|Borders|Federal Reserve|Janjaweed|AFP|Hezbollah|al-Qaida|
Al-Qaida|ASEAN|OPEC|Wal-Mart|Senate|U.S. Senate|Congress|U.S. Congress|Interior Ministry|Foreign Ministry|Roman Catholic Church|
Catholic Church|U.S. Army|U.S. Marines|U.S. Embassy|Doctors Without Borders|U.N. Security|Kurdistan Workers Party|Khmer Rouge|
Newsweek|Organization of American States|Revolutionary Armed Forces of Colombia|U.N. Human Rights Council""".replace("\n", "").split("|"), "ORG"))
FIXED.update(dict.fromkeys("""West Bank|Gaza Strip|Gaza|Hague|Green Zone|Abu Ghraib|Guantanamo Bay|Guantanamo|Darfur|
Kashmir|Tibet|Chechnya|Tehran|Kabul|Pyongyang|Tel Aviv|Middle East|Washington|New Delhi|Earth|Mars|Moon|Gulf|Persian Gulf|
Gulf of Mexico|Swat|Swat Valley|Aceh|Ramallah|Rafah|Khan Younis|Turin|Hong Kong|New York|Los Angeles|Red Sea|Baluchistan|
Niger Delta|Waziristan|South Ossetia|Abkhazia|Puerto Rico|Republic of Congo|Democratic Republic of Congo|Kiev|Cyprus""".replace("\n", "").split("|"), "LOC"))
FIXED.update(dict.fromkeys("""Dalai Lama|Aung San Suu Kyi|Bush|Saddam|Saddam Hussein|Hariri|Arafat|Yasser Arafat|Musharraf|
Yushchenko|Gyanendra|Muhammad|Clinton|Obama|Osama bin Laden|bin Laden|Musab al-Zarqawi|Abu Musab al-Zarqawi|Benedict|
Hugo Chavez|Chavez|Castro|John Paul II|Benedict XVI|Jesus|Christ|Allah|Ban Ki-moon""".replace("\n", "").split("|"), "PER"))
FIXED["Allah"] = "NONE"
FIXED.update(dict.fromkeys("Rosneft|Toyota|Mattel|Delphi|Petroecuador|Interpol|A.U.|Al Jazeera|Vedomosti|Haaretz|Knesset|Amnesty|Iraq Study Group|Study Group|Non-Aligned Movement|British Antarctic Survey".split("|"), "ORG"))
FIXED.update(dict.fromkeys("Negroponte|Zarqawi|al-Zarqawi|Columbus".split("|"), "PER"))
FIXED.update(dict.fromkeys("""Americas|DRC|Zaire|Grenadines|Niue|Curacao|Nias|Eilat|Tenerife|Rabat|USSR|DPRK|People 's Republic of China|Republic of China|Munich|Cannes|U.S""".split("|"), "LOC"))
FIXED.update(dict.fromkeys("""Middle Eastern|Philippine|Himalayan|International Space Station|Secretary of State|Information|FM|Baluch|
Creole|Royal|Civil|United|HIPC|Bedouin|FDI|Hubble|NGOs|Carib|NPT|Rosh Hashanah|Kospi|DAX|Catholicism|Kaletra|Braille|Paralympic|
NASDAQ|Bengali|Bengalis|French Prime|French Foreign|POP|VX|Gulag|G-8|G8|Patriarch|Second""".replace("\n", "").split("|"), "NONE"))
FIXED.update(dict.fromkeys(COUNTRIES, "LOC"))
FIXED.update(dict.fromkeys("""Islam|Ramadan|Christmas|Easter|Thanksgiving|AIDS|HIV|H.I.V.|H5N1|H1N1|H5N2|H5|Katrina|Rita|
Wilma|Gustav|Stan|Cabinet|God|Internet|Web|Nobel|Holocaust|English|Olympic|Olympics|Republican|Republicans|Democrat|Democrats|
Democratic|Communist|Communists|Shi'ites|Celsius|Fahrenheit|Government|Parliament|Koran|Quran|Bible|Hajj|GDP|Category|
Marburg|Vioxx|Constitution|Cold|Mass|Nationalist|Nationalists|Conservative|Conservatives|Liberal|Socialist|Socialists|
SARS|Ebola|Twitter|Ox|Ass|Stag|Dog|Lion|Fox|Wolf|Swallow|Serpent|Eagle|Goose|Lapdog|Farmer|Heifer|Man|Ill|Ills|Light|Album|
Internet-based|Euro|T-shirt|Y|TV|DNA|Pope|Mir|Discovery|Atlantis|Challenger|Endeavour|Opportunity|Chinook|Jupiter-sized|
Soviet|Soviets|Kurds|Kurdish|Pashtun|Pashtuns|Shan|Karen|Gypsies|Roma|Dow|Nasdaq|Nikkei|Taleban-led|Central|National|
International|Federal|State|Security|Foreign|Interior|Defense|Justice|Health|World|General|Supreme|Court|Council|Party|
Army|Marines|Marine|Ministry|Department|Embassy|Treasury|House|Police|King|Committee|Group|Bank|Commission|Hutu|Afar|
Ijaw|Republic|Hang Seng|Nikkei 225|Camel|Tamil|Albanian|Bosnian Serb|Serb|Day|Year|New Year|Eve|Spirit|Act|Games|English-language|Black|Great""".replace("\n", "").split("|"), "NONE"))

# Last words that tell what a longer name is.
ORG_HEADS = set("""Ministry Department Agency Party Union Court Council Committee Commission Organization Organisation
 Association Federation Bank Corporation Company Inc. Corp. Group Institute University Assembly Congress Parliament
 Senate League Movement Front Brigade Brigades Army Force Forces Authority Bureau Office Fund Foundation Society Club Times
 Post Herald Tribune Journal Press Airlines Airways Motors Embassy Alliance Coalition Brotherhood Center Centre Service
 Administration Program Programme Tribunal Chamber Guard Guards Police Network Televison Television Radio Academy Board
 Watch Exchange Church Navy Representatives Nations Treasury College School Group-A Syndicate Cartel Ltd. Jihad Corps Intelligence""".split())
LOC_HEADS = set("""River Island Islands Valley Province Airport Strip Sea Ocean Mountain Mountains Lake Bay Peninsula
 Square Street Prison Stadium Desert City County District Republic Coast Gulf Hills Mount Avenue Road Bridge Palace
 Region State Territory Territories Canal Heights Base Canyon Park Beach Border Village Cape Mosque Hotel""".split())
EVENT_HEADS = set("""War Wars Cup Olympics Games Open Classic Championship Championships Prize Award Awards Festival Day
 Protocol Treaty Accord Accords Agreement Act Conference Summit Holocaust Index Average Convention Pact Revolution
 Eve Grand-Prix Prix Marathon Tour Masters Series Bowl Operation Constitution Storm Hurricane Law Bill Plan Amendment
 Initiative Charter Declaration Uprising Intifada Syndrome Week Year Month Resolution Movie Medal Crescent-Day""".split())
EVENT_STARTS = {"Hurricane", "Hurricanes", "Typhoon", "Cyclone", "Operation", "Storm", "Nobel", "Category", "Olympic", "Shuttle"}

TIME_WORDS = set("""monday tuesday wednesday thursday friday saturday sunday january february march april may june july
 august september october november december am pm gmt edt est a.m. p.m. utc i today""".split())
MINIMUM = {1: 4, 2: 3}   # how often a name of one, two or more words must occur for its vote to count


MIXED_TITLES = {"general", "king", "pope", "prophet", "prince", "major"}
INNER_TITLES = {t for t in TITLES if t not in SOFT_TITLES} - {"general", "queen", "mp", "first", "lady", "king", "leader",
                "opposition", "officer", "saint"} | {"advisor", "adviser", "legislator", "prime"}
HYPHENED = re.compile(r".*-(based|controlled|backed|led|born|coordinated|run|owned|dominated|style|held|year-old|trained)$", re.I)
PLACE_BEFORE = set("in at near from to of around outside and between toward towards through into inside on across called".split())
PLACE_AFTER = set("province district region city town village county state area airport island valley neighborhood".split())
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
MEDIA_WORDS = {"newspaper", "newspapers", "daily", "television", "magazine", "radio", "network", "newsweekly"}
INDEX_WORDS = {"index", "indexes", "virus", "strain", "hurricane", "cyclone"}


# ---------------------------------------------------------------- reading

def sentences(path):
    """Yields lists of [word, part of speech, tag]; the file is cp1252, numbers were grouped the Indian way."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode("cp1252", errors="replace")
    rows = csv.reader(io.StringIO(text))
    next(rows)
    sentence = []
    for number, word, part_of_speech, tag in rows:
        if number and sentence:
            yield sentence
            sentence = []
        sentence.append([regroup(word.replace("\u00a0", " ").split(" ")[0] or word), part_of_speech, tag])
    yield sentence


def regroup(word):
    """Mends numbers like 2,00,000 and scores like 03-Feb (for 3-2): the csv went through a spreadsheet."""
    if re.fullmatch(r"\d{1,2}(,\d\d)+,\d{3}", word):
        return f"{int(word.replace(',', '')):,}"
    score = re.fullmatch(r"0?(\d{1,2})-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)", word)
    if score:
        return f"{score[1]}-{MONTHS.index(score[2]) + 1}"
    return word


# ---------------------------------------------------------------- cutting spans to names

def is_capital(word):
    """Says whether a word can open or close a name."""
    return word[:1].isupper() or word[:1].isdigit() or re.match(r"(al|el|bin|ul|an|as|ad)-[A-Z]|d'[A-Z]|e[A-Z]|i[A-Z]", word) is not None


def is_title(words, index, end):
    """Says whether the word at index is a title; "Foreign", "Defense" ... only in front of another title."""
    lower = words[index].lower()
    if lower not in TITLES:
        return False
    return lower not in SOFT_TITLES or (index + 1 < len(words) and words[index + 1].lower() in TITLES)


def cut(words, start, end, label):
    """Cuts articles, titles, possessives, quotes, weekdays and lower-case words from both ends of a span."""
    while start < end:
        word = words[start]
        if word in ("bin", "al", "de", "von", "van") and end - start > 1 and start + 1 < end and is_capital(words[start + 1]):
            break
        if (not is_capital(word) or HYPHENED.match(word) or word.lower() in ARTICLES | TIME_WORDS or word in QUOTES
                or (label in ("PER", "TITLE") and is_title(words, start, end))):
            start += 1
        else:
            break
    while start < end:
        word = words[end - 1]
        if (word in POSSESSIVES or word in QUOTES or word in ",-;:." or word.lower() in TIME_WORDS - {"march", "may", "i"}
                or (not is_capital(word)) or (label == "PER" and word.lower() in TITLES and end - start > 1)):
            end -= 1
        else:
            break
    return start, end


def clean_spans(sentence):
    """The spans of a sentence as (start, end, label) of bare names; what is no name gets the label NONE."""
    words, spans = [w for w, _, _ in sentence], []
    for start, end, tag in spans_of_tags([t for _, _, t in sentence]):
        label = LABELS[tag]
        start, end = cut(words, start, end, label)
        if start < end and label == "PER" and end - start == 1 and words[start].lower() in TITLES - {"major", "prince", "king"}:
            continue
        if start < end:
            for part in split_at_title(words, start, end, label):
                spans += split_and(words, *person_behind_title(words, *part))
    return with_numerals(words, spans)


def split_at_title(words, start, end, label):
    """Splits "U.N. Secretary-General Kofi Annan" into what stands before and behind the title."""
    inner = [i for i in range(start + 1, end) if words[i].lower() in INNER_TITLES]
    if not inner or label == "NONE" or words[end - 1] in ORG_HEADS | LOC_HEADS or "'s" in words[start:end]:
        return [(start, end, label)]
    left_end, right = inner[0], inner[-1] + 1
    while left_end > start and words[left_end - 1].lower() in SOFT_TITLES | TITLES:
        left_end -= 1
    sides = [(start, left_end, "ORG" if label == "PER" else label), (*cut(words, right, end, "PER"), "PER")]
    return [side for side in sides if side[0] < side[1]]


def with_numerals(words, spans):
    """Joins "II" and "XVI", which the corpus tags as events, to the person before."""
    result = []
    for start, end, label in spans:
        if result and result[-1][1] == start and words[start] in ("I", "II", "III", "IV", "V", "VI", "XVI", "Jr.") and result[-1][2] == "PER":
            result[-1] = (result[-1][0], start + 1, "PER")
        else:
            result.append((start, end, label))
    return result


def person_behind_title(words, start, end, label):
    """Makes a person of an ORG or LOC span that begins with a personal title ("General Perisic")."""
    lower = words[start].lower()
    if label in ("ORG", "LOC") and 1 < end - start < 5 and (lower in PERSON_TITLES or lower in MIXED_TITLES) \
            and words[end - 1] not in ORG_HEADS | LOC_HEADS and all(map(is_capital, words[start:end])) and lower != "chief":
        start, end = cut(words, start, end, "PER")
        return start, end, "PER" if start < end else "NONE"
    if words[start] == "State" and end - start > 2 and start > 1 and words[start - 2].lower() == "secretary":
        return start + 1, end, "PER"
    return start, end, label


def split_and(words, start, end, label):
    """Splits "Pakistan and Afghanistan", where both sides are countries, in two."""
    inner = words[start:end]
    if "and" in inner:
        middle = start + inner.index("and")
        sides = " ".join(words[start:middle]), " ".join(words[middle + 1:end])
        if all(FIXED.get(side) == "LOC" or side in DEMONYMS for side in sides):
            return [(start, middle, label), (middle + 1, end, label)]
    return [(start, end, label)] if start < end else []


def after_title(words, start):
    """Says whether a personal title stands right before the span."""
    if not start:
        return False
    before = words[start - 1].lower()
    return before in PERSON_TITLES and words[start - 1][:1].isupper()


PERSON_TITLES = {t for t in TITLES if t not in SOFT_TITLES} - set("""general secretary queen mp leader coach director officer
 producer analyst correspondent candidate economist presidents ministers congressmen senators first lady speaker""".split())


# ---------------------------------------------------------------- votes

class Votes:
    """How often each name is tagged as what, over the whole corpus."""

    def __init__(self, corpus):
        self.counts = collections.defaultdict(collections.Counter)
        self.givens, self.surnames = collections.Counter(), collections.Counter()
        for sentence in corpus:
            self.count(sentence)
        self.verdicts = {name: self.decide(name) for name in list(self.counts)}
        self.longest = max(map(len, (n.split() for n in self.counts)))

    def count(self, sentence):
        """Counts the cleaned spans of one sentence; a title in front makes the vote one for PER."""
        words = [w for w, _, _ in sentence]
        covered = set()
        for start, end, label in clean_spans(sentence):
            covered.update(range(start, end))
            if label != "NONE" and after_title(words, start):
                label = "PER"
            self.counts[" ".join(words[start:end])][label] += 1
            if label == "PER" and end - start > 1:
                self.givens[words[start]] += 1
                self.surnames[words[end - 1]] += 1
        for index, word in enumerate(words):
            if index and index not in covered and is_capital(word) and sentence[index][1].startswith("NNP"):
                self.counts[word]["O"] += 1

    def decide(self, name):
        """The label of a name: from the tables, its last word, or its votes; None when it stays unsure."""
        words = name.split()
        if name in FIXED:
            return FIXED[name]
        if len(words) > 1 and (words[-1] in DEMONYMS or words[:2] == ["World", "War"]):
            return "NONE"
        if is_nationality(name) or words[0] in EVENT_STARTS or (words[-1] in EVENT_HEADS and len(words) > 1) or words[-1] in ("AIDS",):
            return "NONE"
        if len(words) > 1 and words[-1] in ORG_HEADS and words[0] not in TITLES:
            return "ORG"
        votes = self.counts[name]
        gpe = votes["GPE"]
        named = {k: votes[k] for k in ("PER", "ORG", "LOC")}
        if gpe > 2 * sum(named.values()):
            return "NONE"
        named["LOC"] += gpe
        best = max(named, key=named.get)
        total, nothing = sum(named.values()), votes["NONE"] + votes["O"]
        if len(words) > 1 and words[-1] in LOC_HEADS and best != "PER":
            return "LOC"
        if total < MINIMUM.get(len(words), 2):
            return None
        if nothing > total:
            return "NONE" if nothing > 3 * total else None
        return best if named[best] / total >= (0.6 if total > 7 else 0.7) else None

    def verdict(self, name):
        """The label of a name, known or not."""
        return self.verdicts[name] if name in self.verdicts else self.decide(name)

    def looks_like_person(self, words):
        """Says whether given name and surname are known from persons."""
        return len(words) > 1 and (self.givens[words[0]] > 4 or self.surnames[words[-1]] > 4) and \
            not any(w in ORG_HEADS or w in LOC_HEADS for w in words)


# ---------------------------------------------------------------- putting labels back

class Unsure(Exception):
    """Raised when a sentence should rather be dropped than trained on."""


def merged(words, spans, votes):
    """Joins neighbours into one name wherever the words together are a known longer name."""
    result, index = [], 0
    by_start = {s: (s, e, label) for s, e, label in spans}
    inside = {i for s, e, _ in spans for i in range(s + 1, e)}
    while index < len(words):
        own = by_start.get(index)
        joined = None
        if is_capital(words[index]) and index not in inside:
            joined = longest_known(words, index, votes, inside, own[1] if own else index + 1)
        if joined or own:
            start, end, label = joined or own
            result.append((start, end, label))
            index = end
        else:
            index += 1
    return result


def longest_known(words, start, votes, inside, least):
    """The longest name of the votes that begins at start, goes beyond `least` and cuts no span in two."""
    for end in range(min(len(words), start + 7), max(least, start + 1), -1):
        name = " ".join(words[start:end])
        if end not in inside and (name in FIXED or name in votes.verdicts and sum(votes.counts[name].values()) > 2):
            label = votes.verdict(name)
            if label and not (label == "PER" and is_title(words, start, end)):
                return start, end, label
    return None


def with_heads(words, spans):
    """Lengthens a name over unlabelled capitalised words up to a head ("U.S. National Hurricane Center")."""
    result = list(spans)
    for number, (start, end, label) in enumerate(spans):
        limit = spans[number + 1][0] if number + 1 < len(spans) else len(words)
        stop = end
        while stop < limit and is_capital(words[stop]) and words[stop].lower() not in TITLES | TIME_WORDS:
            stop += 1
        if end < stop <= limit and words[stop - 1] in ORG_HEADS and label in ("ORG", "LOC") and words[start] not in DEMONYMS:
            result[number] = (start, stop, "ORG")
    return result


def without_nationality(words, start, end, label, votes):
    """Cuts "Iraqi" from "Iraqi Foreign Ministry" when the rest is a name of its own."""
    if label != "NONE" and end - start > 1 and words[start] in DEMONYMS and " ".join(words[start:end]) not in FIXED:
        rest = " ".join(words[start + 1:end])
        if label == "PER" or sum(votes.counts[rest].values()) >= 5 and votes.verdict(rest) not in (None, "NONE"):
            return start + 1
    return start


def relabel(words, span, votes):
    """The final label of a span: context first, then the votes, then its own if nothing speaks against it."""
    start, end, label = span
    name = " ".join(words[start:end])
    verdict = votes.verdict(name)
    if name in ("State", "Defense", "Foreign") and start > 1 and words[start - 2].lower() == "secretary":
        return "NONE"
    if start and words[start - 1] in EVENT_STARTS and end - start == 1:
        return "NONE"
    following = words[end] if end < len(words) else ""
    if following in INDEX_WORDS and verdict != "LOC":
        return "NONE"
    if label == "PER" and start and words[start - 1] in {"newspaper", "daily", "magazine"} and verdict not in ("LOC", "NONE") \
            and following in ("says", "said", "reports", "reported", "quotes", "quoted", "published", ","):
        return "ORG"
    if (following in MEDIA_WORDS or words[end:end + 2] == ["news", "agency"]) and verdict != "LOC" and label != "GPE":
        return "NONE" if verdict == "NONE" else "ORG"
    if after_title(words, start) and verdict not in ("LOC", "NONE") and words[end - 1] not in ORG_HEADS:
        return "PER"
    if verdict:
        return verdict
    if votes.looks_like_person(words[start:end]):
        return "PER"
    if label in ("GPE", "NONE"):
        return "NONE"
    if sum(votes.counts[name].values()) >= 4:
        raise Unsure("votes")
    return label


def check_shape(words, start, end, label):
    """Raises on spans that can hardly be one name."""
    inner = words[start:end]
    if not any(w[:1].isupper() or "-" in w for w in inner) or re.match(r"\d", inner[0]) and label != "ORG":
        raise Unsure("number")
    if any(w[:1].islower() and w.lower() not in CONNECTORS and not is_capital(w) for w in inner):
        raise Unsure("lower case inside")
    if label == "PER" and (any(w in (",", "and", "of", "'s") for w in inner) or len(inner) > 5):
        raise Unsure("odd person")
    if end - start > 1 and inner[0] in COUNTRIES and label in ("LOC", "PER"):
        raise Unsure("country and more")
    if label in ("LOC", "ORG") and " ".join(inner).count(",") and words[end - 1] not in ORG_HEADS:
        raise Unsure("comma")
    if inner[-1] in ("of", "the", "and", "&") or inner.count("'s") and label == "LOC":
        raise Unsure("cut short")


def check_rare(words, start, end, label, votes):
    """Raises on names seen too seldom for a vote, unless their neighbourhood speaks for the label."""
    name = " ".join(words[start:end])
    before, after = words[start - 1] if start else "", words[end] if end < len(words) else ""
    if "'s" in words[start:end] and votes.verdict(" ".join(words[start:words.index("'s", start)])) in ("LOC", "ORG"):
        raise Unsure("possessive inside")
    if "and" in words[start:end] and label != "PER":
        middle = words.index("and", start)
        if all(votes.verdict(" ".join(side)) in ("LOC", "ORG", "PER") for side in (words[start:middle], words[middle + 1:end])):
            raise Unsure("two names")
    if end - start == 1 and words[start] in ORG_HEADS | LOC_HEADS and label != "PER" and before[:1].isupper():
        raise Unsure("part of a name")
    if name in FIXED or sum(votes.counts[name].values()) > 3 or votes.decide(name):
        return
    if label == "PER" and end - start == 1 and not after_title(words, start) and not votes.surnames[name]:
        raise Unsure("rare")
    place = PLACE_BEFORE if end - start == 1 else {"in", "at", "near", "outside", "around"}
    if label == "LOC" and before.lower() not in place and after not in PLACE_AFTER:
        raise Unsure("rare")
    if label == "ORG" and end - start == 1 and not name.isupper() and before.lower() not in ("the", "group", "company", "giant"):
        raise Unsure("rare")
    if label == "ORG" and end - start == 2 and before.lower() not in ("the", "group", "company") and not name.isupper():
        raise Unsure("rare")


BAD_NEIGHBOURS = {("PER", "PER"), ("LOC", "LOC"), ("PER", "LOC"), ("PER", "ORG"), ("ORG", "LOC"), ("ORG", "ORG")}


def check_neighbours(words, spans):
    """Raises when two names touch that cannot, or a foreign lower-case word stands between two."""
    for (_, end, first), (start, _, second) in zip(spans, spans[1:]):
        if end == start and (first, second) in BAD_NEIGHBOURS:
            raise Unsure("neighbours")
        if start == end + 1 and words[end] in ("am", "of", "de", "der", "du", "al") and first != second:
            raise Unsure("split name")
        if first == "ORG" and second in ("ORG", "LOC") and words[end:start] in (["of"], ["of", "the"], ["for"], ["for", "the"]):
            raise Unsure("split name")


def check_rest(sentence, spans, none_spans, votes):
    """Raises when a capitalised proper noun inside the sentence is left over and unknown."""
    covered = {i for s, e, _ in spans + none_spans for i in range(s, e)}
    for index, (word, part_of_speech, _) in enumerate(sentence):
        if index in covered or not part_of_speech.startswith("NNP") or not word[:1].isupper() or index == 0:
            continue
        known = (word.lower() in TITLES | TIME_WORDS or word in DEMONYMS or FIXED.get(word) == "NONE"
                 or word in EVENT_HEADS or word in EVENT_STARTS or votes.verdict(word) == "NONE" or word.endswith(("-born", "-led", "-based", "-backed"))
                 or sentence[index - 1][0] in QUOTES)
        if not known or index + 1 in covered and word.lower() not in TITLES and word not in DEMONYMS:
            raise Unsure("left over")


def first_word(sentence, spans, votes):
    """Adds a name the tagger missed at the start of a sentence, or raises if the start is unsure."""
    word, part_of_speech, _ = sentence[0]
    if any(s == 0 for s, _, _ in spans) or not word[:1].isupper() or word in DEMONYMS:
        return spans
    counts = votes.counts.get(word, {})
    named = sum(counts.get(k, 0) for k in ("PER", "ORG", "LOC"))
    if named >= 5 and (part_of_speech.startswith("NNP") or word in COUNTRIES) and votes.verdict(word) in ("PER", "ORG", "LOC"):
        if len(sentence) > 1 and sentence[1][0][:1].isupper():
            raise Unsure("start")
        return [(0, 1, votes.verdict(word))] + spans
    return spans


def annotate(sentence, votes):
    """The mended spans of a sentence; raises Unsure when it should be dropped."""
    words = [w for w, _, _ in sentence]
    spans = with_heads(words, merged(words, clean_spans(sentence), votes))
    names, nones = [], []
    for start, end, label in spans:
        start = without_nationality(words, start, end, label, votes)
        label = relabel(words, (start, end, label), votes)
        if label == "PER":
            start, end = cut(words, start, end, label)
            if start == end:
                continue
            label = FIXED.get(" ".join(words[start:end]), label)
        if label == "NONE":
            nones.append((start, end, label))
            continue
        check_shape(words, start, end, label)
        check_rare(words, start, end, label, votes)
        names.append((start, end, label))
    names = first_word(sentence, names, votes)
    check_neighbours(words, names)
    check_rest(sentence, names, nones, votes)
    return names


def raw_texts(path):
    """All sentences as text, those too that read() drops; for what needs no labels."""
    return [record(f"gmb-{number}", "gmb", [word for word, _, _ in sentence], [])["text"] for number, sentence in enumerate(sentences(path), 1)]


DROPPED = collections.Counter()   # why sentences were dropped by the last read()


def read(path):
    """Reads, mends and filters GMB; gives records in the common form, one per sentence."""
    corpus, seen, records = list(sentences(path)), set(), []
    votes = Votes(corpus)
    DROPPED.clear()
    for number, sentence in enumerate(corpus, 1):
        key = tuple(w for w, _, _ in sentence)
        if key in seen:
            DROPPED["duplicate"] += 1
            continue
        seen.add(key)
        try:
            records.append(record(f"gmb-{number}", "gmb", list(key), annotate(sentence, votes)))
        except Unsure as reason:
            DROPPED[str(reason)] += 1
    return records
