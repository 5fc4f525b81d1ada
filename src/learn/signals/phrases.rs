//! What customers say when an answer missed, as words and phrases. Everything here is compared folded: without accents,
//! in lower case, `don't` as `don t`.

use crate::text::fold;
use crate::text::greek::{ReadText, is_greek, key_of};
use crate::text::memo::{MANY, WordMemo};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::LazyLock;

/// What a word does in these phrases; one word may do several things.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PhrasePart {
    /// Whom one asks for when one has had enough of a machine.
    Person = 1,
    /// Whom one asks to talk to, but means nobody else when one asks for them.
    Anybody = 2,
    /// Talking to somebody.
    Talk = 4,
    /// Putting the customer through to somebody.
    PutThrough = 8,
    /// Asking for something.
    Want = 16,
    /// Turns the meaning round.
    Not = 32,
    /// Says little about what a text asks for.
    Common = 64,
    /// Before `agent`: one of another kind.
    OtherKind = 128,
    /// Stands beside a bare call for a person.
    Beside = 256,
    /// Yes.
    Yes = 512,
    /// Asks for the next thing: nobody has misunderstood.
    Next = 1024,
}

/// Phrases, by what they say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PhraseMeaning {
    /// The answer was wrong.
    Wrong,
    /// The same, when the text says nothing else.
    WrongAlone,
    /// The AI is no good.
    Insult,
}

const PERSON: &str = "human|humans|agent|representative|representatives|rep|operator|supervisor|\
    εκπροσωπο|εκπροσωπος|εκπροσωπους|εκπροσωπου|υπαλληλο|υπαλληλος|υπαλληλους|χειριστη|χειριστης|ανθρωπο|ανθρωπος|ανθρωπινο|\
    συμβουλο|προισταμενο|υπευθυνο|πλασμα|ekprosopo|ekproswpo|ypallilo|ipallilo|anthropo|anthrwpo|humano|humana|agente|representante|\
    operador|operadora|mitarbeiter|menschen|mensch|berater|humain|conseiller|conseillere|operateur|operatore|umano|atendente";
const ANYBODY: &str = "someone|somebody|anyone|person|people|manager|staff|advisor|adviser|specialist|καποιον|καποια|ατομο|\
    διευθυντη|kapoion|persona|alguien|jemand|jemanden|jemandem|quelqu|personne|alguem|pessoa|qualcuno";
const TALK: &str = "speak|talk|chat|speaking|μιλησω|μιλω|συντυχω|συντυχαννω|μιλαω|μιλησουμε|συνομιλησω|συνεννοηθω|επικοινωνησω|miliso|milisw|milhsw|\
    hablar|sprechen|reden|parler|parlare|falar";
const PUT_THROUGH: &str = "connect|transfer|escalate|forward|redirect|put|συνδεσετε|συνδεσε|συνδεστε|συνδεθω|sindese|syndese|\
    comunicarme|comuniqueme|pasame|verbinden|verbinde|passez|passer";
const WANT: &str = "want|need|get|give|prefer|contact|reach|call|θελω|χρειαζομαι|ζηταω|ζητω|δωστε|thelo|thelw|quiero|\
    necesito|will|mochte|brauche|veux|voudrais|voglio|quero";
const NOT: &str = "don|dont|not|without|never|δεν|μην|χωρις|no|kein|keinen|nicht|pas|sin";
const OTHER_KIND: &str = "travel|estate|insurance|booking|rental|ticket|tickets|sales|cleaning|user|shipping|virtual|ai|\
    another|my|ταξιδιωτικο|ασφαλιστικο";
const BESIDE: &str = "a|an|the|real|live|human|please|pls|now|to|i|want|need|talk|speak|customer|service|with|just|get|me|\
    ok|okay|yes|παρακαλω|θελω|εναν|με|τωρα|un|una|bitte|por|favor";
const YES: &str =
    "yes|yeah|yep|yup|sure|ok|okay|oui|si|ja|ναι|βεβαια|μαλιστα|nai|alright|correct|great|perfect|thanks|thank";
const NEXT_THING: &str = "next|other|others|another|else|different|more|proceed|continue|instead|also|too|αλλο|αλλη|αλλα|αλλες|\
    αλλους|επομενο|επομενη|συνεχεια|επισης|otro|otra|otros|mas|siguiente|tambien|andere|anderen|anderes|weiter|auch|autre|autres|\
    aussi|suivant|altro|altra|outro|outra";
const COMMON: &str = "a|an|the|and|or|of|to|in|on|at|by|as|is|it|i|m|s|t|d|ll|ve|re|me|my|we|us|do|so|if|no|up|be|am|pm|hi|\
    for|you|your|are|was|were|that|this|these|those|with|from|have|has|had|not|but|can|could|would|will|shall|may|might|\
    should|what|when|where|which|who|whom|how|why|there|here|they|them|then|than|she|he|her|his|him|its|our|out|off|about|\
    into|over|some|any|all|also|just|only|very|much|many|more|most|please|pls|like|want|need|know|get|got|let|make|made|\
    been|being|does|did|don|didn|doesn|isn|won|dont|yes|yeah|okay|ok|hello|hey|thanks|thank|going|one|well|now|again|\
    really|still|help|sure|looking|tell|give|say|said|sorry|great|good|\
    και|για|που|μου|σου|του|της|των|το|τα|τη|ο|η|οι|στο|στη|στην|στον|απο|δεν|μην|ειναι|ηταν|εχω|εχει|ενα|μια|τον|την|τους|\
    τις|θελω|μπορω|μπορειτε|παρακαλω|πως|ποτε|τι|γιατι|αυτο|αυτη|αυτος|οτι|θα|να|με|σε|ναι|οχι|γεια|μας|σας|\
    que|por|para|con|una|un|los|las|el|la|de|en|del|como|esta|este|quiero|puedo|mi|se|und|der|die|das|ist|nicht|ein|eine|ich|\
    mit|fur|auf|den|dem|mochte|kann|les|des|une|est|pas|pour|avec|dans|vous|mon|mes|je|veux|peux|et|le|il|di|che";

const WRONG: &str = "not what i asked|not what i meant|not what i mean|not what i want|not what i wanted|not what i said|\
    not what i need|not what i needed|not what i was asking|not what i m asking|not what i am asking|not my question|\
    isn t what i asked|isn t what i meant|isn t what i want|isn t what i wanted|isn t what i need|wasn t my question|\
    that s not what i|that is not what i|thats not what i|i didn t ask|i did not ask|i didnt ask|not answer my question|\
    not answering my question|doesn t answer|does not answer|didn t answer my|did not answer my|haven t answered|\
    not answered my question|that s wrong|that is wrong|this is wrong|thats wrong|you re wrong|you are wrong|\
    that s incorrect|that is incorrect|this is incorrect|that s not right|that is not right|thats not right|that isn t right|\
    that s not correct|that is not correct|that s not true|that is not true|you don t understand|you dont understand|\
    you do not understand|you didn t understand|you did not understand|you misunderstood|you re not understanding|\
    you are not understanding|don t you understand|you re not listening|you are not listening|you re not helping|\
    you are not helping|not helpful|unhelpful|that doesn t help|that does not help|that didn t help|that did not help|\
    that s no help|no help at all|i already told you|i ve already told you|i told you already|i just told you|\
    i already said|i ve already said|i just said that|i just gave you|i already gave you|i already provided|\
    i ve already provided|i already answered that|i already answered you|you already asked|you asked that already|\
    you just asked me|that s not it|that is not it|didn t you read|did you even read|read what i wrote|like i said|as i said|like i told you|as i told you|\
    δεν ρωτησα αυτο|δεν σε ρωτησα|δεν ρωταω αυτο|αλλο ρωτησα|αλλο σε ρωτησα|αλλο σας ρωτησα|αλλο ρωταω|δεν εννοω αυτο|\
    δεν εννοουσα|δεν ειπα αυτο|δεν ζητησα αυτο|αυτο δεν ζητησα|αυτο δεν ρωτησα|δεν με καταλαβαινεις|\
    δεν καταλαβαινεις|δεν με καταλαβες|δεν καταλαβες|δεν καταλαβατε|δεν καταλαβαινετε|δεν με καταλαβαινετε|δεν με καταλαβατε|δεν απαντησες|\
    δεν απαντησατε|δεν μου απαντησες|δεν μου απαντησατε|δεν απαντας|δεν βοηθησες|δεν βοηθας|δεν βοηθαει|δεν με βοηθησε|\
    δεν με βοηθησες|λαθος απαντηση|αυτο ειναι λαθος|λαθος καταλαβες|λαθος καταλαβατε|σου ειπα ηδη|σας ειπα ηδη|το ειπα ηδη|\
    ηδη σου ειπα|ηδη σας ειπα|ειπα σου το|ειπα σας το|αλλο ερωτησα|αλλο σε ερωτησα|\
    εν ερωτησα τουτο|εν ρωτησα τουτο|εν σε ερωτησα|εν τουτο που ερωτησα|εν τουτο που ρωτησα|εν εννοω τουτο|εν ειπα τουτο|\
    εν ζητησα τουτο|εν καταλαβεις|εν με καταλαβεις|εν καταλαβαινεις|εν με καταλαβαινεις|εν εκαταλαβες|εν με εκαταλαβες|εν εκαταλαβετε|\
    εν απαντησες|εν μου απαντησες|εν μου απαντησετε|εν απαντας|εν βοηθας|εν εβοηθησες|εν με εβοηθησες|τουτο εν λαθος|den rotisa auto|den rwtisa auto|den katalaves|den katalavaineis|\
    no es lo que pregunte|no es lo que quiero|no pregunte eso|no me entiendes|no me estas entendiendo|\
    das habe ich nicht gefragt|danach habe ich nicht gefragt|das ist falsch|das stimmt nicht|du verstehst mich nicht|\
    sie verstehen mich nicht|ce n est pas ce que|ce n est pas ma question|vous ne comprenez pas|tu ne comprends pas|\
    non e quello che|non hai capito|nao foi isso que|voce nao entendeu";
const WRONG_ALONE: &str = "wrong|wrong answer|no wrong|incorrect|not that|no not that|not this|λαθος|οχι λαθος|οχι αυτο|οχι οχι αυτο|\
    falsch|falso|faux|incorrecto|sbagliato|errado";
pub(super) const INSULT: &str = "useless|stupid bot|stupid robot|stupid machine|stupid computer|dumb bot|dumb robot|you idiot|\
    you re stupid|you are stupid|you re dumb|you are dumb|you re an idiot|you suck|this is ridiculous|this is unacceptable|\
    this is so annoying|this is annoying|this is so frustrating|this is frustrating|this is really frustrating|\
    very frustrating|waste of time|waste of my time|wasting my time|fuck you|fuck off|fuck this|screw you|stupid thing|\
    thanks for nothing|what the hell|what the fuck|worst service|worst bot|terrible service|\
    αχρηστο|αχρηστος|αχρηστη|αχρηστοι|γελοιο|γελοιοι|απαραδεκτο|απαραδεκτοι|ηλιθιο|ηλιθιε|βλακα|χασιμο χρονου|\
    με κοροιδευεις|με κοροιδευετε|με δουλευεις|με δουλευετε|κοροιδευκεις με|κοροιδευκετε με|περιπαιζεις με|περιπαιζετε με|απαραδεκτη|\
    ανικανος|ανικανοι|αισχος|ειστε για γελια|ντροπη σας|γαμω|αει στο|\
    inutil|eres un idiota|no sirves|esto es ridiculo|inaceptable|nutzlos|so ein mist|scheisse|das ist lacherlich|unfassbar|\
    c est nul|c est ridicule|inacceptable|merde|che schifo|inutile";

#[derive(Clone, Default)]
struct PhraseEntry {
    /// The word, folded.
    word: String,
    parts: u16,
    /// Phrases that begin with this word, and the words after it.
    phrases: Vec<(PhraseMeaning, Vec<String>)>,
}

static LEXICON: LazyLock<FxHashMap<String, PhraseEntry>> = LazyLock::new(|| {
    let mut lexicon: FxHashMap<String, PhraseEntry> = FxHashMap::default();
    let parts = [
        (PhrasePart::Person, PERSON),
        (PhrasePart::Anybody, ANYBODY),
        (PhrasePart::Talk, TALK),
        (PhrasePart::PutThrough, PUT_THROUGH),
        (PhrasePart::Want, WANT),
        (PhrasePart::Not, NOT),
        (PhrasePart::Common, COMMON),
        (PhrasePart::OtherKind, OTHER_KIND),
        (PhrasePart::Beside, BESIDE),
        (PhrasePart::Yes, YES),
        (PhrasePart::Next, NEXT_THING),
    ];
    for (part, list) in parts {
        list.split('|').for_each(|w| lexicon.entry(fold::fold(w)).or_default().parts |= part as u16);
    }
    for (meaning, list) in
        [(PhraseMeaning::Wrong, WRONG), (PhraseMeaning::WrongAlone, WRONG_ALONE), (PhraseMeaning::Insult, INSULT)]
    {
        for phrase in list.split('|') {
            let mut words = phrase.split_whitespace().map(fold::fold);
            let first = words.next().unwrap_or_default();
            lexicon.entry(first).or_default().phrases.push((meaning, words.collect()));
        }
    }
    lexicon.iter_mut().for_each(|(word, entry)| entry.word.clone_from(word));
    lexicon
});

/// The Greek words of the lists by their sound: what a word in another spelling, or in Latin letters, is read as. Those that only go on
/// with a phrase do nothing by themselves.
static HEARD_AS: LazyLock<FxHashMap<String, PhraseEntry>> = LazyLock::new(|| {
    let words = LEXICON.iter().flat_map(|(first, entry)| {
        let rest = entry.phrases.iter().flat_map(|(_, rest)| rest.iter().map(String::as_str));
        std::iter::once(first.as_str()).chain(rest)
    });
    let mut greek: Vec<&str> = words.filter(|w| w.chars().any(is_greek)).collect();
    // Two that sound alike: the first in the alphabet, on every machine.
    greek.sort_unstable_by(|a, b| b.cmp(a));
    let entry = |word: &str| match LEXICON.get(word) {
        Some(entry) => entry.clone(),
        None => PhraseEntry { word: word.to_owned(), ..PhraseEntry::default() },
    };
    greek.into_iter().map(|w| (key_of(w), entry(w))).collect()
});

/// A folded word as it is written where the lists have it so; a Greek one in Latin letters by its sound first, since `den` is German too.
/// A few words in Latin letters are too little to tell their language by: a long sound is Greek enough.
fn listed(text: &str, greek: bool) -> Option<&'static PhraseEntry> {
    let written = || LEXICON.get(text);
    let heard = || {
        // Numbers have no sound, and no log repeats its order numbers.
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let key = key_of(text);
        HEARD_AS.get(&key).filter(|_| greek || key.len() >= LONG_SOUND)
    };
    if greek && text.is_ascii() { heard().or_else(written) } else { written().or_else(heard) }
}

thread_local! {
    static LISTED: RefCell<WordMemo<Option<&'static PhraseEntry>, MANY>> = RefCell::default();
}

/// A word of the customer's.
#[derive(Clone, Copy)]
pub(super) struct HeardWord<'a> {
    /// Folded; a Greek word as it is spelt in the lists, where one of theirs sounds so.
    pub text: &'a str,
    entry: Option<&'static PhraseEntry>,
}

impl<'a> HeardWord<'a> {
    /// A folded word, as the lists have it.
    fn of(text: &'a str, greek: bool, memo: &mut WordMemo<Option<&'static PhraseEntry>, MANY>) -> Self {
        let entry = memo.get(text, u8::from(greek), || listed(text, greek));
        Self { text: entry.map_or(text, |entry| &entry.word), entry }
    }

    fn is(self, part: PhrasePart) -> bool {
        self.entry.is_some_and(|e| e.parts & part as u16 != 0)
    }

    /// Whether it says little about what a text asks for.
    pub fn is_common(self) -> bool {
        self.is(PhrasePart::Common)
    }

    /// Whether it asks for the next thing.
    pub fn is_next(self) -> bool {
        self.is(PhrasePart::Next)
    }

    /// Whether it is a yes.
    pub fn is_yes(self) -> bool {
        self.is(PhrasePart::Yes)
    }
}

/// Letters of a sound from which on it is of the Greek word in a text of any language.
const LONG_SOUND: usize = 5;
/// Words of a text beyond which nothing is looked for.
const MAX_WORDS: usize = 400;
/// Words between a verb and whom one asks for.
const NEAR: usize = 5;
/// Words between wanting and whom one wants: `I want a real human`.
const NEXT: usize = 3;
/// Words of a text that is nothing but the call for a person.
const CALL: usize = 5;

/// What a customer said, word by word, and what these do together: in most texts nobody calls for a person.
pub(super) struct HeardWords<'a>(Vec<HeardWord<'a>>, u16);

impl<'a> HeardWords<'a> {
    /// The words of a text.
    pub fn new(said: &'a ReadText) -> Self {
        LISTED.with_borrow_mut(|memo| {
            let mut parts = 0;
            let word = |text: &'a str| {
                let word = HeardWord::of(text, said.greek.has(text), memo);
                parts |= word.entry.map_or(0, |entry| entry.parts);
                word
            };
            let words = said.words().take(MAX_WORDS).map(word).collect();
            Self(words, parts)
        })
    }

    pub fn words(&self) -> impl Iterator<Item = HeardWord<'a>> {
        self.0.iter().copied()
    }

    fn has(&self, meaning: PhraseMeaning) -> bool {
        self.0.iter().enumerate().any(|(i, word)| {
            let after = &self.0[i + 1..];
            let said =
                |rest: &Vec<String>| rest.len() <= after.len() && rest.iter().zip(after).all(|(r, w)| r == w.text);
            word.entry.is_some_and(|e| e.phrases.iter().any(|(m, rest)| *m == meaning && said(rest)))
        })
    }

    /// Whether it says that the answer was wrong, or not to what was asked.
    pub fn says_wrong(&self) -> bool {
        let alone = |e: &PhraseEntry| {
            let rest = || self.0[1..].iter().map(|w| w.text);
            e.phrases.iter().any(|(m, r)| *m == PhraseMeaning::WrongAlone && r.iter().map(String::as_str).eq(rest()))
        };
        self.has(PhraseMeaning::Wrong) || self.0.first().and_then(|w| w.entry).is_some_and(alone)
    }

    /// Whether it says that the AI is no good.
    pub fn insults(&self) -> bool {
        self.has(PhraseMeaning::Insult)
    }

    /// Whether it asks for a person instead of the AI.
    pub fn asks_for_person(&self) -> bool {
        let (Self(words, parts), called) = (self, PhrasePart::Person as u16 | PhrasePart::Anybody as u16);
        parts & called != 0
            && (0..words.len()).any(|i| {
                let named = self.names_person(i);
                let anybody = named || self.0[i].is(PhrasePart::Anybody);
                anybody && self.is_asked_to_talk(i, &["me", "us", "this"])
                    || named && (self.is_wanted(i) || self.is_bare_call(i))
            })
    }

    /// Whether the AI offers a person with it: `shall I transfer you to a human agent?`
    pub fn offers_person(&self) -> bool {
        (0..self.0.len()).any(|i| self.names_person(i) && self.is_asked_to_talk(i, &["you", "this"]))
    }

    fn names_person(&self, i: usize) -> bool {
        self.0[i].is(PhrasePart::Person) && !(i > 0 && self.0[i - 1].is(PhrasePart::OtherKind))
    }

    /// `speak to …`, `connect me with …`, `… sprechen`. `whom`: who is to be put through.
    fn is_asked_to_talk(&self, i: usize, whom: &[&str]) -> bool {
        let words = &self.0;
        let verb = |k: usize| {
            // One transfers money to someone, but oneself to a person.
            let through = words[k].is(PhrasePart::PutThrough)
                && words.get(k + 1).is_some_and(|w| whom.contains(&w.text) || !w.text.is_ascii());
            (words[k].is(PhrasePart::Talk) || through) && !self.is_negated(k)
        };
        (i.saturating_sub(NEAR)..i).any(verb) || words.get(i + 1).is_some_and(|w| w.is(PhrasePart::Talk))
    }

    fn is_wanted(&self, i: usize) -> bool {
        (i.saturating_sub(NEXT)..i).any(|k| self.0[k].is(PhrasePart::Want) && !self.is_negated(k))
    }

    /// `agent`, `real human please`.
    fn is_bare_call(&self, i: usize) -> bool {
        let words = &self.0;
        words.len() <= CALL
            && words.iter().enumerate().all(|(k, w)| k == i || w.is(PhrasePart::Beside) || w.is(PhrasePart::Person))
    }

    fn is_negated(&self, verb: usize) -> bool {
        self.0[verb.saturating_sub(4)..verb].iter().any(|w| w.is(PhrasePart::Not))
    }
}
