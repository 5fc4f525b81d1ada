//! What an input may be that is no text: told by its first bytes.

/// What begins an SQLite database.
const SQLITE: &[u8] = b"SQLite format 3";

/// What is no text. As an error it says what to do where no format takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::ingest) enum Container {
    /// A directory.
    #[error("this is a folder: name the files in it")]
    Folder,
    /// A zip archive of several files, or what is packed as one.
    #[error(
        "this is a zip archive of several files, or an Excel file: unpack it and import the folder, or save its sheet as CSV"
    )]
    Zip,
    /// An SQLite database.
    #[error(
        "this is an SQLite database: those of Rasa are read, unpacked and by the file's name; of another one export what was said, such as \
         `sqlite3 -csv -header FILE \"SELECT … FROM …\" > log.csv` (`sqlite3 FILE .tables` lists its tables)"
    )]
    Sqlite,
    /// The same, packed.
    #[error("this is a packed SQLite database: unpack it, and give the file by its name")]
    PackedSqlite,
    /// A tar archive, also packed.
    #[error("this is a tar archive: unpack it, and import the folder or the files in it")]
    Tar,
    /// A table by columns, which a program that was built for it reads.
    #[error(
        "this is a Parquet file, which this build does not read: `cargo install --path . --features parquet` makes one that does; or \
         export it as CSV or JSON Lines"
    )]
    Parquet,
    /// Packed in a way that is not undone here.
    #[error("this is packed with {0}: unpack it first (gzip, Zstandard and zip are unpacked while reading)")]
    Packed(&'static str),
    /// A chat of a program without a reader.
    #[error(
        "this is {0}, which is not read as it stands: write it as CSV with the columns time,sender,text, a message a row, and import that"
    )]
    Chat(&'static str),
    /// A workbook of a program whose workbooks are not read.
    #[error(
        "this is a workbook of LibreOffice or OpenOffice (.ods), which is not read: save it as xlsx or CSV, and import that"
    )]
    OpenDocument,
    /// A document and no log.
    #[error("this is a {0}, and no log: export the conversations as JSON Lines or CSV")]
    Document(&'static str),
}

impl Container {
    /// By the first bytes of a file: extensions lie.
    pub(super) fn of(magic: &[u8]) -> Option<Self> {
        match magic {
            [b'P', b'K', 3, 4, ..] if memchr::memmem::find(magic, OPEN_DOCUMENT).is_some() => Some(Self::OpenDocument),
            [b'P', b'K', 3, 4, ..] if memchr::memmem::find(magic, OTHER_OPEN_DOCUMENT).is_some() => {
                Some(Self::Document("document of LibreOffice or OpenOffice"))
            }
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            m if m.starts_with(SQLITE) => Some(Self::Sqlite),
            m if m.starts_with(b"PAR1") => Some(Self::Parquet),
            m if is_tar(m) => Some(Self::Tar),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Packed("xz")),
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Some(Self::Packed("bzip2")),
            [b'7', b'z', 0xbc, 0xaf, ..] => Some(Self::Packed("7-Zip")),
            [b'R', b'a', b'r', b'!', ..] => Some(Self::Packed("RAR")),
            m if m.starts_with(b"%PDF-") => Some(Self::Document("PDF")),
            m if m.starts_with(b"\xd0\xcf\x11\xe0") => Some(Self::Document("document of an old Office program")),
            m => of_picture_or_sound(m).map(Self::Document),
        }
    }

    /// By the beginning of what was unpacked, or of a text.
    pub(super) fn of_text(head: &[u8]) -> Option<Self> {
        match head {
            head if is_tar(head) => Some(Self::Tar),
            head if head.starts_with(SQLITE) => Some(Self::PackedSqlite),
            head => chat(head).map(Self::Chat).or_else(|| document(head).map(Self::Document)),
        }
    }
}

/// What stands at the beginning of an OpenDocument spreadsheet, unpacked.
const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The same of its texts, drawings and presentations.
const OTHER_OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.";

/// What a picture or a recording is, by its first bytes.
fn of_picture_or_sound(magic: &[u8]) -> Option<&'static str> {
    let kind = magic.get(8..12).filter(|_| magic.starts_with(b"RIFF"));
    match magic {
        m if m.starts_with(b"\x89PNG\r\n") || m.starts_with(b"\xff\xd8\xff") => Some("picture"),
        m if m.starts_with(b"GIF87a") || m.starts_with(b"GIF89a") || kind == Some(b"WEBP") => Some("picture"),
        [b'I', b'D', b'3', 2..=4, ..] | [0xff, 0xf2 | 0xf3 | 0xfb, ..] => Some("recording"),
        m if m.starts_with(b"OggS\0") || m.get(4..8) == Some(b"ftyp") || kind == Some(b"WAVE") => Some("recording"),
        _ => None,
    }
}

/// What a text is that holds what somebody said, in a form that is no log, by how it begins.
fn document(head: &[u8]) -> Option<&'static str> {
    let head = &head[..head.len().min(4_096)];
    let has = |part: &[u8]| memchr::memmem::find(head, part).is_some();
    match () {
        () if head.starts_with(b"WEBVTT") => Some("transcript of a call in WebVTT"),
        () if head.starts_with(b"1\n") || head.starts_with(b"1\r\n") => {
            has(b" --> ").then_some("file of subtitles (SRT)")
        }
        () if is_sql(head) => Some("dump of a database in SQL"),
        () if is_page(head) => Some("page of HTML"),
        () if head.starts_with(b"From ") && has(b"\nSubject: ") => Some("mailbox"),
        () if [&b"Received: "[..], b"Return-Path: ", b"Delivered-To: ", b"MIME-Version: "]
            .iter()
            .any(|h| head.starts_with(h)) =>
        {
            has(b"\nSubject: ").then_some("mail")
        }
        () if is_mail(head) => Some("mail"),
        () if head.trim_ascii_start().starts_with(b"<?xml") && has(b"<smses") => Some("backup of text messages in XML"),
        () if head.trim_ascii_start().starts_with(b"<smses") => Some("backup of text messages in XML"),
        () if head.trim_ascii_start().starts_with(b"<?xml") || is_element(head) => Some("file of XML"),
        () if head.trim_ascii_start().starts_with(b"[LINE]") => Some("chat of LINE"),
        () => None,
    }
}

/// Whether a text begins with an element of XML on a line of its own, and none of a page.
fn is_element(head: &[u8]) -> bool {
    const OF_PAGES: &[&str] =
        &["b", "p", "i", "br", "hr", "li", "ul", "ol", "div", "span", "strong", "em", "table", "blockquote"];
    let text = String::from_utf8_lossy(head);
    let first = text.trim_start().lines().next().unwrap_or_default().trim_end();
    let Some(tag) = first.strip_prefix('<').filter(|_| first.ends_with('>')) else { return false };
    let name: String = tag.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.')).collect();
    let is_name = name.starts_with(char::is_alphabetic) && !OF_PAGES.contains(&name.to_ascii_lowercase().as_str());
    is_name && (text.contains("/>") || text.contains("</"))
}

/// Whether a text begins as YAML does: keys, and keys further in below one that has no value of its own.
pub(in crate::ingest) fn is_yaml(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let is_key = |line: &str| {
        let key = line.trim_start().trim_start_matches("- ").split(':').next().unwrap_or_default();
        let is_word = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-\"' ".contains(c));
        is_word && key.split(' ').count() <= 2 && line.contains(':')
    };
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#') && line.trim_end() != "---")
        .take(40)
        .collect();
    let keys = lines.iter().filter(|line| is_key(line)).count();
    let opens = |line: &&str| line.trim_end().ends_with(':') && is_key(line);
    let further_in = |line: &&str| line.starts_with("  ") && (is_key(line) || line.trim_start().starts_with("- {"));
    lines.len() > 2 && keys * 3 >= lines.len() * 2 && lines.iter().any(opens) && lines.iter().any(further_in)
}

/// Whether a text begins with statements that make a database anew.
fn is_sql(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let Some(first) = text.lines().map(|l| l.trim_start_matches('\u{feff}').trim()).find(|l| !l.is_empty()) else {
        return false;
    };
    let first = first.to_ascii_uppercase();
    let begins = |word: &&str| first.starts_with(*word);
    let is_statement = |line: &str| {
        let line = line.trim_start().to_ascii_uppercase();
        ["CREATE TABLE ", "INSERT INTO "].iter().any(|word| line.starts_with(word))
    };
    ["CREATE TABLE ", "INSERT INTO ", "DROP TABLE IF EXISTS "].iter().any(begins)
        || ["--", "/*"].iter().any(begins)
            && (text.contains(" database dump") || text.contains("SQL dump") || text.lines().any(is_statement))
}

/// Whether a text begins as a page does.
fn is_page(head: &[u8]) -> bool {
    let begins = |tag: &[u8]| head.trim_ascii_start().get(..tag.len()).is_some_and(|at| at.eq_ignore_ascii_case(tag));
    begins(b"<!doctype html") || begins(b"<html")
}

/// Whether a text begins with the lines that stand above a mail, in any order.
fn is_mail(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let above = text.lines().take_while(|line| !line.trim().is_empty());
    // A line that goes on begins with a blank.
    let names = above
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').map(|(name, _)| name.to_lowercase()));
    let Some(names) = names.collect::<Option<Vec<String>>>() else { return false };
    let has = |name: &str| names.iter().any(|n| n == name);
    has("from") && has("subject") && (has("date") || has("message-id") || has("to"))
}

/// What chat a text is of a program whose chats have no reader, by its first lines.
fn chat(head: &[u8]) -> Option<&'static str> {
    const KAKAO_TALK: &str = "a chat of KakaoTalk";
    let head = String::from_utf8_lossy(&head[..head.len().min(4_096)]);
    let lines: Vec<&str> =
        head.lines().map(|l| l.trim_start_matches('\u{feff}').trim()).filter(|l| !l.is_empty()).take(40).collect();
    let first = lines.first()?;
    // `[Anna] [오후 2:10] hello`, and on telephones `2026년 3월 1일 오후 2:10, Anna : hello`.
    let on_a_desk = |line: &&&str| {
        let rest = line.strip_prefix('[').and_then(|l| l.split_once("] [")).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split_once(']')).is_some_and(|(clock, _)| clock.contains(':') && clock.len() <= 20)
    };
    let on_a_telephone = |line: &&&str| {
        let stamp = line.split_once(", ").filter(|(_, said)| said.contains(" : ")).map(|(stamp, _)| stamp);
        stamp.is_some_and(|stamp| stamp.contains('년') && stamp.contains(':'))
    };
    let titled = first.contains("KakaoTalk") || first.contains("카카오톡");
    if lines.iter().filter(on_a_desk).count() >= 2
        || lines.iter().filter(on_a_telephone).count() >= 2
        || titled && lines.iter().any(|line| on_a_desk(&line) || on_a_telephone(&line))
    {
        return Some(KAKAO_TALK);
    }
    if is_of_imessage(first) && lines.iter().filter(|line| is_of_imessage(line)).count() >= 2 {
        return Some("a chat of iMessage");
    }
    let in_a_room = lines.iter().filter(|line| is_of_a_room(line)).count();
    if in_a_room >= 2 && in_a_room * 2 >= lines.len() {
        return Some("the log of a chat room (IRC)");
    }
    let is_exporters = first.starts_with("=====") && lines.get(1).is_some_and(|l| l.starts_with("Guild:"));
    is_exporters.then_some("a chat of Discord in text (its exporter also writes JSON and CSV, which are read)")
}

/// Whether a line is a moment and no more, `Mar 02, 2026 10:15:03 AM`, as exporters of iMessage put above each message.
fn is_of_imessage(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().take(5).collect();
    let [month, day, year, clock, half] = words[..] else { return false };
    let in_digits = |word: &str, of: usize| word.len() <= of && word.bytes().all(|b| b.is_ascii_digit());
    month.len() == 3
        && month.starts_with(|c: char| c.is_ascii_uppercase())
        && day.strip_suffix(',').is_some_and(|day| in_digits(day, 2))
        && year.len() == 4
        && in_digits(year, 4)
        && clock.split(':').count() == 3
        && matches!(half, "AM" | "PM")
}

/// Whether a line is a time, somebody's name in <> and what they said: `[12:01] <nick> hello`.
fn is_of_a_room(line: &str) -> bool {
    const LONGEST_NAME: usize = 40;
    let of_a_time = |c: char| c.is_ascii_digit() || "[]():.,/- TZ".contains(c);
    let is_time = |stamp: &str| {
        stamp.contains(':') && stamp.contains(|c: char| c.is_ascii_digit()) && stamp.chars().all(of_a_time)
    };
    let named = line.split_once('<').filter(|(stamp, _)| is_time(stamp)).and_then(|(_, rest)| rest.split_once("> "));
    named.is_some_and(|(name, _)| (1..=LONGEST_NAME).contains(&name.len()) && !name.contains([' ', '<', '/']))
}

/// Whether bytes begin a tar archive.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}
