"""Gathers pairs of a Greek text and the English one that means the same, for `greek.py`.

    python greek_corpus.py SOURCES greek.json     # EXCLUDE=a.csv,b.csv drops texts that the sets we measure on happen to have too

SOURCES holds `ell.txt` (Tatoeba), `wn-data-ell.tab` (Greek WordNet), `wordnet/` (WordNet 3.0: `data.noun` ...) and the wheels of
Django, wagtail, django-oscar and django-allauth; README.md says where they come from. The phrases of our own come from
`greek_frames.py`. Writes [source, Greek, English, weight] rows.
"""
import csv
import glob
import json
import os
import re
import sys
import unicodedata
import zipfile

import greek_frames

GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")


def bare(text):
    """Lower case without accents."""
    text = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in text if not unicodedata.combining(c)).replace("ς", "σ")


def tatoeba(directory):
    for line in open(f"{directory}/ell.txt", encoding="utf-8"):
        english, greek = line.split("\t")[:2]
        yield "tatoeba", greek, english, 1.0


def synsets(directory):
    """The words and the definition of each synset of WordNet 3.0."""
    found = {}
    for part, letter in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        for line in open(f"{directory}/wordnet/data.{part}", encoding="utf-8"):
            if line.startswith(" "):
                continue
            head, _, gloss = line.partition(" | ")
            fields = head.split()
            words = [fields[4 + 2 * i].replace("_", " ") for i in range(int(fields[3], 16))]
            words = [re.sub(r"\(\w+\)$", "", w) for w in words]
            found[f"{fields[0]}-{letter}"] = words, gloss.split(';')[0].strip().strip('"()')
    return found


# What each ending of a dictionary form also turns into: a rule, so that pieces meet forms that no dictionary lists.
NOUN = [("ματα", "ματων"), ("μα", "ματα ματος ματων"), ("ση", "σης σεις σεων"), ("ξη", "ξης ξεις ξεων"), ("ψη", "ψης ψεις ψεων"),
        ("ος", "ο ου οι ους ων"), ("ησ", "η ες ων"), ("ας", "α ες ων"), ("ης", "η ες ων"), ("η", "ης ες ων"), ("α", "ας ες ων"), ("ο", "ου α ων"), ("ι", "ια ιου ιων")]
VERB = [("ιζω", "ιζεις ιζει ιζουν ισω ισεις ισε ισα ιστε"), ("ωνω", "ωνεις ωνει ωνουν ωσω ωσεις ωσε ωσα ωστε ωσετε"), ("αινω", "αινεις αινει αινουν"),
        ("ευω", "ευεις ευει ευουν εψω εψεις εψε εψα"), ("αζω", "αζεις αζει αζουν ασω ασεις ασε ασα"), ("ομαι", "εσαι εται ομαστε ονται"),
        ("αω", "ας αει αμε ανε ησω ησεις ησε ησα ηστε"), ("ω", "εις ει ουμε ετε ουν")]
ADJECTIVE = [("ος", "η ο οι ες α ου ης ων ους"), ("ης", "ες εις"), ("υς", "ια υ")]


def forms(word, part):
    rules = {"n": NOUN, "v": VERB, "a": ADJECTIVE}.get(part, [])
    word = bare(word).replace("σ ", "ς ")
    word = re.sub("σ$", "ς", word)
    for ending, others in rules:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return [word[:-len(ending)] + other for other in others.split()]
    return []


def wordnet(directory):
    english = synsets(directory)
    for line in open(f"{directory}/wn-data-ell.tab", encoding="utf-8"):
        fields = line.rstrip("\n").split("\t")
        words, gloss = english.get(fields[0], ((), ""))
        # Words in Latin letters and taxonomy teach nothing.
        if not words or (fields[0][-1] == "n" and words[0][0].isupper() and len(words) > 1 and words[1].startswith("genus")):
            continue
        if fields[1] == "ell:lemma":
            lemma = fields[2].replace("_", " ").strip()
            if not GREEK.search(lemma):
                continue
            meaning = ", ".join(words[:3])
            yield "wordnet", lemma, meaning, 0.5
            if " " not in lemma:
                for form in forms(lemma, fields[0][-1]):
                    yield "wordnet forms", form, meaning, 0.15
        elif fields[1] == "ell:def" and gloss:
            yield "definition", fields[-1], gloss, 0.5


def entries(text):
    """msgid and msgstr of a .po file."""
    for block in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*fuzzy", block, re.M) or re.search("^#~", block, re.M):
            continue
        got = {}
        for key, body in re.findall(r'^(msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\s*)+)', block, re.M):
            got[key] = "".join(json.loads(part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', body) if valid(part))
        for a, b in (("msgid", "msgstr"), ("msgid", "msgstr[0]"), ("msgid_plural", "msgstr[1]")):
            if got.get(a) and got.get(b):
                yield got[a], got[b]


def valid(part):
    try:
        json.loads(part)
        return True
    except ValueError:
        return False


def catalogues(directory):
    for wheel in sorted(glob.glob(f"{directory}/*.whl")):
        with zipfile.ZipFile(wheel) as z:
            for name in sorted(z.namelist()):
                if re.search(r"/el/LC_MESSAGES/.*\.po$", name):
                    for english, greek in entries(z.read(name).decode()):
                        english, greek = (re.sub(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]*>|&\w+;|\s+", " ", t) for t in (english, greek))
                        # A page of text says more than a vector can hold.
                        if len(english) < 200:
                            yield "catalogues", greek, english, 0.7


def main():
    directory, out = sys.argv[1:3]
    excluded = set()
    for path in filter(None, os.environ.get("EXCLUDE", "").split(",")):
        excluded.update(re.sub(r"\W+", " ", bare(row[0])).strip() for row in csv.reader(open(path, encoding="utf-8")))
    seen, rows = set(), []
    for source, greek, english, weight in [*tatoeba(directory), *catalogues(directory), *wordnet(directory), *greek_frames.pairs()]:
        greek, english = " ".join(greek.split()), " ".join(english.split())
        plain = re.sub(r"\W+", " ", bare(greek)).strip()
        if not GREEK.search(plain) or not re.search("[A-Za-z]", english) or GREEK.search(english):
            continue
        if (plain, english.lower()) in seen or plain in excluded:
            continue
        seen.add((plain, english.lower()))
        rows.append([source, greek, english, weight])
    with open(out, "w", encoding="utf-8") as f:
        json.dump(rows, f, ensure_ascii=False)
    counts = {}
    for source, *_ in rows:
        counts[source] = counts.get(source, 0) + 1
    print(len(rows), counts)


if __name__ == "__main__":
    main()
