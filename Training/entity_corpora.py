"""English named-entity corpora in one common form, for training a tagger of PER, ORG and LOC.

    python3 Training/entity_corpora.py FOLDER OUT     writes OUT/NAME.jsonl for each corpus; FOLDER is where they lie as they were published

A record is {"id", "source", "text", "entities": [{"start", "end", "label"}]}; offsets count Unicode
code points; entities are sorted and do not overlap.  `load(name, folder)` gives one corpus as a list
of records, `load_conll` reads any CoNLL file (other languages, own data), `CORPORA` says what there
is and under which licence.  The rules that all corpora share (no article, title, possessive or quote
in a name, nationalities are no names) are in the tables below; GMB has its own in entity_gmb.py.
"""

import argparse
import collections
import json
import os
import re

CORPORA = {
    "gmb": "Groningen Meaning Bank, 2.2 excerpt (ner_dataset.csv): news and reports. Silver labels, mended "
           "and filtered here (entity_gmb.py). GMB texts are public domain, annotation free for reuse; the "
           "csv copy carries no licence file of its own.",
    "wikigold": "WikiGold, Wikipedia text labelled by hand (Balasuriya et al. 2009). CC BY 4.0. MISC dropped.",
    "btc": "Broad Twitter Corpus, sections A, B, E-H (Derczynski et al. 2016). CC BY 4.0. Labels on "
           "@mentions dropped, '#' kept out of the names.",
    "wnut17": "WNUT 2017 emerging entities: train, dev, test (Derczynski et al. 2017). CC BY 4.0. "
              "corporation, group -> ORG; product and creative-work dropped.",
    "gum": "GUM (Georgetown University Multilayer corpus), train documents as given in gum-train.jsonl: news, biographies, "
           "interviews, academic texts, travel guides, court. Annotations CC BY 4.0, texts CC BY or CC BY-SA by document; "
           "none of the genres whose texts are NonCommercial.",
    "crossner": "CrossNER: politics, science, music, literature, AI sentences of Wikipedia as given in "
                "crossner.jsonl. The file states no licence; upstream MIT (annotation), CC BY-SA (text).",
    "re3d": "re3d (Dstl): CENTCOM and US State Department (public domain), UK Government (OGL 3.0), Australian "
            "DFA (CC BY 3.0 AU), EU Delegation to Syria (reuse with source named), Wikipedia (CC BY-SA 3.0). "
            "Left out: BBC Online (CC BY-NC 3.0, no commercial reuse).",
}

# ---------------------------------------------------------------- tables

ARTICLES = {"the", "a", "an"}
QUOTES = set("\"'“”‘’`«»") | {"``", "''"}
POSSESSIVES = {"'s", "’s", "'", "’"}

TITLES = set("""mr mr. mrs mrs. ms ms. miss dr dr. prof prof. professor sir dame president
 vice vice-president president-elect minister prime premier chancellor secretary-general secretary governor mayor
 senator sen sen. senators congressman congresswoman representative rep rep. ambassador king queen prince
 princess emperor sultan emir pope cardinal archbishop bishop reverend rev rev. ayatollah mullah sheikh sheik
 shaikh imam general gen gen. lieutenant lt lt. colonel col col. major maj maj. brigadier brig brig. captain capt
 capt. sergeant sgt sgt. corporal cpl cpl. private pvt. spc spc. admiral adm adm. commander cmdr. marshal judge
 attorney prosecutor spokesman spokeswoman spokesperson chairman chairwoman director commissioner deputy
 chief foreign defense defence interior finance justice former acting interim crown leader coach
 congressmen presidents ministers detective inspector officer us-president major-general lieutenant-general
 lieutenant-colonel vice-chairman grand first lady prophet minister-designate analyst producer correspondent
 undersecretary under-secretary opposition candidate lawmaker economist dictator strongman founder
 superintendent sheriff envoy negotiator speaker assistant councillor mp""".split())
SOFT_TITLES = set("""foreign defense defence interior finance justice former acting interim crown grand first lady
 chief deputy vice prime opposition private major special assistant""".split())  # titles only before another title
STAGE_NAMES = {"Dr. Dre", "Dr. Seuss", "Prince", "Queen Latifah", "General Larry Platt", "Captain Beefheart"}

COUNTRIES = set("""Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|
Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia|Bosnia-Herzegovina|Botswana|Brazil|Britain|
Brunei|Bulgaria|Burkina Faso|Burma|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Central African Republic|Chad|Chile|
China|Colombia|Comoros|Congo|Costa Rica|Cote d'Ivoire|Croatia|Cuba|Cyprus|Czech Republic|Denmark|Djibouti|Dominica|
Dominican Republic|East Timor|Ecuador|Egypt|El Salvador|England|Equatorial Guinea|Eritrea|Estonia|Ethiopia|Fiji|
Finland|France|Gabon|Gambia|Germany|Ghana|Greece|Grenada|Guatemala|Guinea|Guinea-Bissau|Guyana|Haiti|Honduras|
Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya|
Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Macedonia|Madagascar|
Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|
Mozambique|Myanmar|Namibia|Nauru|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|Norway|Oman|
Pakistan|Palau|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|
San Marino|Saudi Arabia|Scotland|Senegal|Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Solomon Islands|
Somalia|South Africa|South Korea|Spain|Sri Lanka|Sudan|Suriname|Swaziland|Sweden|Switzerland|Syria|Taiwan|
Tajikistan|Tanzania|Thailand|Togo|Tonga|Tunisia|Turkey|Turkmenistan|Tuvalu|U.K.|UK|U.S.|US|USA|U.S.A.|Uganda|Ukraine|
United Arab Emirates|United Kingdom|United States|Uruguay|Uzbekistan|Vanuatu|Vatican|Venezuela|Vietnam|Wales|Yemen|
Yugoslavia|Zambia|Zimbabwe|Soviet Union|Kosovo|Korea|Gibraltar|America|Europe|Africa|Asia""".replace("\n", "").split("|"))

_DEMONYM_STEMS = """Afghan American African Albanian Algerian Angolan Arab Argentine Armenian Asian Australian Austrian
Azeri Azerbaijani Bahraini Bangladeshi Basque Belarusian Belgian Bolivian Bosnian Brazilian Briton Bulgarian Cambodian
Canadian Chadian Chechen Chilean Colombian Croat Croatian Cuban Cypriot Czech Dane Dominican Ecuadorean Ecuadorian
Egyptian Eritrean Estonian Ethiopian European Filipino Finn Georgian German Greek Guatemalan Haitian Honduran Hungarian
Indian Indonesian Iranian Iraqi Israeli Italian Ivorian Jamaican Jordanian Kashmiri Kazakh Kenyan Korean Kosovar Kurd
Kuwaiti Latvian Liberian Libyan Lithuanian Macedonian Malaysian Mexican Moldovan Mongolian Moroccan Namibian Nepali
Nicaraguan Nigerian Norwegian Pakistani Palestinian Panamanian Paraguayan Peruvian Qatari Romanian Russian Rwandan
Saudi Scot Serb Serbian Singaporean Slovak Slovenian Somali Spaniard Swede Syrian Tajik Tamil Thai Tibetan Tunisian Turk
Turkmen Ugandan Ukrainian Uruguayan Uzbek Venezuelan Yemeni Yugoslav Zambian Zimbabwean Christian Muslim Jew Hindu Sikh
Buddhist Catholic Sunni Shia Shi'ite Shiite Islamist Maoist Nazi Hutu Tutsi Protestant Malian Lankan Rican Salvadoran
Catalan Corsican Bavarian Sicilian Persian Roman Ottoman Byzantine Emirati Omani Bhutanese Tatar Uighur Uyghur"""
DEMONYMS = {form for stem in _DEMONYM_STEMS.split() for form in (stem, stem + "s")} | set("""British English French
Spanish Irish Scottish Welsh Dutch Swiss Danish Swedish Finnish Norse Polish Turkish Kurdish Jewish Japanese Chinese
Burmese Sudanese Lebanese Portuguese Vietnamese Taiwanese Nepalese Congolese Senegalese Maltese Togolese Beninese
Cantonese Kyrgyz Belarussian Icelandic Slavic Hellenic Arabic Hebrew Latin Islamic Soviet Western Flemish Beijingers
Westerners Philippine Frenchman Frenchmen Englishman Dutchman Irishman Hispanic Gazan Gazans Parisian Londoners Sinhalese Taliban-era
Anglo-Saxon Eurasian Balkan Byelorussian Cypriote Scandinavian Caucasian Iberian""".split())
DIRECTIONS = {"North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central", "Greek",
              "Turkish", "Bosnian", "Ethnic", "Sunni", "Shi'ite", "Muslim", "Roman", "Latin", "Saudi", "Sri",
              "Costa", "Puerto", "African", "Muslim", "Arab", "Israeli", "Crimean", "Iraqi", "Sierra", "Kosovo"}
PRONOUNS = set("""i he she it they we you him her them us his its their our your my who whom which that this these those
 himself herself itself themselves one both all everyone someone people""".split())
CONNECTORS = set("""of for and the in on de del da do dos la le les du des van von der den bin al ben ibn el at to with y
 e d' & - ' 's ’s , . / am an zu und di""".split())

NO_SPACE_BEFORE = set(""", . ; : ! ? ) ] } % … ’s 's 'S 're 've 'll 'd 'm n't N'T ’re ’ve ’ll ’d ’m n’t ”""".split())
NO_SPACE_AFTER = set("( [ { $ # @ £ € “ ‘".split())
NO_SPACE_AROUND = {"/", "_"}
CLITICS = {"s", "ve", "re", "ll", "d", "m", "t"}
ABBREVIATIONS = set("inc. corp. ltd. co. bros. st. jr. sr. ave. ltda. conn. calif. mass. mt. ft. llc. no. d.c. dept.".split())
BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}", "``": '"', "''": '"'}


# ---------------------------------------------------------------- text and spans

def join_tokens(tokens, tight=()):
    """Joins tokens to text as it would have been printed; gives the text and (start, end) of each token.

    Tokens in `tight` cling to both sides (for corpora that split words at their hyphens)."""
    text, places, open_quotes, glue = "", [], {'"': False, "'": False}, True
    for index, token in enumerate(tokens):
        token = BRACKETS.get(token, token)
        left, right = token in NO_SPACE_BEFORE, token in NO_SPACE_AFTER
        before, after = tokens[index - 1] if index else "", tokens[index + 1] if index + 1 < len(tokens) else ""
        if token in "'’" and before[-1:].isalpha() and after in CLITICS or token in tight and before and after:
            left = right = True
        elif token in ",." and before[-1:].isdigit() and after[:1].isdigit() and (token == "." or len(after) == 3):
            left = right = True
        elif token == "n" and after in ("'t", "’t") or token in ("'t", "’t"):
            left = True
        elif token == "&" and after in ("gt;", "lt;", "amp;"):
            right = True
        elif token in open_quotes:
            left, right = _quote_sides(token, tokens, index, open_quotes)
        elif token in NO_SPACE_AROUND:
            left = right = 0 < index < len(tokens) - 1
        elif token == "#" and index + 1 < len(tokens) and not tokens[index + 1][:1].isalnum():
            right = False
        if text and not left and not glue:
            text += " "
        places.append((len(text), len(text) + len(token)))
        text, glue = text + token, right
    return text, places


def _quote_sides(quote, tokens, index, open_quotes):
    """Says whether a straight quote clings to its left or its right; quotes open and close in turn."""
    closing = open_quotes[quote]
    if not closing and index and (index == len(tokens) - 1 or (quote == "'" and _is_plural_possessive(tokens, index))):
        return True, False
    open_quotes[quote] = not closing
    return closing, not closing


def _is_plural_possessive(tokens, index):
    """A lone apostrophe behind a word in s ("rebels' leader") opens no quotation."""
    return tokens[index - 1].lower().endswith(("s", "z", "x"))


def spans_of_tags(tags):
    """Turns BIO, IOB1 or BILOU tags into (first token, token behind the last, label)."""
    spans, start, label = [], None, None
    for index, tag in enumerate(list(tags) + ["O"]):
        mark, _, name = tag.partition("-")
        goes_on = start is not None and mark in ("I", "L", "E", "M") and name == label
        if not goes_on:
            if start is not None:
                spans.append((start, index, label))
            start, label = (index, name) if mark in ("B", "I", "U", "S", "L", "E", "M") and name else (None, None)
    return spans


def record(identifier, source, tokens, spans, trim=True, tight=()):
    """Builds a record in the common form from tokens and (first, behind last, label) token spans."""
    text, places = join_tokens(tokens, tight)
    entities = [{"start": places[a][0], "end": places[b - 1][1], "label": label} for a, b, label in spans]
    result = {"id": identifier, "source": source, "text": text, "entities": entities}
    return tidy(result) if trim else result


_LEAD = re.compile(r"""^(?:[\s"'“”‘’`«(\[,;:#+]+|(?:the|an?)\s+(?=\S)|\.(?=[a-z]))""", re.I)
_TAIL = re.compile(r"""(?:['’]s|['’]|[\s"“”`»,;:!?]+)$""")
_FIRST_WORD = re.compile(r"^(\S+)\s+(?=\S)")


def trim_name(name, label):
    """Cuts article, quotes, possessive and (from persons) titles; gives (characters cut in front, the name)."""
    cut, before = 0, None
    while name != before:
        before = name
        lead = _LEAD.match(name)
        if lead and not (label == "ORG" and name in STAGE_NAMES):
            cut, name = cut + lead.end(), name[lead.end():]
        tail = _TAIL.search(name)
        if tail:
            name = name[:tail.start()]
        if re.search(r"^[^.]*\w\w\.$", name) and name.split()[-1].lower() not in ABBREVIATIONS:
            name = name[:-1]
        side = re.match(r"(?:north|south|east|west|central)(?:ern)? (?=[A-Z])", name)
        if label == "LOC" and side:
            cut, name = cut + side.end(), name[side.end():]
        word = _FIRST_WORD.match(name)
        if label == "PER" and word and word.group(1).lower() in TITLES and name not in STAGE_NAMES:
            cut, name = cut + word.end(), name[word.end():]
        if label == "PER" and re.match(r"(of|for) ", name):
            cut, name = _behind_office(cut, name)
    if name.count("(") > name.count(")") and "(" in name[-3:]:
        name = name[:name.rindex("(")].rstrip()
    return cut, name


def _behind_office(cut, name):
    """Finds the person behind an office ("of State Tony Blinken"): the last two of many capitalised words."""
    found = re.match(r"of State (?=[A-Z])", name)
    if not found and sum(w[0].isupper() for w in name.split()) > 3:
        found = re.match(r".* (?=[A-Z]\S* [A-Z]\S*$)", name)
    return (cut + found.end(), name[found.end():]) if found else (cut, "")


def is_nationality(name):
    """Says whether the words are only a nationality or religion ("British", "South Koreans")."""
    words = name.split()
    return bool(words) and words[-1] in DEMONYMS and all(w in DEMONYMS or w in DIRECTIONS for w in words)


def is_no_name(name, label):
    """Says whether what is left of a span is no proper name: a nationality, a pronoun, a title alone."""
    lower = name.lower()
    if not re.search(r"\w", name) or is_nationality(name) or lower in PRONOUNS:
        return True
    if label != "ORG" and not re.search(r"[^\W\d]", name) or "°" in name:
        return True
    return label == "PER" and lower in TITLES - {"prince", "grand", "private", "king"} and name not in STAGE_NAMES


def tidy(item):
    """Applies the rules of all corpora to a record: trims names, drops what is no name, sorts, no overlap."""
    entities, end = [], 0
    for entity in sorted(item["entities"], key=lambda e: (e["start"], -e["end"])):
        cut, name = trim_name(item["text"][entity["start"]:entity["end"]], entity["label"])
        start = entity["start"] + cut
        if start >= end and not is_no_name(name, entity["label"]):
            end = start + len(name)
            entities.append({"start": start, "end": end, "label": entity["label"]})
    return {"id": item["id"], "source": item["source"], "text": item["text"], "entities": entities}


# ---------------------------------------------------------------- readers

def conll_sentences(path, word_column=0, tag_column=-1, separator=None, encoding="utf-8"):
    """Yields (starts a document, tokens, tags) per sentence; comment lines (# with no tag) are passed over."""
    tokens, tags, new_document = [], [], True
    with open(path, encoding=encoding) as lines:
        for line in list(lines) + [""]:
            fields = line.strip("\n\r").split(separator)
            if not line.strip():
                if tokens:
                    yield new_document, tokens, tags
                    new_document = False
                tokens, tags = [], []
            elif fields[0].startswith("-DOCSTART-") or line.startswith(("# newdoc", "#begin document")):
                new_document = True
            elif len(fields) > 1 and not (fields[0] == "#" and len(fields) > 3 and "=" in fields):
                tokens.append(fields[word_column])
                tags.append(fields[tag_column])


def load_conll(path, word_column=0, tag_column=-1, labels=None, source=None, separator=None, encoding="utf-8"):
    """Reads any CoNLL file, in any language, one record per sentence, all spans kept as they were given.

    Tags may be BIO, IOB1 or BILOU; `labels` maps tag names to labels (what it lacks is dropped; without it
    the names stay as they are).  No rule for English is applied to the spans."""
    source = source or os.path.splitext(os.path.basename(path))[0]
    records = []
    for number, (_, tokens, tags) in enumerate(conll_sentences(path, word_column, tag_column, separator, encoding)):
        spans = [(a, b, labels.get(label) if labels else label) for a, b, label in spans_of_tags(tags)]
        records.append(record(f"{source}-{number}", source, tokens, [s for s in spans if s[2]], trim=False))
    return records


def append_record(document, sentence):
    """Adds a sentence to a document, behind a space, with its entities moved along."""
    shift = len(document["text"]) + 1 if document["text"] else 0
    document["text"] += (" " if shift else "") + sentence["text"]
    document["entities"] += [dict(e, start=e["start"] + shift, end=e["end"] + shift) for e in sentence["entities"]]


def read_wikigold(folder):
    """WikiGold: one record per document; MISC is dropped."""
    records = []
    path = os.path.join(folder, "wikigold/CONLL-format/data/wikigold.conll.txt")
    for new_document, tokens, tags in conll_sentences(path, separator=" "):
        if new_document:
            records.append({"id": f"wikigold-{len(records)}", "source": "wikigold", "text": "", "entities": []})
        spans = [s for s in spans_of_tags(tags) if s[2] in ("PER", "ORG", "LOC")]
        append_record(records[-1], record("", "", tokens, spans))
    return records


def without_mentions(tokens, spans):
    """Drops labels of @mentions: a handle is no name, and the annotators were of two minds about them."""
    return [s for s in spans if not tokens[s[0]].startswith("@") and not (s[0] and tokens[s[0] - 1] == "@")
            and "@" not in tokens[s[0]:s[1]]]


def read_btc(folder):
    """Broad Twitter Corpus: one record per tweet, the ids name the section."""
    records = []
    for section in "abefgh":
        path = os.path.join(folder, f"BTC/CONLL-format/data/{section}.conll")
        for number, (_, tokens, tags) in enumerate(conll_sentences(path, separator="\t")):
            spans = without_mentions(tokens, spans_of_tags(tags))
            records.append(record(f"btc-{section}-{number}", "btc", tokens, spans))
    return records


WNUT_FILES = {"train": "train/wnut17train.conll", "dev": "dev/emerging.dev.conll", "test": "test/emerging.test.annotated"}
WNUT_LABELS = {"person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG"}


def read_wnut17(folder):
    """WNUT 2017: train, dev and test together; the ids say which."""
    records = []
    for part, name in WNUT_FILES.items():
        path = os.path.join(folder, "WNUT17/CONLL-format/data", name)
        for number, (_, tokens, tags) in enumerate(conll_sentences(path, separator="\t")):
            spans = [(a, b, WNUT_LABELS[label]) for a, b, label in spans_of_tags(tags) if label in WNUT_LABELS]
            records.append(record(f"wnut17-{part}-{number}", "wnut17", tokens, without_mentions(tokens, spans)))
    return records


def read_json_lines(path, source):
    """Reads a corpus that is in JSON Lines with offsets already, and tidies its names."""
    with open(path, encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines if line.strip()]
    return [tidy({"id": i["id"], "source": source, "text": i["text"], "entities": i["entities"]}) for i in items]


def read_gum(folder):
    """GUM: one record per document."""
    return read_json_lines(os.path.join(folder, "gum-train.jsonl"), "gum")


def read_crossner(folder):
    """CrossNER: sentences; names in lower case throughout ("liberal party") are common nouns there, dropped."""
    records = read_json_lines(os.path.join(folder, "crossner.jsonl"), "crossner")
    for item in records:
        item["entities"] = [e for e in item["entities"]
                            if not re.fullmatch(r"[a-z' -]+", item["text"][e["start"]:e["end"]])]
    return records


RE3D_PARTS = ["Australian_Department_of_Foreign_Affairs", "CENTCOM", "Delegation_of_the_European_Union_to_Syria",
              "UK_Government", "US_State_Department", "Wikipedia"]
PARTIAL_NAMES = {"Council", "Government", "Foreign", "Defence", "Soldiers", "Coalition", "Army", "State", "Member"}
OFFICES = {"envoy", "advisor", "adviser", "coalition", "office", "secretaries", "staff", "east", "asia", "syria", "museums"}
RE3D_LABELS = {"Person": "PER", "Organisation": "ORG", "Location": "LOC"}


def proper_span(tokens, span):
    """Cuts a re3d phrase ("the U.S. forces", "a Kurdish YPG group") to its proper name, or gives None."""
    start, end, label = span
    if label == "PER":
        inner = [i for i in range(start, end - 1) if tokens[i].lower() in TITLES | OFFICES]
        start = inner[-1] + 1 if inner else start
        if any(t in ("for", "of", "to") for t in tokens[start:end]):
            start = end - 2
        if tokens[end - 1].lower() in TITLES | OFFICES or start > span[0] and not all(t[:1].isupper() for t in tokens[start:end] if t not in "-'"):
            return None
    while start < end and (not tokens[start][:1].isupper() and not tokens[start].startswith("al-")
                           or tokens[start] in DEMONYMS and end - start > 1 and tokens[start + 1].isupper()
                           or tokens[start] in ("The", "A", "An")):
        start += 1
    while start < end and not (tokens[end - 1][:1].isupper() or tokens[end - 1][:1].isdigit()):
        end -= 1
    inner = tokens[start:end]
    if not inner or any(t[:1].islower() and t.lower() not in CONNECTORS and not t.startswith("al-") for t in inner):
        return None
    if label == "ORG" and " ".join(inner) in COUNTRIES:
        label = "LOC"
    return start, end, label


def whole_daesh(tokens, tags):
    """Puts "Da ’ esh", which the tokenizer of re3d split at its apostrophe, together again."""
    words, kept = [], []
    for token, tag in zip(tokens, tags):
        if len(words) > 1 and words[-1] in "’'" and words[-2] in ("Da", "Dae") and token in ("esh", "sh"):
            words[-2:], kept[-2:] = [words[-2] + words[-1] + token], [kept[-2]]
        else:
            words.append(token)
            kept.append(tag)
    return words, kept


def divided(tokens, spans):
    """Divides "Berlin , Germany" into two places."""
    for start, end, label in spans:
        if label == "LOC" and "," in tokens[start:end]:
            middle = tokens.index(",", start)
            yield start, middle, label
            start = middle + 1
        yield start, end, label


def read_re3d(folder):
    """re3d: one record per document, sentences joined by spaces; parts without free reuse are left out."""
    records = []
    for part in RE3D_PARTS:
        base = os.path.join(folder, "re3d/CONLL-format/data-by-source/conll", part)
        for name in sorted(os.listdir(base)):
            item = {"id": f"re3d-{part}-{name[:8]}", "source": "re3d", "text": "", "entities": []}
            for _, tokens, tags in conll_sentences(os.path.join(base, name), separator="\t"):
                tokens, tags = whole_daesh(tokens, tags)
                spans = [(a, b, RE3D_LABELS[label]) for a, b, label in spans_of_tags(tags) if label in RE3D_LABELS]
                spans = [s for s in (proper_span(tokens, s) for s in spans) if s]
                append_record(item, record("", "", tokens, list(divided(tokens, spans)), tight=("-",)))
            records.append(item)
    return spread(records)


def spread(records):
    """Labels names where re3d left them out inside longer phrases, if they have one label everywhere else."""
    counts = collections.defaultdict(collections.Counter)
    for item in records:
        for entity in item["entities"]:
            counts[item["text"][entity["start"]:entity["end"]]][entity["label"]] += 1
    known = {n: c.most_common(1)[0][0] for n, c in counts.items()
             if n[:1].isupper() and len(n) > 1 and sum(c.values()) > 2 and max(c.values()) >= 0.8 * sum(c.values())}
    known.update({n: "LOC" for n in COUNTRIES if n != "US"})
    for name in PARTIAL_NAMES & set(known):
        del known[name]
    names = "|".join(re.escape(n) for n in sorted(known, key=len, reverse=True))
    pattern = re.compile(r"(?<![\w-])(?<![A-Z][a-z] )(" + names + r")(?![\w-])(?! [A-Z])")
    for item in records:
        taken = {i for e in item["entities"] for i in range(e["start"], e["end"])}
        for found in pattern.finditer(item["text"]):
            start, end = found.span()
            if taken.isdisjoint(range(start, end)) and not re.search(r"[A-Z]\w* $", item["text"][:start]):
                item["entities"].append({"start": start, "end": end, "label": known[found.group()]})
    return [tidy(item) for item in records]


def read_gmb(folder):
    """GMB: sentences, mended and filtered (see entity_gmb.py)."""
    import entity_gmb
    return entity_gmb.read(os.path.join(folder, "gmb-ner_dataset.csv.zip"))


READERS = {"gmb": read_gmb, "wikigold": read_wikigold, "btc": read_btc, "wnut17": read_wnut17, "gum": read_gum,
           "crossner": read_crossner, "re3d": read_re3d}


def load(name, folder):
    """Reads one corpus of CORPORA as a list of records in the common form."""
    return READERS[name](folder)


def check(item):
    """Raises if offsets or labels of a record are wrong: better here than in training."""
    end = 0
    for entity in item["entities"]:
        name = item["text"][entity["start"]:entity["end"]]
        if entity["start"] < end or not name or name != name.strip() or entity["label"] not in ("PER", "ORG", "LOC"):
            raise ValueError(f"bad entity {entity} {name!r} in {item['id']}")
        end = entity["end"]


def write(records, path):
    """Writes records as JSON Lines, checked."""
    with open(path, "w", encoding="utf-8") as file:
        for item in records:
            check(item)
            file.write(json.dumps(item, ensure_ascii=False) + "\n")


def census(records):
    """How many records, tokens and names of each label there are."""
    counts = collections.Counter(entity["label"] for item in records for entity in item["entities"])
    counts["records"] = len(records)
    counts["tokens"] = sum(len(re.findall(r"\w+|[^\w\s]", item["text"])) for item in records)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("out")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    for name in CORPORA:
        records = load(name, arguments.folder)
        write(records, os.path.join(arguments.out, name + ".jsonl"))
        counts = census(records)
        print(f"{name:9} {counts['records']:6} records {counts['tokens']:8} tokens  " + "  ".join(f"{k} {counts[k]}" for k in ("PER", "ORG", "LOC")))


if __name__ == "__main__":
    main()
