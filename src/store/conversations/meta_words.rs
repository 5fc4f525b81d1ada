//! What stands in a log's other fields and people look for: order numbers, names of shops.

use serde_json::Value;

/// Longer values are texts of their own, such as quoted mail.
const LONGEST: usize = 200;
/// Bytes of one conversation's or turn's fields that search finds.
const MOST: usize = 4_000;
/// Deeper values are structures of a program.
const DEEPEST: usize = 4;

/// The values of `meta` and `tags` in what a row keeps as JSON, a line each; nothing where there are none.
pub(in crate::store) fn meta_words(extra: &str) -> Option<String> {
    if !extra.contains("\"meta\"") && !extra.contains("\"tags\"") {
        return None;
    }
    let extra: Value = serde_json::from_str(extra).ok()?;
    let mut out = String::new();
    for key in ["tags", "meta"] {
        add(extra.get(key).unwrap_or(&Value::Null), DEEPEST, &mut out);
    }
    (!out.is_empty()).then_some(out)
}

fn add(value: &Value, depth: usize, out: &mut String) {
    if depth == 0 || out.len() > MOST {
        return;
    }
    match value {
        Value::String(text) if text.len() <= LONGEST => line(text, out),
        Value::Number(number) => line(&number.to_string(), out),
        Value::Array(list) => list.iter().for_each(|v| add(v, depth - 1, out)),
        Value::Object(map) => map.values().for_each(|v| add(v, depth - 1, out)),
        _ => {}
    }
}

fn line(text: &str, out: &mut String) {
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::meta_words;

    #[test]
    fn values_are_found_and_keys_are_not() {
        let extra = r#"{"tags":["vip"],"meta":{"order_ref":"ZX-90210","n":7712,"deep":{"a":["b"]},"long":"LONG"}}"#
            .replace("LONG", &"x".repeat(500));
        assert_eq!(meta_words(&extra).unwrap(), "vip\nZX-90210\n7712\nb\n");
        assert_eq!((meta_words(r#"{"model":"m"}"#), meta_words("{\"meta\":")), (None, None));
    }
}
