//! Requests put together by what they want, and what that is called. Knows texts and vectors alone.

use super::examples::{example_of, masked};
use crate::domain::{Cancelled, Reporter};
use crate::learn::cluster::{
    ClusterRecipe, Wanted, clusters, dot, linked, middle, says, shared_words, terms_among, wants, without_common,
};
use crate::learn::vectors::embed::Embedder;
use crate::store::NewTopic;
use crate::text::letters::is_unspaced;
use crate::text::name_key;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Finer than wants are: what is split by wording is put together again by what it wants.
const RESOLUTION: f64 = 8.0;
/// Cosine of two groups' middles, without what all requests share, from which on groups that are told by the same word want the
/// same.
const SAME: f32 = 0.35;
/// Cosine of two groups' middles, with all that requests share, from which on they differ in nothing: `cancel it pls`.
const NEARLY: f32 = 0.93;
/// The same, without what they share, from which on they want the same whatever they are told by.
const ALIKE: f32 = 0.8;
/// Of those who say the rarer of two words, the share that says both from which on they are said of one matter: `flight` and
/// `reservation` of an airline's customers.
const TOGETHER: f64 = 0.3;
/// Texts that are looked at for it.
const LOOKED_AT: usize = 5_000;
/// As often as the rarer one the other is said at most.
const TIMES: usize = 6;
/// Cosine from which on two words mean the same: `change` and `modify`.
const SYNONYMS: f32 = 0.6;
/// The same from which on groups are of one first level. Both were chosen on first requests of three kinds (an airline's, thirteen
/// services', CLINC150's ten domains).
const KIN: f32 = 0.25;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;
/// Letters of a request that is a name.
const SHORT: usize = 20;
/// Letters of a name.
const LETTERS: usize = 40;

/// First requests that are grouped.
pub(super) struct Requests<'a> {
    texts: Vec<&'a str>,
    /// Who asks each.
    by: Vec<&'a [i64]>,
    vectors: Vec<f32>,
    /// The vectors without what all requests share.
    apart: Vec<f32>,
    width: usize,
    /// Of a word which texts say it, of some of them, once that was asked.
    said: RefCell<BTreeMap<String, Rc<[bool]>>>,
}

impl<'a> Requests<'a> {
    /// Reads them: each text once, with who asks it.
    pub(super) fn read(
        with: &'a BTreeMap<String, Vec<i64>>,
        embedder: &dyn Embedder,
        reporter: &dyn Reporter,
    ) -> Result<Self, Cancelled> {
        let texts: Vec<&str> = with.keys().map(String::as_str).collect();
        let (vectors, width) = (embedder.embed(&texts, reporter)?, embedder.width());
        let apart = without_common(&vectors, width);
        let by = with.values().map(Vec::as_slice).collect();
        Ok(Self { texts, by, vectors, apart, width, said: RefCell::default() })
    }

    /// Topics, in two levels, not counted yet; none where no word tells what is wanted.
    pub(super) fn topics(
        &self,
        embedder: &dyn Embedder,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<Vec<NewTopic>, Cancelled> {
        let (groups, told) = self.same_put_together(grouped(self, seed, reporter)?, embedder, reporter)?;
        // What no word tells is no want: names that were asked for, nothing but signs.
        let (groups, told): (Vec<_>, Vec<_>) = groups.into_iter().zip(told).filter(|(_, t)| !t.word.is_empty()).unzip();
        Ok(named(self, &groups, &told))
    }

    fn voices(&self, text: u32) -> Vec<i64> {
        self.by[text as usize].to_vec()
    }

    fn wants(&self, groups: &[Vec<u32>]) -> Vec<Wanted> {
        wants(&self.texts, groups, &|t| self.voices(t))
    }

    fn middles(&self, vectors: &[f32], groups: &[Vec<u32>]) -> Vec<Vec<f32>> {
        groups.iter().map(|g| middle(vectors, self.width, g)).collect()
    }

    /// Puts groups together that want the same, until none are left: told by one word and close, of one name, close enough whatever
    /// they are told by, or doing the same to what is said together.
    fn same_put_together(
        &self,
        mut groups: Vec<Vec<u32>>,
        embedder: &dyn Embedder,
        reporter: &dyn Reporter,
    ) -> Result<(Vec<Vec<u32>>, Vec<Wanted>), Cancelled> {
        loop {
            let told = self.wants(&groups);
            let (whole, apart) = (self.middles(&self.vectors, &groups), self.middles(&self.apart, &groups));
            let (whole, apart) = (as_slices(&whole), as_slices(&apart));
            let deeds = Deeds::of(&told, embedder, reporter)?;
            let rules: [SameWant<'_>; 6] = [
                (&whole, NEARLY, &|_, _| true),
                (&apart, SAME, &|i, j| !told[i].word.is_empty() && told[i].word == told[j].word),
                // What would have one name is one topic, unless it points elsewhere.
                (&apart, 0.0, &|i, j| told[i].names.first() == told[j].names.first()),
                (&apart, ALIKE, &|_, _| true),
                (&apart, -1.0, &|i, j| deeds.is_one(i, j, |_, _| false)),
                (&apart, 0.0, &|i, j| deeds.is_one(i, j, |a, b| self.go_together(a, b))),
            ];
            let joined = rules.iter().map(|(middles, least, may)| linked(middles, *least, may));
            let Some(lists) = joined.into_iter().find(|lists| lists.len() < groups.len()) else {
                return Ok((groups, told));
            };
            groups = lists
                .iter()
                .map(|list| {
                    let mut all: Vec<u32> = list.iter().flat_map(|&g| groups[g].iter().copied()).collect();
                    all.sort_unstable();
                    all
                })
                .collect();
        }
    }

    /// Whether two words are said of one matter: many who say the rarer one say the other, too, and it is not so rare that it tells a
    /// part of that matter.
    fn go_together(&self, a: &str, b: &str) -> bool {
        let mut known = self.said.borrow_mut();
        let step = self.texts.len().div_ceil(LOOKED_AT).max(1);
        let mut say = |word: &str| -> Rc<[bool]> {
            let said = || self.texts.iter().step_by(step).map(|text| says(text, word)).collect();
            known.entry(word.to_owned()).or_insert_with(said).clone()
        };
        let (a, b) = (say(a), say(b));
        let count = |said: &[bool]| said.iter().filter(|s| **s).count();
        let both = a.iter().zip(b.iter()).filter(|(a, b)| **a && **b).count();
        let (rarer, other) = (count(&a).min(count(&b)).max(1), count(&a).max(count(&b)));
        both as f64 >= TOGETHER * rarer as f64 && other <= TIMES * rarer
    }

    /// All that have a vector, where they lie as close to their middle as groups do that want the same.
    fn all_alike(&self) -> Option<Vec<u32>> {
        let vector = |t: u32| &self.vectors[t as usize * self.width..][..self.width];
        let all: Vec<u32> = (0..self.texts.len() as u32).filter(|&t| vector(t).iter().any(|&x| x != 0.0)).collect();
        let centre = middle(&self.vectors, self.width, &all);
        let close = all.iter().map(|&t| dot(vector(t), &centre)).sum::<f32>() >= ALIKE * all.len() as f32;
        (close && !all.is_empty()).then_some(all)
    }

    /// The cosine to its middle that all but the loosest of a group have.
    fn nearest(&self, group: &[u32], centre: &[f32]) -> f64 {
        let mut near: Vec<f32> =
            group.iter().map(|&t| dot(&self.vectors[t as usize * self.width..][..self.width], centre)).collect();
        near.sort_by(f32::total_cmp);
        f64::from(near[((near.len() as f64 * LOOSE) as usize).min(near.len() - 1)])
    }
}

/// When groups want the same: how alike which middles are at least, and which pairs may be.
type SameWant<'a> = (&'a [&'a [f32]], f32, &'a dyn Fn(usize, usize) -> bool);

fn as_slices(rows: &[Vec<f32>]) -> Vec<&[f32]> {
    rows.iter().map(Vec::as_slice).collect()
}

/// What each of some groups does, and to what: words and their vectors.
struct Deeds<'a> {
    told: &'a [Wanted],
    words: Vec<&'a str>,
    vectors: Vec<f32>,
    width: usize,
}

impl<'a> Deeds<'a> {
    fn of(told: &'a [Wanted], embedder: &dyn Embedder, reporter: &dyn Reporter) -> Result<Self, Cancelled> {
        let mut words: Vec<&str> = told.iter().flat_map(|t| [t.deed.0.as_str(), t.deed.1.as_str()]).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Self { vectors: embedder.embed(&words, reporter)?, width: embedder.width(), told, words })
    }

    fn mean_the_same(&self, a: &str, b: &str) -> bool {
        let vector = |word: &str| {
            let at = self.words.binary_search(&word).unwrap_or(0);
            &self.vectors[at * self.width..][..self.width]
        };
        a == b || dot(vector(a), vector(b)) >= SYNONYMS
    }

    /// Whether two groups do the same to the same, or to what goes together.
    fn is_one(&self, i: usize, j: usize, go_together: impl Fn(&str, &str) -> bool) -> bool {
        let ((a, of_a), (b, of_b)) = (&self.told[i].deed, &self.told[j].deed);
        let are_deeds = !a.is_empty() && !b.is_empty();
        are_deeds && self.mean_the_same(a, b) && (self.mean_the_same(of_a, of_b) || go_together(of_a, of_b))
    }
}

/// Groups of requests: as fine as can be where at least half of them are in one.
fn grouped(requests: &Requests<'_>, seed: u64, reporter: &dyn Reporter) -> Result<Vec<Vec<u32>>, Cancelled> {
    let n = requests.texts.len();
    let counts: Vec<u32> = requests.by.iter().map(|by| by.len() as u32).collect();
    let mut resolution = RESOLUTION;
    loop {
        let smallest = ClusterRecipe::worth_showing(n);
        let recipe = ClusterRecipe { resolution, smallest, ..ClusterRecipe::plain(seed) };
        let found = clusters(&requests.texts, &counts, &requests.apart, requests.width, recipe, reporter)?;
        if resolution <= 1.0 || 2 * found.of.iter().flatten().count() >= n {
            let groups: Vec<Vec<u32>> = found.groups.into_iter().map(|g| g.members).collect();
            // Where all ask the same nothing is left once what they share is taken away.
            return Ok(if groups.is_empty() { requests.all_alike().into_iter().collect() } else { groups });
        }
        resolution /= 2.0;
    }
}

/// The groups as topics, in two levels, not counted yet.
fn named(requests: &Requests<'_>, groups: &[Vec<u32>], told: &[Wanted]) -> Vec<NewTopic> {
    let middles = requests.middles(&requests.apart, groups);
    let levels = linked(&as_slices(&middles), KIN, |_, _| true);
    let words = shared_words(&requests.texts, groups, &levels, &|t| requests.voices(t));
    let mut first = vec![String::new(); groups.len()];
    for (list, word) in levels.iter().zip(words) {
        let word = in_names(list, told).unwrap_or(word);
        list.iter().for_each(|&g| first[g].clone_from(&word));
    }
    let terms = terms_among(&requests.texts, groups.iter().map(Vec::as_slice), |t| requests.voices(t));
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&a, &b| groups[b].len().cmp(&groups[a].len()).then(a.cmp(&b)));
    // Pieces of a script without spaces tell groups apart, and are no words that somebody reads.
    first.iter_mut().filter(|word| is_unspaced(word)).for_each(String::clear);
    let (mut taken, mut shown): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(groups.len());
    // The largest chooses its name first.
    for g in order {
        let centre = middle(&requests.vectors, requests.width, &groups[g]);
        let mut near: Vec<u32> = groups[g].clone();
        let cosine = |t: u32| dot(&requests.vectors[t as usize * requests.width..][..requests.width], &centre);
        near.sort_by(|&a, &b| cosine(b).total_cmp(&cosine(a)).then(a.cmp(&b)));
        // What tells the group stands in what shows it.
        let (mut near, others): (Vec<u32>, Vec<u32>) =
            near.into_iter().partition(|&t| says(requests.texts[t as usize], &told[g].word));
        near.extend(others);
        let example = example_of(near.iter().map(|&t| requests.texts[t as usize]), &shown);
        shown.push(example.clone());
        let said = in_short(&masked(&example));
        let names = if is_unspaced(&told[g].word) { std::slice::from_ref(&said) } else { told[g].names.as_slice() };
        let name = free_name(names, &mut taken);
        out.push(NewTopic {
            name: if first[g].is_empty() { name } else { format!("{}/{name}", first[g]) },
            n: 0,
            description: described(&terms[g]),
            example,
            nearest: requests.nearest(&groups[g], &centre),
            centre,
        });
    }
    out
}

/// What a level is about by the names of its groups: of one alone what it does something to, of several the word that at least half
/// of them have.
fn in_names(list: &[usize], told: &[Wanted]) -> Option<String> {
    if let [alone] = list {
        return Some(told[*alone].deed.1.clone()).filter(|to| !to.is_empty());
    }
    let mut often: BTreeMap<&str, usize> = BTreeMap::new();
    for name in list.iter().filter_map(|&g| told[g].names.first()) {
        // What is in one state and what is in another have only `is` in common.
        let parts: BTreeSet<&str> = name.split('_').filter(|part| *part != "is").collect();
        parts.into_iter().for_each(|part| *often.entry(part).or_default() += 1);
    }
    let (word, n) = often.into_iter().rev().max_by_key(|(_, n)| *n)?;
    (n > 1 && 2 * n >= list.len()).then(|| word.to_owned())
}

/// The best name of a group that no larger one has; numbered where all are taken.
fn free_name(names: &[String], taken: &mut Vec<String>) -> String {
    let names = || names.iter().map(|n| n.replace('/', "_").chars().take(LETTERS).collect::<String>());
    let best = names().next().unwrap_or_else(|| "other_requests".to_owned());
    let numbered = (2..).map(|n| format!("{best}_{n}"));
    let is_free = |name: &String| !taken.contains(&name_key(name));
    let name = names().chain([best.clone()]).chain(numbered).find(is_free).unwrap_or(best);
    taken.push(name_key(&name));
    name
}

/// The first few words of a request, for a name: none with a number, which is one conversation's.
fn in_short(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().filter(|w| !w.contains(char::is_numeric)).collect();
    let said = words.join(" ");
    let cut: String = said.chars().take(SHORT).collect();
    let end = if cut.len() < said.len() { "…" } else { "" };
    format!("{}{end}", cut.trim_end_matches(['.', '!', '?', '。', '！', '？', ' ']))
}

fn described(terms: &[String]) -> String {
    let words: Vec<&str> = terms.iter().map(String::as_str).filter(|t| !is_unspaced(t)).collect();
    if words.is_empty() { String::new() } else { format!("requests with the words {}", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::vectors::any_script::AnyScript;
    use crate::learn::vectors::table::VectorTable;

    /// Topics of requests, each by another customer: names.
    fn topics(requests: &[String]) -> Vec<NewTopic> {
        let with: BTreeMap<String, Vec<i64>> = requests.iter().cloned().zip((1..).map(|n| vec![n])).collect();
        let table = VectorTable::built_in();
        let embedder = AnyScript(&*table);
        let requests = Requests::read(&with, &embedder, &SilentReporter).unwrap();
        requests.topics(&embedder, 1, &SilentReporter).unwrap()
    }

    fn names(topics: &[NewTopic]) -> Vec<&str> {
        topics.iter().map(|t| t.name.as_str()).collect()
    }

    #[test]
    fn one_want_in_many_words_is_one_topic_named_by_what_is_done_to_what() {
        let ends = ["", "please", "today", "asap", "now", "if possible", "thanks", "again"];
        let wants = [
            "I need to change my flight",
            "please modify my flight reservation",
            "I want to make changes to my reservation and flight",
            "change the flight reservation pls",
            "I would like to cancel my flight",
            "please cancel my flight reservation",
            "cancel the reservation of my flight pls",
            "how many bags may I take",
            "what is the allowance for bags",
            "what is the balance of my gift card",
            "tell me my gift card balance",
        ];
        let requests: Vec<String> =
            wants.iter().flat_map(|want| ends.iter().map(move |end| format!("{want} {end}"))).collect();
        let topics = topics(&requests);
        let names = names(&topics);
        let of = |word: &str| names.iter().filter(|n| n.contains(word)).count();
        assert_eq!((of("cancel"), of("gift_card"), of("modify")), (1, 1, 0), "{names:?}");
        assert!((1..=2).contains(&names.iter().filter(|n| n.contains("/change_")).count()), "{names:?}");
        assert!(names.iter().any(|n| n.ends_with("/cancel_flight")), "{names:?}");
        assert!(!names.iter().any(|n| n.contains("pls") || n.contains("asap")), "{names:?}");
    }

    #[test]
    fn requests_that_are_all_the_same_are_one_topic_in_any_script() {
        for (want, said) in [
            ("please cancel my order", "cancel_order"),
            ("我要申请退款", "我要申请退款"),
            ("返金してください", "返金してください"),
            ("ขอคืนเงินค่าตั๋ว", "ขอคืนเงินค่าตั๋ว"),
        ] {
            let requests: Vec<String> = (0..40).map(|i| format!("{want} {i}")).collect();
            let topics = topics(&requests);
            assert_eq!(topics.len(), 1, "{:?}", names(&topics));
            assert!(topics[0].name.ends_with(said), "{}", topics[0].name);
            assert!(!topics[0].name.contains(char::is_numeric), "{}", topics[0].name);
        }
        let asked =
            ["我要申请退款", "退款什么时候到", "航班延误了吗", "航班什么时候起飞", "请取消我的订单", "怎么取消订单"];
        let requests: Vec<String> =
            asked.iter().flat_map(|a| ["", "谢谢", "请问", "急"].map(|more| format!("{more}{a}"))).collect();
        let topics = topics(&requests);
        assert!(topics.len() > 1, "{:?}", names(&topics));
        // Pieces of words are no words that somebody reads.
        assert!(
            topics.iter().all(|t| asked.iter().any(|a| t.name.contains(a)) && t.description.is_empty()),
            "{topics:?}"
        );
    }
}
