//! Bodies of mails and messengers as text.

/// Tags after which a line ends.
const BREAKS: &[&str] = &["br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "table"];
/// Entities that bodies are full of.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("rsquo", "’"),
    ("lsquo", "‘"),
    ("rdquo", "”"),
    ("ldquo", "“"),
    ("euro", "€"),
];
/// Bytes that an entity or a tag's name may have.
const LONGEST_NAME: usize = 12;

/// The text of an HTML body: tags are dropped, blocks end lines, entities are decoded once, scripts and styles are left out.
pub(in crate::ingest) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tag = &rest[open..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
        let Some(end) = tag.find('>').filter(|_| is_tag) else {
            out.push('<');
            rest = &tag[1..];
            continue;
        };
        let name: String = tag[1..end].trim_start_matches('/').chars().take(LONGEST_NAME).collect();
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        rest = &tag[end + 1..];
        match name.as_str() {
            "script" | "style" if !tag.starts_with("</") => {
                let close = format!("</{name}");
                rest = rest.find(&close).map_or("", |at| &rest[at..]);
            }
            "img" => out.push_str("[image]"),
            name if BREAKS.contains(&name) => out.push('\n'),
            _ => {}
        }
    }
    out.push_str(rest);
    tidy(&entities(&out))
}

/// Entities decoded once; what is none stays.
pub(in crate::ingest) fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(LONGEST_NAME).position(|b| b == b';');
        match end.and_then(|end| Some((end, decoded(&after[..end])?))) {
            Some((end, decoded)) => {
                out.push_str(&decoded);
                rest = &after[end + 1..];
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn decoded(name: &str) -> Option<String> {
    if let Some((_, text)) = ENTITIES.iter().find(|(known, _)| *known == name) {
        return Some((*text).to_owned());
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).map(String::from)
}

/// Without blanks at the ends of lines, and without more than one empty line on end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 && !(line.is_empty() && out.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_text() {
        assert_eq!(text("<p>How do I reset my <b>password</b>?</p>"), "How do I reset my password?");
        assert_eq!(text("a<br>b<br/>c<div>d</div>"), "a\nb\nc\nd");
        assert_eq!(text("1 &lt; 2 &amp;amp; &#8364;&#x41; &nope; & x"), "1 < 2 &amp; €A &nope; & x");
        assert_eq!(text("<style>p{}</style>x<script>evil()</script>y <img src=x>"), "xy [image]");
        assert_eq!(
            (text("a < b"), text("<"), text("a <b"), text("")),
            ("a < b".into(), "<".into(), "a <b".into(), String::new())
        );
    }
}
