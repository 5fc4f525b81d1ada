//! What the AI answered, and what it should have answered: the rows that the response table is built from (rules 18, 19).

use crate::domain::review::decision::{ACCEPTED, NOT_TRAFFIC, split_ids};
use crate::domain::{DecisionId, IntentId, Kind, OUT_OF_SCOPE_ID, Outcome, Role};
use crate::learn::responses::{ResponseRules, drop_thanked};
use crate::store::codes::TRAINING;
use crate::store::conversations::again::is_stale;
use crate::store::{DoingWhat, ReadMoment, Result, Store};
use crate::text::is_thanks_or_bye;
use crate::text::language::{answered_in, asked_in};
use rusqlite::{OptionalExtension, Row, params};

/// Answers are counted over this many of the newest conversations outside test groups.
const ANSWERS_FROM: i64 = 50_000;

/// One answer of the AI to an intent.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredRow {
    /// The intent it answered, that of the customer's last turn before it: the label, else the log's.
    pub intent: IntentId,
    /// What the AI said.
    pub response: String,
    /// What it should have said: an accepted correction.
    pub corrected: Option<String>,
    /// Packed id of the AI's turn.
    pub turn: i64,
    /// The decision that accepted the correction (by [`ResponseRules::ByIntent`]: that corrected it); 0 for none.
    pub decision: DecisionId,
    /// What the customer had said, where it was corrected.
    pub asked: Option<String>,
    /// Packed id of the customer's turn.
    pub asked_turn: i64,
    /// What the answer is written in, as [`answered_in`] says.
    pub language: String,
    /// What the correction is written in.
    pub corrected_language: String,
    /// What the customer wrote in, as [`asked_in`] says; before [`ResponseRules::ByMost`] where it was corrected alone.
    pub asked_language: String,
    /// The conversation ended resolved.
    pub resolved: bool,
}

/// One turn of customer or AI, as it is read.
struct SpokenTurn {
    conversation: i64,
    place: i64,
    id: i64,
    role: i64,
    payload: bool,
    fallback: bool,
    /// The AI's words; empty for a customer's turn.
    text: String,
    /// A customer's thanks, to which the log alone gives an intent.
    is_thanks: bool,
    /// What a customer wrote in; empty by former rules.
    written_in: String,
    /// A customer's intents: the label, else the log's.
    intents: Option<String>,
    corrected: Option<(String, i64)>,
    language: Option<String>,
    resolved: bool,
    /// Something is offered in it.
    offers: bool,
}

impl Store {
    /// What the AI answered to each intent, in the newest conversations outside test groups, oldest first; corrected answers
    /// last, by their decisions. As of a moment, and by the rules of one recipe.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answers(&self, moment: &ReadMoment, rules: ResponseRules) -> Result<Vec<AnsweredRow>> {
        match rules {
            ResponseRules::ByIntent => self.answers_by_intent(moment),
            _ => self.answers_by_language(moment, rules),
        }
    }

    /// [`ResponseRules::ByLanguage`]: each answer belongs to the customer's last turn before it, whoever spoke between; of the
    /// corrections those that were accepted count. From [`ResponseRules::ByMost`] on those to retired intents are none, nor is what was said
    /// to thanks that nobody labelled.
    fn answers_by_language(&self, moment: &ReadMoment, rules: ResponseRules) -> Result<Vec<AnsweredRow>> {
        // The sign before the role keeps SQLite from preferring an index of its own on roles to the row numbers. The latest
        // word on a target up to a decision is one seek in the log's index on targets.
        let stale = |of: &str| {
            is_stale(
                &format!("{of}.subject"),
                &format!("{of}.kind"),
                &format!("{of}.turn"),
                &format!("{of}.after"),
                &format!("{of}.id"),
                "?3",
            )
        };
        let (stale_label, stale_answer) = (stale("l"), stale("p"));
        let sql = format!("WITH recent AS MATERIALIZED (
                SELECT c.id, c.language, coalesce((SELECT d.after = ?12 FROM decision d WHERE d.subject = c.id AND d.kind = ?13
                    AND d.turn = -1 AND d.id <= ?3 ORDER BY d.id DESC LIMIT 1), c.logged_outcome = ?7) AS resolved
                FROM conversation c WHERE c.part = {TRAINING} AND c.id <= ?1
                  AND coalesce((SELECT d.after FROM decision d WHERE d.subject = c.id AND d.kind = ?2 AND d.turn = -1 AND d.id <= ?3
                    ORDER BY d.id DESC LIMIT 1), '') <> '{NOT_TRAFFIC}'
                ORDER BY c.last_at DESC, c.id DESC LIMIT ?4)
            SELECT recent.id, t.place, t.id, t.role, t.payload, t.fallback,
                t.text,
                coalesce(l.after, CAST(t.intent AS TEXT)), iif(s.after = ?6, p.after, NULL), s.id, term.text, recent.resolved,
                EXISTS(SELECT 1 FROM offer o WHERE o.conversation = recent.id AND o.turn = t.id & 1048575),
                l.after IS NULL AND t.intent IS NOT NULL
            FROM recent LEFT JOIN term ON term.id = recent.language
            CROSS JOIN turn t NOT INDEXED ON t.id >= recent.id << 20 AND t.id < (recent.id + 1) << 20 AND t.role IN (?5, ?8)
            LEFT JOIN decision l ON t.role = ?8 AND l.id = (SELECT max(d.id) FROM decision d
                WHERE d.subject = recent.id AND d.kind = ?9 AND d.turn = t.id & 1048575 AND d.id <= ?3)
                AND NOT {stale_label}
            LEFT JOIN decision p ON t.role = ?5 AND p.id = (SELECT max(d.id) FROM decision d
                WHERE d.subject = recent.id AND d.kind = ?10 AND d.turn = t.id & 1048575 AND d.id <= ?3)
                AND NOT {stale_answer}
            LEFT JOIN decision s ON t.role = ?5 AND p.after IS NOT NULL AND s.id = (SELECT max(d.id) FROM decision d
                WHERE d.subject = recent.id AND d.kind = ?11 AND d.turn = t.id & 1048575 AND d.id <= ?3)");
        let read = |r: &Row<'_>| {
            let (text, decision): (Option<String>, Option<i64>) = (r.get(8)?, r.get(9)?);
            let (role, words): (i64, String) = (r.get(3)?, r.get(6)?);
            let is_customer = role == Role::User.code();
            let (language, is_logged): (Option<String>, bool) = (r.get(10)?, r.get(13)?);
            let is_read = rules >= ResponseRules::ByMost && is_customer;
            Ok(SpokenTurn {
                conversation: r.get(0)?,
                place: r.get(1)?,
                id: r.get(2)?,
                role,
                payload: r.get(4)?,
                fallback: r.get(5)?,
                is_thanks: is_read && is_logged && is_thanks_or_bye(&words),
                written_in: if is_read { asked_in(&words, language.as_deref()) } else { String::new() },
                text: if is_customer { String::new() } else { words },
                intents: r.get(7)?,
                corrected: text.zip(decision),
                language,
                resolved: r.get(11)?,
                offers: r.get(12)?,
            })
        };
        let params = params![
            moment.conversations.0,
            Kind::Traffic.code(),
            moment.known.0,
            ANSWERS_FROM,
            Role::Bot.code(),
            ACCEPTED,
            Outcome::Resolved.code(),
            Role::User.code(),
            Kind::Intent.code(),
            Kind::Response.code(),
            Kind::ResponseState.code(),
            Outcome::Resolved.name(),
            Kind::Outcome.code(),
        ];
        let mut said: Vec<SpokenTurn> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map(params, read).and_then(Iterator::collect))
            .doing("reading the AI's answers")?;
        said.sort_by_key(|t| (t.conversation, t.place));
        let names = self.intent_names_at(moment.known)?;
        let is_told =
            |intent: IntentId| rules < ResponseRules::ByMost || names.is_active(intent) || intent == OUT_OF_SCOPE_ID;
        let mut out = Vec::new();
        for talk in said.chunk_by(|a, b| a.conversation == b.conversation) {
            let mut asked: Option<(&SpokenTurn, IntentId)> = None;
            let mut answered = false;
            for turn in talk {
                if turn.role == Role::User.code() {
                    let intent = turn.intents.as_deref().and_then(|ids| split_ids(ids).first().copied());
                    answered = false;
                    asked =
                        Some(turn).filter(|t| !t.payload).zip(intent.map(|i| names.today(i)).filter(|i| is_told(*i)));
                } else if let Some((question, intent)) = asked
                    // What is offered after the answer is no answer.
                    && (!(turn.fallback || turn.offers && answered) || turn.corrected.is_some())
                {
                    answered = true;
                    let row = self.answered_row(turn, question, intent)?;
                    out.push((question.is_thanks && row.corrected.is_none(), row));
                }
            }
        }
        drop_thanked(&mut out, |(is_thanked, row)| (row.intent, *is_thanked));
        let mut out: Vec<AnsweredRow> = out.into_iter().map(|(_, row)| row).collect();
        out.sort_by_key(|row| (row.decision, row.turn));
        Ok(out)
    }

    fn answered_row(&self, turn: &SpokenTurn, question: &SpokenTurn, intent: IntentId) -> Result<AnsweredRow> {
        let logged = turn.language.as_deref();
        let asked = turn.corrected.as_ref().map(|_| self.words_of(question.id)).transpose()?.flatten();
        let corrected = turn.corrected.as_ref().map(|(text, _)| text.as_str());
        Ok(AnsweredRow {
            intent,
            response: turn.text.clone(),
            corrected: corrected.map(str::to_owned),
            turn: turn.id,
            decision: DecisionId(turn.corrected.as_ref().map_or(0, |(_, decision)| *decision)),
            asked_turn: question.id,
            language: answered_in(&turn.text, logged),
            corrected_language: corrected.map(|text| answered_in(text, logged)).unwrap_or_default(),
            asked_language: match asked.as_deref() {
                Some(text) => asked_in(text, logged),
                None => question.written_in.clone(),
            },
            asked,
            resolved: turn.resolved,
        })
    }

    /// What was said in a turn, by its packed id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn words_of(&self, turn: i64) -> Result<Option<String>> {
        self.conn
            .prepare_cached("SELECT text FROM turn WHERE id = ?")
            .and_then(|mut s| s.query_row([turn], |r| r.get(0)).optional())
            .doing("reading a turn")
    }

    /// [`ResponseRules::ByIntent`]: answers in the turn after the customer's, and every correction.
    fn answers_by_intent(&self, moment: &ReadMoment) -> Result<Vec<AnsweredRow>> {
        let names = self.intent_names_at(moment.known)?;
        // The sign before the first role keeps SQLite from preferring an index of its own on roles to the row numbers. The
        // latest word on a target up to a decision is one seek in the log's index on targets.
        let sql = format!("WITH recent AS MATERIALIZED (
                SELECT c.id FROM conversation c WHERE c.part = {TRAINING} AND c.id <= ?6
                  AND coalesce((SELECT d.after FROM decision d WHERE d.subject = c.id AND d.kind = ?7 AND d.turn = -1 AND d.id <= ?8
                    ORDER BY d.id DESC LIMIT 1), '') <> '{NOT_TRAFFIC}'
                ORDER BY c.last_at DESC, c.id DESC LIMIT ?1)
            SELECT b.text, coalesce(l.after, CAST(u.intent AS TEXT)), p.after, b.id,
                iif(p.after IS NULL, 0, p.id), iif(p.after IS NULL, NULL, u.text), u.id
            FROM recent CROSS JOIN turn b NOT INDEXED ON b.id >= recent.id << 20 AND b.id < (recent.id + 1) << 20 AND b.role = ?2
            JOIN turn u NOT INDEXED ON u.id >= recent.id << 20 AND u.id < (recent.id + 1) << 20 AND u.place = b.place - 1 AND u.role = ?3 AND u.payload = 0
            LEFT JOIN decision l ON l.id = (SELECT max(d.id) FROM decision d
                WHERE d.subject = recent.id AND d.kind = ?4 AND d.turn = u.id & 1048575 AND d.id <= ?8)
            LEFT JOIN decision p ON p.id = (SELECT max(d.id) FROM decision d
                WHERE d.subject = recent.id AND d.kind = ?5 AND d.turn = b.id & 1048575 AND d.id <= ?8)
            WHERE (l.after IS NOT NULL OR u.intent IS NOT NULL) AND (b.fallback = 0 OR p.after IS NOT NULL)
            ORDER BY iif(p.after IS NULL, NULL, p.id), b.id");
        let rows = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let roles = (Role::Bot.code(), Role::User.code());
                let kinds = (Kind::Intent.code(), Kind::Response.code(), Kind::Traffic.code());
                let upto = (moment.conversations.0, moment.known.0);
                s.query_map(params![ANSWERS_FROM, roles.0, roles.1, kinds.0, kinds.1, upto.0, kinds.2, upto.1], |r| {
                    let intents = split_ids(&r.get::<_, String>(1)?);
                    let row = intents.first().map(|&intent| -> rusqlite::Result<AnsweredRow> {
                        Ok(AnsweredRow {
                            intent: names.today(intent),
                            response: r.get(0)?,
                            corrected: r.get(2)?,
                            turn: r.get(3)?,
                            decision: DecisionId(r.get(4)?),
                            asked: r.get(5)?,
                            asked_turn: r.get(6)?,
                            language: String::new(),
                            corrected_language: String::new(),
                            asked_language: String::new(),
                            resolved: false,
                        })
                    });
                    row.transpose()
                })
                .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            })
            .doing("reading the AI's answers")?;
        Ok(rows.into_iter().flatten().collect())
    }
}
