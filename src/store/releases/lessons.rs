//! What learns by itself reads these: finished conversations in an order of their own, what people said of customers' mood, and how
//! many signals there are.

use crate::base::rng::mix;
use crate::disk::has_ended;
use crate::domain::measure::learned::enough::enough_for;
use crate::domain::review::decision::ACCEPTED as ACCEPTED_ANSWER;
use crate::domain::{ConversationId, DecisionId, Kind, Role, Timestamp};
use crate::store::codes::{ACCEPTED, DECLINED, IGNORED, MOOD, PENDING, SHOWN, TRAINING};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Milliseconds for which a learner that somebody has begun is left to them, as long as their program runs.
const CLAIM_MS: u64 = 120_000;

/// A finished conversation to learn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LessonRow {
    /// Its row.
    pub conversation: ConversationId,
    /// Its customer, else itself, by a number of its own.
    pub group: i64,
    /// It is in a test group.
    pub is_test: bool,
    /// Its last activity.
    pub at: Timestamp,
    /// How many of its kind it stands for: 1 / probability where it was drawn from a log (rule 52), else 1.
    pub weight: f64,
}

/// Which conversations are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonsOf {
    /// Any.
    All,
    /// Those that the customer or a reviewer said something of: a rating, a thumb, a mood.
    Rated,
    /// Those in which something was offered.
    Offers,
}

/// A draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnLessons {
    /// By time, source and id (rule 49), never in the order of imports.
    pub rows: Vec<LessonRow>,
    /// How many there are that these were drawn from.
    pub of: u64,
}

impl DrawnLessons {
    /// Whether there are more than were drawn.
    pub fn is_part(&self) -> bool {
        self.of > self.rows.len() as u64
    }
}

/// What learns by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LearnerKind {
    /// How customers feel.
    Sentiment,
    /// Whether they take an offer.
    Offers,
    /// Which answer is given.
    Responses,
}

impl LearnerKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sentiment, Self::Offers, Self::Responses];
    /// Those that begin by themselves when enough signals have come.
    pub const UNASKED: [Self; 2] = [Self::Sentiment, Self::Offers];

    /// New signals after which it looks again.
    pub const AGAIN_AFTER: u64 = 200;
    /// Ratings of test groups below which nothing is judged that is learnt of sentiment.
    pub const JUDGED_RATINGS: u64 = 50;

    /// Signals from which on it looks for the first time: of sentiment as many as there must be for enough of them to judge by, which
    /// this share of customers does.
    pub fn first_look(self, test_share: f64) -> u64 {
        match self {
            Self::Sentiment if test_share > 0.0 && test_share < 1.0 => {
                enough_for(Self::JUDGED_RATINGS, test_share, 1.0).max(Self::AGAIN_AFTER)
            }
            Self::Sentiment | Self::Offers | Self::Responses => Self::AGAIN_AFTER,
        }
    }

    /// Which one made a release of a recipe; `None`: none did.
    pub fn of_recipe(recipe: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.recipe() == recipe)
    }

    /// Its name, which is also stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sentiment => "sentiment",
            Self::Offers => "offers",
            Self::Responses => "responses",
        }
    }

    /// How a release of it is called.
    pub const fn recipe(self) -> &'static str {
        match self {
            Self::Sentiment => "learns sentiment",
            Self::Offers => "learns offers",
            Self::Responses => "learns responses",
        }
    }
}

/// Up to where a learner read (rule 49).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LearnedCut {
    /// The newest import.
    pub import: i64,
    /// The newest decision.
    pub decision: DecisionId,
    /// The newest conversation.
    pub conversation: ConversationId,
}

/// What may be learnt from: finished, with the AI, real traffic.
pub(in crate::store) static LESSON_SQL: LazyLock<String> =
    LazyLock::new(|| format!("c.traffic = 1 AND c.has_ai = 1 AND c.outcome <> {PENDING}"));

/// What was offered in such a conversation, one row an offer's name: accepted where it ever was, else declined, else ignored, else shown
/// without an end (rule 53); and how many times it was offered there.
pub(in crate::store) static OFFERED_SQL: LazyLock<String> = LazyLock::new(|| {
    let lesson = &*LESSON_SQL;
    format!(
        "SELECT o.conversation, o.name,
        CASE WHEN max(o.status = {ACCEPTED}) THEN {ACCEPTED} WHEN max(o.status = {DECLINED}) THEN {DECLINED}
            WHEN max(o.status = {IGNORED}) THEN {IGNORED} ELSE {SHOWN} END AS status, count(*) AS times
    FROM offer o JOIN conversation c ON c.id = o.conversation
    WHERE {lesson} GROUP BY o.conversation, o.name"
    )
});

/// A thumb `f` that says how a customer felt: one of an answer to which the customer then says something. Logs that repeat it on every row
/// have many more.
static HEARD_THUMB: LazyLock<String> = LazyLock::new(|| {
    let [user, bot, agent] = [Role::User, Role::Bot, Role::Agent].map(Role::code);
    format!(
        "EXISTS(SELECT 1 FROM turn a WHERE a.id = f.conversation << 20 | f.turn AND a.role = {bot} AND {user} =
            (SELECT u.role FROM turn u WHERE u.id >= f.conversation << 20 AND u.id < (f.conversation + 1) << 20 AND u.place > a.place
                AND (u.role IN ({bot}, {agent}) OR (u.role = {user} AND u.payload = 0 AND u.text <> '')) ORDER BY u.place LIMIT 1))"
    )
});

/// Least probability that is believed: a store's content is not trusted.
const LEAST: f64 = 1e-6;

/// Where a conversation stands among others (rule 49).
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct LessonPlace {
    at: i64,
    source: String,
    id: String,
}

impl LessonPlace {
    /// A number that decides whether it is drawn: the smallest are.
    fn drawn(&self, seed: u64) -> u64 {
        let bytes = self.source.bytes().chain([0]).chain(self.id.bytes());
        mix(bytes.fold(mix(seed), |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
    }
}

/// Keeps those with the smallest numbers.
struct LessonDraw {
    most: usize,
    seen: u64,
    kept: Vec<(u64, LessonPlace, LessonRow)>,
    /// None with a greater number is kept any more.
    below: u64,
}

impl LessonDraw {
    fn new(most: usize) -> Self {
        Self { most, seen: 0, kept: Vec::new(), below: u64::MAX }
    }

    fn offer(&mut self, number: u64, place: LessonPlace, row: LessonRow) {
        self.seen += 1;
        if number <= self.below {
            self.kept.push((number, place, row));
        }
        if self.kept.len() >= 2 * self.most + 1_024 {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.kept.len() > self.most {
            self.kept.select_nth_unstable_by(self.most, |a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            self.kept.truncate(self.most);
            self.below = self.kept.iter().map(|k| k.0).max().unwrap_or(u64::MAX);
        }
    }

    fn end(mut self) -> DrawnLessons {
        self.cut();
        self.kept.sort_unstable_by(|a, b| a.1.cmp(&b.1));
        DrawnLessons { rows: self.kept.into_iter().map(|k| k.2).collect(), of: self.seen }
    }
}

/// The setting under which stands since when somebody learns, and the number of their process.
fn learning_key(learner: LearnerKind) -> String {
    format!("learning:{}", learner.name())
}

impl Store {
    /// Conversations that are read at most: the newest.
    pub const LESSONS: usize = 50_000;

    /// The share of customers that are put into test groups, 0 to 1: what they say is judged by, not learnt from.
    pub fn test_share(&self) -> f64 {
        self.test_share
    }

    /// The cut of now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn learning_cut(&self) -> Result<LearnedCut> {
        let one = |sql: &str| -> Result<i64> { Ok(self.ids(sql, &[])?.first().copied().unwrap_or(0)) };
        Ok(LearnedCut {
            import: one("SELECT coalesce(max(id), 0) FROM import")?,
            decision: self.last_decision()?,
            conversation: ConversationId(one("SELECT coalesce(max(id), 0) FROM conversation")?),
        })
    }

    /// Finished conversations with the AI that are traffic, by time, source and id (rule 49), never in the order of imports;
    /// `with_offers`: only those in which something was offered. At most the newest 50,000 up to the cut.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn lessons(&self, with_offers: bool, cut: &LearnedCut) -> Result<Vec<LessonRow>> {
        let offers = if with_offers { "AND EXISTS(SELECT 1 FROM offer o WHERE o.conversation = c.id)" } else { "" };
        let lesson = &*LESSON_SQL;
        let sql = format!(
            "SELECT id, grp, part, last_at FROM (SELECT c.id, c.grp, c.part, c.last_at, s.text, c.external_id FROM conversation c
                JOIN term s ON s.id = c.source WHERE {lesson} AND c.id <= ?2 {offers}
                ORDER BY c.last_at DESC, s.text DESC, c.external_id DESC LIMIT ?1) ORDER BY last_at, text, external_id"
        );
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let row = |r: &rusqlite::Row<'_>| {
                    Ok(LessonRow {
                        conversation: ConversationId(r.get(0)?),
                        group: r.get(1)?,
                        is_test: r.get::<_, i64>(2)? != TRAINING,
                        at: Timestamp(r.get(3)?),
                        weight: 1.0,
                    })
                };
                s.query_map(params![Self::LESSONS as i64, cut.conversation.0], row).and_then(Iterator::collect)
            })
            .doing("reading what to learn from")
    }

    /// A draw of at most `most` finished conversations with the AI that are traffic, up to the cut. Which ones follows from the seed and
    /// from source and id alone, so that the same are drawn in whatever order logs came in, and what comes later moves few of them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn drawn_lessons(&self, which: LessonsOf, cut: &LearnedCut, most: usize, seed: u64) -> Result<DrawnLessons> {
        let lesson = &*LESSON_SQL;
        let has = match which {
            LessonsOf::All => String::new(),
            LessonsOf::Offers => "AND EXISTS(SELECT 1 FROM offer o WHERE o.conversation = c.id)".to_owned(),
            LessonsOf::Rated => format!(
                "AND (EXISTS(SELECT 1 FROM feedback f WHERE f.conversation = c.id)
                    OR c.id IN (SELECT subject FROM decision WHERE kind = {MOOD} AND turn = -1 AND id <= ?2 AND after IS NOT NULL))"
            ),
        };
        let sql = format!(
            "SELECT c.id, c.grp, c.part, c.last_at, w.probability, s.text, c.external_id FROM conversation c
                JOIN term s ON s.id = c.source LEFT JOIN sampled w ON w.conversation = c.id
                WHERE {lesson} AND c.id <= ?1 AND ?2 >= 0 {has}"
        );
        let read = |s: &mut rusqlite::CachedStatement<'_>| -> rusqlite::Result<DrawnLessons> {
            let mut draw = LessonDraw::new(most);
            let mut rows = s.query(params![cut.conversation.0, cut.decision.0])?;
            while let Some(r) = rows.next()? {
                let place = LessonPlace { at: r.get(3)?, source: r.get(5)?, id: r.get(6)? };
                let row = LessonRow {
                    conversation: ConversationId(r.get(0)?),
                    group: r.get(1)?,
                    is_test: r.get::<_, i64>(2)? != TRAINING,
                    at: Timestamp(place.at),
                    weight: r.get::<_, Option<f64>>(4)?.map_or(1.0, |p| 1.0 / p.clamp(LEAST, 1.0)),
                };
                draw.offer(place.drawn(seed), place, row);
            }
            Ok(draw.end())
        };
        self.conn.prepare_cached(&sql).and_then(|mut s| read(&mut s)).doing("drawing what to learn from")
    }

    /// What reviewers said of customers' mood up to a cut, -1 to 1, by conversation.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn said_sentiments(&self, cut: &LearnedCut) -> Result<HashMap<ConversationId, f64>> {
        let sql = "SELECT d.subject, CAST(d.after AS REAL) FROM decision d WHERE d.id IN (SELECT max(id) FROM decision
            WHERE kind = ?1 AND turn = -1 AND id <= ?2 GROUP BY subject) AND d.after IS NOT NULL";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map(params![Kind::Sentiment.code(), cut.decision.0], |r| {
                    Ok((ConversationId(r.get(0)?), r.get(1)?))
                })
                .and_then(Iterator::collect)
            })
            .doing("reading what reviewers said of customers' mood")
    }

    /// How many signals a learner has: answered offers; ratings, thumbs and what reviewers said; or accepted corrections. Reads the offers or
    /// the ratings.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn learning_signals(&self, learner: LearnerKind) -> Result<u64> {
        let lesson = &*LESSON_SQL;
        let sql = match learner {
            LearnerKind::Offers => format!(
                "SELECT count(*) FROM offer o JOIN conversation c ON c.id = o.conversation WHERE o.status > {SHOWN} AND o.turn IS NOT NULL AND {lesson}"
            ),
            LearnerKind::Sentiment => format!(
                "SELECT (SELECT count(*) FROM feedback f JOIN conversation c ON c.id = f.conversation WHERE {lesson} AND (f.turn = -1 OR {HEARD_THUMB}))
                    + (SELECT count(*) FROM current WHERE kind = {MOOD} AND turn = -1 AND value IS NOT NULL)",
                HEARD_THUMB = *HEARD_THUMB
            ),
            LearnerKind::Responses => format!(
                "SELECT count(*) FROM current WHERE kind = {} AND value = '{ACCEPTED_ANSWER}'",
                Kind::ResponseState.code()
            ),
        };
        Ok(self.ids(&sql, &[])?.first().copied().unwrap_or(0).max(0) as u64)
    }

    /// How many signals there were when a learner last looked, whatever came of it; `None`: it has never looked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_look(&self, learner: LearnerKind) -> Result<Option<u64>> {
        Ok(self.setting(&format!("looked:{}", learner.name()))?.and_then(|n| n.parse().ok()))
    }

    /// So many signals of which a learner has looked are others by now: it has not looked at these.
    pub(in crate::store) fn unlook(&self, learner: LearnerKind, changed: u64) -> Result<()> {
        let sql = "UPDATE setting SET value = CAST(max(0, CAST(value AS INTEGER) - ?) AS TEXT) WHERE key = ?";
        let key = format!("looked:{}", learner.name());
        self.conn.execute(sql, params![changed as i64, key]).map(drop).doing("noting that signals have changed")
    }

    /// Until when somebody else who began to learn holds others up: they are not done. `None`: nobody does, or whoever did was killed.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn learning_held(&self, learner: LearnerKind, now: Timestamp) -> Result<Option<Timestamp>> {
        let Some(noted) = self.setting(&learning_key(learner))? else { return Ok(None) };
        // Programs of before noted the time alone.
        let (at, process) = noted.split_once(' ').unwrap_or((&noted, ""));
        let is_killed = process.parse().is_ok_and(has_ended);
        let held = at.parse::<i64>().ok().filter(|at| !is_killed && (now.0 - at).unsigned_abs() < CLAIM_MS);
        Ok(held.map(|at| Timestamp(at.saturating_add_unsigned(CLAIM_MS))))
    }

    /// Takes the learning of what is new upon this connection, so that two who open a store at once do not learn the same twice. `false`:
    /// somebody else holds it ([`Store::learning_held`]).
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn claim_learning(&mut self, learner: LearnerKind, now: Timestamp) -> Result<bool> {
        let (key, by) = (learning_key(learner), format!("{} {}", now.0, std::process::id()));
        self.immediate("beginning to learn", |store| {
            if store.learning_held(learner, now)?.is_some() {
                return Ok(false);
            }
            store
                .conn
                .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![key, by])
                .map(|_| true)
                .doing("noting who learns")
        })
    }

    /// Gives back what [`Store::claim_learning`] took.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn learning_done(&self, learner: LearnerKind) -> Result<()> {
        self.conn
            .execute("DELETE FROM setting WHERE key = ?", [learning_key(learner)])
            .map(drop)
            .doing("noting that nobody learns")
    }

    /// What was missing when a learner looked last, in a sentence; `None`: nothing, or it has never looked.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn last_missing(&self, learner: LearnerKind) -> Result<Option<String>> {
        Ok(self.setting(&format!("missed:{}", learner.name()))?.filter(|says| !says.is_empty()))
    }

    /// Notes that a learner has looked at so many signals, and what was missing.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn note_look(&self, learner: LearnerKind, signals: u64, missing: Option<&str>) -> Result<()> {
        let name = learner.name();
        self.conn
            .execute(
                "INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?), (?, ?)",
                params![format!("looked:{name}"), signals.to_string(), format!("missed:{name}"), missing.unwrap_or("")],
            )
            .map(drop)
            .doing("noting that a learner has looked")
    }
}
