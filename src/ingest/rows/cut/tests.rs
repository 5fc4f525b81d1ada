use super::*;
use proptest::prelude::*;
use std::io::Cursor;

/// One byte at a time, so that every place is once the end of the buffer.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.0.len().min(buf.len()).min(1);
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

fn cells(row: &CutRow) -> Vec<String> {
    (0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect()
}

/// Every row as its line and cells, or the line, column and start of the reason of a bad one.
fn read(text: &str, max: usize) -> Vec<String> {
    let of = |rows: &mut dyn FnMut(&mut CutRow) -> CutStep| {
        let (mut row, mut out) = (CutRow::default(), Vec::new());
        loop {
            match rows(&mut row) {
                CutStep::End => return out,
                CutStep::Row => out.push(format!("{} {}", row.line, cells(&row).join("¦"))),
                CutStep::Bad(b) => out.push(format!("{}:{} {}", b.line, b.column, &b.reason[..30.min(b.reason.len())])),
            }
        }
    };
    let mut fast = CutRows::new(text.as_bytes(), b',', max, 0);
    let mut slow = CutRows::new(Slow(text.as_bytes()), b',', max, 0);
    let out = of(&mut |row| fast.next(row).unwrap());
    assert_eq!(out, of(&mut |row| slow.next(row).unwrap()));
    out
}

#[test]
fn rows_of_every_kind() {
    assert_eq!(read("a,b\nc,\r\n\r\n,\n \"x\"\n", 99), ["1 a¦b", "2 c¦", "5 x"]);
    assert_eq!(read("\"a,\"\"b\"\"\nc\" ,d\ne,f", 99), ["1 a,\"b\"\nc¦d", "3 e¦f"]);
    assert_eq!(read("5\" screen,x\r\ny\r", 99), ["1 5\" screen¦x", "2 y"]);
    assert_eq!(read("", 99), Vec::<String>::new());
    assert_eq!(read("a,", 99), ["1 a¦"]);
}

#[test]
fn broken_quotes_cost_their_own_line_only() {
    let open = "a,\"never closed\nb,c\nd,e\n";
    assert_eq!(read(open, 99), ["1:3 a quote opens here and is neve", "2 b¦c", "3 d¦e"]);
    let caught = "a,\"never closed\nb,\"fine\"\nc,\"x\ny\"\n";
    assert_eq!(read(caught, 99), ["1:3 a quote opens here and is clos", "2 b¦fine", "3 c¦x\ny"]);
    assert_eq!(read("\"x\ny\",\"a \"b\" c\"\nd,e\n", 99), ["2:4 a quote opens here and is clos", "3 d¦e"]);
}

#[test]
fn a_quote_behind_which_no_rows_follow_is_where_the_text_is_cut_off() {
    let cut = "a,b,c\nd,e,f\ng,\"h, i\nwords here\n\nand, there\nand so on";
    assert_eq!(read(cut, 99), ["1 a¦b¦c", "2 d¦e¦f", "3:3 a quote opens here and is neve"]);
    let stray = "a,b,c\ng,\"h,i\nj,k,l\nm,n\no,p,q\n";
    assert_eq!(read(stray, 99), ["1 a¦b¦c", "2:3 a quote opens here and is neve", "3 j¦k¦l", "4 m¦n", "5 o¦p¦q"]);
}

#[test]
fn long_rows_are_passed_over() {
    assert_eq!(read("a,b\ncccccccc\nd,e\n", 4), ["1 a¦b", "2:1 a row longer than 4 bytes, the", "3 d¦e"]);
    assert_eq!(read("a,\"cccccc\ncc\"\nd,e\n", 6).len(), 3);
    assert!(read(&",".repeat(9_000), 1 << 20)[0].contains("more than 4096"));
}

#[test]
fn rows_can_be_read_again_from_their_offset() {
    let text = "a,1\n\"b\nb\",2\nc,3\n";
    let mut rows = CutRows::new(Cursor::new(text), b',', 99, 0);
    let (mut row, mut places) = (CutRow::default(), Vec::new());
    while rows.next(&mut row).unwrap() == CutStep::Row {
        places.push((row.offset, row.line, cells(&row)));
    }
    for (offset, line, cells_there) in places.iter().rev() {
        rows.go_to(*offset, *line).unwrap();
        assert_eq!(rows.next(&mut row).unwrap(), CutStep::Row);
        assert_eq!((row.line, cells(&row)), (*line, cells_there.clone()));
    }
}

proptest! {
    #[test]
    fn any_text_is_cut_and_ends(text in "[a\",\n\r ]{0,60}", max in 0usize..70) {
        prop_assert!(read(&text, max).len() <= text.len() + 1);
    }

    #[test]
    fn what_the_csv_crate_writes_is_read(table in prop::collection::vec(prop::collection::vec("[a\",\n\r é]{0,8}", 3), 1..6)) {
        let mut writer = ::csv::WriterBuilder::new().from_writer(Vec::new());
        table.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut rows = CutRows::new(text.as_bytes(), b',', 1 << 16, 0);
        let (mut row, mut out) = (CutRow::default(), Vec::new());
        while rows.next(&mut row).unwrap() == CutStep::Row {
            out.push(cells(&row));
        }
        let blank = |row: &Vec<String>| row.iter().all(|c| c.bytes().all(|b| b.is_ascii_whitespace()));
        prop_assert_eq!(out, table.into_iter().filter(|row| !blank(row)).collect::<Vec<_>>());
    }
}

#[test]
fn a_quote_behind_blanks_opens_a_cell_that_it_closes() {
    let cut = |text: &str| {
        let (mut rows, mut row) = (CutRows::new(text.as_bytes(), b',', 1_000, 0), CutRow::default());
        assert_eq!(rows.next(&mut row).unwrap(), CutStep::Row);
        cells(&row)
    };
    assert_eq!(cut("a, \"hello, world\", b\n"), ["a", "hello, world", " b"]);
    assert_eq!(cut("a, \"no\" he said,b\n"), ["a", " \"no\" he said", "b"]);
    assert_eq!(cut("a, \"open,b\nc"), ["a", " \"open", "b"]);
}
