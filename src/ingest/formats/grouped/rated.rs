//! A rating of five levels as desks write it.

use super::look::shown;
use crate::ingest::context::Context;
use serde_json::Value;

/// Words and faces beside numbers, the worst first: Intercom's, and the faces that Chatwoot shows.
const LEVELS: [&[&str]; 5] = [
    &["terrible", "😠", "😡"],
    &["bad", "🙁", "😑"],
    &["ok", "okay", "😐"],
    &["great", "😃", "😀"],
    &["amazing", "🤩", "😍"],
];

/// The level from 1 to 5; what is none is named and left out.
pub fn of_five(rating: &Value, cx: &mut Context) -> Option<f64> {
    let written = match rating {
        Value::Null => return None,
        Value::String(word) => word.trim().to_lowercase(),
        other => other.to_string(),
    };
    let level = || LEVELS.iter().position(|words| words.contains(&written.as_str())).map(|at| at as f64 + 1.0);
    let found = written.parse().ok().filter(|score: &f64| (1.0..=5.0).contains(score)).or_else(level);
    if found.is_none() {
        cx.warnings.add(&format!("a `rating` of `{}` is none from 1 to 5, left out", shown(&written)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn words_and_faces_are_levels_and_others_are_named() {
        let mut cx = Context::of("desk");
        let given = [json!(4), json!("2"), json!("Terrible"), json!("great"), json!("😍"), json!(null)];
        let levels = given.map(|value| of_five(&value, &mut cx));
        assert_eq!(levels, [Some(4.0), Some(2.0), Some(1.0), Some(4.0), Some(5.0), None]);
        assert!(cx.warnings.list().is_empty());
        assert_eq!([json!("sad"), json!(9)].map(|value| of_five(&value, &mut cx)), [None, None]);
        let said: Vec<String> = cx.warnings.list().into_iter().map(|w| w.text).collect();
        assert!(said.iter().any(|text| text.contains("`sad`")) && said.len() == 2, "{said:?}");
    }
}
