//! Ratings in words and faces, in the commonest languages. The middle and the ends of a scale are of five; what is only good or bad is
//! of one.

/// The best of five.
const BEST: &[&str] = &[
    "very satisfied",
    "extremely satisfied",
    "completely satisfied",
    "very happy",
    "extremely happy",
    "very good",
    "excellent",
    "great",
    "awesome",
    "πολυ καλη",
    "πολυ καλο",
    "πολυ ικανοποιημενοσ",
    "πολυ ικανοποιημενη",
    "αριστη",
    "αριστο",
    "εξαιρετικη",
    "εξαιρετικα",
    "sehr zufrieden",
    "sehr gut",
    "ausgezeichnet",
    "tres satisfait",
    "tres satisfaite",
    "tres bien",
    "excellente",
    "muy satisfecho",
    "muy satisfecha",
    "muy bueno",
    "muy bien",
    "excelente",
    "muito satisfeito",
    "muito satisfeita",
    "muito bom",
    "otimo",
    "molto soddisfatto",
    "molto soddisfatta",
    "molto buono",
    "ottimo",
    "eccellente",
    "zeer tevreden",
    "zeer goed",
    "uitstekend",
    "bardzo zadowolony",
    "bardzo zadowolona",
    "bardzo dobrze",
    "cok memnun",
    "cok iyi",
    "mukemmel",
    "очень доволен",
    "очень довольна",
    "отлично",
    "amazing",
    "😍",
    "🤩",
    "😀",
    "😃",
    "😄",
    "🥰",
];
/// Good.
const GOOD: &[&str] = &[
    "good",
    "positive",
    "happy",
    "satisfied",
    "somewhat satisfied",
    "up",
    "thumbs up",
    "αρκετα ικανοποιημενοσ",
    "αρκετα ικανοποιημενη",
    "καλη",
    "καλο",
    "ικανοποιημενοσ",
    "ικανοποιημενη",
    "zufrieden",
    "gut",
    "satisfait",
    "satisfaite",
    "bien",
    "satisfecho",
    "satisfecha",
    "bueno",
    "buena",
    "satisfeito",
    "satisfeita",
    "bom",
    "boa",
    "soddisfatto",
    "soddisfatta",
    "buono",
    "tevreden",
    "goed",
    "zadowolony",
    "zadowolona",
    "dobrze",
    "memnun",
    "iyi",
    "доволен",
    "довольна",
    "хорошо",
    "😊",
    "🙂",
    "😁",
    "👍",
];
/// The middle of five.
const MIDDLE: &[&str] = &[
    "neutral",
    "ok",
    "okay",
    "average",
    "fair",
    "so-so",
    "neither satisfied nor dissatisfied",
    "ουδετερη",
    "ουδετεροσ",
    "ουδετερο",
    "μετρια",
    "μετριο",
    "mittel",
    "mittelmaßig",
    "teils teils",
    "neutre",
    "moyen",
    "regular",
    "neutro",
    "neutra",
    "medio",
    "neutraal",
    "matig",
    "neutralny",
    "srednio",
    "notr",
    "orta",
    "неитрально",
    "нормально",
    "😐",
    "😑",
    "😶",
];
/// Bad.
const BAD: &[&str] = &[
    "bad",
    "negative",
    "unhappy",
    "dissatisfied",
    "unsatisfied",
    "not satisfied",
    "not happy",
    "not good",
    "somewhat dissatisfied",
    "down",
    "thumbs down",
    "pas satisfait",
    "pas satisfaite",
    "nicht zufrieden",
    "no satisfecho",
    "no satisfecha",
    "niet tevreden",
    "nie zadowolony",
    "nie zadowolona",
    "memnun degilim",
    "не доволен",
    "не довольна",
    "poor",
    "κακη",
    "κακο",
    "δυσαρεστημενοσ",
    "δυσαρεστημενη",
    "unzufrieden",
    "schlecht",
    "insatisfait",
    "insatisfaite",
    "mauvais",
    "mal",
    "insatisfecho",
    "insatisfecha",
    "malo",
    "mala",
    "insatisfeito",
    "insatisfeita",
    "ruim",
    "mau",
    "insoddisfatto",
    "insoddisfatta",
    "cattivo",
    "ontevreden",
    "slecht",
    "niezadowolony",
    "niezadowolona",
    "zle",
    "memnun degil",
    "kotu",
    "недоволен",
    "недовольна",
    "плохо",
    "🙁",
    "☹",
    "😟",
    "😞",
    "😕",
    "👎",
];
/// The worst of five.
const WORST: &[&str] = &[
    "very dissatisfied",
    "extremely dissatisfied",
    "very unhappy",
    "extremely unhappy",
    "very bad",
    "very poor",
    "not at all satisfied",
    "terrible",
    "awful",
    "καθολου ικανοποιημενοσ",
    "καθολου ικανοποιημενη",
    "πολυ κακη",
    "πολυ κακο",
    "απαραδεκτη",
    "πολυ δυσαρεστημενοσ",
    "πολυ δυσαρεστημενη",
    "sehr unzufrieden",
    "sehr schlecht",
    "tres insatisfait",
    "tres insatisfaite",
    "tres mauvais",
    "muy insatisfecho",
    "muy insatisfecha",
    "muy malo",
    "muy mal",
    "pessimo",
    "muito insatisfeito",
    "muito insatisfeita",
    "muito ruim",
    "molto insoddisfatto",
    "molto insoddisfatta",
    "zeer ontevreden",
    "zeer slecht",
    "bardzo niezadowolony",
    "bardzo niezadowolona",
    "bardzo zle",
    "hic memnun degil",
    "cok kotu",
    "очень недоволен",
    "очень недовольна",
    "очень плохо",
    "ужасно",
    "😡",
    "😠",
    "😤",
    "😢",
    "😭",
    "🤬",
];

/// A rating and the best there is, by folded words or a face.
pub(super) fn in_words(folded: &str) -> Option<(f64, Option<f64>)> {
    // `Good, with comment`: that there is one is no part of the rating.
    let word = folded.trim_end_matches(|c| matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'));
    let word = word.strip_suffix(", with comment").or_else(|| word.strip_suffix(" with comment")).unwrap_or(word);
    let scale: [(&[&str], f64, f64); 5] =
        [(BEST, 5.0, 5.0), (GOOD, 1.0, 1.0), (MIDDLE, 3.0, 5.0), (BAD, 0.0, 1.0), (WORST, 1.0, 5.0)];
    let found = scale.into_iter().find(|(words, ..)| words.contains(&word));
    found.map(|(_, score, max)| (score, Some(max)))
}

/// Words for school grades, of which 1 is the best, beside those for ratings.
const GRADES: &[(&str, bool)] = &[
    ("best", true),
    ("beste", true),
    ("best grade", true),
    ("worst", false),
    ("schlechteste", false),
    ("ausreichend", false),
    ("mangelhaft", false),
    ("ungenugend", false),
];

/// A number with whether the words behind it say that it is good: `1 - sehr gut`, `6 = ungenügend`. `folded` is folded.
pub(in crate::ingest::formats::csv) fn sense(folded: &str) -> Option<(f64, bool)> {
    let end = folded.find(|c: char| !c.is_ascii_digit())?;
    let word = folded[end..].trim_matches(|c: char| !c.is_alphanumeric());
    let grade = || GRADES.iter().find(|(known, _)| *known == word).map(|(_, good)| *good);
    let rated = || in_words(word).and_then(|(score, max)| Some((score, max? / 2.0)));
    // The middle says nothing.
    let good = grade().or_else(|| {
        rated().filter(|(score, half)| (score - half).abs() >= 0.5 && *score != 3.0).map(|(s, half)| s > half)
    });
    Some((folded[..end].parse().ok()?, good?))
}

#[cfg(test)]
mod tests {
    use crate::ingest::formats::csv::cells::values::rating;
    use std::collections::HashSet;

    #[test]
    fn words_and_faces_are_ratings() {
        for (cell, is) in [
            ("Very satisfied", Some((5.0, Some(5.0)))),
            ("Good, with comment", Some((1.0, Some(1.0)))),
            ("Πολύ καλή", Some((5.0, Some(5.0)))),
            ("Κακή", Some((0.0, Some(1.0)))),
            ("Çok kötü", Some((1.0, Some(5.0)))),
            ("très satisfait", Some((5.0, Some(5.0)))),
            ("😍", Some((5.0, Some(5.0)))),
            ("😐", Some((3.0, Some(5.0)))),
            ("☹️", Some((0.0, Some(1.0)))),
            ("1 - sehr gut", Some((1.0, None))),
            ("6 = ungenügend", Some((6.0, None))),
            ("Pas satisfait", Some((0.0, Some(1.0)))),
            ("Не доволен", Some((0.0, Some(1.0)))),
            ("Καθόλου ικανοποιημένος", Some((1.0, Some(5.0)))),
            ("👎🏽", Some((0.0, Some(1.0)))),
            ("thumbs_up", Some((1.0, Some(1.0)))),
            ("Within SLA", None),
        ] {
            assert_eq!(rating(cell), is, "{cell}");
        }
        let sense = |text: &str| super::sense(&crate::text::fold(text));
        assert_eq!(
            (sense("1 - sehr gut"), sense("6=ungenügend"), sense("5 stars")),
            (Some((1.0, true)), Some((6.0, false)), None)
        );
        let mut seen = HashSet::new();
        let all = [super::BEST, super::GOOD, super::MIDDLE, super::BAD, super::WORST];
        all.into_iter().flatten().for_each(|word| assert!(seen.insert(*word), "{word} means two things"));
        all.into_iter().flatten().for_each(|word| assert_eq!(&crate::text::fold(word), word));
    }
}
