//! What in a correction is one customer's, by what anybody sees in it and by what its conversation and the AI's other answers tell.

use crate::domain::{ConversationId, Role};
use crate::store::codes::AI;
use crate::store::{DoingWhat, Result, Store};
use crate::text::personal::{
    CustomerNames, PersonalText, addressed, amounts_said, given_names, named, personal, says_name, spoken_to,
};
use rusqlite::params;

/// Conversations in which the AI begins with a word, or says it at all, from which on it is no name of a customer.
const OPENS: i64 = 3;
const SAYS: i64 = 3;
/// Conversations that are looked at: the newest.
const LOOKED_AT: i64 = 1_000;

impl Store {
    /// What a text says of one customer: what anybody would see, the names that its conversation knows the customer by, whom it addresses
    /// with a word that the AI uses nowhere else, and whom it names, if the AI does not say that name to others; with a name that is a word
    /// as well only where the customer did, too.
    pub(in crate::store) fn personal_in(&self, n: ConversationId, text: &str) -> Result<Vec<PersonalText>> {
        let c = self.conversation(n)?;
        let mut records: Vec<&str> = c.customer_id.as_deref().into_iter().collect();
        c.meta.iter().for_each(|(key, value)| names_of(key, value, &mut records));
        let said = c.turns.iter().filter(|t| t.role == Role::User).map(|t| t.text.as_str());
        let mut found = personal(text, &CustomerNames::of(records.into_iter(), said));
        let told = || c.turns.iter().filter(|t| matches!(t.role, Role::User | Role::Tool)).map(|t| t.text.as_str());
        let mut more = amounts_said(text, told());
        if let Some(name) = addressed(text)
            && !self.is_word_of_the_ai(name)?
        {
            more.push(PersonalText::name(name));
        }
        let of_customer = given_names(text).into_iter().filter(|name| told().any(|said| says_name(said, name)));
        for name in spoken_to(text).into_iter().chain(named(text)).chain(of_customer) {
            if !more.iter().any(|m| m.words == name) && !self.is_said_to_others(n, name)? {
                more.push(PersonalText::name(name));
            }
        }
        more.retain(|m| !found.iter().any(|f| f.words == m.words));
        found.append(&mut more);
        Ok(found)
    }

    /// Whether the AI says a word elsewhere as no name is said: in small letters, or first of all to several.
    fn is_word_of_the_ai(&self, word: &str) -> Result<bool> {
        let sql = format!(
            "SELECT max(instr(' ' || t.text, ?1) > 0) OR count(DISTINCT iif(instr(t.text, ?2) = 1, v.id, NULL)) >= {OPENS}
             FROM (SELECT id FROM conversation ORDER BY id DESC LIMIT {LOOKED_AT}) v
             CROSS JOIN turn t ON t.id >= v.id << 20 AND t.id < (v.id + 1) << 20 AND t.role = {AI}"
        );
        let said: Option<bool> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row(params![format!(" {}", word.to_lowercase()), format!("{word},")], |r| r.get(0))
            })
            .doing("looking up what the AI says")?;
        Ok(said.unwrap_or(false))
    }

    /// Whether the AI says a word in several other conversations: somebody of the firm, or what is called so.
    fn is_said_to_others(&self, n: ConversationId, word: &str) -> Result<bool> {
        let sql = format!(
            "SELECT count(DISTINCT v.id) >= {SAYS} FROM (SELECT id FROM conversation WHERE id <> ?2 ORDER BY id DESC LIMIT {LOOKED_AT}) v
             CROSS JOIN turn t ON t.id >= v.id << 20 AND t.id < (v.id + 1) << 20 AND t.role = {AI} AND instr(' ' || t.text, ?1) > 0"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row(params![format!(" {word}"), n.0], |r| r.get(0)))
            .doing("looking up what the AI says")
    }
}

/// Words of keys of what is no contact's, though it has a name.
const OF_OTHERS: &[&str] = &[
    "product",
    "bot",
    "agent",
    "assistant",
    "channel",
    "campaign",
    "file",
    "page",
    "app",
    "plan",
    "tariff",
    "hotel",
    "shop",
    "store",
    "company",
    "brand",
    "event",
    "service",
    "country",
    "city",
    "model",
];

/// Texts of a contact record in what else the log said: under keys that speak of a name, a contact or an address.
fn names_of<'a>(key: &str, value: &'a serde_json::Value, out: &mut Vec<&'a str>) {
    let key = key.to_ascii_lowercase();
    let parts = || key.split(|c: char| !c.is_alphanumeric());
    let telling = ["name", "contact", "customer", "mail", "passenger", "guest"].iter().any(|word| key.contains(word))
        && !parts().any(|part| OF_OTHERS.contains(&part));
    match value {
        serde_json::Value::String(text) if telling => out.push(text),
        serde_json::Value::Object(fields) => {
            // What stands in a contact is of the contact, whatever its key.
            fields.iter().for_each(|(k, v)| names_of(if telling { &key } else { k }, v, out));
        }
        _ => {}
    }
}
