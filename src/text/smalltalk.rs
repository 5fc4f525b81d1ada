//! Greetings, thanks and bare answers: turns that carry no request. Conservative: every word must be accounted for.

use super::fold::{fold, words};
use super::greek::{ReadText, is_greek, key_of};
use super::memo::WordMemo;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::{SmallVec, smallvec};
use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SmallTalk {
    /// Hello.
    Greeting,
    /// Thanks, or that it worked.
    Thanks,
    /// Goodbye, or that there is nothing else.
    Bye,
    /// Yes, no, ok, great.
    Answer,
    /// That help is wanted, without what for: no small talk, but no request either.
    Opener,
    /// Who is speaking, the same; a name follows.
    Introduction,
    /// Words that go with any of them and say nothing alone.
    Filler,
}

impl SmallTalk {
    fn opens(self) -> bool {
        matches!(self, Self::Opener | Self::Introduction)
    }
}

const GREETINGS: &str = "hi|hello|hey|hiya|hai|helo|hallo|hullo|howdy|yo|greetings|good morning|good afternoon|good evening|good day|morning|\
    evening|hey there|hi there|hello there|how are you|how are you doing|how are you today|how do you do|\
    whats up|what s up|sup|nice to meet you|is anyone there|anyone there|are you there|\
    γεια|γεια σου|γεια σας|γειά|καλημέρα|καλημέρα σας|καλησπέρα|καλησπέρα σας|χαίρετε|χαιρετώ|τι κάνεις|τι κάνετε|\
    γεια χαρά|γεια σου ρε|καλό μεσημέρι|πώς είσαι|πώς είστε|πώς είσαστε|είναι κανείς εκεί|είναι κανείς εδώ|είστε εκεί|είσαι εκεί|\
    τι κάμνεις|τι κάμνετε|ίντα κάμνεις|ίντα κάμνετε|ίντα που κάμνεις|ίντα που κάμνετε|ίνταμπου κάμνεις|ίνταμπου κάμνετε|\
    ίνταμ που κάμνεις|ίνταμ που κάμνετε|gia|yia|geia|geia sou|geia sas|kalimera|kalhmera|kalispera|kalhspera|yassou|\
    hola|buenos dias|buenas tardes|buenas noches|buenas|guten tag|guten morgen|guten abend|servus|moin|gruss gott|\
    grüß gott|bonjour|bonsoir|salut|coucou";
const THANKS: &str = "thanks|thank you|thankyou|thank u|thx|thnx|tnx|ty|tysm|cheers|much appreciated|appreciate it|i appreciate it|\
    i appreciate your help|i appreciate the help|thanks for your help|thank you for your help|thanks for the help|\
    thank you for the help|thanks for helping|thank you for helping|thanks for your time|thank you for your time|\
    thanks for your assistance|thank you for your assistance|thanks for all your help|thank you for all your help|\
    thanks for the info|thanks for the information|thank you for the information|many thanks|that helps|that helped|\
    that worked|it worked|that works|it works|it works now|that solved it|that solves it|problem solved|\
    that was helpful|that s helpful|very helpful|you ve been helpful|you have been helpful|you ve been very helpful|\
    you have been very helpful|you re the best|you are the best|\
    ευχαριστώ|ευχαριστώ πολύ|ευχαριστούμε|σε ευχαριστώ|σας ευχαριστώ|σας ευχαριστούμε|ευχαριστώ για τη βοήθεια|\
    ευχαριστώ για την βοήθεια|ευχαριστώ για τη βοήθεια σας|ευχαριστώ για την βοήθεια σας|ευχαριστώ για τη βοήθεια σου|\
    ευχαριστώ για την βοήθεια σου|ευχαριστώ για την απάντηση|ευχαριστώ για όλα|ευχαριστώ πολλά|ευχαριστώ σας|ευχαριστώ σας πολλά|\
    σ ευχαριστώ|χίλια ευχαριστώ|σπολλάτε|νάσαι καλά|να στε καλά|νάστε καλά|λύθηκε το πρόβλημα|το πρόβλημα λύθηκε|δούλεψε|\
    δουλεύει τώρα|τώρα δουλεύει|με βοήθησες πολύ|με βοηθήσατε πολύ|βοήθησες πολύ|βοηθήσατε πολύ|ευχαριστώ για την εξυπηρέτηση|ευχαριστώ για το χρόνο σας|να είστε καλά|να σαι καλά|να είσαι καλά|λύθηκε|\
    efxaristo|efharisto|eyxaristo|euxaristo|efxaristw|euxaristw|eyxaristw|\
    gracias|muchas gracias|danke|danke schön|vielen dank|dankeschön|merci|merci beaucoup";
const BYES: &str = "bye|bye bye|goodbye|good bye|byebye|cya|see you|see ya|see you later|later|farewell|take care|good night|goodnight|\
    have a nice day|have a good day|have a great day|have a nice one|have a good one|have a great one|\
    have a nice evening|have a good evening|have a great evening|have a nice weekend|have a good weekend|\
    have a great weekend|have a wonderful day|you too|same to you|that s all|thats all|that is all|\
    that will be all|that ll be all|thatll be all|that s it|thats it|that is it|nothing else|nothing more|\
    no more questions|that s all i need|that s all i needed|thats all i need|thats all i needed|\
    that is all i need|that is all i needed|that s everything|that is everything|i m good|im good|i am good|\
    i m all set|im all set|i am all set|all set|all good|i m done|im done|\
    αντίο|τα λέμε|τα ξαναλέμε|καληνύχτα|καλό βράδυ|καλή συνέχεια|καλή σας μέρα|καλή σας ημέρα|καλή μέρα|καλή ημέρα|\
    καλό απόγευμα|καλό σαββατοκύριακο|επίσης|τίποτα άλλο|τίποτε άλλο|αυτό ήταν|αυτά|\
    καλή σου μέρα|καλή σου ημέρα|καλό σας βράδυ|καλό σου βράδυ|καλό σας απόγευμα|καλή εβδομάδα|καλή ξεκούραση|άτε γεια|άντε γεια|\
    άτε γεια χαρά|άντε γεια χαρά|αυτό ήταν όλο|αυτά ήταν|αυτά είναι όλα|τούτο ήταν|τούτα ούλλα|αυτό ήθελα|αυτό ήθελα μόνο|μόνο αυτό ήθελα|\
    τούτο ήθελα|δεν θέλω κάτι άλλο|δεν θέλω τίποτα άλλο|δεν θέλω τίποτε άλλο|δεν χρειάζομαι κάτι άλλο|δεν έχω άλλη ερώτηση|\
    δεν έχω άλλες ερωτήσεις|εν θέλω κάτι άλλο|εν θέλω τίποτε άλλο|όχι κάτι άλλο|\
    antio|ta leme|kalinixta|kalo vradi|adios|hasta luego|hasta la vista|chao|tschüss|tschuss|auf wiedersehen|\
    schönen tag noch|schönen tag|ciao|au revoir|bonne journée|bonne soirée|à bientôt";
const ANSWERS: &str = "yes|yeah|yep|yup|ya|yea|yes please|no|nope|nah|no thank you|no thanks|ok|okay|okey|okk|k|kk|oki|sure|alright|\
    all right|right|fine|great|perfect|excellent|awesome|cool|nice|good|super|wonderful|fantastic|amazing|got it|\
    sounds good|sounds great|understood|i see|i understand|of course|absolutely|correct|exactly|yes it is|\
    yes i do|no i don t|no it isn t|go ahead|please do|one moment|\
    proceed|i confirm|confirmed|do it|let s do it|do that|everything looks correct|everything looks good|everything is correct|\
    that all sounds correct|that all sounds good|that s correct|that is correct|that s right|that is right|that looks good|\
    that looks correct|that sounds good|that sounds great|that would be helpful|that would be great|with these changes|\
    with those changes|with the changes|with the change|with this change|with the update|with the booking|with that booking|\
    with this arrangement|with the transfer|with that|with this|\
    ναι|όχι|οκ|οκέι|εντάξει|μάλιστα|τέλεια|ωραία|βεβαίως|βέβαια|σωστά|φυσικά|σύμφωνοι|κατάλαβα|καλώς|μπράβο|\
    όι|oi|ναίσκε|αμέ|εν τάξει|οκέυ|έγινε|κομπλέ|καλά|πολύ καλά|μια χαρά|όλα καλά|άψογα|σούπερ|υπέροχα|ακριβώς|σίγουρα|συμφωνώ|\
    προχωρήστε|προχώρα|ας προχωρήσουμε|κάντε το|όλα σωστά|όλα είναι σωστά|καταλαβαίνω|το κατάλαβα|εκατάλαβα|είμαι καλά|καλά είμαι|δεν πειράζει|ένα λεπτό|μια στιγμή|μισό λεπτό|μισό|\
    nai|oxi|ohi|oxh|ochi|entaksei|entaxei|teleia|wraia|si|vale|claro|perfecto|ja|nein|genau|gut|alles klar|in ordnung|\
    oui|non|d accord|très bien|parfait";
const OPENERS: &str = "help|help me|please help|i need help|i need some help|i need a help|i need one help|i need your help|i need a bit of help|\
    i need a little help|i need assistance|i need some assistance|i need your assistance|i want help|i want some help|i would like help|\
    i would like some help|i d like some help|i m looking for help|i am looking for help|i need help from you|i need a help from you|\
    need help|need some help|can you help|can you help me|could you help|could you help me|can you please help me|\
    could you please help me|would you help me|can anyone help me|can someone help me|can somebody help me|\
    i have a question|i have a quick question|i have some questions|i have a few questions|i have one question|quick question|\
    can i ask a question|can i ask you a question|can i ask something|may i ask something|i have a problem|i have a issue|\
    i have an issue|i m having a problem|i am having a problem|i m having an issue|i am having an issue|\
    χρειάζομαι βοήθεια|θέλω βοήθεια|θα ήθελα βοήθεια|βοήθεια|βοήθησε με|βοηθήστε με|μπορείτε να με βοηθήσετε|μπορείς να με βοηθήσεις|\
    μπορείτε να βοηθήσετε|θέλω να ρωτήσω κάτι|θα ήθελα να ρωτήσω κάτι|να ρωτήσω κάτι|έχω μια ερώτηση|έχω ερώτηση|έχω μια απορία|\
    έχω απορία|έχω ένα πρόβλημα|έχω πρόβλημα|θέλω μια πληροφορία|θα ήθελα μια πληροφορία|θέλω μια βοήθεια|θέλω βοήθειαν|\
    necesito ayuda|tengo una pregunta|puede ayudarme|ich brauche hilfe|ich habe eine frage|können sie mir helfen|\
    j ai besoin d aide|j ai une question|pouvez vous m aider";
/// What a name follows.
const INTRODUCTIONS: &str = "my name is|my name s|my names|this is my name|με λένε|λέγομαι|ονομάζομαι|το όνομά μου είναι|\
    me lene|to onoma mou einai|me llamo|mi nombre es|ich heiße|mein name ist|je m appelle|mon nom est";
/// What is said about a name, where it is what the customer wants put right.
const NOT_A_NAME: &str =
    "wrong|misspelled|misspelt|misspelling|spelled|spelt|incorrect|incorrectly|not|missing|on|in|λάθος|λανθασμένο";
const FILLERS: &str = "please|pls|plz|very much|so much|a lot|a bunch|a million|again|there|then|now|just|well|oh|ah|um|and|but|for now|dear|\
    sir|madam|mam|maam|ma am|bro|buddy|friend|team|everyone|all|bot|assistant|for everything|for that|indeed|really|\
    very|welcome|today|παρακαλώ|πολύ|και|λοιπόν|και πάλι|για όλα|πάρα πολύ|επίσης και|\
    πολλά|τώρα|σήμερα|πάλι|και εσείς|και εσύ|κι εσείς|κι εσύ|εσείς|εσύ|και σε σας|ρε|ρε φίλε|ρε φίλε μου|φίλε|φίλε μου|κουμπάρε|\
    μάστρε|παιδιά|κύριε|κυρία|τζιαι|τζιαι πάλε|τζιαι εσύ|τζιαι εσείς|por favor|bitte|sehr|und|\
    s il vous plait|beaucoup|y|et|ευχαρίστως";

/// Greek that is small talk as it is written alone: by its sound it is another word (γεια and για, φίλε and file, όχι and why).
const AS_WRITTEN: &str = "γεια|φίλε|όι|όχι|μισό";

/// Bytes beyond which a text is no small talk, and words.
const MAX_BYTES: usize = 400;
const MAX_WORDS: usize = 14;
/// Longest phrase of the lists, in words.
const MAX_PHRASE: usize = 6;
/// Words of a name, the first one and what may stand behind it.
const MAX_NAME: usize = 3;

/// What is looked for.
#[derive(Default)]
struct KnownPhrases {
    /// Folded.
    written: FxHashMap<String, SmallTalk>,
    /// Their first words.
    written_begin: FxHashSet<String>,
    /// Greek ones by the keys of their words, so that any spelling in either script is found.
    heard: FxHashMap<String, SmallTalk>,
    /// The keys of their first words.
    heard_begin: FxHashSet<String>,
    /// Folded words that are no name.
    not_a_name: FxHashSet<String>,
}

static PHRASES: LazyLock<KnownPhrases> = LazyLock::new(|| {
    let lists = [
        (SmallTalk::Filler, FILLERS),
        (SmallTalk::Opener, OPENERS),
        (SmallTalk::Introduction, INTRODUCTIONS),
        (SmallTalk::Answer, ANSWERS),
        (SmallTalk::Bye, BYES),
        (SmallTalk::Thanks, THANKS),
        (SmallTalk::Greeting, GREETINGS),
    ];
    let folded = |list: &'static str| list.split('|').map(|p| words(&fold(p)).collect::<Vec<_>>().join(" "));
    let as_written: FxHashSet<String> = folded(AS_WRITTEN).collect();
    let mut out = KnownPhrases { not_a_name: folded(NOT_A_NAME).collect(), ..KnownPhrases::default() };
    for (phrase, kind) in lists.into_iter().flat_map(|(kind, list)| folded(list).map(move |p| (p, kind))) {
        if phrase.split(' ').all(|w| w.chars().any(is_greek)) && !as_written.contains(&phrase) {
            let keys: Vec<String> = phrase.split(' ').map(key_of).collect();
            out.heard.insert(keys.join(" "), kind);
            out.heard_begin.extend(keys.into_iter().next());
        }
        out.written_begin.extend(phrase.split(' ').next().map(str::to_owned));
        out.written.insert(phrase, kind);
    }
    out
});

thread_local! {
    /// Whether a Greek phrase begins with what sounds as a word: most first words are those of many texts.
    static HEARD_BEGIN: RefCell<WordMemo<bool, 1_024>> = RefCell::default();
}

impl KnownPhrases {
    /// The longest phrase at the beginning: its words, and what it is.
    fn at(&self, words: &[&str]) -> Option<(usize, SmallTalk)> {
        let (first, most) = (words.first()?, words.len().min(MAX_PHRASE));
        let begins = || self.heard_begin.contains(&key_of(first));
        let heard_begins = HEARD_BEGIN.with_borrow_mut(|memo| memo.get(first, 0, begins));
        if !heard_begins && !self.written_begin.contains(*first) {
            return None;
        }
        let keys: Vec<String> =
            if heard_begins { words[..most].iter().map(|w| key_of(w)).collect() } else { Vec::new() };
        (1..=most).rev().find_map(|n| {
            let written = self.written.get(&words[..n].join(" "));
            let heard = || self.heard.get(&keys.get(..n)?.join(" "));
            written.or_else(heard).map(|&kind| (n, kind))
        })
    }
}

/// Whether the text is nothing but a greeting, thanks, a goodbye or a bare yes, no or ok (English, Greek in either script, and
/// the commonest of Spanish, German and French), or has no words at all. `hi, where is my order` is not.
pub fn is_smalltalk(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| is_small(&kinds))
}

/// Whether the text is [small talk](is_smalltalk), or says no more than that help is wanted or who is speaking: `hello, I need
/// some help`, `my name is Maria`. What the customer wants comes after it.
pub fn is_opening(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| is_opening_of(&kinds))
}

/// [`is_smalltalk`] and [`is_opening`] of a text that is read already.
pub fn small_and_opening(text: &str, read: &ReadText) -> (bool, bool) {
    let kinds = match text.len() <= MAX_BYTES && !has_markers(text) {
        true => kinds_of(read.words()),
        false => kinds(text),
    };
    kinds.map_or((false, false), |kinds| (is_small(&kinds), is_opening_of(&kinds)))
}

fn is_small(kinds: &[SmallTalk]) -> bool {
    !kinds.iter().any(|k| k.opens()) && is_opening_of(kinds)
}

fn is_opening_of(kinds: &[SmallTalk]) -> bool {
    kinds.is_empty() || kinds.iter().any(|&k| k != SmallTalk::Filler)
}

/// Whether the text is small talk that ends a conversation well: thanks, `that worked`, a goodbye, `nothing else`.
pub fn is_thanks_or_bye(text: &str) -> bool {
    kinds(text).is_some_and(|kinds| {
        !kinds.iter().any(|k| k.opens()) && kinds.iter().any(|k| matches!(k, SmallTalk::Thanks | SmallTalk::Bye))
    })
}

/// What the text is made of; `None` when it says something else too.
fn kinds(text: &str) -> Option<Vec<SmallTalk>> {
    // Long texts are decided without folding them.
    if text.len() > MAX_BYTES {
        return None;
    }
    kinds_of(words(&fold(&without_markers(text))))
}

fn kinds_of<'a>(words: impl Iterator<Item = &'a str>) -> Option<Vec<SmallTalk>> {
    let tokens: SmallVec<[&str; MAX_WORDS + 1]> = words.take(MAX_WORDS + 1).collect();
    if tokens.len() > MAX_WORDS {
        return None;
    }
    let mut kinds = Vec::new();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let (taken, kind) = PHRASES.at(rest).or_else(|| drawn_out(rest[0]).map(|kind| (1, kind)))?;
        kinds.push(kind);
        rest = &rest[taken..];
        if kind == SmallTalk::Introduction {
            rest = &rest[name_at(rest)?..];
        }
    }
    Some(kinds)
}

/// How many words the name has with which these begin: the first, and what follows up to a known phrase.
fn name_at(words: &[&str]) -> Option<usize> {
    words.first().filter(|first| !PHRASES.not_a_name.contains(**first))?;
    Some(
        (1..words.len().min(MAX_NAME))
            .find(|&n| PHRASES.at(&words[n..]).is_some())
            .unwrap_or(words.len().min(MAX_NAME)),
    )
}

fn has_markers(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"###").is_some()
}

/// The text without marks of the kind `###STOP###`, with which simulated customers end a conversation.
fn without_markers(text: &str) -> Cow<'_, str> {
    if !has_markers(text) {
        return Cow::Borrowed(text);
    }
    let is_mark =
        |piece: &str| !piece.is_empty() && piece.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c == '-');
    let words = text.split_whitespace().map(|word| match word.split_once("###") {
        Some((before, rest)) if rest.strip_suffix("###").is_some_and(is_mark) => before,
        _ => word,
    });
    Cow::Owned(words.collect::<Vec<_>>().join(" "))
}

/// `hiii`, `okkk`, `thankssss`: the last letter drawn out.
fn drawn_out(word: &str) -> Option<SmallTalk> {
    let last = word.chars().next_back()?;
    let stem = word.trim_end_matches(last);
    (word.len() - stem.len() > last.len_utf8()).then(|| PHRASES.written.get(&format!("{stem}{last}")).copied())?
}

/// Names and parts of names that intents for small talk go by.
const INTENT_PARTS: &[&str] = &[
    "greet",
    "greeting",
    "greetings",
    "hello",
    "hi",
    "thank",
    "thanks",
    "thankyou",
    "gratitude",
    "appreciation",
    "goodbye",
    "bye",
    "farewell",
    "welcome",
    "smalltalk",
    "chitchat",
];
/// Parts that may stand beside them.
const INTENT_BESIDE: &[&str] = &[
    "opening",
    "closing",
    "open",
    "close",
    "user",
    "customer",
    "general",
    "say",
    "good",
    "you",
    "default",
    "intent",
    "start",
    "end",
    "initial",
    "final",
    "and",
    "small",
    "talk",
    "chit",
    "chat",
    "smalltalk",
    "chitchat",
    "faq",
];

/// Whether an intent's name says that it is a greeting, thanks or a goodbye: `greet`, `openinggreeting`, `thank_you`,
/// `Default Welcome Intent`, `smalltalk/greet`.
pub fn is_smalltalk_intent(name: &str) -> bool {
    let folded = fold(&split_camel_case(name));
    let mut parts: SmallVec<[&str; 8]> = words(&folded).flat_map(|w| w.split('_')).filter(|w| !w.is_empty()).collect();
    // `openinggreeting`: one known word after another without anything between.
    if let [one] = parts.as_slice()
        && let Some(beside) = INTENT_BESIDE.iter().find(|b| one.strip_prefix(**b).is_some_and(|r| r.len() > 2))
    {
        parts = smallvec![*beside, &one[beside.len()..]];
    }
    let known = |p: &&str| INTENT_PARTS.contains(p) || INTENT_BESIDE.contains(p);
    matches!(parts.concat().as_str(), "smalltalk" | "chitchat")
        || parts.iter().all(known) && parts.iter().any(|p| INTENT_PARTS.contains(p))
}

/// A space before every capital that follows a small letter.
fn split_camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut small = false;
    for c in name.chars() {
        if small && c.is_uppercase() {
            out.push(' ');
        }
        small = c.is_lowercase();
        out.push(c);
    }
    out
}

/// The phrases and names above, under what they are: for what must know the same ones outside.
#[cfg(test)]
pub(crate) fn known() -> [(&'static str, Vec<&'static str>); 11] {
    let phrases = |list: &'static str| list.split('|').collect();
    [
        ("greetings", phrases(GREETINGS)),
        ("thanks", phrases(THANKS)),
        ("byes", phrases(BYES)),
        ("answers", phrases(ANSWERS)),
        ("openers", phrases(OPENERS)),
        ("introductions", phrases(INTRODUCTIONS)),
        ("not_a_name", phrases(NOT_A_NAME)),
        ("fillers", phrases(FILLERS)),
        ("as_written", phrases(AS_WRITTEN)),
        ("intent_parts", INTENT_PARTS.to_vec()),
        ("intent_beside", INTENT_BESIDE.to_vec()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_talk_is_seen() {
        for s in [
            "hi",
            "Hello there!",
            "hiii",
            "Good morning, how are you?",
            "thanks a lot, bye",
            "No, that's all. Thanks.",
            "ok thank you",
            "Yes, please",
            "Great, thank you! ###STOP###",
            "###STOP###",
            "Γειά σας!",
            "ΕΥΧΑΡΙΣΤΩ ΠΟΛΥ",
            "όχι, ευχαριστώ",
            "Gracias",
            "👍",
            "  ",
            "Great, that worked, thank you so much!",
            "that’s all, thanks",
            "Thanks for your help!! Have a great day 😊",
            "Yes, please proceed with these changes.",
            "Yes, everything looks correct. Please go ahead with the update. Thank you!",
            "ναι, προχωρήστε παρακαλώ",
        ] {
            assert!(is_smalltalk(s), "{s}");
        }
    }

    #[test]
    fn greek_small_talk_is_seen_in_either_script() {
        let rows = include_str!("../../tests/fixtures/greek/smalltalk.tsv").lines().skip(1);
        let mut small = 0;
        for row in rows {
            let mut cells = row.split('\t');
            let expected = cells.next() == Some("small");
            small += usize::from(expected);
            for said in cells {
                assert_eq!(is_smalltalk(said), expected, "{said}");
            }
        }
        assert!(small >= 60, "{small}");
    }

    #[test]
    fn a_request_is_not() {
        for s in [
            "hi, where is my order",
            "thanks for nothing",
            "no it is still broken",
            "please",
            "ok but when?",
            "Γεια σας, πού είναι η παραγγελία μου;",
            "help",
            "thank you card",
            "Yes, please transfer me to a human agent",
            "please proceed with cancelling my order",
            "why?",
            "i want to say thanks to the driver who brought it",
        ] {
            assert!(!is_smalltalk(s), "{s}");
        }
    }

    #[test]
    fn an_opening_is_no_request_and_no_small_talk() {
        for s in [
            "help",
            "Hello, I need some help",
            "My name is mark",
            "hi, my name is Mary Ann Brown and I need help please",
            "Can you help me? Thanks!",
            "Γεια σας, χρειάζομαι βοήθεια",
            "geia sas xreiazomai voitheia",
            "Καλημέρα, με λένε Μαρία",
            "thanks, can you help me?",
        ] {
            assert!(is_opening(s) && !is_smalltalk(s) && !is_thanks_or_bye(s), "{s}");
        }
        for s in [
            "My name is wrong on the ticket",
            "my name is misspelled",
            "my name is john and i would like to book a flight",
            "can you help me find a hotel",
            "I have a problem with my card",
            "my name is",
        ] {
            assert!(!is_opening(s), "{s}");
        }
        assert!(is_opening("hello there"));
    }

    #[test]
    fn endings_are_told_from_other_small_talk() {
        for s in ["thanks", "ok bye", "nothing else", "ευχαριστώ, καλό βράδυ", "cheers!", "no, that's it"]
        {
            assert!(is_thanks_or_bye(s), "{s}");
        }
        for s in ["hi", "yes", "ok", "no", "👍", "hello", "γεια σας", "thanks, but my card is still blocked"] {
            assert!(!is_thanks_or_bye(s), "{s}");
        }
    }

    #[test]
    fn intents_are_known_by_name() {
        for s in [
            "greet",
            "hello",
            "thanks",
            "thankyou",
            "thank_you",
            "goodbye",
            "openinggreeting",
            "closinggreeting",
            "OpeningGreeting",
            "Default Welcome Intent",
            "smalltalk/greet",
            "chitchat",
            "say_goodbye",
        ] {
            assert!(is_smalltalk_intent(s), "{s}");
        }
        for s in ["order_status", "greeting_card", "close_account", "highlight", "user", "chat_with_agent", "say"] {
            assert!(!is_smalltalk_intent(s), "{s}");
        }
    }

    #[test]
    fn no_phrase_is_longer_than_is_looked_for() {
        assert!(
            PHRASES.written.keys().all(|p| p.split(' ').count() <= MAX_PHRASE),
            "{:?}",
            PHRASES.written.keys().max_by_key(|p| p.split(' ').count())
        );
    }
}
