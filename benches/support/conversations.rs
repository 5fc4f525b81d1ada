//! Deterministic made-up conversations as canonical JSON Lines: the same number makes the same bytes on every machine.
//!
//! Shaped like a support log: six turns on average, words by Zipf's law, a fifth in Greek or Spanish, customers who
//! come back, fallbacks, offers, ratings. The words mean nothing; their number, length and frequency do.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Days over which the conversations are spread.
const DAYS: f64 = 182.0;
/// 2025-12-01T00:00:00Z, in seconds.
const FIRST: i64 = 1_764_547_200;
/// Words of each vocabulary.
const WORDS: usize = 20_000;
/// Places of the table that draws words by their frequency.
const PLACES: usize = 1 << 20;
/// Conversations for one customer who comes back, on average.
const A_CUSTOMER: u64 = 3;

const COMMON: &str = "the to i my a and is it you for of in this that have on not me can with was please but your be we are do \
    so will an order if at just no there get from help hi need what how been now when want still would why thanks know time";
const CHANNELS: [&str; 5] = ["web_chat", "whatsapp", "email", "voice", "app"];
const OFFERS: [&str; 4] = ["free_shipping", "ten_percent_off", "priority_support", "extended_warranty"];
const EMOJI: [&str; 8] = ["😀", "😡", "🙏", "👍", "📦", "💳", "😭", "🎉"];
/// Intents and the words that tell of them.
const TOPICS: [(&str, &str); 24] = [
    ("refund_status", "refund money back paid return bank"),
    ("late_delivery", "delivery late parcel courier tracking waiting"),
    ("cancel_order", "cancel order stop mistake duplicate confirm"),
    ("track_order", "tracking where package shipped status number"),
    ("change_address", "address street move change deliver postcode"),
    ("payment_failed", "payment card declined failed charge bank"),
    ("double_charge", "charged twice bank refund statement duplicate"),
    ("return_item", "return item label size box exchange"),
    ("damaged_item", "damaged broken refund photo replace crack"),
    ("missing_item", "missing item parcel delivery empty box"),
    ("login_problem", "login password reset account email locked"),
    ("close_account", "close account delete data privacy remove"),
    ("subscription", "subscription cancel renew monthly plan charge"),
    ("invoice_copy", "invoice copy vat receipt company pdf"),
    ("promo_code", "promo code discount voucher invalid apply"),
    ("gift_card", "gift card balance redeem code expired"),
    ("store_hours", "store hours open close sunday holiday"),
    ("stock_check", "stock available size colour restock notify"),
    ("warranty", "warranty repair claim months serial proof"),
    ("technical_issue", "app crash error update screen phone"),
    ("complaint", "complaint manager unacceptable angry rude refund"),
    ("speak_human", "human agent speak person call operator"),
    ("roaming", "roaming data abroad charge limit sim"),
    ("outage", "outage internet down router signal restart"),
];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// About normal, with mean 0 and deviation 1.
    fn normal(&mut self) -> f64 {
        ((0..6).map(|_| self.share()).sum::<f64>() - 3.0) * std::f64::consts::SQRT_2
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Made-up conversations `from`, `from + 1`, … of `total`.
pub struct Conversations {
    /// The number of the next one.
    next: u64,
    /// How many there are: their times are spread over all of them.
    total: u64,
    latin: Vec<String>,
    greek: Vec<String>,
    /// Word numbers, each as often as it is said.
    by_frequency: Vec<u16>,
}

impl Conversations {
    /// All of them, from the first.
    pub fn new(total: u64) -> Self {
        let mut chance = Chance(42);
        let latin = vocabulary(&mut chance, &latin_word, COMMON);
        let greek = vocabulary(&mut chance, &greek_word, "");
        Self { next: 0, total, latin, greek, by_frequency: by_frequency() }
    }

    /// Appends the next one as a line of JSON. Each depends on its number alone.
    pub fn write(&mut self, out: &mut String) {
        self.next += 1;
        let number = self.next;
        let mut chance = Chance(number.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let chance = &mut chance;
        let start = FIRST + (number as f64 / self.total as f64 * DAYS * 86_400.0) as i64 + chance.below(600) as i64;
        let topic = (chance.share() * chance.share() * TOPICS.len() as f64) as usize;
        let (lang, words) = match chance.below(100) {
            0..80 => ("en", &self.latin),
            80..92 => ("el", &self.greek),
            _ => ("es", &self.latin),
        };
        let outcome = outcome(chance, topic);
        let heard = if chance.below(100) < 86 { topic } else { chance.below(TOPICS.len() as u64) as usize };
        let confidence = if heard == topic { 0.78 + 0.12 * chance.normal() } else { 0.5 + 0.15 * chance.normal() }
            .clamp(0.05, 0.999);
        let customer = customer(chance, number);
        let channel = CHANNELS[(chance.share() * chance.share() * 5.0) as usize];
        write!(
            out,
            r#"{{"v":1,"source":"made-up","id":"conv-{number:09}","customer_id":"c-{customer}","started_at":"{}","channel":"{channel}","lang":"{lang}","outcome":"{outcome}","turns":["#,
            time(start)
        )
        .ok();
        let turns = (6.0 + 2.2 * chance.normal()).round().clamp(2.0, 24.0) as u64;
        let mut at = start;
        for turn in 0..turns {
            at += 3 + chance.below(60) as i64;
            let comma = if turn == 0 { "" } else { "," };
            if turn % 2 == 0 {
                write!(out, r#"{comma}{{"role":"user","at":"{}","text":""#, time(at)).ok();
                self.say(chance, words, topic, 12.0, out);
                let (intent, sure) = match chance.below(100) {
                    0..80 => (heard, confidence),
                    _ => (chance.below(TOPICS.len() as u64) as usize, chance.share()),
                };
                write!(out, r#"","intent":"{}","confidence":{sure:.4}"#, TOPICS[intent].0).ok();
                if sure < 0.2 {
                    out.push_str(r#","fallback":true"#);
                }
                out.push('}');
            } else {
                write!(out, r#"{comma}{{"role":"bot","at":"{}","text":""#, time(at)).ok();
                self.say(chance, words, topic, 25.0, out);
                out.push_str(r#""}"#);
            }
        }
        out.push(']');
        if chance.below(100) < 35 {
            let score = if outcome == "resolved" { 3 + chance.below(3) } else { 1 + chance.below(3) };
            write!(out, r#","csat":{{"score":{score},"max":5}}"#).ok();
        }
        if chance.below(100) < 10 {
            let (name, worth) = (chance.of(&OFFERS), 5 + chance.below(40));
            let status = chance.of(&["accepted", "declined", "ignored", "ignored"]);
            write!(
                out,
                r#","offers":[{{"name":"{name}","turn":1,"status":"{status}","value":{worth},"currency":"EUR"}}]"#
            )
            .ok();
        }
        out.push_str("}\n");
    }

    /// Writes `n` of them to a file.
    pub fn write_file(&mut self, n: u64, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
        let mut line = String::new();
        for _ in 0..n {
            line.clear();
            self.write(&mut line);
            file.write_all(line.as_bytes())?;
        }
        file.flush()
    }

    /// Leaves out the next `n`.
    pub fn skip(&mut self, n: u64) {
        self.next += n;
    }

    /// So many words on a topic, as JSON text without its quotes.
    fn say(&self, chance: &mut Chance, words: &[String], topic: usize, mean: f64, out: &mut String) {
        let topical = TOPICS[topic].1;
        let n = (mean * (1.0 + 0.45 * chance.normal())).round().clamp(1.0, 120.0) as u64;
        for i in 0..n {
            if i > 0 {
                out.push(' ');
            }
            let x = chance.next();
            if (x >> 40) % 100 < 14 {
                out.push_str(topical.split(' ').nth((x >> 32) as usize % 6).unwrap_or_default());
            } else {
                out.push_str(&words[usize::from(self.by_frequency[x as usize % PLACES])]);
            }
            if (x >> 50).is_multiple_of(9) {
                out.push(if (x >> 56).is_multiple_of(3) { '.' } else { ',' });
            }
        }
        if chance.below(100) < 5 {
            out.push(' ');
            out.push_str(chance.of(&EMOJI));
        }
        if chance.below(200) == 0 {
            write!(out, " order #{}", 100_000 + chance.below(900_000)).ok();
        }
    }
}

fn outcome(chance: &mut Chance, topic: usize) -> &'static str {
    let hard = if topic.is_multiple_of(7) { 15 } else { 0 };
    match chance.below(100) {
        x if x < 62 - hard => "resolved",
        x if x < 78 => "escalated",
        x if x < 88 => "failed",
        _ => "abandoned",
    }
}

/// Half come once; the others are few and come again and again.
fn customer(chance: &mut Chance, number: u64) -> u64 {
    if chance.below(2) == 0 { number } else { (chance.share() * chance.share() * (number / A_CUSTOMER) as f64) as u64 }
}

fn vocabulary(chance: &mut Chance, word: &dyn Fn(&mut Chance) -> String, first: &str) -> Vec<String> {
    let mut out: Vec<String> = first.split_whitespace().map(str::to_owned).collect();
    let mut seen: HashSet<String> = out.iter().cloned().collect();
    while out.len() < WORDS {
        let new = word(chance);
        if seen.insert(new.clone()) {
            out.push(new);
        }
    }
    out
}

fn latin_word(chance: &mut Chance) -> String {
    let consonants = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "st", "tr", "ch", "pl"];
    let vowels = ["a", "e", "i", "o", "u", "ea", "ou"];
    let endings = ["n", "s", "r", "t", "ng", "", "", "", "", ""];
    let mut out = String::new();
    for _ in 0..2 + chance.below(3) {
        out.push_str(chance.of(&consonants));
        out.push_str(chance.of(&vowels));
    }
    out.push_str(chance.of(&endings));
    out
}

fn greek_word(chance: &mut Chance) -> String {
    let letters: Vec<char> = "αβγδεηικλμνοπρστυφωθάέό".chars().collect();
    (0..2 + chance.below(7)).map(|_| chance.of(&letters)).collect()
}

/// Zipf's law with exponent 1.
fn by_frequency() -> Vec<u16> {
    let all: f64 = (1..=WORDS).map(|i| 1.0 / i as f64).sum();
    let mut places = Vec::with_capacity(PLACES);
    let mut sum = 0.0;
    for word in 0..WORDS {
        sum += 1.0 / (word + 1) as f64 / all;
        let until = ((sum * PLACES as f64) as usize).min(PLACES);
        places.resize(until.max(places.len()), word as u16);
    }
    places.resize(PLACES, 0);
    places
}

/// RFC 3339, from seconds. Days to dates as in Howard Hinnant's `civil_from_days`.
fn time(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days + 719_468;
    let era = z / 146_097;
    let of_era = z - era * 146_097;
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * march + 2) / 5 + 1, if march < 10 { march + 3 } else { march - 9 });
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}
