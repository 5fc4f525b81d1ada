//! HTML as the text that people saw: entities decoded once, breaks kept, quoted mail apart. Links and pictures become
//! their words; nothing is fetched.

use super::mail::{self, WROTE};
use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::text::fold;
use std::borrow::Cow;

/// What an HTML body says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct HtmlBody {
    /// What was written.
    pub text: String,
    /// What it answers: the mail quoted in it.
    pub quoted: Option<String>,
}

/// Longer tags are none: work grows with the length alone.
const LONGEST_TAG: usize = 4_096;

/// Tags that end a line.
const BREAKS: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "button",
    "option",
];
/// All tags that show that a text is HTML.
const OTHERS: &[&str] = &[
    "a", "b", "i", "u", "em", "strong", "span", "img", "td", "th", "tbody", "thead", "font", "html", "body", "head",
    "style", "code", "small", "sup", "sub", "s", "meta", "title", "script",
];

/// Whether a text is written in HTML: it has a tag of it, open or closed. `a < b` and `<order>` are none.
pub(in crate::ingest) fn is_html(text: &str) -> bool {
    has_tags(text) || escaped(text).is_some()
}

fn has_tags(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        rest = &rest[at + 1..];
        let is_one = |(name, length): (String, usize)| match name.as_str() {
            // `<A>` may mark who answers: as HTML it is closed, or it says more.
            "a" | "b" | "i" | "u" | "s" => rest.starts_with('/') || rest[..length].contains('='),
            name => BREAKS.contains(&name) || OTHERS.contains(&name),
        };
        if tag(rest).is_some_and(is_one) {
            return true;
        }
    }
    false
}

/// Whether a text is a body of HTML and not only words about it: it begins with a tag, or breaks its lines with tags.
pub(in crate::ingest) fn is_body(text: &str) -> bool {
    has_body(text) || escaped(text).is_some()
}

/// A body whose tags were written as entities once more, as they were before.
fn escaped(text: &str) -> Option<String> {
    text.trim_start().starts_with("&lt;").then(|| entities(text)).filter(|once| has_body(once))
}

fn has_body(text: &str) -> bool {
    let breaks = ["<br", "</p>", "</div>", "</li>"];
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    memchr::memchr(b'<', text.as_bytes()).is_some()
        && (breaks.iter().any(|sign| has(sign)) || text.trim_start().starts_with('<') && text.contains("</"))
        && has_tags(text)
}

/// The tag that starts behind a `<`: its name in lower case, and its length up to behind the `>`.
fn tag(rest: &str) -> Option<(String, usize)> {
    let near = &rest.as_bytes()[..rest.len().min(LONGEST_TAG)];
    let close = memchr::memchr(b'>', near)?;
    let inside = &rest[..close];
    let bare = inside.strip_prefix('/').unwrap_or(inside);
    let name = bare.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let follows = bare[name.len()..].chars().next();
    let ends = follows.is_none_or(|c| c.is_whitespace() || c == '/');
    (name.starts_with(|c: char| c.is_ascii_alphabetic()) && ends).then(|| (name.to_ascii_lowercase(), close + 1))
}

/// The length of a declaration of what a document is, where a text begins with one.
fn declaration(rest: &str) -> Option<usize> {
    let begins = |with: &str| rest.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    let near = &rest.as_bytes()[..rest.len().min(LONGEST_TAG)];
    (begins("<!doctype") || begins("<?xml")).then(|| memchr::memchr(b'>', near))?.map(|end| end + 1)
}

/// Reads a body.
pub(in crate::ingest) fn read(html: &str) -> HtmlBody {
    let (mut text, mut quoted) = (String::with_capacity(html.len()), String::new());
    let once = escaped(html);
    let (mut depth, mut rest) = (0_usize, once.as_deref().unwrap_or(html));
    while let Some(c) = rest.chars().next() {
        let out = if depth > 0 { &mut quoted } else { &mut text };
        if c == '<' {
            if rest.starts_with("<!--") {
                rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
                continue;
            }
            if let Some(length) = declaration(rest) {
                rest = &rest[length..];
                continue;
            }
            if let Some((name, length)) = tag(&rest[1..]) {
                let whole = &rest[1..=length];
                rest = &rest[length + 1..];
                match name.as_str() {
                    "style" | "script" | "head" | "title" if !whole.starts_with('/') => {
                        rest = behind(rest, &name);
                    }
                    "blockquote" if whole.starts_with('/') => depth = depth.saturating_sub(1),
                    "blockquote" => depth += 1,
                    "img" => out.push_str(&picture(whole)),
                    "td" | "th" => out.push(' '),
                    "li" if !whole.starts_with('/') => out.push_str("\n- "),
                    "p" if !whole.starts_with('/') && !out.trim_end().is_empty() => out.push_str("\n\n"),
                    name if BREAKS.contains(&name) => out.push('\n'),
                    _ => {}
                }
                continue;
            }
        }
        let (piece, length) =
            if c == '&' { entity(rest) } else { (Cow::Borrowed(&rest[..c.len_utf8()]), c.len_utf8()) };
        // Line breaks of the source are blanks.
        if piece == "\n" || piece == "\r" || piece == "\t" {
            out.push(' ')
        } else {
            out.push_str(&piece)
        }
        rest = &rest[length..];
    }
    let (text, quoted) = (tidy(&text), tidy(&quoted));
    match (text.is_empty(), quoted.is_empty()) {
        (_, true) => HtmlBody { text, quoted: None },
        // Nothing but a quotation is what was said.
        (true, false) => HtmlBody { text: quoted, quoted: None },
        (false, false) => {
            let (text, above) = before_quotation(&text);
            HtmlBody { text: text.to_owned(), quoted: Some(format!("{above}{quoted}")) }
        }
    }
}

/// What was written, and the line below it that says who wrote what is quoted: `On Mon, 2 Mar 2026, Shop wrote:`.
fn before_quotation(text: &str) -> (&str, String) {
    let (own, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let is_of_quoted = !own.trim().is_empty() && WROTE.iter().any(|word| fold(last.trim_end()).ends_with(word));
    if is_of_quoted { (own.trim_end(), format!("{last}\n")) } else { (text, String::new()) }
}

/// A plain text in which entities stand for characters, decoded once.
pub(in crate::ingest) fn entities(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (piece, length) = entity(&rest[at..]);
        out.push_str(&rest[..at]);
        out.push_str(&piece);
        rest = &rest[at + length..];
    }
    out + rest
}

/// From the tag that closes an element on. Without one nothing is left, so that work grows with the length alone.
fn behind<'t>(rest: &'t str, name: &str) -> &'t str {
    let closes = |at: &usize| tag(&rest[at + 1..]).is_some_and(|(n, _)| n == name && rest[at + 1..].starts_with('/'));
    memchr::memchr_iter(b'<', rest.as_bytes()).find(closes).map_or("", |at| &rest[at..])
}

/// A picture by its name.
fn picture(tag: &str) -> String {
    let alt = tag.split_once("alt=").and_then(|(_, rest)| {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    match alt.map(str::trim).filter(|alt| !alt.is_empty()) {
        // A smiley is a sign among the words.
        Some(alt) if !alt.contains(char::is_alphanumeric) => alt.to_owned(),
        Some(alt) => format!("[image: {alt}]"),
        None => "[image]".to_owned(),
    }
}

/// One blank between words, one empty line between paragraphs, none around.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.split('\n') {
        let line = line.split([' ', '\u{a0}']).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 1 { "\n\n" } else { "\n" });
        }
        empty = 0;
        out.push_str(&line);
    }
    out
}

/// The character of an entity at the beginning of a text, and its length; the sign itself where it is none.
fn entity(rest: &str) -> (Cow<'_, str>, usize) {
    let end = rest.bytes().take(12).position(|b| b == b';').filter(|&end| end > 1);
    let Some(name) = end.map(|end| &rest[1..end]) else { return (Cow::Borrowed("&"), 1) };
    let number = name.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => n.parse().ok(),
    });
    let found = match number {
        Some(code) => char::from_u32(code).filter(|c| *c != '\0').map(|c| Cow::Owned(c.to_string())),
        None => named(name).map(Cow::Borrowed),
    };
    found.map_or((Cow::Borrowed("&"), 1), |found| (found, name.len() + 2))
}

fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "ndash" => "–",
        "mdash" => "—",
        "hellip" => "…",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "laquo" => "«",
        "raquo" => "»",
        "bull" | "middot" => "•",
        "euro" => "€",
        "pound" => "£",
        "yen" => "¥",
        "cent" => "¢",
        "copy" => "©",
        "reg" => "®",
        "trade" => "™",
        "deg" => "°",
        "times" => "×",
        "zwnj" | "zwj" | "shy" | "lrm" | "rlm" => "",
        "auml" => "ä",
        "ouml" => "ö",
        "uuml" => "ü",
        "Auml" => "Ä",
        "Ouml" => "Ö",
        "Uuml" => "Ü",
        "szlig" => "ß",
        "eacute" => "é",
        "egrave" => "è",
        "agrave" => "à",
        "ccedil" => "ç",
        "ntilde" => "ñ",
        "aacute" => "á",
        "iacute" => "í",
        "oacute" => "ó",
        "uacute" => "ú",
        _ => return None,
    })
}

/// What a text says where it is written in HTML: a body, or plain words in which entities stand for characters.
pub(in crate::ingest) fn seen(text: &str) -> Option<HtmlBody> {
    if is_body(text) {
        return Some(read(text));
    }
    let decoded = memchr::memchr(b'&', text.as_bytes()).map(|_| entities(text));
    decoded.filter(|decoded| decoded != text && !has_tags(text)).map(|text| HtmlBody { text, quoted: None })
}

/// Reads what was said as people saw it, where it is a body of HTML, and takes the mail away that stands quoted below an answer.
pub(in crate::ingest) fn as_seen(turn: &mut Turn, cx: &mut Context) {
    if !is_body(&turn.text) {
        // An AI writes Markdown, in which `>` is anything set apart.
        let parts = mail::parts(&turn.text, turn.role != Role::Bot);
        if let Some((text, quoted)) = parts.map(|mail| (mail.text.to_owned(), mail.quoted.to_owned())) {
            cx.warnings.add(mail::KEPT);
            turn.text = text;
            turn.meta.insert("quoted".to_owned(), quoted.into());
        }
        return;
    }
    let HtmlBody { text, quoted } = read(&turn.text);
    cx.warnings.add("texts are HTML: read as people saw them, quoted mail kept in meta");
    turn.text = text;
    turn.meta.extend(quoted.map(|quoted| ("quoted".to_owned(), quoted.into())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(html: &str) -> String {
        read(html).text
    }

    #[test]
    fn html_is_read_as_people_see_it() {
        assert_eq!(
            text("<p>Hi,<br>where is my&nbsp;<b>re</b>fund? It&#39;s been 3 weeks &amp; nothing</p>"),
            "Hi,\nwhere is my refund? It's been 3 weeks & nothing"
        );
        assert_eq!(text("<div class=\"x\"><p>One</p>\n<p>Two</p></div>"), "One\n\nTwo");
        assert_eq!(text("&amp;lt;b&amp;gt; &bogus; & 5 < 6"), "&lt;b&gt; &bogus; & 5 < 6");
        assert_eq!(
            text("<style>p{}</style><ul><li>a</li><li>b</li></ul><img src=x alt=\"map\"><!-- no -->"),
            "- a\n- b\n[image: map]"
        );
        assert_eq!(text("<!DOCTYPE html><html><head><title>x</title></head><body>Here.</body></html>"), "Here.");
        assert_eq!(text("&lt;p&gt;it&#39;s late &amp;amp; cold&lt;/p&gt;"), "it's late & cold");
        assert!(is_body("&lt;p&gt;x&lt;/p&gt;") && !is_body("&lt;3 you") && !is_body("x &lt;p&gt; y"));
        let mail = read("<p>cancel it</p><blockquote>On Mon, bot wrote: please</blockquote>");
        assert_eq!((mail.text.as_str(), mail.quoted.as_deref()), ("cancel it", Some("On Mon, bot wrote: please")));
        let reply = read(
            "<p>Yes, please</p><div>On Mon, 2 Mar 2026, Shop wrote:<blockquote>do you want it?</blockquote></div>",
        );
        let quoted = "On Mon, 2 Mar 2026, Shop wrote:\ndo you want it?";
        assert_eq!((reply.text.as_str(), reply.quoted.as_deref()), ("Yes, please", Some(quoted)));
        assert_eq!(text("<p>ok <img alt=\"😀\" src=x></p>"), "ok 😀");
        assert_eq!(read("<blockquote>only</blockquote>"), HtmlBody { text: "only".into(), quoted: None });
        let plain = |text: &str| seen(text).map(|body| body.text);
        assert_eq!(plain("It&#39;s late &amp; cold").as_deref(), Some("It's late & cold"));
        assert_eq!((plain("R&D, 3 < 4"), plain("write <b>&amp;</b> there")), (None, None));
        assert_eq!(text("<p>Choose</p><button>Yes</button><button>No</button>"), "Choose\nYes\nNo");
    }

    #[test]
    fn signs_are_no_tags() {
        assert!(is_html("<p>x") && is_html("a<br/>b") && is_html("x</span>"));
        assert!(!is_html("a < b") && !is_html("<order 7>") && !is_html("i <3 you > me") && !is_html("<bob@x.y>"));
        assert!(is_html("<b>x</b>") && is_html("<a href=x>y") && !is_html("<U>where<A>here<U>thanks"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in r"(<|>|/|&|;|#|x|p|br|blockquote|img alt=|'|α| |\n|<!--|<style){0,30}") {
            read(&html);
        }
    }
}
