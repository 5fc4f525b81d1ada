//! The report as Markdown, for wikis and pull requests.

use super::content::*;
use super::numbers::{count, interval, of, percent, points};
use super::sections::{ENDS, by, ceiling_words, cost_words, days, part_rate, share, stayed_words, verdict};
use crate::jobs::ChangeReport;
use std::fmt::Write as _;

/// Rows of a table of changes.
const ROWS: usize = 12;

/// Somebody's words where Markdown would read signs into them.
fn plain(words: &str) -> String {
    let mut out = String::new();
    let mut signs = words.chars().peekable();
    while let Some(c) = signs.next() {
        match c {
            // Readers make links of addresses, whether or not they are marked as such.
            ':' if signs.peek() == Some(&'/') => out.push_str("\\:"),
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("\\."),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '|' | '!' | '~' | '$' => out.extend(['\\', c]),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The whole report. Writing to memory cannot fail.
pub(super) fn markdown(r: &Report) -> String {
    let mut o = String::new();
    let _ = writeln!(o, "<!-- {MARK} {} -->\n", r.made_by);
    let _ = writeln!(o, "# {}\n", r.headline.says);
    if !r.headline.sure.is_empty() {
        let _ = writeln!(o, "{}\n", r.headline.sure);
    }
    let _ = writeln!(o, "{} · {} · {} finished conversations\n", plain(&r.store), days(&r.now), count(r.now.n));
    customers(&mut o, r);
    weeks(&mut o, r);
    failures(&mut o, &r.failures);
    steps(&mut o, r);
    if !r.changes.is_empty() {
        let _ = writeln!(o, "## What got better or worse\n");
        r.changes.iter().enumerate().for_each(|(i, c)| change(&mut o, c, i == 0));
    }
    releases(&mut o, r);
    if let Some(c) = &r.ceiling {
        let _ = writeln!(o, "## How much fine-tuning can repair\n\n{}", ceiling_words(c));
        if let Some(rate) = &c.now {
            let _ = writeln!(o, "{} reviewed failures, 95 %: {}.", of(rate.num, rate.den), interval(rate));
        }
        o.push('\n');
    }
    rates(&mut o, r);
    if let Some(c) = &r.cost {
        let _ = writeln!(o, "## What review has cost\n\n{}\n", cost_words(c));
    }
    if !r.missing.is_empty() {
        let _ = writeln!(o, "## What cannot be told\n");
        for words in &r.missing {
            let _ = writeln!(o, "- {words}");
        }
        o.push('\n');
    }
    for words in &r.notes {
        let _ = writeln!(o, "{words}  ");
    }
    let masked = if r.masked { "Addresses and numbers of people are masked." } else { "Not masked." };
    let _ = writeln!(o, "\nMade by {} on {}; days are those of {}. {masked}", r.made_by, r.made_at, r.zone);
    o
}

fn customers(o: &mut String, r: &Report) {
    if r.now.resolution.den == 0 {
        return;
    }
    if r.is_too_few() {
        let _ = writeln!(o, "## How they ended\n");
        for (end, name) in ENDS.iter().enumerate() {
            let _ = writeln!(o, "- {name}: {}", of(r.now.ends()[end], r.now.n));
        }
        o.push('\n');
        return;
    }
    let _ = writeln!(o, "## 100 {}\n\n| | {} | conversations |\n|---|--:|--:|--:|--:|--:|", r.whom, ENDS.join(" | "));
    for p in r.day_one.iter().chain([&r.now]) {
        let [a, b, c, d] = [0, 1, 2, 3].map(|end| share(p, end));
        let when = p.first.as_ref().map(|_| format!(", {}", days(p))).unwrap_or_default();
        let _ = writeln!(o, "| {}{when} | {a} | {b} | {c} | {d} | {} |", p.name, count(p.n));
    }
    o.push('\n');
}

fn weeks(o: &mut String, r: &Report) {
    if r.weeks.len() < 2 || r.is_too_few() {
        return;
    }
    let _ = writeln!(o, "## Helped by the AI, by week\n\n| week | helped | 95 % | of |\n|---|--:|--:|--:|");
    for w in &r.weeks {
        let rate = &w.resolution;
        let _ =
            writeln!(o, "| {} | {} | {} | {} |", w.week, percent(rate.value()), interval(rate), of(rate.num, rate.den));
    }
    o.push('\n');
}

fn failures(o: &mut String, f: &Failures) {
    if f.failed == 0 {
        return;
    }
    let _ = writeln!(
        o,
        "## What failed, and who can repair it\n\n{} failed or were handed over, {}.\n",
        of(f.failed, f.of),
        f.times
    );
    match f.patterns.iter().any(|p| p.repaired_by.is_some()) {
        true => {
            let _ = writeln!(o, "| what they have in common | conversations | who can repair it |\n|---|--:|---|");
            for p in &f.patterns {
                let by = p.repaired_by.as_deref().unwrap_or("");
                let _ = writeln!(o, "| {} | {} | {by} |", plain(&p.name), of(p.n, p.of));
            }
        }
        false => {
            let _ = writeln!(o, "| intent | failed | of its own |\n|---|--:|--:|");
            for i in &f.intents {
                let own = i.n.map_or_else(|| "–".to_owned(), |n| of(i.failures, n));
                let _ = writeln!(o, "| {} | {} | {own} |", plain(&i.name), of(i.failures, f.failed));
            }
        }
    }
    if let Some(words) = f.more_in_patterns() {
        let _ = writeln!(o, "\n{words}");
    }
    o.push('\n');
    if !f.causes.is_empty() {
        let _ = writeln!(o, "| why, as reviewers say | of {} | who can repair it |\n|---|--:|---|", count(f.reviewed));
        for c in &f.causes {
            let _ = writeln!(o, "| {} | {} | {} |", c.name, count(c.n), c.repaired_by);
        }
        o.push('\n');
    }
}

fn steps(o: &mut String, r: &Report) {
    if r.steps.is_empty() {
        return;
    }
    let _ = writeln!(o, "## What to do next\n");
    for s in &r.steps {
        let n = s.n.map(|(n, all)| format!(" ({})", of(n, all))).unwrap_or_default();
        let note = s.note.as_ref().map(|note| format!(", {}", plain(note))).unwrap_or_default();
        let _ = writeln!(o, "1. **{}**: {}{n}{note}", plain(&s.owner), plain(&s.what));
    }
    o.push('\n');
}

fn change(o: &mut String, c: &ChangeReport, whole: bool) {
    if whole {
        let _ =
            writeln!(o, "{} to {} against {} to {}.\n\n{}\n", c.from.first, c.from.last, c.to.first, c.to.last, c.says);
    }
    let _ = writeln!(o, "| {} | before | after | answered otherwise | asked otherwise |\n|---|--:|--:|--:|--:|", by(c));
    for p in c.parts.iter().take(ROWS) {
        let rate = |k: u64, n: u64| format!("{} ({})", percent(part_rate(k, n)), of(k, n));
        let (before, after) = (rate(p.resolved_from, p.n_from), rate(p.resolved_to, p.n_to));
        let _ = writeln!(o, "| {} | {before} | {after} | {} | {} |", plain(&p.name), points(p.within), points(p.mix));
    }
    let all = [(&c.within, c.within.value), (&c.mix, c.mix.value)]
        .map(|(e, v)| format!("{} ({} to {})", points(v), points(e.ci95[0]), points(e.ci95[1])));
    let more = c.parts.len().saturating_sub(ROWS);
    let with = if more > 0 { format!(", with {more} more") } else { String::new() };
    let _ = writeln!(
        o,
        "| all{with} | {} | {} | {} | {} |\n",
        percent(Some(c.from.rate)),
        percent(Some(c.to.rate)),
        all[0],
        all[1]
    );
}

fn releases(o: &mut String, r: &Report) {
    if r.releases.is_empty() {
        return;
    }
    let _ = writeln!(
        o,
        "## What was changed\n\n| model | since | verdict | accuracy | by | why |\n|---|---|---|--:|---|---|"
    );
    for x in r.releases.iter().rev() {
        let accuracy =
            x.accuracy.map_or_else(|| "–".to_owned(), |(a, n)| format!("{} of {}", percent(Some(a)), count(n)));
        let why = plain(x.reason.as_deref().unwrap_or(""));
        let _ = writeln!(
            o,
            "| {} | {} | {} | {accuracy} | {} | {why} |",
            x.release,
            x.day,
            x.verdict.map_or("–", verdict),
            plain(&x.by)
        );
    }
    o.push('\n');
}

fn rates(o: &mut String, r: &Report) {
    if r.rates.is_empty() {
        return;
    }
    let _ = writeln!(o, "## All rates, {}\n\n| | rate | 95 % | of |\n|---|--:|--:|---|", days(&r.now));
    for n in &r.rates {
        let _ = match (&n.rate, n.needs) {
            (Some(rate), _) => {
                writeln!(
                    o,
                    "| {} | {} | {} | {} {} |",
                    n.name,
                    percent(rate.value()),
                    interval(rate),
                    of(rate.num, rate.den),
                    n.of
                )
            }
            (None, needs) => writeln!(o, "| {} | – | | {} |", n.name, needs.unwrap_or("")),
        };
    }
    o.push('\n');
    if let Some(words) = stayed_words(r) {
        let _ = writeln!(o, "{words}\n");
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::ReportPattern;
    use super::*;

    #[test]
    fn a_list_of_more_than_failed_says_why() {
        let pattern = ReportPattern {
            name: "no information".to_owned(),
            n: 64,
            of: 224,
            trend: Vec::new(),
            before: None,
            new: false,
            example: None,
            repaired_by: Some("content writers".to_owned()),
            query: String::new(),
        };
        let told = |of| {
            let (causes, intents) = (Vec::new(), Vec::new());
            let patterns = vec![ReportPattern { of, ..pattern.clone() }];
            let times = "in four weeks".to_owned();
            let mut o = String::new();
            failures(&mut o, &Failures { times, failed: 218, of: 1_132, patterns, causes, reviewed: 0, intents });
            o
        };
        assert!(told(224).contains("The list is of 224: 6 more were rightly handed over."), "{}", told(224));
        assert!(!told(218).contains("more were"));
    }
}
