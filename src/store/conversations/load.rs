//! Reading conversations back.

use crate::domain::{
    Bot, Conversation, ConversationId, Csat, Feedback, Offer, OfferStatus, Outcome, OutcomeSource, Resolution, Role,
    Timestamp, Turn, TurnKey,
};
use crate::store::codes::SOURCE;
use crate::store::{DoingWhat, Result, Store, StoreError, split_turn, turn_id, turn_range};
use rusqlite::{OptionalExtension, Row};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

impl Store {
    /// A conversation as it was logged, its outcome as reviewers corrected it.
    ///
    /// # Errors
    /// No such conversation; the store cannot be read.
    pub fn conversation(&self, id: ConversationId) -> Result<Conversation> {
        let sql = "SELECT s.text, c.external_id, ch.text, l.text, c.customer, c.started_at, c.ended_at, c.outcome,
                c.outcome_source, c.resolution, c.outcome_reason, c.sentiment, c.extra
            FROM conversation c JOIN term s ON s.id = c.source LEFT JOIN term ch ON ch.id = c.channel
            LEFT JOIN term l ON l.id = c.language WHERE c.id = ?";
        let found = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([id.0], conversation_of).optional())
            .doing("reading a conversation")?;
        let mut c = found.ok_or_else(|| StoreError::NotFound {
            what: "conversation",
            name: format!("#{}", id.0),
            hint: "`appraise queue` lists them".to_owned(),
        })?;
        c.turns = self.turns(id)?;
        c.offers = self.offers(id)?;
        for offer in &mut c.offers {
            let place = offer.turn.and_then(|t| c.turns.iter().position(|turn| turn.key.0 == t));
            offer.turn = place.map(|p| p as u32).or(offer.turn);
        }
        self.add_feedback(id, &mut c)?;
        Ok(c)
    }

    /// Where a turn stands: the number that people see. Its key where there is no such turn any more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn place(&self, c: ConversationId, turn: TurnKey) -> Result<u32> {
        let place: Option<u32> = self
            .conn
            .prepare_cached("SELECT place FROM turn WHERE id = ?")
            .and_then(|mut s| s.query_row([turn_id(c, turn)], |r| r.get(0)).optional())
            .doing("looking up a turn")?;
        Ok(place.unwrap_or(turn.0))
    }

    /// The turn that stands at a place.
    ///
    /// # Errors
    /// There is none, and what there is; the store cannot be read.
    pub fn turn_at(&self, c: ConversationId, place: u32) -> Result<TurnKey> {
        let (first, end) = turn_range(c);
        let found: Option<i64> = self
            .conn
            .prepare_cached("SELECT id FROM turn WHERE id >= ? AND id < ? AND place = ?")
            .and_then(|mut s| s.query_row([first, end, place.into()], |r| r.get(0)).optional())
            .doing("looking up a turn")?;
        found.map(|id| split_turn(id).1).ok_or_else(|| StoreError::NotFound {
            what: "turn",
            name: place.to_string(),
            hint: format!("turns of #{} are counted from 0; `appraise show #{}` lists them", c.0, c.0),
        })
    }

    fn turns(&self, id: ConversationId) -> Result<Vec<Turn>> {
        let sql = "SELECT t.role, t.at, i.name, t.confidence, t.fallback, t.payload, t.text, t.extra, t.id
            FROM turn t LEFT JOIN intent i ON i.id = t.intent WHERE t.id >= ? AND t.id < ? ORDER BY t.place";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map(<[i64; 2]>::from(turn_range(id)), turn_of).and_then(Iterator::collect))
            .doing("reading the turns")
    }

    fn offers(&self, id: ConversationId) -> Result<Vec<Offer>> {
        let sql = "SELECT external_id, name, turn, status, shown_at, value, currency, extra FROM offer
            WHERE conversation = ? ORDER BY place";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([id.0], offer_of).and_then(Iterator::collect))
            .doing("reading the offers")
    }

    fn add_feedback(&self, id: ConversationId, c: &mut Conversation) -> Result<()> {
        let mut s = self
            .conn
            .prepare_cached("SELECT turn, score, max, comment, at FROM feedback WHERE conversation = ?")
            .doing("reading the feedback")?;
        let mut rows = s.query([id.0]).doing("reading the feedback")?;
        while let Some(r) = rows.next().doing("reading the feedback")? {
            let given = |r: &Row<'_>| -> rusqlite::Result<(i64, Csat)> {
                let at: Option<i64> = r.get(4)?;
                Ok((r.get(0)?, Csat { score: r.get(1)?, max: r.get(2)?, comment: r.get(3)?, at: at.map(Timestamp) }))
            };
            let (turn, given) = given(r).doing("reading the feedback")?;
            let of = |t: &&mut Turn| i64::from(t.key.0) == turn;
            match c.turns.iter_mut().find(of) {
                Some(t) => t.feedback = Some(Feedback { score: given.score as i8, comment: given.comment }),
                None => c.csat = Some(given),
            }
        }
        Ok(())
    }

    /// Finds a conversation by `source:id`, `#n`, `n`, or an id that only one source has.
    ///
    /// # Errors
    /// No such conversation, or several sources have that id.
    pub fn resolve(&self, name: &str) -> Result<ConversationId> {
        let by_row = name.strip_prefix('#').and_then(|n| n.parse::<i64>().ok());
        let sql_row = "SELECT id FROM conversation WHERE id = ?";
        let sql_key = format!(
            "SELECT id FROM conversation WHERE source IN (SELECT id FROM term WHERE kind = {SOURCE}) AND external_id = ?"
        );
        let found: Vec<i64> = match by_row {
            Some(n) => self.ids(sql_row, &[&n])?,
            None => match name.split_once(':').map(|(source, id)| self.by_key(source, id)).transpose()?.flatten() {
                Some(id) => vec![id],
                None => self.ids(&sql_key, &[&name])?,
            },
        };
        let found = match (found.is_empty(), name.parse::<i64>()) {
            (true, Ok(n)) => self.ids(sql_row, &[&n])?,
            _ => found,
        };
        match found[..] {
            [one] => Ok(ConversationId(one)),
            [] => Err(StoreError::NotFound {
                what: "conversation",
                name: name.to_owned(),
                hint: "name it source:id or #n, as `appraise queue` does".to_owned(),
            }),
            _ => Err(StoreError::refused(format!("several sources have a conversation {name:?}; write source:{name}"))),
        }
    }

    fn by_key(&self, source: &str, id: &str) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(&format!(
                "SELECT c.id FROM conversation c JOIN term t ON t.id = c.source WHERE t.kind = {SOURCE} AND t.text = ? AND c.external_id = ?",
            ))
            .and_then(|mut s| s.query_row([source, id], |r| r.get(0)).optional())
            .doing("looking for a conversation")
    }

    pub(in crate::store) fn ids(&self, sql: &str, p: &[&dyn rusqlite::ToSql]) -> Result<Vec<i64>> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map(p, |r| r.get(0)).and_then(Iterator::collect))
            .doing("looking for conversations")
    }
}

fn conversation_of(r: &Row<'_>) -> rusqlite::Result<Conversation> {
    let mut c = Conversation::new(r.get::<_, String>(0)?, r.get::<_, String>(1)?, Vec::new());
    c.channel = r.get(2)?;
    c.lang = r.get(3)?;
    c.customer_id = r.get(4)?;
    c.started_at = r.get::<_, Option<i64>>(5)?.map(Timestamp);
    c.ended_at = r.get::<_, Option<i64>>(6)?.map(Timestamp);
    c.outcome = Outcome::from_code(r.get(7)?);
    c.outcome_source = OutcomeSource::from_code(r.get(8)?);
    c.resolution = r.get::<_, Option<i64>>(9)?.and_then(Resolution::from_code);
    c.outcome_reason = r.get(10)?;
    c.sentiment = r.get(11)?;
    let mut extra = object(r.get(12)?);
    c.bot = take::<Bot>(&mut extra, "bot");
    c.tags = take(&mut extra, "tags").unwrap_or_default();
    c.sampling = take(&mut extra, "sampling");
    c.meta = take(&mut extra, "meta").unwrap_or_default();
    Ok(c)
}

fn turn_of(r: &Row<'_>) -> rusqlite::Result<Turn> {
    let mut t = Turn::new(Role::from_code(r.get(0)?).unwrap_or(Role::System), r.get::<_, String>(6)?);
    t.key = split_turn(r.get(8)?).1;
    t.at = r.get::<_, Option<i64>>(1)?.map(Timestamp);
    t.intent = r.get(2)?;
    t.confidence = r.get(3)?;
    t.fallback = r.get(4)?;
    t.payload = r.get(5)?;
    let mut extra = object(r.get(7)?);
    t.id = take(&mut extra, "id");
    t.action = take(&mut extra, "action");
    t.model = take(&mut extra, "model");
    t.name = take(&mut extra, "name");
    t.event = take(&mut extra, "event");
    t.ranking = take(&mut extra, "ranking").unwrap_or_default();
    t.entities = take(&mut extra, "entities").unwrap_or_default();
    t.latency_ms = take(&mut extra, "latency_ms");
    t.sentiment = take(&mut extra, "sentiment");
    t.gold = take(&mut extra, "gold").unwrap_or_default();
    t.corrected = take(&mut extra, "corrected");
    t.meta = take(&mut extra, "meta").unwrap_or_default();
    Ok(t)
}

fn offer_of(r: &Row<'_>) -> rusqlite::Result<Offer> {
    Ok(Offer {
        id: r.get(0)?,
        name: r.get(1)?,
        turn: r.get(2)?,
        status: OfferStatus::from_code(r.get(3)?).unwrap_or(OfferStatus::Shown),
        shown_at: r.get::<_, Option<i64>>(4)?.map(Timestamp),
        value: r.get(5)?,
        currency: r.get(6)?,
        meta: object(r.get(7)?),
    })
}

fn object(text: Option<String>) -> Map<String, Value> {
    text.and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default()
}

fn take<T: DeserializeOwned>(extra: &mut Map<String, Value>, key: &str) -> Option<T> {
    extra.remove(key).and_then(|v| serde_json::from_value(v).ok())
}
