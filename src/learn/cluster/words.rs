//! The words of requests: how each is written, and whether it is done, is a thing or a state.

use super::counts::{Said, Unit};
use super::forms::root_of;
use super::names::{COMMON, Spelling, stem_of, tells};
use crate::text::letters::{is_unspaced, word_pieces};
use rustc_hash::{FxHashMap, FxHashSet};

/// Words that say when, how many, how somebody feels or who is spoken to, and not what is wanted.
const BESIDES: &str = "agent customer representative assistant chatbot bot ai sir madam guys team kindly appreciate \
today tomorrow tonight yesterday upcoming recent recently current currently soon later earlier immediately asap already still again \
something anything everything thing things stuff kind sort way lot few several couple bit two three four five six seven eight nine ten \
really very quite pretty actually basically maybe perhaps probably possible possibly able unable ability wondering hoping trying tried try wish \
think thought believe guess feel feeling upset frustrated frustrating worried happy glad sorry afraid unfortunately hope hopefully \
named said says ask asked asking tell told say saying want wanted wants like liked love needed needs needing give given gave \
got getting gets goes went come came take took taking going gonna wanna let's using used make makes made making new whole entire \
someone somebody anyone anybody everyone thanks thank okay alright well good great nice best better right wrong regarding concerning \
always never ever sometimes online number numbers code codes am pm multiple total sum overall existing additional extra details info pls plz thx since while because however another different certain own every each both same able question questions \
issue issues problem problems trouble monday tuesday wednesday thursday friday saturday sunday january february march april june july \
august september october november december first second last next day days week weeks month months year years hour hours minute \
minutes morning afternoon evening night ago near nearby around close between within across id ids bonjour plaît plait vous por favor bitte \
σήμερα αύριο χθες χτες τώρα κάποιο κάποια κάτι παρακαλώ βοήθεια ευχαριστώ";
/// What a verb follows: `to cancel`, `please check`, `can you tell`, `να ακυρώσω`.
const BEFORE_VERBS: &[&str] =
    &["to", "please", "you", "me", "i", "we", "can", "could", "cannot", "can't", "and", "να", "θα", "na", "tha"];
/// What a thing follows: `my booking`, `the refund of the ticket`. Of Greek in Latin letters without `to`, which is English, too.
const BEFORE_THINGS: &str = "a an the my your our his her their its this that these those some any no one two of for under about with \
without from at in on into by per ο η το τον την τη του της των τα τις τους μου μας ένα μια μία και για με από σε ton tin ti tis tou ta mou \
mia ena gia me apo se der das dem ein eine einen mein meine meinen le la les un une el los las una il gli";
/// Of a word's places, the share behind one of these, or right behind another word, from which on it is a thing.
const THING: f64 = 0.12;
/// Of all words, the share of things below which nothing tells things from other words.
const THINGS: f64 = 0.03;
/// What a state follows: `I am lost`, `is delayed`.
const BEFORE_STATES: &[&str] = &[
    "am", "is", "are", "was", "were", "be", "been", "being", "i'm", "i’m", "im", "it's", "it’s", "that's", "has",
    "keeps",
];
/// Of the places where a word is over, the share behind one of those below from which on it is what customers did.
const DID: f64 = 0.3;
/// What stands before what a customer has done already: `a flight I booked`.
const BEFORE_WHAT_IS_OVER: &[&str] = &["i", "we", "i've", "i’ve", "we've", "we’ve", "already", "just", "recently"];
/// Of a word's places, the share behind one of these from which on it is a state.
const STATE: f64 = 0.25;
/// Of a word's places, the share behind one of these from which on it is a verb.
const VERB: f64 = 0.4;
/// Of the places of either of two words, the share side by side from which on they are one: `gift card`.
const ONE: f64 = 0.6;
/// From this share on of a word's commonest form, a shorter form stands for it: `changes` is `change`, `booking` is not `book`.
const ALSO: f64 = 0.15;

/// The words of all texts, by number.
#[derive(Default)]
pub(super) struct Words {
    number: FxHashMap<String, u32>,
    /// What each is written as, with how often.
    forms: Vec<FxHashMap<String, u32>>,
    /// How often each follows what a verb follows, and how often it is said.
    verbs: Vec<(u32, u32)>,
    /// How often each follows what a thing follows, and what a state follows.
    things: Vec<u32>,
    states: Vec<u32>,
    /// How often it is what a customer did already, of how often it is over.
    did: Vec<(u32, u32)>,
    /// The names of people, places and codes.
    pub is_name: Vec<bool>,
}

impl Words {
    /// Reads the texts of groups: sentences of words that may name something.
    pub fn read(&mut self, texts: &[&str], groups: &[Vec<u32>]) -> Vec<Vec<Vec<Said>>> {
        let common: FxHashSet<&str> = COMMON.split_whitespace().chain(BESIDES.split_whitespace()).collect();
        let before_things: FxHashSet<&str> = BEFORE_THINGS.split_whitespace().collect();
        let spelling = Spelling::of(groups.iter().flatten().map(|&t| texts[t as usize]));
        let mut out = vec![Vec::new(); texts.len()];
        for &text in groups.iter().flatten() {
            let lower = texts[text as usize].to_lowercase();
            for sentence in lower.split(['.', '!', '?', ';', '\n', '。', '！', '？']) {
                let mut said = Vec::new();
                let mut before = "";
                for (place, written) in word_pieces(sentence).into_iter().enumerate() {
                    let word = stem_of(written);
                    if tells(word, &common) && !spelling.is_name(word) {
                        let number = self.numbered(word, spelling.is_shouted(word));
                        let verb = &mut self.verbs[number as usize];
                        verb.0 += u32::from(BEFORE_VERBS.contains(&before));
                        verb.1 += 1;
                        let is_second = said.last().is_some_and(|last: &Said| last.place + 1 == place)
                            && !is_unspaced(word)
                            && !before.ends_with("ed")
                            && !before.ends_with("ing");
                        self.things[number as usize] += u32::from(is_second || before_things.contains(before));
                        self.states[number as usize] += u32::from(BEFORE_STATES.contains(&before));
                        let is_past = word.len() > 4 && word.ends_with("ed");
                        let did = &mut self.did[number as usize];
                        did.0 += u32::from(is_past && BEFORE_WHAT_IS_OVER.contains(&before));
                        did.1 += u32::from(is_past);
                        said.push(Said { word: number, place, is_past });
                    }
                    before = written;
                }
                out[text as usize].push(said);
            }
        }
        out
    }

    fn numbered(&mut self, word: &str, is_name: bool) -> u32 {
        let next = self.forms.len() as u32;
        let number = *self.number.entry(root_of(word)).or_insert(next);
        if number == next {
            self.forms.push(FxHashMap::default());
            self.verbs.push((0, 0));
            self.things.push(0);
            self.states.push(0);
            self.did.push((0, 0));
            self.is_name.push(is_name);
        }
        *self.forms[number as usize].entry(word.to_owned()).or_default() += 1;
        number
    }

    /// Pairs of words that are nearly always side by side.
    pub fn joined(&self, said: &[Vec<Vec<Said>>], groups: &[Vec<u32>]) -> FxHashSet<(u32, u32)> {
        let mut pairs: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for sentence in groups.iter().flatten().flat_map(|&t| &said[t as usize]) {
            for pair in sentence.windows(2).filter(|p| p[1].place == p[0].place + 1 && p[0].word != p[1].word) {
                *pairs.entry((pair[0].word, pair[1].word)).or_default() += 1;
            }
        }
        let often = |word: u32| f64::from(self.verbs[word as usize].1);
        let is_one = |&(&(a, b), &n): &(&(u32, u32), &u32)| {
            n >= 3
                && !self.is_verb(a)
                && f64::from(n) >= ONE * often(a).min(often(b))
                && f64::from(n) >= 0.3 * often(a).max(often(b))
        };
        pairs.iter().filter(is_one).map(|(pair, _)| *pair).collect()
    }

    pub fn is_verb(&self, word: u32) -> bool {
        let (behind, all) = self.verbs[word as usize];
        f64::from(behind) >= VERB * f64::from(all)
    }

    /// Whether anything tells things from other words: some languages have nothing that stands before them.
    pub fn knows_things(&self) -> bool {
        let said: u32 = self.verbs.iter().map(|(_, all)| all).sum();
        f64::from(self.things.iter().sum::<u32>()) >= THINGS * f64::from(said)
    }

    pub fn is_thing(&self, unit: Unit) -> bool {
        let is = |word: u32| f64::from(self.things[word as usize]) >= THING * f64::from(self.verbs[word as usize].1);
        is(unit.0) || unit.1.is_some_and(is)
    }

    pub fn is_state(&self, unit: Unit) -> bool {
        let often = f64::from(self.states[unit.0 as usize]);
        unit.1.is_none() && often >= STATE * f64::from(self.verbs[unit.0 as usize].1)
    }

    /// Whether what is over is what customers did, `I booked`, rather than what became of a thing: `it expired`.
    pub fn is_done_by_customers(&self, unit: Unit) -> bool {
        let (did, over) = self.did[unit.0 as usize];
        f64::from(did) >= DID * f64::from(over)
    }

    /// Whether a word alone says in what state somebody or something is.
    pub fn is_mere_state(&self, unit: Unit) -> bool {
        let at = unit.0 as usize;
        self.is_state(unit) && !self.is_verb(unit.0) && self.states[at] > self.things[at]
    }

    /// The form that stands for a word: the commonest, or a shorter one that is said often, too.
    fn written(&self, word: u32) -> &str {
        let forms = &self.forms[word as usize];
        let commonest = forms.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let Some((commonest, &most)) = commonest else { return "" };
        let also = |(form, n): &(&String, &u32)| {
            let begins = commonest.starts_with(form.trim_end_matches('e')) && form.len() < commonest.len();
            begins && f64::from(**n) >= ALSO * f64::from(most)
        };
        let shorter = forms.iter().filter(also).min_by(|a, b| a.0.len().cmp(&b.0.len()).then(a.0.cmp(b.0)));
        shorter.map_or(commonest, |(form, _)| form)
    }

    /// As what is done: `transfers` is `transfer`.
    pub fn deed(&self, unit: Unit) -> String {
        let mut out = self.spelled(unit);
        if self.is_verb(unit.0) && unit.1.is_none() && out.is_ascii() && out.len() > 4 && !out.ends_with("ss") {
            out.truncate(out.trim_end_matches('s').len());
        }
        out
    }

    /// As what something is done to, in the singular: the commonest form that is not what is over, so that `viewing` is not `view`.
    pub fn thing(&self, unit: Unit) -> String {
        let word = unit.1.unwrap_or(unit.0);
        let forms = || self.forms[word as usize].iter();
        let most = |a: &(&String, &u32), b: &(&String, &u32)| a.1.cmp(b.1).then(b.0.cmp(a.0));
        let lasting = forms().filter(|(form, _)| !form.ends_with("ed")).max_by(most);
        let Some((commonest, &often)) = lasting.or_else(|| forms().max_by(most)) else { return String::new() };
        let is_one_of =
            |form: &String| commonest.strip_prefix(form.as_str()).is_some_and(|end| matches!(end, "s" | "es"));
        let one = forms().find(|(form, n)| is_one_of(form) && f64::from(**n) >= ALSO * f64::from(often));
        let thing = one.map_or(commonest, |(form, _)| form);
        match unit.1 {
            Some(_) => format!("{}_{thing}", self.written(unit.0)),
            None => thing.clone(),
        }
    }

    pub fn spelled(&self, unit: Unit) -> String {
        match unit.1 {
            Some(second) => format!("{}_{}", self.written(unit.0), self.written(second)),
            None => self.written(unit.0).to_owned(),
        }
    }
}
