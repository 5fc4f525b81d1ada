//! What lies beside a conversation under review: the same customer before, how the answer that it got fares, and what else got
//! that answer.

use crate::domain::{Cause, ConversationId, IntentId, Outcome, QueryMoment, Review, Role, Timestamp, Turn};
use crate::learn::signals::evidence::CauseEvidence;
use crate::store::answers::known::KnownAnswer;
use crate::store::codes::{AI, TRAINING};
use crate::store::{AnswerLine, AnswerPage, DoingWhat, Result, Store, turn_id};
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::LazyLock;

/// Earlier conversations of the customer that are named.
const EARLIER: usize = 3;
/// Conversations with the same answer that are read to be shown.
const SAMPLES: usize = 200;
/// Open conversations with the same answer that are decided at once at most.
const MOST_ALIKE: usize = 1_000;

/// An earlier conversation of the same customer.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierRow {
    /// Which.
    pub n: ConversationId,
    /// Last activity.
    pub at: Option<Timestamp>,
    /// The conversation's intent by the log.
    pub intent: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// The AI's confidence from which on its word is confirmed for many at once.
const SURE: f64 = 0.8;

/// A conversation that got the same answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AlikeRow {
    /// Which.
    pub n: ConversationId,
    /// What the customer said.
    pub text: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Last activity.
    pub at: Option<Timestamp>,
    /// What the AI had understood, and how sure it was, 0 to 1.
    pub understood: Option<(String, Option<f64>)>,
    /// Why it failed, by whom; `None`: open.
    pub decided: Option<(Cause, String)>,
}

/// What lies beside a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BesideConversation {
    /// The same customer before, the latest first.
    pub earlier: Vec<EarlierRow>,
    /// How the answer fares, as Responses tells it.
    pub line: Option<AnswerLine>,
    /// Answers were counted, now or before.
    pub is_counted: bool,
    /// Open conversations of training groups with that answer that the AI had understood, others than this one.
    pub open: Vec<ConversationId>,
    /// So many more are in test groups: those are judged one by one.
    pub in_test_groups: u64,
    /// So many more came otherwise (after another request, or not), the live model takes for something else than the AI did, or the AI
    /// was less than 0.8 sure of: those too.
    pub read_otherwise: u64,
    /// A few of those that are open, then a few that are decided.
    pub rows: Vec<AlikeRow>,
    /// Those of them that lie outside of what is walked through.
    pub outside: BTreeSet<ConversationId>,
    /// What people accepted as the answer to the like of it.
    pub known: Option<KnownAnswer>,
    /// What most reviews of the same answer gave as the cause.
    pub verdicts: Option<CauseEvidence>,
    /// The answer is one that is said to many intents and helps few (rule 39), as Responses lists them.
    pub is_non_answer: bool,
    /// AI turns of such an answer, by place, where the conversation went to a person after them.
    pub said_nothing: Vec<u32>,
}

impl BesideConversation {
    /// What it says of why the conversation failed, the strongest first. `is_missed`: the AI fell back on an intent that there is, so
    /// that its words are no sign that there is nothing to say.
    pub fn evidence(&self, is_missed: bool) -> Vec<CauseEvidence> {
        let none = (self.is_non_answer && !is_missed).then_some(CauseEvidence::NonAnswer);
        let is_corrected = self.known.as_ref().is_some_and(|k| k.corrects_this);
        let corrected = is_corrected.then_some(CauseEvidence::CorrectedAnswer);
        self.verdicts.clone().into_iter().chain(none).chain(corrected).collect()
    }
}

/// Which conversations of the last weeks got which answer. Read once; anew when turns have come.
#[derive(Default)]
struct AnsweredLately(RefCell<Option<(i64, Rc<ByAnswer>)>>);

/// Conversations by what the AI said after the turn to judge.
type ByAnswer = HashMap<String, Vec<i64>>;

impl Store {
    /// What lies beside a conversation. Costs a pass over the last weeks the first time, look-ups afterwards.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn beside(&self, id: ConversationId, now: Timestamp) -> Result<BesideConversation> {
        let (earlier, known, is_counted) = (self.earlier(id)?, self.known_answer(id)?, self.answer_book()?.is_some());
        let mut out = BesideConversation { earlier, known, is_counted, ..BesideConversation::default() };
        let (answer, before) = (self.answer_of(id)?, self.said_before_a_person(id)?);
        let own = answer.iter().map(|(_, text)| text.as_str());
        let texts: Vec<&str> = own.chain(before.iter().map(|(_, text)| text.as_str())).collect();
        let told = self.figures().answers_told(id, answer.as_ref().map(|(turn, _)| *turn), &texts, now)?;
        let (own, others) = told.none.split_at(usize::from(answer.is_some()));
        (out.line, out.is_non_answer) = (told.line, own == [true]);
        out.said_nothing = before.iter().zip(others).filter(|(_, none)| **none).map(|((place, _), _)| *place).collect();
        let Some((_, answer)) = answer else { return Ok(out) };
        out.verdicts = self.verdicts_on(id, &answer)?;
        let by_answer = self.answered_lately(now)?;
        if let Some(same) = by_answer.get(&answer) {
            self.alike(id, same, &mut out)?;
        }
        Ok(out)
    }

    /// What the AI said before a customer went to a person, by place. What it says as it hands over is not among it.
    fn said_before_a_person(&self, id: ConversationId) -> Result<Vec<(u32, String)>> {
        let c = self.conversation(id)?;
        if c.outcome != Some(Outcome::Escalated) {
            return Ok(Vec::new());
        }
        let before: Vec<&Turn> = c.turns.iter().take_while(|t| !t.is_human_or_handoff()).collect();
        let asked = before.iter().rposition(|t| t.role == Role::User).unwrap_or(0);
        let said = before[..asked].iter().enumerate().filter(|(_, t)| t.role == Role::Bot);
        Ok(said.map(|(place, turn)| (place as u32, turn.text.clone())).collect())
    }

    fn earlier(&self, id: ConversationId) -> Result<Vec<EarlierRow>> {
        let names = self.intent_names()?;
        self.conn
            .prepare_cached(
                "SELECT e.id, e.last_at, e.first_intent, e.outcome FROM conversation c
                 JOIN conversation e ON e.customer = c.customer AND e.id <> c.id
                    AND (e.last_at < c.last_at OR e.last_at = c.last_at AND e.id < c.id)
                 WHERE c.id = ? AND c.customer IS NOT NULL AND c.customer <> ''
                 ORDER BY e.last_at DESC, e.id DESC LIMIT ?",
            )
            .and_then(|mut s| {
                s.query_map(params![id.0, EARLIER as i64], |r| {
                    let at: i64 = r.get(1)?;
                    Ok(EarlierRow {
                        n: ConversationId(r.get(0)?),
                        at: (at != 0).then_some(Timestamp(at)),
                        intent: r.get::<_, Option<i64>>(2)?.map(|i| names.name(names.today(IntentId(i)))),
                        outcome: Outcome::from_code(r.get(3)?).unwrap_or(Outcome::Unknown),
                    })
                })?
                .collect()
            })
            .doing("reading what the customer wanted before")
    }

    /// What the AI said after the turn to judge: the packed id of its turn, and the words.
    fn answer_of(&self, id: ConversationId) -> Result<Option<(i64, String)>> {
        let sql = format!(
            "SELECT b.id, b.text FROM conversation c CROSS JOIN turn b ON b.id = {}
             WHERE c.id = ? AND c.failing_turn IS NOT NULL",
            *ANSWER
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row([id.0], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .doing("reading the answer")
    }

    fn answered_lately(&self, now: Timestamp) -> Result<Rc<ByAnswer>> {
        let known = self.names.of::<AnsweredLately>();
        let newest = self.ids("SELECT coalesce(max(id), 0) FROM turn", &[])?.first().copied().unwrap_or(0);
        if let Some((mark, by_answer)) = &*known.0.borrow()
            && *mark == newest
        {
            return Ok(Rc::clone(by_answer));
        }
        let from = self.when(QueryMoment::Days(AnswerPage::DAYS), now)?;
        let mut by_answer = ByAnswer::new();
        let sql = format!(
            "SELECT c.id, b.text FROM conversation c CROSS JOIN turn b ON b.id = {}
             WHERE c.last_at >= ? AND c.failing_turn IS NOT NULL ORDER BY c.id",
            *ANSWER
        );
        let rows: Vec<(i64, String)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([from.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .doing("reading the answers of the last weeks")?;
        for (id, answer) in rows {
            by_answer.entry(answer).or_default().push(id);
        }
        by_answer.remove("");
        let by_answer = Rc::new(by_answer);
        *known.0.borrow_mut() = Some((newest, Rc::clone(&by_answer)));
        Ok(by_answer)
    }

    fn alike(&self, id: ConversationId, same: &[i64], out: &mut BesideConversation) -> Result<()> {
        let names = self.intent_names()?;
        let needs_intent = names.has_intents();
        let today = |intent: Option<i64>| intent.map(|i| names.today(IntentId(i)));
        let ids = serde_json::json!(same).to_string();
        // Whether what failed is what the customer came with: who asks for a person at once was not failed before.
        let own = "SELECT first_intent IS intent FROM conversation WHERE id = ?";
        let own_first = self.ids(own, &[&id.0])?.first() == Some(&1);
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT c.id, c.outcome, c.review, c.part, c.cause, r.name, c.intent IS NOT NULL AND NOT c.fallback, c.traffic,
                    c.intent, c.suggested, c.confidence, c.first_intent IS c.intent, c.last_at
                 FROM json_each(?) p JOIN conversation c ON c.id = p.value LEFT JOIN reviewer r ON r.id = c.reviewer
                 ORDER BY c.id DESC",
            )
            .doing("reading what got the same answer")?;
        let mut rows = s.query([ids]).doing("reading what got the same answer")?;
        let (mut decided, mut open_rows) = (Vec::new(), Vec::new());
        while let Some(r) = rows.next().doing("reading what got the same answer")? {
            let read = || -> rusqlite::Result<_> {
                Ok((
                    ConversationId(r.get(0)?),
                    Outcome::from_code(r.get(1)?).unwrap_or(Outcome::Unknown),
                    Review::from_code(r.get(2)?).unwrap_or(Review::Open),
                    r.get::<_, i64>(3)?,
                    r.get::<_, Option<i64>>(4)?.and_then(Cause::from_code),
                    r.get::<_, Option<String>>(5)?,
                    r.get::<_, bool>(6)?,
                    r.get::<_, bool>(7)?,
                    (today(r.get(8)?), today(r.get(9)?), r.get::<_, Option<f64>>(10)?, r.get::<_, bool>(11)?),
                    Some(Timestamp(r.get(12)?)).filter(|at| at.0 != 0),
                ))
            };
            let (n, outcome, review, part, cause, by, understood, traffic, (logged, live, sure, is_first), at) =
                read().doing("reading what got the same answer")?;
            if !traffic {
                continue;
            }
            let failed = matches!(outcome, Outcome::Failed | Outcome::Escalated | Outcome::Abandoned);
            let open = n != id && failed && review == Review::Open && (understood || !needs_intent);
            let unsure = needs_intent && sure.is_some_and(|sure| sure < SURE);
            let otherwise =
                unsure || is_first != own_first || logged.zip(live).is_some_and(|(logged, live)| logged != live);
            let row = AlikeRow { n, text: String::new(), outcome, at, understood: None, decided: None };
            match (open, part) {
                (true, TRAINING) if otherwise => out.read_otherwise += 1,
                (true, TRAINING) if out.open.len() < MOST_ALIKE => {
                    out.open.push(n);
                    open_rows.push(AlikeRow { understood: logged.map(|i| (names.name(i), sure)), ..row });
                }
                (true, TRAINING) => {}
                (true, _) => out.in_test_groups += 1,
                // What is found out about a test group is nobody's hint.
                _ if n != id && part == TRAINING && review == Review::Done => {
                    decided.extend(cause.zip(by).map(|said| AlikeRow { decided: Some(said), ..row }));
                }
                _ => {}
            }
        }
        // What may not belong is looked at first.
        let sure = |row: &AlikeRow| row.understood.as_ref().and_then(|u| u.1).unwrap_or(1.0);
        open_rows.sort_by(|a, b| sure(a).total_cmp(&sure(b)));
        open_rows.truncate(SAMPLES);
        for row in open_rows.into_iter().chain(decided.into_iter().take(EARLIER)) {
            out.rows.push(AlikeRow { text: self.said_in(row.n)?, ..row });
        }
        Ok(())
    }

    fn said_in(&self, id: ConversationId) -> Result<String> {
        let turn = self.ids("SELECT failing_turn FROM conversation WHERE id = ?", &[&id.0])?;
        let turn = turn.first().and_then(|&t| u32::try_from(t).ok()).map(crate::domain::TurnKey);
        let Some(turn) = turn else { return Ok(String::new()) };
        self.conn
            .prepare_cached("SELECT text FROM turn WHERE id = ?")
            .and_then(|mut s| s.query_row([turn_id(id, turn)], |r| r.get(0)))
            .doing("reading what a customer said")
    }
}

/// The turn in which the AI spoke first after the turn to judge of `c`.
pub(super) static ANSWER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(SELECT a.id FROM turn a WHERE a.id > (c.id << 20 | c.failing_turn) AND a.id < ((c.id + 1) << 20)
    AND a.role = {AI} ORDER BY a.id LIMIT 1)"
    )
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, DecisionChange};
    use crate::store::tests::{put, store};

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn failed(id: &str, text: &str, answer: &str) -> Conversation {
        let mut asked = Turn::new(Role::User, text);
        asked.at = Some(NOW.plus(-3_600_000));
        asked.intent = Some("lost_property".into());
        let mut c = Conversation::new("web", id, vec![asked, Turn::new(Role::Bot, answer)]);
        c.customer_id = Some(format!("customer {}", id.len()));
        c.outcome = Some(Outcome::Failed);
        c
    }

    #[test]
    fn the_same_answer_and_the_same_customer_stand_beside() {
        let mut store = store();
        for (id, text) in [("1", "my umbrella"), ("2", "my bag"), ("3", "my hat"), ("4", "my coat")] {
            put(&mut store, &failed(id, text, "I have no information about that."));
        }
        let mut other = failed("other", "where is it", "On its way.");
        other.turns[0].intent = Some("delay_info".into());
        put(&mut store, &other);
        let ids: Vec<ConversationId> =
            ["1", "2", "3", "4"].map(|id| store.resolve(&format!("web:{id}")).unwrap()).into();
        let open = |store: &Store| store.beside(ids[3], NOW).unwrap();
        let beside = open(&store);
        assert_eq!(beside.open.len() as u64 + beside.in_test_groups, 3);
        assert_eq!(beside.earlier.iter().map(|e| e.n).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]]);
        let lost = store.intent("lost_property").unwrap();
        let other = store.intent("delay_info").unwrap();
        let second = beside.open[0];
        store.conn.execute("UPDATE conversation SET suggested = ? WHERE id = ?", params![other.0, second.0]).unwrap();
        let doubted = open(&store);
        assert_eq!(doubted.read_otherwise, 1, "what the model takes for another intent is not decided with the rest");
        assert!(!doubted.open.contains(&second) && doubted.open.len() + 1 == beside.open.len());
        store
            .conn
            .execute("UPDATE conversation SET suggested = intent, confidence = 0.6 WHERE id = ?", [second.0])
            .unwrap();
        assert_eq!(open(&store).read_otherwise, 1, "nor what the AI was not sure of");
        for &n in &ids[..3] {
            let turn = crate::domain::TurnKey(0);
            let changes =
                [DecisionChange::intents(n, turn, &[lost]), DecisionChange::cause(n, Some(Cause::MissingKnowledge))];
            store.decide("eleni", NOW, &changes).unwrap();
        }
        let beside = open(&store);
        assert!(beside.open.is_empty());
        let said = |r: &AlikeRow| r.decided == Some((Cause::MissingKnowledge, "eleni".to_owned()));
        assert!(beside.rows.iter().all(said), "{:?}", beside.rows);
    }

    #[test]
    fn an_answer_that_was_corrected_elsewhere_is_known_to_be_wrong() {
        let mut store = store();
        let old = "You will find it at reception.";
        for (id, text, answer) in [
            ("1", "my umbrella", old),
            ("2", "my bag is lost", "You will find it  at reception."),
            ("3", "my hat", "Ask on board."),
        ] {
            put(&mut store, &failed(id, text, answer));
        }
        let id = |id: &str| store.resolve(&format!("web:{id}")).unwrap();
        let (first, second, third) = (id("1"), id("2"), id("3"));
        assert_eq!(store.beside(second, NOW).unwrap().evidence(false), []);
        let better = "The lost-and-found desk is at the port.";
        let write = DecisionChange::response(first, crate::domain::TurnKey(1), Some(better.to_owned()));
        store.decide("maria", NOW, &[write]).unwrap();
        let beside = store.beside(second, NOW).unwrap();
        let known = beside.known.as_ref().unwrap();
        assert_eq!((known.text.as_str(), known.of, known.corrects_this), (better, first, true));
        assert_eq!(beside.evidence(false), [CauseEvidence::CorrectedAnswer]);
        let beside = store.beside(third, NOW).unwrap();
        assert!(beside.known.as_ref().is_some_and(|k| !k.corrects_this), "that one was said in other words");
        assert_eq!(beside.evidence(false), []);
        assert_eq!(store.beside(first, NOW).unwrap().known, None, "its own is no other's");
    }
}
