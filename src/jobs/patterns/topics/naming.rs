//! What topics are called, in two levels, what they are about in a sentence, and which request stands for each.

use super::examples::{asking, example_of, masked};
use super::grouping::{GroupedRequests, Requests};
use super::manner::{Manner, described};
use crate::domain::{Cancelled, Reporter};
use crate::learn::cluster::{Wanted, dot, middle, says, shared_words};
use crate::learn::vectors::embed::Embedder;
use crate::store::NewTopic;
use crate::text::letters::is_unspaced;
use crate::text::name_key;
use std::collections::{BTreeMap, BTreeSet};

/// Requests of a group of which one may stand for it, the closest to its middle.
const LOOKED_AT: usize = 200;
/// Letters of a request that is a name.
const SHORT: usize = 20;
/// Letters of a name.
const LETTERS: usize = 40;

/// The groups as topics, in two levels, not counted yet.
pub(super) fn named(
    requests: &Requests<'_>,
    grouped: &GroupedRequests,
    embedder: &dyn Embedder,
    reporter: &dyn Reporter,
) -> Result<Vec<NewTopic>, Cancelled> {
    let GroupedRequests { groups, told, levels } = grouped;
    let shared = shared_words(&requests.texts, groups, levels, &|t| requests.voices(t));
    let mut first = first_levels(shared, told, levels);
    // Pieces of a script without spaces tell groups apart, and are no words that somebody reads.
    first.iter_mut().filter(|word| is_unspaced(word)).for_each(String::clear);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|&a, &b| groups[b].len().cmp(&groups[a].len()).then(a.cmp(&b)));
    let (mut taken, mut shown): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut out = Vec::with_capacity(groups.len());
    // The largest chooses its name first.
    for g in order {
        let centre = middle(&requests.vectors, requests.width, &groups[g]);
        let tiers = asked(requests, &groups[g], &told[g], &centre, embedder, reporter)?;
        let example = example_of(&tiers, &shown);
        shown.push(example.clone());
        let asked = tiers.iter().find(|tier| !tier.is_empty()).map_or(&[][..], Vec::as_slice);
        let manner = Manner::of(&told[g], asked);
        let names = match is_unspaced(&told[g].word) {
            true => vec![in_short(&masked(&example))],
            false => told[g].names.iter().map(|name| manner.name(name)).collect(),
        };
        let name = free_name(&names, &mut taken);
        out.push(NewTopic {
            name: if first[g].is_empty() { name } else { format!("{}/{name}", first[g]) },
            n: 0,
            description: described(manner, &told[g], asked),
            example,
            nearest: requests.nearest(&groups[g], &centre),
            centre,
        });
    }
    Ok(out)
}

/// The requests of a group, the closest to its middle first: what they say of what tells it, a sentence each; and of what is done, or to
/// what, those that do not say that. Where none says any of it, all of them.
fn asked<'a>(
    requests: &Requests<'a>,
    group: &[u32],
    told: &Wanted,
    centre: &[f32],
    embedder: &dyn Embedder,
    reporter: &dyn Reporter,
) -> Result<Vec<Vec<&'a str>>, Cancelled> {
    let by_nearness = |a: f32, b: f32| b.total_cmp(&a);
    let mut near: Vec<(f32, u32)> = group.iter().map(|&t| (dot(requests.vector(t), centre), t)).collect();
    near.sort_by(|a, b| by_nearness(a.0, b.0).then(a.1.cmp(&b.1)));
    let (verb, thing) = &told.deed;
    let mut tiers: Vec<Vec<&str>> = vec![Vec::new(); 3];
    for text in near.into_iter().map(|(_, t)| requests.texts[t as usize]) {
        let words = [&told.word, thing, verb];
        let (tier, said) = match words.into_iter().position(|word| !word.is_empty() && says(text, word)) {
            Some(0) => (0, asking(text, &told.word)),
            Some(at) => (1, asking(text, words[at])),
            None => (2, text),
        };
        if tiers[tier].len() < LOOKED_AT {
            tiers[tier].push(said);
        }
    }
    if let [telling, less, others] = tiers.as_mut_slice() {
        match telling.is_empty() && less.is_empty() {
            true => *telling = std::mem::take(others),
            false => others.clear(),
        }
    }
    for tier in &mut tiers {
        let vectors = embedder.embed(tier, reporter)?;
        let cosines = vectors.chunks_exact(requests.width.max(1)).map(|v| dot(v, centre));
        let mut order: Vec<(f32, &str)> = cosines.zip(tier.iter().copied()).collect();
        order.sort_by(|a, b| by_nearness(a.0, b.0));
        *tier = order.into_iter().map(|(_, text)| text).collect();
    }
    Ok(tiers)
}

/// The first level of each group. `shared`: the word that the groups of each level share.
fn first_levels(shared: Vec<String>, told: &[Wanted], levels: &[Vec<usize>]) -> Vec<String> {
    let mut first = vec![String::new(); told.len()];
    for (list, shared) in levels.iter().zip(shared) {
        let common = in_names(list, told);
        for &g in list {
            first[g] = match &common {
                Some(word) if named_elsewhere(word, list, told) <= list.len() => word.clone(),
                // What others are about, too, says little: then each is of a level of its own, by what is done.
                Some(_) => own_level(&told[g]),
                None => shared.clone(),
            };
        }
    }
    first
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

/// How many groups of other levels have a word in their names.
fn named_elsewhere(word: &str, list: &[usize], told: &[Wanted]) -> usize {
    let has = |wanted: &Wanted| wanted.names.first().is_some_and(|name| name.split('_').any(|part| part == word));
    told.iter().enumerate().filter(|(g, wanted)| !list.contains(g) && has(wanted)).count()
}

/// The level of a group that shares it with no other.
fn own_level(told: &Wanted) -> String {
    let verb = told.names.first().and_then(|name| name.split('_').next()).filter(|_| told.begins_with_verb);
    verb.unwrap_or(&told.word).to_owned()
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
        let grouped = requests.grouped(&embedder, 1, &SilentReporter).unwrap();
        named(&requests, &grouped, &embedder, &SilentReporter).unwrap()
    }

    fn names(topics: &[NewTopic]) -> Vec<&str> {
        topics.iter().map(|t| t.name.as_str()).collect()
    }

    #[test]
    fn a_level_is_called_by_what_its_topics_alone_are_about() {
        let told = |verb: &str, thing: &str| Wanted {
            word: thing.to_owned(),
            names: vec![format!("{verb}_{thing}")],
            deed: (verb.to_owned(), thing.to_owned()),
            begins_with_verb: true,
        };
        let flights =
            [("change", "flight"), ("change", "date"), ("cancel", "flight"), ("book", "flight"), ("pay", "bill")];
        let told: Vec<Wanted> = flights.iter().map(|(verb, thing)| told(verb, thing)).collect();
        let levels = [vec![0, 1], vec![2, 3], vec![4]];
        let shared = vec!["change".to_owned(), "flight".to_owned(), "bill".to_owned()];
        let first = first_levels(shared, &told, &levels);
        assert_eq!(first, ["change", "change", "flight", "flight", "bill"]);
        // What others are about, too, is no level.
        let levels = [vec![0, 1], vec![2], vec![3], vec![4]];
        let first = first_levels(vec![String::new(); 4], &told, &levels);
        assert_eq!(first, ["change", "change", "cancel", "book", "bill"]);
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
