//! What tells a group of texts from the others.

use crate::text::letters::{is_unspaced, is_whole_word, word_pieces};
use rustc_hash::{FxHashMap, FxHashSet};
use unicode_segmentation::UnicodeSegmentation;

/// Terms a group is named by.
const TERMS: usize = 3;
/// In a group of so many texts what only one customer says names nothing.
const FEW: usize = 4;
/// A word is a name from this share of capitals on, where it does not begin a sentence: `Sophia`, `Rhodes`.
const CAPITALS: f64 = 0.5;
/// Where a larger share of all words has them, capitals tell no names: German nouns. Customers' English has them on 5 to 9 in a hundred
/// words of tau-bench, SGD and STAR.
const MOST_CAPITALS: f64 = 0.15;
/// Letters that words of one stem have in common at least: `change`, `changes`, `changing`.
const STEM: usize = 5;
/// Letters and digits from which on a word with a digit is a code: `59xx6w`, not `w2`.
const CODE: usize = 4;

/// Words that name nothing, in English, Greek and Greek in Latin letters.
pub(super) const COMMON: &str = "a about above after again all also am an and any are as at be because been before being below but by can \
could did do does doing don done down each few for from further get got had has have having he her here hers him his how i if in \
into is it its just know let like ll looking make many may me might mine more most much must my need no nor not now of off on once one only \
or other our out over own please put re really s same see shall she should so some such t take tell than thank thanks that the their them \
then there these they thing this those through to too bonjour plaît plait u under until up us use ve very want was way we wondering were what when where which \
while who whom why will with would yes yet you your hi hello hey help please assist assistance \
aren couldn didn doesn hadn hasn haven isn wasn weren won wouldn ve \
αν από απο αυτά αυτό αυτο για γιατί γιατι δε δεν είναι ειναι είμαι ειμαι είχα ένα ενα έναν έχει εχει έχω εχω η ή θα θέλω θελω και \
κάτι με μας μέσα μη μην μια μία μιας μου μπορώ μπορω να ναι ο οι όταν οταν ότι οτι ου πού που πώς πως πολύ πριν προς σας σε σου στα \
στη στην στις στο στον στους τα τη την της τι τις το τον του τους των ως \
den einai exei exo gia giati ine kai ke mas me mia mou mporo na oi oti pos pou sas se sou sta sti stin sto ston ta ti tin tis to ton tou thelo";

/// Up to three terms for each group, by class-based TF-IDF (Grootendorst 2022): how many in the group say it, times the logarithm of one
/// plus the mean number of terms a group over how many say it anywhere. A pair of words takes the place of its words. `voices`: who
/// says a text. What one of them alone says names nothing, nor does the name of a person or a place.
pub(super) fn terms(texts: &[&str], groups: &[Vec<u32>], voices: &dyn Fn(u32) -> Vec<i64>) -> Vec<Vec<String>> {
    let common: FxHashSet<&str> = COMMON.split_whitespace().collect();
    let spelling = Spelling::of(groups.iter().flatten().map(|&t| texts[t as usize]));
    let counted: Vec<FxHashMap<String, u32>> = groups
        .iter()
        .map(|group| {
            let mut said_by: FxHashMap<String, Vec<i64>> = FxHashMap::default();
            for &text in group {
                let voices = voices(text);
                // A text that says a word five times says it once.
                let of_text: FxHashSet<String> = said(texts[text as usize], &common, &spelling).into_iter().collect();
                of_text.into_iter().for_each(|term| said_by.entry(term).or_default().extend(&voices));
            }
            let of_voices = |mut voices: Vec<i64>| {
                voices.sort_unstable();
                voices.dedup();
                voices.len() as u32
            };
            said_by.into_iter().map(|(term, voices)| (term, of_voices(voices))).collect()
        })
        .collect();
    let mut anywhere: FxHashMap<&str, u32> = FxHashMap::default();
    counted.iter().flatten().for_each(|(term, n)| *anywhere.entry(term).or_default() += n);
    let mean = anywhere.values().map(|&n| f64::from(n)).sum::<f64>() / groups.len().max(1) as f64;
    counted
        .iter()
        .zip(groups)
        .map(|(counts, group)| {
            let often = (group.len() as u32 / 10).max(if group.len() >= FEW { 2 } else { 1 });
            let mut scored: Vec<(bool, f64, &str)> = counts
                .iter()
                .filter(|c| *c.1 >= often)
                .map(|(term, &n)| {
                    let score = f64::from(n) * (1.0 + mean / f64::from(anywhere[term.as_str()])).ln();
                    // `JFK` and `PIN` look alike: they name what nothing else does.
                    (term.split(' ').all(|word| spelling.is_shouted(word)), score, term.as_str())
                })
                .collect();
            scored.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(b.2)));
            let mut named: Vec<&str> = Vec::new();
            for (.., term) in scored {
                let overlaps = |other: &str| other.split(' ').any(|w| term.split(' ').any(|v| of_one_stem(v, w)));
                if !named.iter().any(|n| overlaps(n)) {
                    named.push(term);
                }
                if named.len() == TERMS {
                    break;
                }
            }
            named.into_iter().map(str::to_owned).collect()
        })
        .collect()
}

/// How words are written where they do not begin a sentence, and how often.
#[derive(Clone, Copy, Default)]
struct Written {
    /// `Sophia`
    capitals: u32,
    /// `JFK`
    shouted: u32,
    all: u32,
}

impl Written {
    fn is_mostly(self, n: u32) -> bool {
        self.all > 0 && f64::from(n) >= CAPITALS * f64::from(self.all)
    }
}

/// How each word is written; nothing where capitals tell no names.
#[derive(Default)]
pub(super) struct Spelling(FxHashMap<String, Written>);

impl Spelling {
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words: FxHashMap<String, Written> = FxHashMap::default();
        let mut all = Written::default();
        for text in texts {
            for (at, word) in text.unicode_word_indices() {
                let mut letters = word.chars().filter(|c| c.is_alphabetic());
                let (Some(first), Some(second)) = (letters.next(), letters.next()) else { continue };
                let begins = text[..at].trim_end_matches([' ', '\'', '’']).chars().next_back();
                if begins.is_none_or(|c| !c.is_alphanumeric() && c != ',') {
                    continue;
                }
                let is_shouted = first.is_uppercase() && second.is_uppercase();
                let is_capital = first.is_uppercase() && !is_shouted;
                for written in [words.entry(stem_of(word).to_lowercase()).or_default(), &mut all] {
                    written.capitals += u32::from(is_capital);
                    written.shouted += u32::from(is_shouted);
                    written.all += 1;
                }
            }
        }
        let share = f64::from(all.capitals + all.shouted) / f64::from(all.all.max(1));
        if share > MOST_CAPITALS { Self::default() } else { Self(words) }
    }

    /// Whether it is the name of a person, a place, a day.
    pub(super) fn is_name(&self, word: &str) -> bool {
        self.0.get(word).is_some_and(|w| w.is_mostly(w.capitals))
    }

    /// Whether it is one customer's code, although it has no digit: `HXDUBJ`.
    fn is_code(&self, word: &str) -> bool {
        word.chars().count() > CODE && self.0.get(word).is_some_and(|w| w.is_mostly(w.shouted))
    }

    /// Whether it is a code of a few letters.
    pub(super) fn is_shouted(&self, word: &str) -> bool {
        self.0.get(word).is_some_and(|w| w.is_mostly(w.capitals + w.shouted))
    }
}

/// `i'm`, `don't`, `friend's` are drawn together.
pub(super) fn stem_of(word: &str) -> &str {
    word.split(['\'', '’']).next().unwrap_or(word)
}

/// Whether a word may name something: no number, no code of one customer's, none of everybody's words.
pub(super) fn tells(word: &str, common: &FxHashSet<&str>) -> bool {
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let is_code = has_digit && word.chars().count() >= CODE || word.starts_with(|c: char| c.is_ascii_digit());
    word.chars().count() > 1 && !common.contains(word) && word.chars().any(char::is_alphabetic) && !is_code
}

/// Whether two words are one but for their ends; without spaces pieces of a word that share a character.
fn of_one_stem(a: &str, b: &str) -> bool {
    if is_unspaced(a) {
        return a.chars().any(|c| b.contains(c));
    }
    a == b || a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count() >= STEM
}

/// Words of a text that may name something, and pairs of such words that stand side by side.
fn said(text: &str, common: &FxHashSet<&str>, spelling: &Spelling) -> Vec<String> {
    let text = text.to_lowercase();
    let mut out = Vec::new();
    let mut before: Option<&str> = None;
    for word in word_pieces(&text) {
        let word = stem_of(word);
        if !tells(word, common) || spelling.is_name(word) || spelling.is_code(word) || !is_whole_word(word) {
            before = None;
            continue;
        }
        // Pieces of a script without spaces overlap: two of them are no pair of words.
        if let Some(before) = before.filter(|_| !is_unspaced(word)) {
            out.push(format!("{before} {word}"));
        }
        out.push(word.to_owned());
        before = Some(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each text is another customer's.
    fn each(text: u32) -> Vec<i64> {
        vec![i64::from(text)]
    }

    #[test]
    fn names_of_people_and_places_and_what_one_customer_says_name_nothing() {
        let texts = [
            "could you please remove the passenger Sophia from our upcoming trip",
            "we would like to remove a passenger, Sophia, who stays at home this time",
            "the passenger Sophia is ill, remove her ticket from the trip to JFK",
            "how do I remove Sophia as a passenger from the trip that leaves from JFK",
            "my flight is delayed, and the lounge is full of people",
            "it is delayed again, and the lounge is closed by now",
            "it was delayed for so long that nobody knows",
            "what is it that was delayed this time",
        ];
        let groups = [vec![0, 1, 2, 3], vec![4, 5, 6, 7]];
        let named = terms(&texts, &groups, &each);
        assert!(!named.concat().join(" ").contains("sophia"), "{named:?}");
        assert!(named[0][0].contains("passenger") || named[0][0].contains("remove"), "{named:?}");
        assert!(named[0].iter().position(|t| t == "jfk").is_none_or(|at| at == named[0].len() - 1), "{named:?}");
        assert!(named[1].iter().any(|t| t.contains("lounge")), "two say it: {named:?}");
        // Both that speak of it are of one customer.
        let named = terms(&texts, &groups, &|t| vec![if t == 5 { 4 } else { i64::from(t) }]);
        assert!(!named[1].iter().any(|t| t.contains("lounge")), "{named:?}");
    }

    #[test]
    fn a_name_that_some_write_without_a_capital_is_one() {
        let texts = [
            "please plan a nice party for my friend Mark",
            "we need a party with music for Mark this time",
            "it is about the party for mark at our place",
            "can you plan the whole party for Mark as well",
            "where is the refund of my ticket for the boat",
            "nobody has sent the refund of that ticket so far",
        ];
        let named = terms(&texts, &[vec![0, 1, 2, 3], vec![4, 5]], &each);
        assert!(named[0][0].contains("party") && !named.concat().join(" ").contains("mark"), "{named:?}");
    }

    #[test]
    fn where_every_noun_has_a_capital_capitals_tell_no_names() {
        let texts = [
            "wo ist meine Rechnung vom Mai",
            "eine Rechnung fehlt",
            "die Rechnung ist falsch",
            "ich brauche die Rechnung",
        ];
        assert_eq!(terms(&texts, &[vec![0, 1, 2, 3], vec![]], &each)[0][0], "rechnung");
    }

    #[test]
    fn words_of_other_alphabets_name_a_group() {
        let texts = [
            "我要申请退款",
            "退款什么时候到",
            "航班延误了吗",
            "我的航班延误",
            "أين استرداد المال",
            "أريد استرداد ثمن التذكرة",
        ];
        let named = terms(&texts, &[vec![0, 1], vec![2, 3], vec![4, 5]], &each);
        assert!(named[0].contains(&"退款".to_owned()), "{named:?}");
        assert!(named[1].iter().any(|t| t == "航班" || t == "延误"), "{named:?}");
        assert!(named[2].contains(&"استرداد".to_owned()), "{named:?}");
        assert!(terms(&["คืนเงินค่าตั๋ว", "ขอคืนเงินค่าตั๋ว"], &[vec![0, 1]], &each)[0].is_empty(), "no dictionary");
    }

    #[test]
    fn a_group_is_named_by_what_the_others_do_not_say() {
        let texts = ["where is my refund please", "refund not paid", "the ferry is late", "is the late ferry coming"];
        let named = terms(&texts, &[vec![0, 1], vec![2, 3]], &each);
        assert_eq!(named[0][0], "refund");
        assert!(named[1].contains(&"ferry".to_owned()) && named[1].contains(&"late".to_owned()), "{named:?}");
        assert!(terms(&[], &[], &each).is_empty());
    }

    #[test]
    fn codes_dates_contractions_and_the_same_word_twice_name_nothing() {
        let texts = [
            "i'm changing my flight 59XX6W on the 22nd",
            "I'd like a change of flight 59XX6W on the 22nd",
            "don't change the flight 59XX6W of my friend's sister",
            "changes to a flight of my friend's",
            "where is my refund",
            "the refund of the ticket",
        ];
        let named = terms(&texts, &[vec![0, 1, 2, 3], vec![4, 5]], &each);
        let first = named[0].join(" ");
        assert!(first.contains("chang") && first.contains("flight"), "{named:?}");
        assert_eq!(first.matches("chang").count(), 1, "{named:?}");
        for poor in ["59xx6w", "22nd", "i'm", "don", "friend's", "sister"] {
            assert!(!first.split(' ').any(|w| w == poor), "{poor}: {named:?}");
        }
    }
}
