//! Wordings: families with choices and slots become what a customer types.

use super::company::{Company, Lang, Phrases};
use super::dice::Dice;
use crate::domain::Timestamp;
use crate::domain::time::DAY;

/// How uneven the wordings are: of families, and of the choices within one. The rare ones are still being learned when the
/// common ones are known.
const FAMILIES: f64 = 0.6;
const CHOICES: f64 = 0.8;

/// How a customer writes.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub lang: Lang,
    /// Greek in Latin letters.
    pub greeklish: bool,
    /// Opens and closes in the other language.
    pub mixed: bool,
    /// Greek without accents.
    pub bare: bool,
    /// How likely a message has a typing error.
    pub typos: f64,
    /// How likely it has an opener, a closer, a sentence of the customer's own circumstances.
    pub chatty: f64,
}

impl Style {
    /// Draws one; `only`: in this language.
    pub(super) fn draw(dice: &mut Dice, only: Option<Lang>) -> Self {
        let drawn = if dice.chance(0.40) { Lang::El } else { Lang::En };
        let lang = only.unwrap_or(drawn);
        Self {
            lang,
            greeklish: lang == Lang::El && dice.chance(0.18),
            mixed: dice.chance(0.06) && only.is_none(),
            bare: lang == Lang::El && dice.chance(0.35),
            typos: *dice.pick(&[0.03, 0.08, 0.15, 0.45]),
            chatty: *dice.pick(&[0.05, 0.25, 0.45]),
        }
    }
}

/// Where in a conversation something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SpokenPlace {
    /// To begin with.
    First,
    /// Once more, in other words.
    Again,
    /// A word in passing: thanks, a wish for a person.
    Passing,
}

/// Who writes, when, and in what mood.
pub(super) struct MessageWriter<'a> {
    pub company: &'a Company,
    pub style: &'a Style,
    pub test: bool,
    pub at: Timestamp,
    pub angry: bool,
}

impl MessageWriter<'_> {
    /// What the customer types about a matter.
    pub(super) fn ask(&self, matter: usize, place: SpokenPlace, dice: &mut Dice) -> String {
        let (own, around) = (self.phrases(false), self.phrases(self.style.mixed));
        let chatty = if place == SpokenPlace::First { self.style.chatty } else { 0.0 };
        let mut parts: Vec<String> = Vec::new();
        if place == SpokenPlace::Again && dice.chance(0.6) {
            parts.push(dice.pick(&own.not_that).clone());
        } else if self.angry && dice.chance(0.6) {
            parts.push(dice.pick(&own.angry_openers).clone());
        } else if dice.chance(chatty) {
            parts.push(dice.pick(&around.openers).clone());
        }
        let details = if self.test { &own.details_test } else { &own.details };
        let detail = dice.chance(0.7 * chatty).then(|| dice.pick(details).clone());
        let after = dice.chance(0.5);
        parts.extend(detail.clone().filter(|_| !after));
        parts.push(self.body(matter, place, detail.is_some() && after, dice));
        parts.extend(detail.filter(|_| after));
        if self.angry && dice.chance(0.5) {
            parts.push(dice.pick(&own.angry_closers).clone());
        } else if dice.chance(0.8 * chatty) {
            parts.push(dice.pick(&around.closers).clone());
        }
        let said = fill(&parts.join(" "), self.company, self.style.lang, self.at, dice);
        self.typed(&said, dice)
    }

    fn phrases(&self, other: bool) -> &Phrases {
        match (self.style.lang, other) {
            (Lang::En, false) | (Lang::El, true) => self.company.phrases(Lang::En),
            (Lang::El, false) | (Lang::En, true) => self.company.phrases(Lang::El),
        }
    }

    /// The request itself, with or without a full stop.
    fn body(&self, matter: usize, place: SpokenPlace, more: bool, dice: &mut Dice) -> String {
        let families = self.company.matters[matter].families(self.style.lang, self.test);
        let family = &families[dice.skewed(families.len(), FAMILIES)];
        let mut body = fill(family, self.company, self.style.lang, self.at, dice);
        if dice.chance(0.4) {
            body = capitalised(&body);
        }
        let question = if self.style.lang == Lang::El && !self.style.bare { ";" } else { "?" };
        let ends: &[&str] = match place {
            _ if more => &["."],
            SpokenPlace::Passing => &["", "", "!", "."],
            _ => &["", "", "", question, question, ".", "??"],
        };
        let end: &str = dice.pick::<&str>(ends);
        body + end
    }

    /// What the keyboard makes of it.
    fn typed(&self, said: &str, dice: &mut Dice) -> String {
        let mut text = said.to_owned();
        if self.style.greeklish {
            text = greeklish(&text);
        } else if self.style.bare {
            text = text.chars().map(bare).collect();
        }
        if dice.chance(self.style.typos) {
            text = mistyped(&text, dice);
        }
        if self.angry && dice.chance(0.15) {
            text = text.to_uppercase();
        }
        if dice.chance(0.04) {
            let faces = if self.angry { &["😡", "🤦", "👎"] } else { &["🙂", "🙏", "😊"] };
            text = format!("{text} {}", dice.pick(faces));
        }
        text
    }
}

/// A Greek letter without its accent.
const fn bare(c: char) -> char {
    match c {
        'ά' => 'α',
        'έ' => 'ε',
        'ή' => 'η',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'Ά' => 'Α',
        'Έ' => 'Ε',
        'Ή' => 'Η',
        'Ί' => 'Ι',
        'Ό' => 'Ο',
        'Ύ' => 'Υ',
        'Ώ' => 'Ω',
        other => other,
    }
}

/// Makes the choices of `[a|b]`, Zipf-wise, and fills `{slots}`. Neither nests in its own kind.
pub(super) fn fill(template: &str, company: &Company, lang: Lang, at: Timestamp, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = rest.find(['[', '{']) {
        out.push_str(&rest[..open]);
        let close = if rest[open..].starts_with('[') { ']' } else { '}' };
        let Some(end) = rest[open..].find(close).map(|i| open + i) else { break };
        let inside = &rest[open + 1..end];
        if close == ']' {
            let choices: Vec<&str> = inside.split('|').collect();
            let chosen = choices[dice.skewed(choices.len(), CHOICES)];
            out.push_str(&fill(chosen, company, lang, at, dice));
        } else {
            out.push_str(&slot(inside, company, lang, at, dice));
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

fn slot(name: &str, company: &Company, lang: Lang, at: Timestamp, dice: &mut Dice) -> String {
    let phrases = company.phrases(lang);
    match name {
        "place" => dice.pick(&phrases.places).clone(),
        "inplace" => dice.pick(&phrases.in_places).clone(),
        "when" => when(lang, at, dice),
        "yesterday" => match lang {
            Lang::En => (*dice.pick(&["yesterday", "last night", "on Sunday", "two days ago", "last week"])).to_owned(),
            Lang::El => {
                (*dice.pick(&["χθες", "εχτές το βράδυ", "την Κυριακή", "προχθές", "την περασμένη βδομάδα"])).to_owned()
            }
        },
        "day" => match lang {
            Lang::En => (*dice.pick(&["Monday", "Tuesday", "Thursday"])).to_owned(),
            Lang::El => (*dice.pick(&["Δευτέρα", "Τρίτη", "Πέμπτη"])).to_owned(),
        },
        "time" => format!("{}:{}", dice.between(7, 22), dice.pick(&["00", "15", "30"])),
        "n" => dice.between(2, 8).to_string(),
        "ref" => format!("AN{}", dice.between(10_000, 99_999)),
        "amount" => format!("€{}", dice.between(19, 240)),
        "points" => dice.between(150, 6_000).to_string(),
        "name" => dice.pick(&company.names).clone(),
        "vessel" => dice.pick(&company.vessels).clone(),
        unknown => format!("{{{unknown}}}"),
    }
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_EL: [&str; 12] = [
    "Ιανουαρίου",
    "Φεβρουαρίου",
    "Μαρτίου",
    "Απριλίου",
    "Μαΐου",
    "Ιουνίου",
    "Ιουλίου",
    "Αυγούστου",
    "Σεπτεμβρίου",
    "Οκτωβρίου",
    "Νοεμβρίου",
    "Δεκεμβρίου",
];

/// A moment ahead, as people say it.
fn when(lang: Lang, at: Timestamp, dice: &mut Dice) -> String {
    use chrono::Datelike;
    let day = at.plus(dice.between(3, 60) * DAY).utc();
    let (number, month) = (day.day(), day.month0() as usize);
    match lang {
        Lang::En if dice.chance(0.5) => format!("on {number} {}", MONTHS_EN[month]),
        Lang::El if dice.chance(0.5) => format!("στις {number} {}", MONTHS_EL[month]),
        Lang::En => (*dice.pick(&["tomorrow", "next Friday", "this weekend", "on Saturday", "next month"])).to_owned(),
        Lang::El => {
            (*dice.pick(&["αύριο", "την Παρασκευή", "το Σαββατοκύριακο", "το Σάββατο", "τον άλλο μήνα"])).to_owned()
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// Greek as it is typed on a Latin keyboard.
fn greeklish(text: &str) -> String {
    let plain = crate::text::fold(text);
    let mut out = String::with_capacity(plain.len());
    let mut chars = plain.chars().peekable();
    while let Some(c) = chars.next() {
        let two = match (c, chars.peek()) {
            ('ο', Some('υ')) => Some("ou"),
            ('μ', Some('π')) => Some("mp"),
            ('ε' | 'α', Some('υ')) => Some(if c == 'ε' { "ef" } else { "af" }),
            _ => None,
        };
        if let Some(two) = two {
            chars.next();
            out.push_str(two);
            continue;
        }
        let latin = match c {
            'α' => "a",
            'β' => "v",
            'γ' => "g",
            'δ' => "d",
            'ε' => "e",
            'ζ' => "z",
            'η' => "i",
            'θ' => "th",
            'ι' => "i",
            'κ' => "k",
            'λ' => "l",
            'μ' => "m",
            'ν' => "n",
            'ξ' => "ks",
            'ο' => "o",
            'π' => "p",
            'ρ' => "r",
            'σ' => "s",
            'τ' => "t",
            'υ' => "y",
            'φ' => "f",
            'χ' => "x",
            'ψ' => "ps",
            'ω' => "w",
            ';' => "?",
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(latin);
    }
    out
}

/// One slip in a word of four letters or more: two letters swapped, one left out or one doubled.
fn mistyped(text: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len())
        .filter(|&i| words[i].chars().count() > 3 && words[i].chars().all(char::is_alphabetic))
        .collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let word = *dice.pick(&long);
    let mut letters: Vec<char> = words[word].chars().collect();
    let at = dice.between(1, letters.len() as i64 - 1) as usize;
    match dice.between(0, 3) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        _ => letters.insert(at, letters[at]),
    }
    words[word] = letters.into_iter().collect();
    words.join(" ")
}
