use super::*;
use crate::base::rng::Rng;
use crate::domain::Timestamp;
use crate::ingest::{LogReader, LogRecord, ReadOptions};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A workbook with a sheet of titles and one of rows, strings inline and a date with its format.
fn workbook() -> Vec<u8> {
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = [
        format!(
            "<row r=\"1\">{}{}{}{}</row>",
            cell("A1", "session"),
            cell("B1", "sender"),
            cell("C1", "message"),
            cell("D1", "time")
        ),
        format!(
            "<row r=\"2\"><c r=\"A2\"><v>4417</v></c>{}{}<c r=\"D2\" s=\"1\"><v>46084.5</v></c></row>",
            cell("B2", "user"),
            cell("C2", "where is it")
        ),
        format!(
            "<row r=\"4\"><c r=\"A4\"><v>4417</v></c>{}{}</row>",
            cell("B4", "bot"),
            cell("C4", "It arrives, as promised.")
        ),
    ];
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet = |rows: &str| format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{package}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r\" Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\"><sheets><sheet name=\"About\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"Chats\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r3\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet(&format!("<row r=\"1\">{}</row>", cell("A1", "Chats of March")))),
        ("xl/worksheets/sheet2.xml", sheet(&rows.concat())),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn read(path: &Path) -> Result<Vec<LogRecord>, String> {
    let reader = LogReader::open(Input::File(path.to_owned()), ReadOptions::new(Timestamp(1_800_000_000_000)));
    reader.map(|r| r.collect()).map_err(|e| e.to_string())
}

#[test]
fn rows_of_a_workbook_are_rows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("march.xlsx");
    std::fs::write(&path, workbook()).unwrap();
    let items = read(&path).unwrap();
    let [LogRecord::Conversation { conversation: c, .. }] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!((c.source.as_str(), c.id.as_str(), c.turns.len()), ("march", "4417", 2));
    assert_eq!(c.turns[0].at.unwrap().rfc3339(), "2026-03-03T12:00:00Z");
    assert_eq!(c.turns[1].text, "It arrives, as promised.");
}

#[test]
fn what_is_rounded_looks_rounded() {
    assert_eq!(scientific(450_123_456_789_012_345.0), "4.50123456789012E+17");
    assert_eq!(scientific(-1e20), "-1.00000000000000E+20");
}

#[test]
fn merged_cells_hold_for_all_their_rows() {
    let cells = |column, first, last| MergedCells { column, first, last, text: String::new() };
    let mut merged = MergedRows { waiting: vec![cells(0, 4, 5), cells(0, 1, 3)], open: Vec::new() };
    let sheet = [(0, "id"), (1, "c1"), (2, ""), (3, ""), (4, "c2"), (5, ""), (6, "")];
    let filled = sheet.map(|(line, id)| {
        let mut row = vec![id.to_owned(), "x".to_owned()];
        merged.fill(&mut row, line);
        row.swap_remove(0)
    });
    assert_eq!(filled, ["id", "c1", "c1", "c1", "c2", "c2", ""]);
}

#[test]
fn damaged_workbooks_end_in_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let (path, whole, mut rng) = (dir.path().join("x.xlsx"), workbook(), Rng::new(5));
    for _ in 0..200 {
        let mut bytes = whole.clone();
        for _ in 0..=rng.below(6) {
            let at = 4 + rng.below(bytes.len() - 4);
            bytes[at] ^= 1 << rng.below(8);
        }
        if rng.below(5) == 0 {
            bytes.truncate(10 + rng.below(bytes.len() - 10));
        }
        std::fs::write(&path, &bytes).unwrap();
        if let Err(why) = read(&path) {
            assert!(why.len() > 10, "{why}");
        }
    }
}
