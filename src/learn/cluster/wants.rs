//! What the people of a group want, in their own words: what they do and to what (`cancel_reservation`), in the order in which they
//! say it.

use super::counts::{GroupCounts, Said, Unit};
use super::forms::{light_verb, root_of};
use super::names::{COMMON, Spelling, stem_of, tells};
use crate::text::letters::word_pieces;
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_segmentation::UnicodeSegmentation;

/// Words that say when, how many, how somebody feels or who is spoken to, and not what is wanted.
const BESIDES: &str = "agent customer representative assistant chatbot bot ai sir madam guys team kindly appreciate \
today tomorrow tonight yesterday upcoming recent recently current currently soon later earlier immediately asap already still again \
something anything everything thing things stuff kind sort way lot few several couple bit two three four five six seven eight nine ten \
really very quite pretty actually basically maybe perhaps probably possible possibly able unable ability wondering hoping trying tried try wish \
think thought believe guess feel feeling upset frustrated frustrating worried happy glad sorry afraid unfortunately hope hopefully \
named said says ask asked asking tell told say saying want wanted wants like liked love needed needs needing give given gave \
got getting gets goes went come came take took taking going gonna wanna let's using used make makes made making new whole entire \
someone somebody anyone anybody everyone thanks thank okay alright well good great nice best better right wrong regarding concerning \
always never ever sometimes number numbers code codes am pm multiple total sum overall existing additional extra details info pls plz thx since while because however another different certain own every each both same able question questions \
issue issues problem problems trouble monday tuesday wednesday thursday friday saturday sunday january february march april june july \
august september october november december first second last next day days week weeks month months year years hour hours minute \
minutes morning afternoon evening night ago near nearby around close between within across id ids bonjour plaît plait vous por favor bitte \
σήμερα αύριο χθες χτες τώρα κάποιο κάποια κάτι παρακαλώ βοήθεια ευχαριστώ";
/// What a verb follows: `to cancel`, `please check`, `can you tell`, `να ακυρώσω`.
const BEFORE_VERBS: &[&str] =
    &["to", "please", "you", "me", "i", "we", "can", "could", "cannot", "can't", "and", "να", "θα", "na", "tha"];
/// The share of a group that says a word from which on the group counts as saying it.
const SHARED: f64 = 0.2;
/// Of a word's places, the share behind one of these from which on it is a verb.
const VERB: f64 = 0.4;
/// What a pair counts more for that begins with a verb.
const OF_VERBS: f64 = 1.5;
/// Of a group, the share that says a word below which it tells less of the group.
const COVERS: f64 = 0.4;
/// What the groups of a level say of its word on average, at least.
const OF_LEVEL: f64 = 0.3;
/// The least of it: what fewer say names nothing.
const LEAST: f64 = 0.12;
/// Of a group, the share that does one thing to another from which on that is what it wants.
const DEED: f64 = 0.5;
/// Of those who say the word that tells a group most, the share that must say another with it.
const TOGETHER: f64 = 0.25;
/// Of the places of either of two words, the share side by side from which on they are one: `gift card`.
const ONE: f64 = 0.6;
/// From this share on of a word's commonest form, a shorter form stands for it: `changes` is `change`, `booking` is not `book`.
const ALSO: f64 = 0.15;

/// What tells a group: the word, and names of it, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The word that tells it most from all others; empty where nothing does.
    pub word: String,
    /// Names by what is done and to what, words joined by `_`; the last is the word alone.
    pub names: Vec<String>,
    /// Of the best name what is done, and to what; empty where it is no such pair.
    pub deed: (String, String),
}

/// The words of all texts, by number.
#[derive(Default)]
struct Words {
    number: FxHashMap<String, u32>,
    /// What each is written as, with how often.
    forms: Vec<FxHashMap<String, u32>>,
    /// How often each follows what a verb follows, and how often it is said.
    verbs: Vec<(u32, u32)>,
    /// The names of people, places and codes.
    is_name: Vec<bool>,
}

/// Whether a text says a word, in any of its forms; of two that are one, either.
pub fn says(text: &str, word: &str) -> bool {
    let roots: Vec<String> = word.split('_').map(root_of).collect();
    text.to_lowercase().unicode_words().any(|w| roots.contains(&root_of(stem_of(w))))
}

/// What the words of groups tell. `texts`: requests; `voices`: who says a text, by number; what one of them alone says names nothing
/// where a group has several.
pub fn wants(texts: &[&str], groups: &[Vec<u32>], voices: &dyn Fn(u32) -> Vec<i64>) -> Vec<Wanted> {
    let mut words = Words::default();
    let said: Vec<Vec<Vec<Said>>> = words.read(texts, groups);
    let joined = words.joined(&said, groups);
    let counted: Vec<GroupCounts> = groups.iter().map(|group| GroupCounts::of(group, &said, &joined, voices)).collect();
    let all = GroupCounts::sum(&counted);
    let mut out: Vec<Wanted> = counted.iter().map(|own| words.named(own, &all)).collect();
    for (wanted, group) in out.iter_mut().zip(groups).filter(|(wanted, _)| wanted.names.len() == 1) {
        if let Some(verb) = light_verb(group.iter().map(|&t| texts[t as usize]), &wanted.word) {
            wanted.names.insert(0, format!("{verb}_{}", wanted.word));
        }
    }
    out
}

/// The word that the groups of each level share, each group counting once however large it is: what tells them from the groups of other
/// levels. `levels`: numbers of groups.
pub fn shared_words(
    texts: &[&str],
    groups: &[Vec<u32>],
    levels: &[Vec<usize>],
    voices: &dyn Fn(u32) -> Vec<i64>,
) -> Vec<String> {
    let mut words = Words::default();
    let said = words.read(texts, groups);
    let joined = words.joined(&said, groups);
    let counted: Vec<GroupCounts> = groups.iter().map(|group| GroupCounts::of(group, &said, &joined, voices)).collect();
    let mut sums: FxHashMap<Unit, f64> = FxHashMap::default();
    let share = |counts: &GroupCounts, n: u32| f64::from(n) / f64::from(counts.voices.max(1));
    for counts in &counted {
        counts.one.iter().for_each(|(unit, &n)| *sums.entry(*unit).or_default() += share(counts, n));
    }
    let name = |level: &Vec<usize>| {
        let mut here: FxHashMap<Unit, (f64, f64)> = FxHashMap::default();
        for counts in level.iter().map(|&g| &counted[g]) {
            for (unit, &n) in &counts.one {
                let (sum, often) = here.entry(*unit).or_default();
                *sum += share(counts, n);
                *often += f64::from(u8::from(share(counts, n) >= SHARED));
            }
        }
        let (inside, outside) = (level.len() as f64, (groups.len() - level.len()) as f64);
        // What most of the groups say goes before what one of them says always.
        let tells = |unit: &Unit, (sum, often): (f64, f64)| {
            let mean = sum / inside;
            often / inside * mean * (mean / ((sums[unit] - sum + 0.05) / (outside + 0.1))).ln()
        };
        let best = here
            .iter()
            .filter(|(unit, said)| !words.is_name[unit.0 as usize] && said.0 >= OF_LEVEL * inside)
            .map(|(unit, &said)| (tells(unit, said), words.spelled(*unit)));
        best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).map(|(_, word)| word).unwrap_or_default()
    };
    levels.iter().map(name).collect()
}

/// How much a share here against that elsewhere tells: how many say it, times how much more often they do (the group's part of the
/// Kullback-Leibler divergence).
fn telling(here: u32, voices: u32, all: u32, everybody: u32) -> f64 {
    let share = f64::from(here) / f64::from(voices.max(1));
    let elsewhere = (f64::from(all - here) + 0.5) / (f64::from(everybody - voices) + 1.0);
    share * (share / elsewhere).ln()
}

impl Words {
    /// Reads the texts of groups: sentences of words that may name something.
    fn read(&mut self, texts: &[&str], groups: &[Vec<u32>]) -> Vec<Vec<Vec<Said>>> {
        let common: FxHashSet<&str> = COMMON.split_whitespace().chain(BESIDES.split_whitespace()).collect();
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
                        said.push(Said { word: number, place });
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
            self.is_name.push(is_name);
        }
        *self.forms[number as usize].entry(word.to_owned()).or_default() += 1;
        number
    }

    /// Pairs of words that are nearly always side by side.
    fn joined(&self, said: &[Vec<Vec<Said>>], groups: &[Vec<u32>]) -> FxHashSet<(u32, u32)> {
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

    fn is_verb(&self, word: u32) -> bool {
        let (behind, all) = self.verbs[word as usize];
        f64::from(behind) >= VERB * f64::from(all)
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

    fn spelled(&self, unit: Unit) -> String {
        match unit.1 {
            Some(second) => format!("{}_{}", self.written(unit.0), self.written(second)),
            None => self.written(unit.0).to_owned(),
        }
    }

    fn named(&self, own: &GroupCounts, all: &GroupCounts) -> Wanted {
        let few = own.voices.min(2);
        let share = |n: u32| f64::from(n) / f64::from(own.voices.max(1));
        let is_name = |u: Unit| self.is_name[u.0 as usize] || u.1.is_some_and(|w| self.is_name[w as usize]);
        let mut ones: Vec<(bool, f64, String, Unit, u32)> = own
            .one
            .iter()
            .filter(|(_, n)| **n >= few && share(**n) >= LEAST)
            .map(|(&unit, &n)| {
                let tells = telling(n, own.voices, all.one[&unit], all.voices) * (share(n) / COVERS).min(1.0);
                (is_name(unit), tells, self.spelled(unit), unit, n)
            })
            .collect();
        // A code names what nothing else does.
        ones.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let Some((.., word, unit, n)) = ones.first().cloned() else { return Wanted::default() };
        let is_deed = |a: Unit, b: Unit| {
            let side_by_side = own.next.get(&(a, b)).copied().unwrap_or_default();
            self.is_verb(a.0) && !self.is_verb(b.0) && share(side_by_side) >= DEED
        };
        let mut twos: Vec<(bool, f64, String, (Unit, Unit))> = own
            .two
            .iter()
            .filter(|((a, b), m)| {
                let tells = (*a == unit || *b == unit) && f64::from(**m) >= TOGETHER * f64::from(n);
                **m >= few && (tells || is_deed(*a, *b)) && !is_name(*a) && !is_name(*b)
            })
            .map(|(&(a, b), &m)| {
                let verb = if self.is_verb(a.0) { OF_VERBS } else { 1.0 };
                let other = if a == unit { b } else { a };
                // Of two that are always said with it, the one that others do not say.
                let beside = telling(own.one[&other], own.voices, all.one[&other], all.voices).max(0.0);
                let pair = telling(m, own.voices, all.two[&(a, b)], all.voices);
                let name = format!("{}_{}", self.spelled(a), self.spelled(b));
                (is_deed(a, b), verb * pair + beside, name, (a, b))
            })
            .filter(|(_, tells, ..)| *tells > 0.0)
            .collect();
        // What most do goes before why, when and with whom.
        twos.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let deed = twos.first().filter(|(.., (a, b))| self.is_verb(a.0) && !self.is_verb(b.0));
        let deed = deed.map(|(.., (a, b))| (self.spelled(*a), self.spelled(*b))).unwrap_or_default();
        let names = twos.into_iter().map(|(_, _, name, _)| name).chain([word.clone()]).collect();
        Wanted { word, names, deed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(text: u32) -> Vec<i64> {
        vec![i64::from(text)]
    }

    #[test]
    fn a_group_is_named_by_what_is_done_and_to_what_in_the_order_of_the_requests() {
        let texts = [
            "Hi, I need to cancel my upcoming reservation.",
            "I would like to cancel a reservation for tomorrow, please",
            "please cancel two reservations",
            "could you help me with cancelling my reservation",
            "I need to change my flight to Monday",
            "can you change the flight, I am really upset",
            "I'd like to make some changes to my flight",
            "what is the balance of my gift card",
            "tell me the balance on my gift card please",
            "I want to know the gift card balance",
            "how much is on the gift card",
        ];
        let groups = [vec![0, 1, 2, 3], vec![4, 5, 6], vec![7, 8, 9, 10]];
        let named = wants(&texts, &groups, &each);
        assert_eq!(named[0].names[0], "cancel_reservation", "{named:?}");
        assert_eq!(named[1].names[0], "change_flight", "{named:?}");
        assert!(named[2].names[0].contains("gift_card"), "{named:?}");
        assert_eq!(named[0].names.last().map(String::as_str), Some("cancel"));
        assert!(
            !named.iter().flat_map(|w| &w.names).any(|n| n.contains("tomorrow") || n.contains("upset")),
            "{named:?}"
        );
    }

    #[test]
    fn names_of_people_name_nothing_and_nor_does_nothing() {
        let texts =
            ["remove the passenger Sophia", "please remove the passenger, Sophia, from it", "is it late", "it is late"];
        let named = wants(&texts, &[vec![0, 1], vec![2, 3], vec![]], &each);
        assert_eq!(named[0].names[0], "remove_passenger", "{named:?}");
        assert_eq!((named[1].word.as_str(), &named[2]), ("late", &Wanted::default()));
    }

    #[test]
    fn what_most_do_names_them_and_not_why_nor_what_one_of_them_says() {
        let texts = [
            "I need to cancel my flight due to a family emergency",
            "please cancel my flight, there is a family emergency",
            "I want to cancel the flight because of a family emergency, it is not showing online",
            "can you cancel my flight, a family emergency came up",
            "I need to change my flight to Monday",
            "please change the flight, my insurance is not showing online",
            "I would like to change my flight to a nonstop one",
            "can you change my flight to the evening",
            "I want to make an appointment with the doctor",
            "can I make an appointment",
            "please make me an appointment for noon",
        ];
        let named = wants(&texts, &[vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9, 10]], &each);
        assert_eq!(named[0].names[0], "cancel_flight", "{named:?}");
        assert_eq!(named[0].deed, ("cancel".to_owned(), "flight".to_owned()));
        assert_eq!(named[1].names[0], "change_flight", "{named:?}");
        assert_eq!(named[2].names[0], "make_appointment", "a verb that says little alone: {named:?}");
        let all: Vec<&String> = named.iter().flat_map(|w| &w.names).collect();
        assert!(!all.iter().any(|n| n.contains("showing") || n.contains("nonstop")), "{all:?}");
    }
}
