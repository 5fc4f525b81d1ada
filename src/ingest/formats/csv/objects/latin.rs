//! UTF-8 whose bytes were each written as a character of their own, as Facebook's exports have it: `Î±` for `α`.

/// Whether the texts of a file are misread in that way: all that hold anything beyond ASCII.
#[derive(Default)]
pub(super) struct MisreadText {
    misread: u64,
    others: u64,
}

impl MisreadText {
    /// Looks at one text.
    pub fn look(&mut self, text: &str) {
        if !text.is_ascii() {
            let is_misread = mended(text).is_some();
            self.misread += u64::from(is_misread);
            self.others += u64::from(!is_misread);
        }
    }

    fn all(&self) -> bool {
        self.misread > 0 && self.others == 0
    }

    /// A text as it was meant.
    pub fn mended(&self, text: &str) -> String {
        let mended = if self.all() { mended(text) } else { None };
        mended.unwrap_or_else(|| text.to_owned())
    }

    /// What is said of them.
    pub fn note(&self) -> Option<String> {
        let all = || {
            format!(
                "{} texts hold UTF-8 that was read as Latin-1, as Facebook's exports do: read as they were meant",
                self.misread
            )
        };
        let some = || {
            format!(
                "{} texts look like UTF-8 that was read as Latin-1, and {} do not: all are kept as they stand",
                self.misread, self.others
            )
        };
        (self.misread > 0).then(|| if self.all() { all() } else { some() })
    }
}

/// The text of which these characters are the bytes; `None` where they are none of UTF-8's beyond ASCII.
fn mended(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    String::from_utf8(bytes?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_of_such_texts_is_mended() {
        let wrong: String = "Μαρία 🙂".bytes().map(char::from).collect();
        let mut file = MisreadText::default();
        [wrong.as_str(), "plain"].iter().for_each(|t| file.look(t));
        assert_eq!((file.mended(&wrong).as_str(), file.mended("plain").as_str()), ("Μαρία 🙂", "plain"));
        assert!(file.note().unwrap().contains("as they were meant"));
        file.look("café");
        assert_eq!(file.mended(&wrong), wrong);
        assert!(file.note().unwrap().contains("kept as they stand"));
        assert!(MisreadText::default().note().is_none());
    }
}
