use super::*;
use std::sync::atomic::Ordering;

fn stem(path: &str) -> String {
    Input::File(path.into()).stem()
}

fn all(bytes: &[u8]) -> String {
    let read = Box::new(Cursor::new(bytes.to_vec()));
    let source = InputSource::open(Input::Stream { name: "x".into(), read }).unwrap();
    let (count, mut text) = (Arc::clone(&source.read), String::new());
    source.into_text().unwrap().read().read_to_string(&mut text).unwrap();
    assert_eq!(count.load(Ordering::Relaxed), bytes.len() as u64);
    text
}

#[test]
fn stems_lose_what_says_nothing() {
    assert_eq!(stem("/logs/shop.jsonl.gz"), "shop");
    assert_eq!(stem("shop.2026-03.json"), "shop.2026-03");
    assert_eq!((stem("Chat with Elena.zip").as_str(), stem("shop.csv.zip").as_str()), ("Chat with Elena", "shop"));
    assert_eq!((stem(".jsonl").as_str(), stem("a.ZST").as_str()), (".jsonl", "a"));
}

#[test]
fn encodings_become_utf8() {
    let utf16 = |s: &str, order: fn(u16) -> [u8; 2]| s.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let text = format!("{{\"a\":\"γεια 👋\"}}{}", " ".repeat(20_000));
    assert_eq!(all(format!("\u{feff}{text}").as_bytes()), text);
    assert_eq!(all(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)), text);
    assert_eq!(all(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes)), text);
    assert_eq!(all(&utf16(&text, u16::to_le_bytes)), text);
    let utf32 = |s: &str, order: fn(u32) -> [u8; 4]| s.chars().map(u32::from).flat_map(order).collect::<Vec<u8>>();
    assert_eq!(all(&utf32(&format!("\u{feff}{text}"), u32::to_le_bytes)), text);
    assert_eq!(all(&utf32(&format!("\u{feff}{text}"), u32::to_be_bytes)), text);
    assert_eq!(all(b""), "");
}

#[test]
fn what_is_no_text_is_told() {
    let mut tar = vec![b'a'; 600];
    tar[257..262].copy_from_slice(b"ustar");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, b"SQLite format 3\0 and its pages").unwrap();
    let packed = packed.finish().unwrap();
    for (bytes, container) in [
        (&b"PK\x03\x04...."[..], Container::Zip),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK", Container::OpenDocument),
        (
            b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.textPK",
            Container::Document("document of LibreOffice or OpenOffice"),
        ),
        (b"\x89PNG\r\n\x1a\n....", Container::Document("picture")),
        (b"\xff\xd8\xff\xe0..JFIF", Container::Document("picture")),
        (b"ID3\x03..", Container::Document("recording")),
        (b"-- MySQL dump 10.13\nDROP TABLE x;\n", Container::Document("dump of a database in SQL")),
        (
            b"--\n-- PostgreSQL database dump\n--\nCOPY m (id) FROM stdin;\n",
            Container::Document("dump of a database in SQL"),
        ),
        (b"\n<!DOCTYPE html>\n<html><body>hello</body></html>", Container::Document("page of HTML")),
        (b"SQLite format 3\0", Container::Sqlite),
        (&tar, Container::Tar),
        (b"\xfd7zXZ\0", Container::Packed("xz")),
        (&packed, Container::PackedSqlite),
        (
            b"WEBVTT\n\n00:00.000 --> 00:04.000\nAnna: where is it\n",
            Container::Document("transcript of a call in WebVTT"),
        ),
        (b"1\r\n00:00:01,000 --> 00:00:04,000\r\nhello\r\n", Container::Document("file of subtitles (SRT)")),
        (b"[12:01] <nick> where is it\n[12:02] <helpbot> soon\n", Container::Chat("the log of a chat room (IRC)")),
        (
            b"<smses count=\"1\">\n  <sms body=\"hi\" />\n</smses>\n",
            Container::Document("backup of text messages in XML"),
        ),
        (b"<chats>\n<chat id=\"1\">hi</chat>\n</chats>\n", Container::Document("file of XML")),
        (
            b"Mar 02, 2026 10:15:03 AM\n+35799123456\nwhere is it\n\nMar 02, 2026 10:15:09 AM (Read after 3 seconds)\nMe\nsoon\n",
            Container::Chat("a chat of iMessage"),
        ),
        (b"Received: from mx\nFrom: anna@x.org\nSubject: my order\n\nhi\n", Container::Document("mail")),
    ] {
        let read = Box::new(Cursor::new(bytes.to_vec()));
        let source = InputSource::open(Input::Stream { name: "x".into(), read }).unwrap();
        assert!(source.text().is_none() && source.path.is_none());
        assert_eq!(source.into_text().err(), Some(container));
    }
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.docx");
    let mut packed = zip::ZipWriter::new(std::fs::File::create(&letter).unwrap());
    for name in ["[Content_Types].xml", "word/document.xml"] {
        packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut packed, b"<w/>").unwrap();
    }
    packed.finish().unwrap();
    let source = InputSource::open(Input::File(letter)).unwrap();
    assert_eq!(source.into_text().err(), Some(Container::Document("document of Word (.docx)")));
    let source = InputSource::open(Input::File(folder.path().to_owned())).unwrap();
    assert_eq!(source.path.as_deref(), Some(folder.path()));
    assert_eq!(source.into_text().err(), Some(Container::Folder));
}

#[test]
fn yaml_is_told_by_keys_further_in() {
    for yaml in [
        "conversations:\n  - id: c1\n    turns:\n      - role: user\n        text: where is it\n",
        "# chats\n---\n- id: c1\n  messages:\n    - {role: user, content: hi}\n",
    ] {
        assert!(is_yaml(yaml.as_bytes()), "{yaml}");
    }
    for other in
        ["User: hi\nBot: yo\nUser: thanks\n", "id,text\n1,hi: you\n", "Dear all:\n  the rule is: be kind\nbye\n", ""]
    {
        assert!(!is_yaml(other.as_bytes()), "{other}");
    }
}
