//! Names of decisions that hold in every store (rule 34), so that decisions can be exchanged: where a decision was made, its
//! number there and a digest of its content, and what it is about by the names that logs and people give.

use crate::domain::review::decision::split_ids;
use crate::domain::{ConversationId, Kind, Role};
use crate::store::conversations::word_digests::words_digest;
use crate::store::intents::state::{MERGED_INTO, state_of};
use crate::store::{split_turn, turn_range};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::HashMap;

/// What the turns of the conversation that was decided on last are called elsewhere.
#[derive(Default)]
pub(in crate::store) struct RecentTurns(pub RefCell<Option<TravelTurns>>);

/// Gives a decision the names that travel. Within the transaction that writes it: words and names may be others later.
/// `turns` keeps those of the conversation that was noted last, so that a log that labels every turn of a long one costs no more a label.
pub(in crate::store) fn note(conn: &Connection, decision: i64, turns: &mut Option<TravelTurns>) -> Result<()> {
    let sql = "SELECT d.kind, d.subject, d.turn, d.after, d.reason, d.at, r.name, d.undoes
        FROM decision d JOIN reviewer r ON r.id = d.reviewer WHERE d.id = ?";
    let (kind, about, after, rest) = conn.prepare_cached(sql)?.query_row([decision], |r| {
        let rest =
            (r.get::<_, Option<String>>(4)?, r.get::<_, i64>(5)?, r.get::<_, String>(6)?, r.get::<_, Option<i64>>(7)?);
        Ok((r.get::<_, i64>(0)?, (r.get(1)?, r.get(2)?), r.get::<_, Option<String>>(3)?, rest))
    })?;
    let kind = Kind::from_code(kind);
    let target = target(conn, kind, about, turns)?.to_string();
    let after = after.map(|value| portable(conn, kind, value)).transpose()?;
    let content = json!([kind.map(Kind::name), target, after, rest.0, rest.1, rest.2, rest.3]).to_string();
    let digest = Sha256::digest(content.as_bytes());
    conn.prepare_cached(
        "INSERT INTO travel(decision, store, sequence, digest, target)
         SELECT ?1, value, ?1, ?2, ?3 FROM setting WHERE key = 'store_id'",
    )?
    .execute(params![decision, &digest[..16], target])?;
    Ok(())
}

/// What every former decision and gold turn lacks that schema 12 brought.
pub(in crate::store) fn catch_up(conn: &Connection) -> Result<()> {
    let mut turns = None;
    let ids = |sql: &str| -> Result<Vec<i64>> { conn.prepare(sql)?.query_map([], |r| r.get(0))?.collect() };
    ids("SELECT id FROM decision ORDER BY id")?.into_iter().try_for_each(|id| note(conn, id, &mut turns))?;
    for turn in ids("SELECT DISTINCT turn FROM gold_item")? {
        let sql = "SELECT text FROM turn WHERE id = ?";
        let text: Option<String> = conn.prepare_cached(sql)?.query_row([turn], |r| r.get(0)).optional()?;
        if let Some(text) = text {
            conn.prepare_cached("UPDATE gold_item SET words = ? WHERE turn = ?")?
                .execute(params![words_digest(&text), turn])?;
        }
    }
    Ok(())
}

fn target(
    conn: &Connection,
    kind: Option<Kind>,
    (subject, turn): (i64, i64),
    turns: &mut Option<TravelTurns>,
) -> Result<Value> {
    let text = |sql: &str| conn.prepare_cached(sql)?.query_row([subject], |r| r.get::<_, Option<String>>(0)).optional();
    Ok(match kind {
        Some(Kind::IntentName | Kind::IntentState | Kind::IntentMeaning) => {
            json!({"intent": text("SELECT name FROM intent WHERE id = ?")?})
        }
        Some(Kind::Example) => {
            let said = text("SELECT text FROM example WHERE id = ?")?.flatten().unwrap_or_default();
            json!({"example": hex(&Sha256::digest(said)[..16])})
        }
        Some(Kind::Action | Kind::ActionDone) => json!({"action": text("SELECT query FROM action WHERE id = ?")?}),
        Some(Kind::ModeName | Kind::ModeState) => json!({"mode": text("SELECT name FROM mode WHERE id = ?")?}),
        Some(Kind::ReleaseState) => json!({"release": text("SELECT sha256 FROM release WHERE id = ?")?}),
        Some(Kind::Preference) => {
            let sql = "SELECT turn FROM pair WHERE id = ?";
            let turn: Option<i64> = conn.prepare_cached(sql)?.query_row([subject], |r| r.get(0)).optional()?;
            let mut about = turn.map_or(Ok(json!({})), |t| of_turn(conn, t, turns))?;
            for (key, column) in [("before", "before_release"), ("after", "after_release")] {
                let sql =
                    format!("SELECT r.sha256 FROM pair p LEFT JOIN release r ON r.id = p.{column} WHERE p.id = ?");
                about[key] = json!(text(&sql)?.flatten());
            }
            about
        }
        Some(kind) if kind.is_about_conversation() => match turn {
            0.. => of_turn(
                conn,
                crate::store::turn_id(ConversationId(subject), crate::domain::TurnKey(turn as u32)),
                turns,
            )?,
            _ => of_conversation(conn, ConversationId(subject))?,
        },
        _ => json!({"subject": subject}),
    })
}

fn of_conversation(conn: &Connection, id: ConversationId) -> Result<Value> {
    let sql = "SELECT t.text, c.external_id FROM conversation c JOIN term t ON t.id = c.source WHERE c.id = ?";
    let found: Option<(String, String)> =
        conn.prepare_cached(sql)?.query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
    Ok(found.map_or_else(|| json!({"subject": id.0}), |(source, id)| json!({"source": source, "id": id})))
}

/// What the turns of a conversation are called.
#[derive(Debug)]
pub(in crate::store) struct TravelTurns {
    conversation: ConversationId,
    named: HashMap<i64, Value>,
}

impl TravelTurns {
    /// A turn by its message id, else by speaker, words and how many equal ones stand before it.
    fn of(conn: &Connection, conversation: ConversationId) -> Result<Self> {
        let about = of_conversation(conn, conversation)?;
        let (first, end) = turn_range(conversation);
        let sql =
            "SELECT id, role, text, json_extract(extra, '$.id') FROM turn WHERE id >= ? AND id < ? ORDER BY place";
        let mut s = conn.prepare_cached(sql)?;
        let (mut named, mut equal) = (HashMap::new(), HashMap::<(i64, [u8; 16]), u64>::new());
        let rows = s.query_map([first, end], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?, r.get::<_, String>(2)?, r.get::<_, Option<String>>(3)?))
        })?;
        for row in rows {
            let (id, role, text, message) = row?;
            let digest = words_digest(&text);
            let nth = equal.entry((role, digest)).or_default();
            let mut name = about.clone();
            match message {
                Some(message) => name["message"] = json!(message),
                None => {
                    name["role"] = json!(Role::from_code(role).map(Role::name));
                    name["words"] = json!(hex(&digest));
                    name["nth"] = json!(*nth);
                }
            }
            *nth += 1;
            named.insert(id, name);
        }
        Ok(Self { conversation, named })
    }
}

fn of_turn(conn: &Connection, turn: i64, turns: &mut Option<TravelTurns>) -> Result<Value> {
    let conversation = split_turn(turn).0;
    if turns.as_ref().is_none_or(|t| t.conversation != conversation) {
        *turns = Some(TravelTurns::of(conn, conversation)?);
    }
    match turns.as_ref().and_then(|t| t.named.get(&turn)) {
        Some(name) => Ok(name.clone()),
        None => of_conversation(conn, conversation),
    }
}

/// A value without row numbers.
fn portable(conn: &Connection, kind: Option<Kind>, value: String) -> Result<String> {
    let name = |sql: &str, id: i64| -> Result<String> {
        let found: Option<String> = conn.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?;
        Ok(found.unwrap_or_else(|| format!("#{id}")))
    };
    let intent = |id: i64| name("SELECT name FROM intent WHERE id = ?", id);
    let mode = |id: i64| name("SELECT name FROM mode WHERE id = ?", id);
    Ok(match kind {
        Some(Kind::Intent | Kind::Example) => {
            let names = split_ids(&value).into_iter().map(|i| intent(i.0)).collect::<Result<Vec<_>>>()?;
            json!(names).to_string()
        }
        Some(Kind::IntentState) => match state_of(Some(&value)).1 {
            Some(into) => format!("{MERGED_INTO}{}", intent(into)?),
            None => value,
        },
        Some(Kind::Mode) => mode(value.parse().unwrap_or_default())?,
        Some(Kind::ModeState) => match state_of(Some(&value)).1 {
            Some(into) => format!("merged:{}", mode(into)?),
            None => value,
        },
        Some(Kind::Live) => match value.parse() {
            Ok(release) => name("SELECT sha256 FROM release WHERE id = ?", release)?,
            Err(_) => value,
        },
        _ => value,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
