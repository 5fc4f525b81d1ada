//! Keys: how they are written, which action they ask for, and how a configuration changes that.

use crate::action::{Action, ActionRow, ActionScope, rows};
use crate::base::did_you_mean::nearest;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::{BTreeMap, HashMap};

/// One key press, as far as bindings care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyPress {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// Why overrides cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// No action has this name.
    #[error("no command is called `{name}`{}", nearest.as_ref().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default())]
    UnknownAction {
        /// The name that was given.
        name: String,
        /// The nearest there is.
        nearest: Option<&'static str>,
    },
    /// A key is not written in a way that can be read.
    #[error("`{key}` is no key (for `{name}`); keys are written `a`, `G`, `ctrl-s`, `f5`, `enter`, `g g`")]
    BadKey {
        /// The action that it was given for.
        name: String,
        /// As it was written.
        key: String,
    },
    /// Two actions of one scope would have the same key.
    #[error("`{key}` would mean both `{first}` and `{second}`")]
    Conflict {
        /// The key.
        key: String,
        /// One action.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
}

/// What a key, after the keys before it, asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This.
    Action(Action),
    /// It begins a sequence.
    Pending,
    /// Nothing.
    Nothing,
}

/// Which keys ask for what.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: HashMap<(ActionScope, Vec<KeyPress>), Action>,
    keys: HashMap<&'static str, Vec<Vec<KeyPress>>>,
}

impl KeyPress {
    /// Reads one key: `a`, `G`, `ctrl-s`, `alt-x`, `f5`, `enter`, `-`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, tail) = match rest {
                r if r.starts_with("ctrl-") => (KeyModifiers::CONTROL, &r[5..]),
                r if r.starts_with("alt-") => (KeyModifiers::ALT, &r[4..]),
                r if r.starts_with("shift-") => (KeyModifiers::SHIFT, &r[6..]),
                _ => break,
            };
            modifiers |= modifier;
            rest = tail;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) => KeyCode::Char(c),
            _ => named(rest)?,
        };
        Some(Self { code, modifiers }.normal())
    }

    /// The key of an event.
    pub fn of(event: KeyEvent) -> Self {
        Self { code: event.code, modifiers: event.modifiers }.normal()
    }

    /// The key of a Latin keyboard in the same place, where a Greek or Cyrillic layout (Russian, Ukrainian) is on. Only for plain keys:
    /// with ctrl and alt terminals send other things.
    pub fn latin(self) -> Option<Self> {
        let KeyCode::Char(c) = self.code else { return None };
        if !self.modifiers.is_empty() {
            return None;
        }
        let small = c.to_lowercase().next().unwrap_or(c);
        let there = PLACES
            .iter()
            .find_map(|(theirs, latin)| theirs.chars().position(|t| t == small).and_then(|i| latin.chars().nth(i)))?;
        let code = KeyCode::Char(if c == small { there } else { shifted(there) });
        Some(Self { code, modifiers: self.modifiers })
    }

    /// The letter, digit or sign that it is, without a modifier.
    pub fn plain(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => Some(c),
            _ => None,
        }
    }

    /// Whether somebody who presses it wants something: Esc is pressed to be sure that nothing is open.
    pub const fn is_meant(self) -> bool {
        use KeyCode::{BackTab, Char, Down, Enter, Left, Right, Tab, Up};
        matches!(self.code, Char(_) | Enter | Tab | BackTab | Left | Right | Up | Down)
    }

    /// The digit it stands for, if it is a plain digit.
    pub fn digit(self) -> Option<u8> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => c.to_digit(10).map(|d| d as u8),
            _ => None,
        }
    }

    /// Terminals report shifted letters with or without SHIFT, and back-tab as its own key: one form for all.
    fn normal(self) -> Self {
        let keep = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = self.modifiers & keep;
        let mut code = self.code;
        if let KeyCode::Char(c) = code {
            if modifiers.contains(KeyModifiers::SHIFT) {
                code = KeyCode::Char(c.to_uppercase().next().unwrap_or(c));
                modifiers -= KeyModifiers::SHIFT;
            }
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(c.to_ascii_lowercase());
            }
        }
        if code == KeyCode::BackTab {
            (code, modifiers) = (KeyCode::Tab, modifiers | KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }
}

/// Rows of layouts, key by key beside the Latin one. The Greek sign on the key of q is a semicolon.
const PLACES: &[(&str, &str)] = &[
    (";ςερτυθιοπασδφγηξκλζχψωβνμ", "qwertyuiopasdfghjklzxcvbnm"),
    ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"),
    ("іїє", "s]'"),
];

/// What a Latin key gives with shift.
fn shifted(key: char) -> char {
    let signs = "[{]};:'\",<.>`~";
    match signs.chars().position(|s| s == key) {
        Some(i) => signs.chars().nth(i + 1).unwrap_or(key),
        None => key.to_ascii_uppercase(),
    }
}

fn named(name: &str) -> Option<KeyCode> {
    NAMES.iter().find(|(n, _)| *n == name).map(|(_, c)| *c).or_else(|| {
        let n: u8 = name.strip_prefix('f')?.parse().ok()?;
        (1..=12).contains(&n).then_some(KeyCode::F(n))
    })
}

const NAMES: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

impl std::fmt::Display for KeyPress {
    /// As a person reads it: `⏎`, `↑`, `^s`, `F5`, `a`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("^")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("alt-")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("⇧")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::Enter => f.write_str("⏎"),
            KeyCode::Tab => f.write_str("⇥"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            code => write!(f, "{}", NAMES.iter().find(|(_, c)| *c == code).map_or("?", |(n, _)| n)),
        }
    }
}

/// Reads a key sequence: keys separated by spaces.
fn sequence(text: &str) -> Option<Vec<KeyPress>> {
    let keys: Option<Vec<KeyPress>> = text.split_whitespace().map(KeyPress::parse).collect();
    keys.filter(|k| !k.is_empty())
}

fn spell(keys: &[KeyPress]) -> String {
    keys.iter().map(KeyPress::to_string).collect::<Vec<_>>().join(" ")
}

impl Default for Keymap {
    fn default() -> Self {
        // The table's own keys are held valid by a test; a key that could not be read would only be missing.
        let keys = rows().map(|r| (r.name, r.keys.iter().filter_map(|k| sequence(k)).collect())).collect();
        Self::build(keys).0
    }
}

impl Keymap {
    /// The default keys with some actions given others. An empty list takes an action's keys away.
    ///
    /// # Errors
    /// Names the action or the key that is wrong, or the two actions that would share a key.
    pub fn with_overrides(overrides: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        let mut keys = Self::default().keys;
        for (name, wanted) in overrides {
            let row = rows().find(|r| r.name == name).ok_or_else(|| KeymapError::UnknownAction {
                name: name.clone(),
                nearest: nearest(name, rows().map(|r| r.name)),
            })?;
            let parsed: Result<Vec<_>, _> = wanted
                .iter()
                .map(|k| sequence(k).ok_or_else(|| KeymapError::BadKey { name: name.clone(), key: k.clone() }))
                .collect();
            keys.insert(row.name, parsed?);
        }
        match Self::build(keys) {
            (map, None) => Ok(map),
            (_, Some(conflict)) => Err(conflict),
        }
    }

    fn build(keys: HashMap<&'static str, Vec<Vec<KeyPress>>>) -> (Self, Option<KeymapError>) {
        let mut bindings: HashMap<(ActionScope, Vec<KeyPress>), Action> = HashMap::new();
        let mut names: HashMap<(ActionScope, Vec<KeyPress>), &'static str> = HashMap::new();
        let mut conflict = None;
        for row in rows() {
            for k in keys.get(row.name).into_iter().flatten() {
                let at = (row.scope, k.clone());
                if let Some(first) = names.insert(at.clone(), row.name) {
                    conflict = Some(KeymapError::Conflict { key: spell(k), first, second: row.name });
                }
                bindings.insert(at, row.action);
            }
        }
        (Self { bindings, keys }, conflict)
    }

    /// What `pressed` asks for, looking through `scopes` in turn. A whole match beats the beginning of a sequence. Keys that mean nothing
    /// as they are mean what the Latin keys in their places do.
    pub fn resolve(&self, scopes: &[ActionScope], pressed: &[KeyPress]) -> Resolved {
        let latin: Vec<KeyPress> = pressed.iter().map(|k| k.latin().unwrap_or(*k)).collect();
        match self.as_pressed(scopes, pressed) {
            Resolved::Nothing if latin != pressed => self.as_pressed(scopes, &latin),
            found => found,
        }
    }

    fn as_pressed(&self, scopes: &[ActionScope], pressed: &[KeyPress]) -> Resolved {
        for &scope in scopes {
            if let Some(&action) = self.bindings.get(&(scope, pressed.to_vec())) {
                return Resolved::Action(action);
            }
        }
        let begins = |(scope, keys): &(ActionScope, Vec<KeyPress>)| {
            scopes.contains(scope) && keys.len() > pressed.len() && keys.starts_with(pressed)
        };
        if self.bindings.keys().any(begins) { Resolved::Pending } else { Resolved::Nothing }
    }

    /// The first key of a row as a person reads it; empty when it has none.
    pub fn first_key(&self, row: &ActionRow) -> String {
        self.keys.get(row.name).and_then(|k| k.first()).map(|k| spell(k)).unwrap_or_default()
    }

    /// All keys of a row as a person reads them.
    pub fn all_keys(&self, row: &ActionRow) -> String {
        self.keys.get(row.name).into_iter().flatten().map(|k| spell(k)).collect::<Vec<_>>().join("  ")
    }

    /// The first key of the row with this name.
    pub fn first_key_named(&self, name: &str) -> String {
        self.keys.get(name).and_then(|k| k.first()).map(|k| spell(k)).unwrap_or_default()
    }

    /// The first key of an action.
    pub fn key_of(&self, action: Action) -> String {
        rows().find(|r| r.action == action).map(|r| self.first_key(r)).unwrap_or_default()
    }

    /// The table that `appraise keys` prints: scope, keys, name, help.
    pub fn table(&self) -> Vec<[String; 4]> {
        ActionScope::ALL
            .into_iter()
            .flat_map(|s| rows().filter(move |r| r.scope == s))
            .map(|r| [r.scope.title().to_owned(), self.all_keys(r), r.name.to_owned(), r.help.to_owned()])
            .collect()
    }
}

/// The default keys as `appraise keys` prints them: scope, keys, name, help.
pub fn table() -> Vec<[String; 4]> {
    Keymap::default().table()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overrides(name: &str, keys: &[&str]) -> BTreeMap<String, Vec<String>> {
        BTreeMap::from([(name.to_owned(), keys.iter().map(|k| (*k).to_owned()).collect())])
    }

    #[test]
    fn every_default_key_reads_and_no_two_clash() {
        for r in rows() {
            for k in r.keys {
                assert!(sequence(k).is_some(), "{k} of {}", r.name);
            }
        }
        assert!(Keymap::with_overrides(&BTreeMap::new()).is_ok());
    }

    #[test]
    fn review_digits_pick_and_g_digits_switch() {
        let map = Keymap::default();
        let (one, g) = (KeyPress::parse("1").unwrap(), KeyPress::parse("g").unwrap());
        let review = [ActionScope::Review, ActionScope::Move, ActionScope::Global];
        assert_eq!(map.resolve(&review, &[one]), Resolved::Action(Action::Pick(1)));
        assert_eq!(map.resolve(&review, &[g]), Resolved::Pending);
        assert_eq!(map.resolve(&review, &[g, one]), Resolved::Action(Action::Tab(1)));
        assert_eq!(map.resolve(&[ActionScope::Queue, ActionScope::Global], &[one]), Resolved::Action(Action::Tab(1)));
    }

    #[test]
    fn overrides_name_what_is_wrong() {
        let unknown = Keymap::with_overrides(&overrides("confrim", &["y"])).unwrap_err();
        assert_eq!(unknown.to_string(), "no command is called `confrim`; did you mean `confirm`?");
        let bad = Keymap::with_overrides(&overrides("confirm", &["hyper-y"])).unwrap_err();
        assert!(bad.to_string().starts_with("`hyper-y` is no key (for `confirm`)"));
        let clash = Keymap::with_overrides(&overrides("confirm", &["e"])).unwrap_err();
        assert_eq!(clash.to_string(), "`e` would mean both `confirm` and `edit-response`");
    }

    #[test]
    fn keys_of_greek_and_cyrillic_layouts_do_what_the_latin_ones_do() {
        let map = Keymap::default();
        let review = [ActionScope::Review, ActionScope::Move, ActionScope::Global];
        let key = |c: &str| KeyPress::parse(c).unwrap();
        let does = |keys: &str| map.resolve(&review, &keys.split_whitespace().map(key).collect::<Vec<_>>());
        let pairs = [
            ("ε", "e"),
            ("ς", "w"),
            ("θ", "u"),
            ("ξ", "j"),
            ("ν", "n"),
            (";", "q"),
            ("Φ", "F"),
            ("Σ", "S"),
            ("γ 2", "g 2"),
            ("μ", "m"),
            ("у", "e"),
            ("ц", "w"),
            ("т", "n"),
            ("А", "F"),
            ("х", "["),
            ("ъ", "]"),
            ("й", "q"),
            ("і", "s"),
            ("п 2", "g 2"),
        ];
        for (theirs, latin) in pairs {
            assert_ne!(does(latin), Resolved::Nothing, "{latin}");
            assert_eq!(does(theirs), does(latin), "{theirs}");
        }
        assert_eq!(does("γ"), Resolved::Pending);
        assert_eq!(does("ctrl-ε"), Resolved::Nothing);
        let own = Keymap::with_overrides(&overrides("flag", &["ε"])).unwrap();
        assert_eq!(own.resolve(&review, &[key("ε")]), Resolved::Action(Action::Flag), "a real binding comes first");
    }

    #[test]
    fn shifted_letters_have_one_form() {
        let shifted = KeyPress::of(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::SHIFT));
        assert_eq!(Some(shifted), KeyPress::parse("G"));
        assert_eq!(
            KeyPress::parse("shift-tab"),
            Some(KeyPress::of(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)))
        );
    }
}
