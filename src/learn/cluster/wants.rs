//! What the people of a group want, in their own words: what they do and to what (`cancel_reservation`), in the order in which they
//! say it.

use super::counts::{GroupCounts, Said, Unit};
use super::forms::{light_verb, root_of};
use super::names::stem_of;
use super::words::Words;
use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

/// How a pair of units is ranked, what it tells, its name, and the two.
type RankedPair = ([bool; 3], f64, String, (Unit, Unit));

/// The share of a group that says a word from which on the group counts as saying it.
const SHARED: f64 = 0.2;
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

/// How a name begins that says nothing but a state: `is_lost`.
const IS: &str = "is_";

/// What tells a group: the word, and names of it, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The word that tells it most from all others; empty where nothing does.
    pub word: String,
    /// Names by what is done and to what, words joined by `_`; the last is the word alone, or that it is so: `is_lost`.
    pub names: Vec<String>,
    /// Of the best name what is done, and to what; empty where it is no such pair.
    pub deed: (String, String),
    /// The best name begins with what is done.
    pub begins_with_verb: bool,
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
        // `get lost` is nothing that somebody wants.
        if wanted.names[0].starts_with(IS) {
            continue;
        }
        if let Some(verb) = light_verb(group.iter().map(|&t| texts[t as usize]), &wanted.word) {
            wanted.names.insert(0, format!("{verb}_{}", wanted.word));
            wanted.begins_with_verb = true;
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
        // What is over, and what is neither a thing nor done nor a state, tells how somebody came to it.
        let knows_things = self.knows_things();
        let is_over = |u: Unit| own.is_over(u) && !self.is_state(u) && self.is_done_by_customers(u);
        let tells_it =
            |u: Unit| !is_over(u) && (self.is_thing(u) || self.is_verb(u.0) || self.is_state(u) || own.is_over(u));
        let best = ones.iter().find(|one| !knows_things || !one.0 && tells_it(one.3));
        let Some((.., word, unit, n)) = best.or(ones.first()).cloned() else { return Wanted::default() };
        // Something is done to a thing; else it is a thing with another, or a thing in a state.
        let may_be_said = |a: Unit, b: Unit| match () {
            () if is_over(b) => false,
            () if self.is_verb(a.0) || is_over(a) => {
                !knows_things || self.is_thing(b) || !(self.is_state(b) || self.is_verb(b.0))
            }
            () if !knows_things || self.is_thing(b) => true,
            () => self.is_thing(a) && (self.is_state(b) || own.is_over(b)),
        };
        let name = |a: Unit, b: Unit| {
            let to = if self.is_thing(b) { self.thing(b) } else { self.spelled(b) };
            format!("{}_{to}", self.deed(a))
        };
        let is_deed = |a: Unit, b: Unit| {
            let side_by_side = own.next.get(&(a, b)).copied().unwrap_or_default();
            self.is_verb(a.0) && !self.is_verb(b.0) && share(side_by_side) >= DEED
        };
        let mut twos: Vec<RankedPair> = own
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
                ([may_be_said(a, b), is_deed(a, b), !own.is_over(a)], verb * pair + beside, name(a, b), (a, b))
            })
            .filter(|(_, tells, ..)| *tells > 0.0)
            .collect();
        // What most do goes before why, when and with whom.
        twos.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let deed = twos.first().filter(|(ranks, .., (a, b))| ranks[0] && self.is_verb(a.0) && !self.is_verb(b.0));
        let deed = deed.map(|(.., (a, b))| (self.deed(*a), self.thing(*b))).unwrap_or_default();
        let alone = if self.is_mere_state(unit) { format!("{IS}{word}") } else { word.clone() };
        let mut begins_with_verb = twos.first().is_some_and(|(.., (a, _))| self.is_verb(a.0));
        let mut names: Vec<String> = twos.into_iter().map(|(.., name, _)| name).collect();
        if names.is_empty() {
            // Nothing tells it from the others together with another word: what most do to it says more than the word alone.
            let does = |&(&(a, b), &m): &(&(Unit, Unit), &u32)| {
                b == unit && m >= few && share(m) >= LEAST && self.is_verb(a.0) && !own.is_over(a) && !is_name(a)
            };
            let most = own.two.iter().filter(does).max_by(|x, y| x.1.cmp(y.1).then(y.0.cmp(x.0)));
            names.extend(most.filter(|_| !is_name(unit) && !self.is_verb(unit.0)).map(|(&(a, b), _)| name(a, b)));
            begins_with_verb = !names.is_empty();
        }
        names.push(alone);
        Wanted { word, names, deed, begins_with_verb }
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
    fn what_is_over_and_what_stands_beside_name_nothing_and_a_state_is_no_name_alone() {
        let texts = [
            "Hi, I need to change the date of a flight I booked",
            "please change the date of the flight I booked last week",
            "can you change the date, I booked it for the wrong day",
            "I want to book a flight to Rome",
            "please book the flight for me",
            "can you book a flight for two",
            "I would like to schedule a viewing of the apartment",
            "please schedule the viewing",
            "can I schedule a viewing",
            "Hi, I am lost",
            "hello there, I'm lost",
            "we are lost",
        ];
        let named = wants(&texts, &[vec![0, 1, 2], vec![3, 4, 5], vec![6, 7, 8], vec![9, 10, 11]], &each);
        let best: Vec<&str> = named.iter().map(|w| w.names[0].as_str()).collect();
        assert_eq!(best, ["change_date", "book_flight", "schedule_viewing", "is_lost"], "{named:?}");
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
