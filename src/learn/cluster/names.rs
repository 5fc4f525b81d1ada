//! What tells a group of texts from the others.

use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

/// Terms a group is named by.
const TERMS: usize = 3;
/// In a group of so many texts what only one of them says names nothing.
const FEW: usize = 4;
/// Letters that words of one stem have in common at least: `change`, `changes`, `changing`.
const STEM: usize = 5;
/// Letters and digits from which on a word with a digit is a code: `59xx6w`, not `w2`.
const CODE: usize = 4;

/// Words that name nothing, in English, Greek and Greek in Latin letters.
const COMMON: &str = "a about above after again all also am an and any are as at be because been before being below but by can \
could did do does doing don done down each few for from further get got had has have having he her here hers him his how i if in \
into is it its just know let like ll looking make many may me might mine more most much must my need no nor not now of off on once one only \
or other our out over own please put re really s same see shall she should so some such t take tell than thank thanks that the their them \
then there these they thing this those through to too u under until up us use ve very want was way we wondering were what when where which \
while who whom why will with would yes yet you your hi hello hey help please assist assistance \
aren couldn didn doesn hadn hasn haven isn wasn weren won wouldn ve \
αν από απο αυτά αυτό αυτο για γιατί γιατι δε δεν είναι ειναι είμαι ειμαι είχα ένα ενα έναν έχει εχει έχω εχω η ή θα θέλω θελω και \
κάτι με μας μέσα μη μην μια μία μιας μου μπορώ μπορω να ναι ο οι όταν οταν ότι οτι ου πού που πώς πως πολύ πριν προς σας σε σου στα \
στη στην στις στο στον στους τα τη την της τι τις το τον του τους των ως \
den einai exei exo gia giati ine kai ke mas me mia mou mporo na oi oti pos pou sas se sou sta sti stin sto ston ta ti tin tis to ton tou thelo";

/// Up to three terms for each group, by class-based TF-IDF (Grootendorst 2022): how often in the group, times the logarithm of one
/// plus the mean number of terms a group over how often anywhere. A pair of words takes the place of its words.
pub(super) fn terms(texts: &[&str], groups: &[Vec<u32>]) -> Vec<Vec<String>> {
    let common: rustc_hash::FxHashSet<&str> = COMMON.split_whitespace().collect();
    let counted: Vec<FxHashMap<String, u32>> = groups
        .iter()
        .map(|group| {
            let mut counts = FxHashMap::default();
            for &text in group {
                let mut of_text: Vec<String> = said(texts[text as usize], &common);
                // A text that says a word five times is one text.
                of_text.sort_unstable();
                of_text.dedup();
                of_text.into_iter().for_each(|term| *counts.entry(term).or_default() += 1);
            }
            counts
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
            let mut scored: Vec<(f64, &str)> = counts
                .iter()
                .filter(|c| *c.1 >= often)
                .map(|(term, &n)| {
                    (f64::from(n) * (1.0 + mean / f64::from(anywhere[term.as_str()])).ln(), term.as_str())
                })
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
            let mut named: Vec<&str> = Vec::new();
            for (_, term) in scored {
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

/// Whether a word may name something: no number, no code of one customer's, none of everybody's words.
fn tells(word: &str, common: &rustc_hash::FxHashSet<&str>) -> bool {
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let is_code = has_digit && word.chars().count() >= CODE || word.starts_with(|c: char| c.is_ascii_digit());
    word.chars().count() > 1 && !common.contains(word) && word.chars().any(char::is_alphabetic) && !is_code
}

/// Whether two words are one but for their ends.
fn of_one_stem(a: &str, b: &str) -> bool {
    a == b || a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count() >= STEM
}

/// Words of a text that may name something, and pairs of such words that stand side by side.
fn said(text: &str, common: &rustc_hash::FxHashSet<&str>) -> Vec<String> {
    let text = text.to_lowercase();
    let mut out = Vec::new();
    let mut before: Option<&str> = None;
    for word in text.unicode_words() {
        // `i'm`, `don't`, `friend's` are drawn together.
        let word = word.split(['\'', '’']).next().unwrap_or(word);
        if !tells(word, common) {
            before = None;
            continue;
        }
        if let Some(before) = before {
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

    #[test]
    fn a_group_is_named_by_what_the_others_do_not_say() {
        let texts = ["where is my refund please", "refund not paid", "the ferry is late", "is the late ferry coming"];
        let named = terms(&texts, &[vec![0, 1], vec![2, 3]]);
        assert_eq!(named[0][0], "refund");
        assert!(named[1].contains(&"ferry".to_owned()) && named[1].contains(&"late".to_owned()), "{named:?}");
        assert!(terms(&[], &[]).is_empty());
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
        let named = terms(&texts, &[vec![0, 1, 2, 3], vec![4, 5]]);
        let first = named[0].join(" ");
        assert!(first.contains("chang") && first.contains("flight"), "{named:?}");
        assert_eq!(first.matches("chang").count(), 1, "{named:?}");
        for poor in ["59xx6w", "22nd", "i'm", "don", "friend's", "sister"] {
            assert!(!first.split(' ').any(|w| w == poor), "{poor}: {named:?}");
        }
    }
}
