//! Transcripts that are laid out in other ways than a line a turn with a colon behind who speaks: rewritten to that one.

use crate::ingest::derive::speakers as senders;

/// Words that a speaker's name has at most.
pub(super) const WORDS: usize = 4;

/// Signs that stand in the place of the end of a line where a cell has none.
const ENDS: &[&str] = &["\\r\\n", "\\n", "<br>", "<br/>", "<br />", "\u{2028}", "\r", " || ", " | "];
/// Signs that may stand between what one says and the name of the next.
const BETWEEN: &[char] = &[';', ',', '/', '#', '-', '~', '^', '|', '•', '·', '>'];

fn is_known(name: &str) -> bool {
    senders::known(&senders::word(name)).is_some()
}

/// The lines of a cell that is one line: those that a written end of a line ends, else those that known speakers begin.
pub(super) fn of_one_line(cell: &str) -> Vec<&str> {
    if let Some(sign) = ENDS.iter().find(|sign| cell.contains(**sign)) {
        return cell.split(sign).collect();
    }
    let starts = speakers(cell);
    let role = |(_, name): &(usize, &str)| senders::known(&senders::word(name));
    // Whoever quotes a line of another's is no transcript: it begins with a speaker, and two speak.
    let Some(first) = starts.first().filter(|(at, _)| *at == 0) else { return vec![cell] };
    if starts.iter().all(|start| role(start) == role(first)) {
        return vec![cell];
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([cell.len()]);
    let mut lines: Vec<&str> = starts.iter().zip(ends).map(|((from, _), to)| cell[*from..to].trim_end()).collect();
    let before = &mut lines[..starts.len() - 1];
    if let Some(sign) = BETWEEN.iter().find(|sign| before.iter().all(|line| line.ends_with(**sign))) {
        before.iter_mut().for_each(|line| *line = line.trim_end_matches(*sign).trim_end());
    }
    lines
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// Where known speakers begin within a line, `Customer: … Bot: …`, and their names.
fn speakers(cell: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    for (colon, _) in cell.match_indices([':', '：']) {
        let before = &cell[..colon];
        let starts = before.char_indices().rev().filter(|(at, c)| {
            c.is_alphanumeric() && before[..*at].chars().next_back().is_none_or(|b| !b.is_alphanumeric())
        });
        // The longest name that is known: `Virtual Agent` before `Agent`; what stands before a bot's name is no part of it.
        let is_name = |name: &str| {
            is_known(name) && (!name.contains(char::is_whitespace) || name.split_whitespace().all(is_capital))
        };
        let found = starts.take(WORDS).filter(|(at, _)| is_name(&before[*at..])).last();
        out.extend(found.map(|(at, _)| (at, &cell[at..colon])));
    }
    out
}

/// Words that stand before a colon and are nobody's name: fields of forms, and what sentences begin with.
const NO_NAMES: &str = "name number no nr id email phone note notes comment comments summary rating feedback address account type reference \
                        code status language message satisfaction form details info information data query request question answer \
                        response input output history transcript since ticket order issue problem reason secret token url link date time \
                        age country city company location browser device platform segment plan score total subject price delivery \
                        shipping option step example warning important tip update result hi hello thanks sorry yes ok ps fyi re";

/// Whether a word may be what somebody is called.
fn may_call(word: &str) -> bool {
    let letters = word.trim_end_matches('.');
    letters.starts_with(char::is_uppercase)
        && letters.chars().all(char::is_alphabetic)
        && NO_NAMES.split(' ').all(|other| other != letters.to_lowercase())
        // `User Agent: Mozilla`
        && senders::known(&senders::word(letters)).is_none()
}

/// Whether a name may be somebody's: `Maria`, `Maria K.`
pub(super) fn is_called(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=2).contains(&words.len()) && words.into_iter().all(may_call)
}

/// Whether a name is what somebody is and what they are called, `Agent Maria`: whoever stands so before a colon speaks, if it is once.
pub(super) fn is_titled(name: &str) -> bool {
    let (title, called) = name.trim().split_once(char::is_whitespace).unwrap_or((name, ""));
    senders::known(&senders::word(title)).is_some() && is_called(called)
}

/// A transcript in which who speaks stands before a dash or a tab, `Customer - hi`, and never before a colon: with colons; `None`: it is none.
pub(super) fn with_colons(cell: &str) -> Option<String> {
    let has_colons = |line: &str| line.split_once([':', '：']).is_some_and(|(name, _)| is_known(name));
    let lines: Vec<&str> = cell.lines().collect();
    let said: Vec<Option<(&str, &str)>> = lines.iter().map(|line| bare(line)).collect();
    if said.iter().flatten().count() < 2 || lines.iter().any(|line| has_colons(line)) {
        return None;
    }
    let line = |(line, said): (&&str, &Option<(&str, &str)>)| match said {
        Some((name, text)) => format!("{name}: {text}"),
        None => (*line).to_owned(),
    };
    Some(lines.iter().zip(&said).map(line).collect::<Vec<_>>().join("\n"))
}

/// A known name at the beginning of a line, without a colon, and what follows.
fn bare(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let (name, text) = [" → ", " -> ", " => ", " - ", " – ", " — ", "\t", "> ", " | "]
        .iter()
        .find_map(|sign| line.split_once(sign))?;
    (name.split_whitespace().count() <= WORDS && is_known(name)).then(|| (name.trim(), text.trim_start()))
}

/// Without the tags around names, where a cell is HTML of whatever kind.
pub(super) fn holds_markup(cell: &str) -> bool {
    ["</p>", "</div>", "</b>", "</strong>", "</li>", "</span>", "</td>"].iter().any(|tag| cell.contains(tag))
}

/// `Customer (09:00)` and `Customer at 09:00` as name and time.
pub(super) fn stamp_behind(name: &str) -> Option<(&str, &str)> {
    in_brackets(name).or_else(|| bare_time(name))
}

fn bare_time(name: &str) -> Option<(&str, &str)> {
    let half = [" AM", " PM", " am", " pm"].iter().find_map(|half| name.strip_suffix(half));
    let (before, time) = half.unwrap_or(name).rsplit_once(' ')?;
    let is_time = time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let stamp = name[before.len()..].trim_start();
    let before = before.trim_end();
    let before = before.strip_suffix(" at").unwrap_or(before).trim_end_matches([',', ' ']);
    (is_time && !before.is_empty()).then_some((before, stamp))
}

fn in_brackets(name: &str) -> Option<(&str, &str)> {
    let (name, stamp) = [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| {
        let (name, rest) = name.split_once(open)?;
        Some((name.trim_end(), rest.trim_end().strip_suffix(close)?))
    })?;
    (!name.is_empty() && stamp.contains(|c: char| c.is_ascii_digit())).then_some((name, stamp))
}

/// Where the colon behind a name stands: not the one of a time behind it.
pub(super) fn split_name(line: &str) -> Option<(&str, &str)> {
    let closing = line.find(['(', '[']).filter(|open| line[..*open].find([':', '：']).is_none());
    let from = closing.and_then(|open| Some(open + line[open..].find([')', ']'])?)).unwrap_or(0);
    let in_a_time = |at: usize| {
        let bytes = line.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        bytes[at] == b':' && at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2)
    };
    let (colon, _) = line[from..].match_indices([':', '：']).find(|(at, _)| !in_a_time(from + at))?;
    let colon = from + colon;
    let sign = line[colon..].chars().next().map_or(1, char::len_utf8);
    Some((&line[..colon], &line[colon + sign..]))
}

/// Whether a sign marks a line up or stands as a picture before it: `##`, `🧑`.
pub(super) fn is_mark(c: char) -> bool {
    const JOINER: char = '\u{200d}';
    const ARROWS: char = '\u{2190}';
    matches!(c, '*' | '#' | '<' | '>' | '_' | '-' | '•' | ' ' | JOINER) || c >= ARROWS && !c.is_alphanumeric()
}

/// A line without what marks it up.
fn bare_line(line: &str) -> &str {
    line.trim().trim_end_matches(':').trim_matches(|c| is_mark(c) || matches!(c, '[' | ']'))
}

/// Who speaks in the lines below one that says no more than that: `### Assistant`, `## User (10:15)`.
pub(super) fn bare_name(line: &str) -> Option<&str> {
    let line = bare_line(line);
    let name = stamp_behind(line).map_or(line, |(name, _)| name);
    let fits = !name.is_empty() && !name.contains(':') && name.split_whitespace().count() <= WORDS && is_known(name);
    fits.then_some(name)
}

/// What somebody is and what they are called, of `Customer (Maria)`.
pub(super) fn called(name: &str) -> Option<(&str, &str)> {
    let (what, called) = name.strip_suffix(')')?.split_once('(')?;
    (is_known(what) && is_called(called)).then_some((what.trim_end(), called))
}

/// A transcript in which who speaks stands on a line above what was said (`USER`, then `hello`), each name before its words; `None`: it
/// is none. Names are known, written alike, and the first line is one.
pub(super) fn named_above(cell: &str) -> Option<String> {
    let first = cell.lines().find(|line| !line.trim().is_empty()).filter(|line| bare_name(line).is_some())?;
    let is_upper = |line: &str| !line.chars().any(char::is_lowercase);
    let (upper, colon) = (is_upper(first), first.trim().ends_with(':'));
    let (mut out, mut names, mut empty) = (String::with_capacity(cell.len()), 0, false);
    for line in cell.lines() {
        let alike = is_upper(line) == upper && line.trim().ends_with(':') == colon;
        // Whoever says nothing but `agent` asks for one; in capitals nobody does.
        if alike && (upper || !empty) && bare_name(line).is_some() {
            out.push_str(if names > 0 { "\n" } else { "" });
            out.push_str(bare_line(line));
            out.push_str(": ");
            (names, empty) = (names + 1, true);
        } else if !(empty && line.trim().is_empty()) {
            out.push_str(if empty || names == 0 { "" } else { "\n" });
            out.push_str(line);
            empty = false;
        }
    }
    (names > 1).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_is_cut_at_known_speakers() {
        for between in [" ", "  ", "\t", "; ", ", ", " / ", " # ", " - ", " ^ ", " ~ ", "\u{2028}", "\r", "\\r\\n"] {
            let cell = ["Customer: where is it", "Bot: soon", "Customer: thanks"].join(between);
            assert_eq!(of_one_line(&cell), ["Customer: where is it", "Bot: soon", "Customer: thanks"], "{between:?}");
        }
        assert_eq!(of_one_line("客户：你好 Virtual Agent: hi"), ["客户：你好", "Virtual Agent: hi"]);
        for one in ["Customer: hello", "tell me: agent: no", "Agent: I asked agent: twice", "at 10:15 agent: x"] {
            assert_eq!(of_one_line(one), [one]);
        }
    }

    #[test]
    fn names_without_colons_get_them() {
        let colons = |cell: &str| with_colons(cell).unwrap_or_default();
        assert_eq!(colons("Customer> hi\nBot> hello\nthere"), "Customer: hi\nBot: hello\nthere");
        assert_eq!(colons("Customer - hi\nBot - hello"), "Customer: hi\nBot: hello");
        assert_eq!(colons("Customer -> hi - you\nBot -> hello"), "Customer: hi - you\nBot: hello");
        assert_eq!(colons("Customer\thi\nBot\thello"), "Customer: hi\nBot: hello");
        assert_eq!(with_colons("Customer: the agent - he\nBot: agent - no"), None);
        assert_eq!(with_colons("one - two\nthree - four"), None);
    }

    #[test]
    fn times_behind_names_are_no_part_of_them() {
        assert_eq!(split_name("Customer (09:00): hi: you"), Some(("Customer (09:00)", " hi: you")));
        assert_eq!(split_name("Customer: (09:00) hi"), Some(("Customer", " (09:00) hi")));
        assert_eq!(split_name("Customer at 09:00: hi: you"), Some(("Customer at 09:00", " hi: you")));
        assert_eq!(split_name("at 10:15 agent"), None);
        assert_eq!(stamp_behind("Customer at 09:00"), Some(("Customer", "09:00")));
        assert_eq!(stamp_behind("Eleni K., 9:00 AM"), Some(("Eleni K.", "9:00 AM")));
        assert_eq!(stamp_behind("Agent 7"), None);
        assert_eq!((stamp_behind("Customer (09:00)"), stamp_behind("Bot (AI)")), (Some(("Customer", "09:00")), None));
    }

    #[test]
    fn names_stand_above_with_times_and_pictures() {
        assert_eq!(bare_name("## User (10:15)"), Some("User"));
        assert_eq!(bare_name("## 🧑\u{200d}💻 User"), Some("User"));
        assert_eq!(bare_name("### Assistant"), Some("Assistant"));
        assert_eq!(bare_name("## Steps"), None);
        let above = named_above("## User (10:15)\n\nhi\n\n## 🤖 Assistant\nhello").unwrap_or_default();
        assert_eq!(above, "User (10:15): hi\n\nAssistant: hello");
        assert_eq!((called("Customer (Maria)"), called("Agent (AI)")), (Some(("Customer", "Maria")), None));
    }
}
