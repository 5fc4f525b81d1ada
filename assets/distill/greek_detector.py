"""Trains what tells Greek in Latin letters from other languages: logistic regression on hashed letters, 16 KB.

    python greek_detector.py greek.json OTHERS latin_greek_2.bin

greek.json comes from `greek_corpus.py`; OTHERS is LASER's `data/tatoeba/v1` (CC BY 2.0 FR), of which the languages in Latin letters
are taken. The sum of the weights of a text's n-grams, divided by the root of their number, is above the bias for Greek. The first edition, `latin_greek.bin`, has 4,096 buckets (`hash >> 20`),
2- and 3-grams and 30 epochs.
"""
import glob
import json
import random
import struct
import sys

import jax
import jax.numpy as jnp
import numpy as np

from greek_key import bare, spelled, words

BUCKETS, LONGEST = 16384, 240
# What people write to a business, short: neither side's texts have enough of it.
CHAT = """hi|hello|hey there|ok|okay thanks|yes please|no thanks|thx|pls help|ty|ok ty|hi i need help asap|u there?|gr8 thx|lol|omg this is bad|refund pls
cancel my order|track order|stop|help|human|agent|talk to a person|account|my account|login|password|reset password|invoice|receipt|wifi not working
internet down|slow internet|sim card|top up|roaming|delivery|where is it|where is my stuff|return|exchange|size m|xl|black|iphone 13 case|order no 12345
me too|to me|no|nope|yep|sure|fine|great|perfect|bye|good morning|good evening|menu|home|back|next|hello bot|goodbye|adios|ciao|price|how much|discount|promo code|coupon|sale
hotel|flight|booking|check in|check out|visa|mastercard|paypal|iban|bank|card declined|pin|atm|loan|data|mobile data|esim|router|modem|signal
order status|card arrival|change plan|turn on lights|set timer|play music|schedule meeting|parcel|tracking|photo|video|email|mail|sms|app|site|web
are u open on sunday|r u open|what time u close|im waiting 4 hours|its been 3 days|cant log in|wont load|doesnt work|didnt get it|im not happy""".replace("\n", "|").split("|")
OWN = """nai|oxi|ohi|kalimera|kalhmera|kalispera|kalinixta|geia|geia sas|yia sou|ya sas|efxaristo|euxaristw|efharisto|eyxaristo poli|parakalo|parakalw|mporeite|borite na me voithisete
entaksei|entaxei|ok euxaristw|den doulevei|den dulevi|den douleuei|thelo|thelw voitheia|8elw boh8eia|pote|pou einai|pu ine|poso kanei|poso kostizei|ti ora|ti wra kleinete
akyrosi|akirosi|akuro|epistrofi|epistrofh xrimaton|lefta|xrimata|xrewsi|hreosi|karta|i karta mou|kwdikos|kodikos|logariasmos|paraggelia|parangelia|h paraggelia mou|dema|to dema mou
signomi|sygnomh|sorry re|ela|ela re|re file|file mou|malista|vevaia|fisika|kala|poli kala|telia|teleia|mia xara|den kserw|den xero|den 3erw|kserete|gnorizete|perimenw|perimeno
ante|mallon|isos|avrio|simera|xthes|tora|twra|meta|argotera|prwi|proi|vradi|mesimeri|kiriaki|deftera|triti|paraskevi|savvato|ena|dio|tria|ekato|evro|eurw|ti na kanw|ti kamno|je|tze
en doulevi|en ixero|inta pu kamnis|ida mpou kamnete|en kamni|en eshi|eshi provlima|thkiavazo|tharko|mana mou|kopelia|kori|tipote|tipota|kanenas|kanena|alla|kai|omos|giati|yiati""".replace("\n", "|").split("|")


def grams(text):
    """Buckets of the 2- to 4-grams within the words of a text; words without an ASCII letter say nothing."""
    out = []
    for word in words(text):
        if any("a" <= c <= "z" for c in word):
            padded = " " + word + " "
            for size in (2, 3, 4):
                for at in range(len(padded) - size + 1):
                    hash = size
                    for c in padded[at:at + size]:
                        hash = (hash ^ ord(c)) * 0x9E3779B1 & 0xFFFFFFFF
                        hash ^= hash >> 15
                    out.append(hash >> 18)
    return out


def rows(texts):
    ids = np.full((len(texts), LONGEST), BUCKETS, np.int32)
    for row, text in enumerate(texts):
        got = grams(text)[:LONGEST]
        ids[row, :len(got)] = got
    return ids


def scores(w, b, ids):
    n = jnp.maximum((ids < BUCKETS).sum(1), 1)
    return jnp.concatenate([w, jnp.zeros(1)])[ids].sum(1) / jnp.sqrt(n) + b


def fit(ids, target, weight, epochs=20):
    def loss(p, ids, target, weight):
        z = scores(p[0], p[1], ids)
        return (weight * (jnp.logaddexp(0, z) - target * z)).mean() + 1e-5 * (p[0] ** 2).sum()

    @jax.jit
    def step(p, m, v, k, ids, target, weight):
        g = jax.grad(loss)(p, ids, target, weight)
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.99 * a + 0.01 * b * b, v, g)
        return jax.tree.map(lambda w, a, b: w - 0.02 * (a / (1 - 0.9**k)) / (jnp.sqrt(b / (1 - 0.99**k)) + 1e-8), p, m, v), m, v

    p = (jnp.zeros(BUCKETS), jnp.zeros(()))
    m, v, k, rng = jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), 0, np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(ids))
        for at in range(0, len(order) - 2047, 2048):
            some, k = order[at:at + 2048], k + 1
            p, m, v = step(p, m, v, k, ids[some], target[some], weight[some])
    return np.asarray(p[0]), float(p[1])


def main():
    pairs, others, out = sys.argv[1:4]
    rng = random.Random(0)
    greek, latin = [], []
    for source, el, en, weight in json.load(open(pairs, encoding="utf-8")):
        if source == "wordnet forms" or (source in ("wordnet", "frames") and rng.random() < 0.7):
            continue
        greek += [(spelled(el, rng), weight) for _ in range(2)]
        latin.append((en, weight))
    greek += [(text, 6.0) for text in OWN]
    latin += [(text, 20.0) for text in CHAT]
    for path in sorted(glob.glob(f"{others}/tatoeba.*-eng.*")):
        lines = open(path, encoding="utf-8").read().splitlines()
        letters = [c for line in lines for c in line.lower() if c.isalpha()]
        if path.endswith("ell") or sum("a" <= c <= "z" for c in letters) < 0.7 * len(letters):
            continue
        latin += [(line, 0.3 if path.endswith("eng") else 1.0) for line in lines]
    # A text is also read by its first words.
    for side in (greek, latin):
        side += [(" ".join(t.split()[:rng.randint(1, 3)]), 0.3 * w) for t, w in side if rng.random() < 0.3]
    ids = rows([t for t, _ in greek + latin])
    target = np.array([1.0] * len(greek) + [0.0] * len(latin), np.float32)
    weight = np.array([w for _, w in greek] + [w for _, w in latin], np.float32)
    # English taken for Greek costs more than Greek taken for English.
    weight[len(greek):] *= 1.5
    w, b = fit(ids, target, weight)
    scale = np.abs(w).max() / 127
    levels = np.round(w / scale).astype(np.int8)
    with open(out, "wb") as f:
        f.write(struct.pack("<f", b / scale) + levels.tobytes())
    z = np.asarray(scores(levels.astype(np.float32), b / scale, ids))
    print(len(greek), "Greek,", len(latin), "others; taken for the other:", np.mean(z[:len(greek)] <= 0), np.mean(z[len(greek):] > 0))


if __name__ == "__main__":
    main()
