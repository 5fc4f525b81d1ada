//! A conversation that comes again, joined with what is stored of it (rule 34): turns keep their keys, nothing is lost.

mod clocks;
mod parts;
mod values;

pub use parts::{follows, goes_on, is_told_again, moments};
pub use values::LOG_SAYS;

use super::conversation::{Conversation, Offer, Role, Turn};
use super::{Timestamp, TurnKey};
use clocks::{Clocks, closer};
use serde_json::Map;
use std::borrow::Cow;
use std::collections::HashMap;
use values::{fields, offers, outcome, turn};

/// Cells of the table that finds the longest common subsequence; beyond them the earliest equal turns are taken one by one.
const MOST_CELLS: usize = 4_000_000;
/// How many turns ahead an equal one is looked for then, so that the cost stays linear.
const FAR: usize = 2_000;

/// The key of turns that no store knows yet, until the store gives them one.
pub const NEW: TurnKey = TurnKey(u32::MAX);

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinResult {
    /// Both together: stored turns with their keys, others with [`NEW`]. Where its outcome is `None` it is to be derived.
    pub conversation: Conversation,
    /// Stored turns whose words are others now, beyond blanks and case.
    pub reworded: Vec<TurnKey>,
    /// Turns that were not stored.
    pub added: usize,
    /// Stored turns that the arriving conversation has, too.
    pub met: usize,
    /// Turns that were not stored and stand at the moment of one of the same speaker that only the store has: perhaps the same, edited.
    pub beside: usize,
}

/// Joins a conversation that is stored, as the log told it, with the same one that comes again.
///
/// Turns are matched by message id, else by the longest common subsequence of speaker and words, the earliest match on a
/// tie; intents and feedback do not count, and times only where they tell that words were said anew. Message ids that are mere positions, and so stand on other words after a
/// turn was put in front, are not believed: whichever way matches more equal turns is right. Turns that only the store has
/// stay where they were. Where the arriving conversation has the last turn, or with `as_later`, its word on everything else
/// is the later one; an earlier part of a log that comes late only fills in what is not known.
pub fn join(stored: &Conversation, arriving: &Conversation, as_later: bool) -> JoinResult {
    let told = (of_turns(stored, arriving), of_turns(arriving, stored));
    let (stored, arriving) = (&*told.0, &*told.1);
    let pairs = matched(&stored.turns, &arriving.turns);
    let pairs = with_speakers_put_right(&stored.turns, &arriving.turns, pairs);
    let pairs = with_the_cut_off(&stored.turns, &arriving.turns, pairs);
    let order = order(stored, arriving, &pairs);
    let later = as_later || order.last().is_none_or(|at| at.arriving.is_some());
    let (base, over) = if later { (stored, arriving) } else { (arriving, stored) };
    let mut conversation = fields(base, over);
    if let (Some(first), Some(last)) = (order.first(), order.last()) {
        let word = |at: &JoinedTurn| if at.arriving.is_some() { (arriving, stored) } else { (stored, arriving) };
        let told = |at: &JoinedTurn, of: fn(&Conversation) -> Option<Timestamp>| match word(at) {
            (now, before) if at.stored.is_some() && at.arriving.is_some() => closer(of(before), of(now)),
            (now, before) => of(now).or(of(before)),
        };
        conversation.started_at = told(first, |c| c.started_at);
        conversation.ended_at = told(last, |c| c.ended_at);
    }
    let beside = beside(&stored.turns, &arriving.turns, &pairs);
    let mut joined = JoinResult { conversation, reworded: Vec::new(), added: 0, met: pairs.len(), beside };
    for at in &order {
        joined.take(at.stored.map(|s| &stored.turns[s]), at.arriving.map(|a| &arriving.turns[a]), later);
    }
    let place = |of: fn(&JoinedTurn) -> Option<usize>, turn: u32| {
        order.iter().position(|at| of(at) == Some(turn as usize)).map(|place| place as u32)
    };
    let old = stored.offers.iter().map(|o| Offer { turn: o.turn.and_then(|t| place(|at| at.stored, t)), ..o.clone() });
    let new =
        arriving.offers.iter().map(|o| Offer { turn: o.turn.and_then(|t| place(|at| at.arriving, t)), ..o.clone() });
    joined.conversation.offers = if later { offers(old, new) } else { offers(new, old) };
    outcome(&mut joined.conversation, stored, arriving, later);
    joined
}

/// A conversation as the other tells it where that says of turns what this one, whose rows all said the same, says of the whole.
fn of_turns<'c>(one: &'c Conversation, other: &Conversation) -> Cow<'c, Conversation> {
    let of_each =
        |key: &String| !other.meta.contains_key(key) && other.turns.iter().any(|turn| turn.meta.contains_key(key));
    if !one.meta.keys().any(of_each) {
        return Cow::Borrowed(one);
    }
    let mut own = one.clone();
    let (moved, kept): (Map<_, _>, Map<_, _>) =
        std::mem::take(&mut own.meta).into_iter().partition(|(key, _)| of_each(key));
    own.meta = kept;
    for turn in &mut own.turns {
        for (key, value) in &moved {
            turn.meta.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    Cow::Owned(own)
}

impl JoinResult {
    /// Appends a turn that one of them has, or both.
    fn take(&mut self, stored: Option<&Turn>, arriving: Option<&Turn>, later: bool) {
        let turns = &mut self.conversation.turns;
        match (stored, arriving) {
            (Some(old), Some(new)) if later => {
                let (before, now) = (plain_words(&old.text), plain_words(&new.text));
                if alike(old, new) || before == now {
                    turns.push(turn(old, new));
                } else if old.id.is_none() && new.id.is_none() && before.starts_with(&now) {
                    // The later log is the one that is cut off.
                    turns.push(Turn { key: old.key, ..turn(new, old) });
                } else {
                    // What the log said of other words says nothing of these.
                    self.reworded.push(old.key);
                    turns.push(Turn { key: old.key, ..new.clone() });
                }
            }
            (Some(old), Some(new)) => turns.push(Turn { key: old.key, ..turn(new, old) }),
            (Some(old), None) => turns.push(old.clone()),
            (None, Some(new)) => {
                self.added += 1;
                turns.push(Turn { key: NEW, ..new.clone() });
            }
            // An order names at least one of the two.
            (None, None) => {}
        }
    }
}

/// Whether two conversations under different names are the same one: they share turns at the same moment or with the same
/// message id, and most of the shorter one; or, where nothing tells turns apart, they have one id and say the same from the first word
/// to the last, and enough for that to be no chance.
pub fn is_same_talk(a: &Conversation, b: &Conversation) -> bool {
    if a.id == b.id && says_the_same(&a.turns, &b.turns) {
        return true;
    }
    let proven = matched(&a.turns, &b.turns).into_iter().filter(|&(i, j)| {
        let (x, y) = (&a.turns[i], &b.turns[j]);
        alike(x, y) && (x.at.is_some() && x.at == y.at || x.id.is_some() && x.id == y.id)
    });
    let (proven, least) = (proven.count(), a.turns.len().min(b.turns.len()));
    proven > 0 && proven >= least.min(2) && proven * 2 >= least
}

/// When the first and the last turn were said, in Unix milliseconds.
fn span(turns: &[Turn]) -> Option<(i64, i64)> {
    let mut times = turns.iter().filter_map(|t| t.at).map(|at| at.0);
    times.next().map(|first| (first, times.next_back().unwrap_or(first)))
}

/// Words that nobody happens to say twice under one id.
pub const NO_CHANCE: usize = 12;

/// Whether both say the same as far as the shorter goes, and enough for that to be no chance. An opening alone is what many talks have.
fn says_the_same(a: &[Turn], b: &[Turn]) -> bool {
    is_no_chance(a, b) && a.iter().zip(b).all(is_same)
}

/// Whether the shorter of two is long enough to be the same as the other by no chance.
fn is_no_chance(a: &[Turn], b: &[Turn]) -> bool {
    let shorter = if a.len() < b.len() { a } else { b };
    let words = shorter.iter().map(|t| t.text.split_whitespace().count()).sum::<usize>();
    let is_opening = a.len() != b.len() && (shorter.len() < 2 || shorter.iter().all(|t| t.role != Role::User));
    words >= NO_CHANCE && !is_opening
}

fn is_same((x, y): (&Turn, &Turn)) -> bool {
    alike(x, y) && !are_told_apart(x, y) && (x.at.is_none() || x.at == y.at)
}

/// Whether two conversations say the same from the first word to the last.
pub fn is_word_for_word(a: &Conversation, b: &Conversation) -> bool {
    a.turns.len() == b.turns.len() && a.turns.iter().zip(&b.turns).all(is_same)
}

/// A turn of the joined conversation: which of the stored, which of the arriving.
#[derive(Clone, Copy, Debug)]
struct JoinedTurn {
    stored: Option<usize>,
    arriving: Option<usize>,
}

/// Speaker and words, beyond blanks and case: what makes two turns the same one.
fn alike(a: &Turn, b: &Turn) -> bool {
    identity(a) == identity(b)
}

fn identity(t: &Turn) -> (Role, String, Option<&str>) {
    let words = plain_words(&t.text);
    // Events and calls often have no words.
    let name = t.event.as_deref().or(t.name.as_deref()).filter(|_| words.is_empty());
    (t.role, words, name)
}

/// Words without regard to blanks and case.
pub fn plain_words(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Turns that are the same one, by their places, in the order of the arriving ones.
fn matched(stored: &[Turn], arriving: &[Turn]) -> Vec<(usize, usize)> {
    let (a, b): (Vec<_>, Vec<_>) = (stored.iter().map(identity).collect(), arriving.iter().map(identity).collect());
    // Dates that were read another way move a whole talk, and so does who writes it down anew.
    let is_told_anew = || a.len() == b.len() || is_no_chance(stored, arriving) || begin_together(stored, arriving);
    let moved = a.iter().zip(&b).all(|(x, y)| x == y) && is_told_anew();
    let said = |i: usize, j: usize| {
        a[i] == b[j]
            && !are_told_apart(&stored[i], &arriving[j])
            && (moved || !are_days_apart(&stored[i], &arriving[j]))
    };
    let (left, right) = ((0..a.len()).collect::<Vec<_>>(), (0..b.len()).collect::<Vec<_>>());
    let clocks = match moved {
        true => Clocks::Ignored,
        false => Clocks::of(stored, arriving, &common(&left, &right, said), is_no_chance(stored, arriving), said),
    };
    let equal = |i: usize, j: usize| said(i, j) && clocks.agree(&stored[i], &arriving[j]);
    let by_words = common(&left, &right, equal);
    let mut by_id = by_message_id(stored, arriving);
    if by_id.is_empty() {
        return by_words;
    }
    let free = |n: usize, taken: &dyn Fn(usize) -> bool| (0..n).filter(|&i| !taken(i)).collect::<Vec<_>>();
    let left = free(a.len(), &|i| by_id.iter().any(|p| p.0 == i));
    let right = free(b.len(), &|j| by_id.iter().any(|p| p.1 == j));
    by_id.extend(common(&left, &right, |i, j| equal(i, j) && (stored[i].id.is_none() || arriving[j].id.is_none())));
    by_id.sort_by_key(|p| p.1);
    let agreeing = by_id.iter().filter(|&&(i, j)| a[i] == b[j]).count();
    if by_words.len() > agreeing { by_words } else { by_id }
}

/// Adds the turns that say the same at the same moment, or without times at the same place of a talk as long, with another
/// speaker: a column that was read the wrong way round the first time.
fn with_speakers_put_right(stored: &[Turn], arriving: &[Turn], mut pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let (mut old, mut new) = (vec![false; stored.len()], vec![false; arriving.len()]);
    pairs.iter().for_each(|&(i, j)| (old[i], new[j]) = (true, true));
    let free = |met: &[bool]| (0..met.len()).filter(|&i| !met[i]).collect::<Vec<_>>();
    let same = |i: usize, j: usize| {
        let (a, b) = (&stored[i], &arriving[j]);
        let moment = match (a.at, b.at) {
            (None, None) => i == j && stored.len() == arriving.len(),
            (x, y) => x == y,
        };
        moment && a.role != b.role && !a.text.trim().is_empty() && plain_words(&a.text) == plain_words(&b.text)
    };
    let swapped = common(&free(&old), &free(&new), same);
    pairs.extend(swapped);
    pairs.sort_by_key(|p| p.1);
    pairs
}

/// Adds the last turn of one that is the beginning of what the other has at that moment: there its log was cut off.
fn with_the_cut_off(stored: &[Turn], arriving: &[Turn], mut pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let begins = |cut: &Turn, whole: &Turn| {
        let (cut_words, words) = (plain_words(&cut.text), plain_words(&whole.text));
        cut.role == whole.role
            && cut.at.is_some()
            && cut.at == whole.at
            && !are_told_apart(cut, whole)
            && !cut_words.is_empty()
            && words.starts_with(&cut_words)
    };
    let last = |turns: &[Turn], is_met: &dyn Fn(usize) -> bool| turns.len().checked_sub(1).filter(|&i| !is_met(i));
    let (met_old, met_new) = (|i: usize| pairs.iter().any(|p| p.0 == i), |j: usize| pairs.iter().any(|p| p.1 == j));
    // What comes before it must have met, else it is any short message.
    let before = |i: usize, met: &dyn Fn(usize) -> bool| i == 0 || met(i - 1);
    let old = last(stored, &met_old).filter(|&i| before(i, &met_old)).and_then(|i| {
        (0..arriving.len())
            .find(|&j| !met_new(j) && before(j, &met_new) && begins(&stored[i], &arriving[j]))
            .map(|j| (i, j))
    });
    let new = last(arriving, &met_new).filter(|&j| before(j, &met_new)).and_then(|j| {
        (0..stored.len())
            .find(|&i| !met_old(i) && before(i, &met_old) && begins(&arriving[j], &stored[i]))
            .map(|i| (i, j))
    });
    pairs.extend(old.or(new));
    pairs.sort_by_key(|p| p.1);
    pairs
}

/// How many turns of the second that did not meet one stand at the moment of one of the same speaker in the first that did not, either.
fn beside(stored: &[Turn], arriving: &[Turn], pairs: &[(usize, usize)]) -> usize {
    let moment = |t: &Turn| t.at.filter(|_| t.id.is_none()).map(|at| (t.role, at));
    let is_left = |i: &usize| pairs.iter().all(|p| p.0 != *i);
    let left: Vec<_> = (0..stored.len()).filter(is_left).filter_map(|i| moment(&stored[i])).collect();
    let is_new = |j: &usize| pairs.iter().all(|p| p.1 != *j);
    (0..arriving.len()).filter(is_new).filter(|&j| moment(&arriving[j]).is_some_and(|m| left.contains(&m))).count()
}

/// Two messages with names of their own at different moments, whatever their words.
fn are_told_apart(a: &Turn, b: &Turn) -> bool {
    let differ = |x: bool, y: bool, same: bool| x && y && !same;
    differ(a.id.is_some(), b.id.is_some(), a.id == b.id) && differ(a.at.is_some(), b.at.is_some(), a.at == b.at)
}

/// Milliseconds by which no zone that was named wrongly moves a time: 14 hours.
const NO_ZONE: u64 = 14 * 3_600_000;

/// Two messages further apart than a zone that was named wrongly could move them: whoever says `hello` every day says it anew.
fn are_days_apart(a: &Turn, b: &Turn) -> bool {
    a.at.zip(b.at).is_some_and(|(x, y)| x.0.abs_diff(y.0) > NO_ZONE)
}

/// Whether both begin within a minute, or one begins before the other ends.
fn begin_together(a: &[Turn], b: &[Turn]) -> bool {
    span(a).zip(span(b)).is_some_and(|(a, b)| a.0.abs_diff(b.0) < 60_000 || a.0.max(b.0) < a.1.min(b.1))
}

/// Turns with the same message id, where each has it once.
fn by_message_id(stored: &[Turn], arriving: &[Turn]) -> Vec<(usize, usize)> {
    let once = |turns: &[Turn]| {
        let mut places: HashMap<String, Option<usize>> = HashMap::new();
        for (i, id) in turns.iter().enumerate().filter_map(|(i, t)| Some((i, t.id.clone()?))) {
            places.entry(id).and_modify(|place| *place = None).or_insert(Some(i));
        }
        places
    };
    let (old, new) = (once(stored), once(arriving));
    let mut pairs: Vec<_> = new.iter().filter_map(|(id, j)| Some(((*old.get(id)?)?, (*j)?))).collect();
    pairs.sort_by_key(|p| p.1);
    pairs
}

/// The longest common subsequence of some places of both, the earliest on a tie. Quadratic, within [`MOST_CELLS`].
fn common(a: &[usize], b: &[usize], equal: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    if a.len().saturating_mul(b.len()) > MOST_CELLS {
        let mut from = 0;
        for &j in b {
            if let Some(at) = a[from..].iter().take(FAR).position(|&i| equal(i, j)) {
                out.push((a[from + at], j));
                from += at + 1;
            }
        }
        return out;
    }
    let wide = b.len() + 1;
    let mut longest = vec![0u32; (a.len() + 1) * wide];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * wide + j] = match equal(a[i], b[j]) {
                true => longest[(i + 1) * wide + j + 1] + 1,
                false => longest[(i + 1) * wide + j].max(longest[i * wide + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if equal(a[i], b[j]) {
            out.push((a[i], b[j]));
            (i, j) = (i + 1, j + 1);
        } else if longest[i * wide + j + 1] >= longest[(i + 1) * wide + j] {
            j += 1;
        } else {
            i += 1;
        }
    }
    out
}

/// All turns of both in order. Between two turns that both have, what only one of them has goes by time, else the stored
/// ones first.
fn order(stored: &Conversation, arriving: &Conversation, pairs: &[(usize, usize)]) -> Vec<JoinedTurn> {
    let partner: HashMap<usize, usize> = pairs.iter().map(|&(i, j)| (j, i)).collect();
    let is_met: std::collections::HashSet<usize> = pairs.iter().map(|p| p.0).collect();
    let mut anchors = rising(pairs);
    anchors.push((stored.turns.len(), arriving.turns.len()));
    let (mut out, mut from) = (Vec::new(), (0, 0));
    let shift = shift(stored, arriving, pairs);
    for (i, j) in anchors {
        let kept: Vec<JoinedTurn> = (from.0..i)
            .filter(|s| !is_met.contains(s))
            .map(|s| JoinedTurn { stored: Some(s), arriving: None })
            .collect();
        let new: Vec<JoinedTurn> =
            (from.1..j).map(|a| JoinedTurn { stored: partner.get(&a).copied(), arriving: Some(a) }).collect();
        between(stored, arriving, (kept, new), shift, &mut out);
        if i < stored.turns.len() {
            out.push(JoinedTurn { stored: Some(i), arriving: Some(j) });
        }
        from = (i + 1, j + 1);
    }
    out
}

/// The longest run of pairs that rises on both sides; those left out were put elsewhere and go where they arrive.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Patience: the last pair of the best run of each length, and the pair before each.
    let (mut tails, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; pairs.len()]);
    for (at, pair) in pairs.iter().enumerate() {
        let length = tails.partition_point(|&t| pairs[t].0 < pair.0);
        before[at] = length.checked_sub(1).map(|l| tails[l]);
        match tails.get_mut(length) {
            Some(tail) => *tail = at,
            None => tails.push(at),
        }
    }
    let mut run: Vec<_> = std::iter::successors(tails.last().copied(), |&at| before[at]).map(|at| pairs[at]).collect();
    run.reverse();
    run
}

/// How much later the arriving times are, in milliseconds, where both have them: another zone may have been named for the
/// same moments.
fn shift(stored: &Conversation, arriving: &Conversation, pairs: &[(usize, usize)]) -> i64 {
    let both = |&(i, j): &(usize, usize)| Some(arriving.turns[j].at?.0 - stored.turns[i].at?.0);
    let mut shifts: Vec<i64> = pairs.iter().filter_map(both).collect();
    shifts.sort_unstable();
    shifts.get(shifts.len() / 2).copied().unwrap_or(0)
}

fn between(
    stored: &Conversation,
    arriving: &Conversation,
    (kept, new): (Vec<JoinedTurn>, Vec<JoinedTurn>),
    shift: i64,
    out: &mut Vec<JoinedTurn>,
) {
    let moment = |at: &JoinedTurn| match (at.stored, at.arriving) {
        (_, Some(a)) => arriving.turns[a].at.map(|t| t.plus(-shift)),
        (Some(s), None) => stored.turns[s].at,
        (None, None) => None,
    };
    let is_before = |a: &[JoinedTurn], b: &[JoinedTurn]| a.last().and_then(&moment) <= b.first().and_then(&moment);
    if kept.is_empty() || new.is_empty() {
        out.extend(kept.into_iter().chain(new));
    } else if kept.iter().chain(&new).all(|at| moment(at).is_some()) {
        // A part that ends in the second in which the stored one begins comes before it as a whole.
        let ends_there = is_before(&new, &kept) && !is_before(&kept, &new);
        let mut new = new.into_iter().peekable();
        for at in kept {
            while let Some(earlier) = new.next_if(|n| ends_there || moment(n) < moment(&at)) {
                out.push(earlier);
            }
            out.push(at);
        }
        out.extend(new);
    } else if out.is_empty() && ended(arriving).zip(stored.started_at).is_some_and(|(end, start)| end < start) {
        out.extend(new.into_iter().chain(kept));
    } else {
        out.extend(kept.into_iter().chain(new));
    }
}

fn ended(c: &Conversation) -> Option<Timestamp> {
    c.ended_at.or(c.started_at)
}

#[cfg(test)]
mod tests;
