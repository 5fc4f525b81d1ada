//! The state of the Review screen.

use crate::action::Action;
use crate::domain::{
    Cause, ConversationId, DecisionId, Filter, Flag, IntentId, QueryTerm, Review, Role, Timestamp, Turn, TurnKey,
};
use crate::store::{BesideConversation, CycleSummary, DisputedTurn, ReviewItem, ReviewScope, Suggestion, TurnRanking};
use crate::text::Needles;
use crate::tui::state::effect::{Effect, ask, say};
use crate::tui::state::request::review::{ReviewOpening, ReviewProgress, ReviewRequest, Shown};
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crossterm::event::KeyEvent;
use std::collections::{BTreeSet, VecDeque};

/// What Review shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ReviewStage {
    /// Nothing was opened yet.
    #[default]
    Idle,
    /// A conversation.
    Item(Box<ReviewItem>),
    /// Nothing in the scope is open any more.
    Finished,
    /// It could not be read, for this reason.
    Failed(String),
}

/// State of the Review screen.
#[derive(Debug, Default)]
pub struct ReviewScreen {
    /// Which conversations are walked through.
    pub scope: Option<ReviewScope>,
    /// What is shown.
    pub stage: ReviewStage,
    /// Up to which decision whoever sits here knows the log of what is shown.
    pub seen: Option<DecisionId>,
    /// What others were told is open here.
    pub claimed: Option<ConversationId>,
    /// The turn that is judged: the failing one unless another was chosen.
    pub turn: Option<TurnKey>,
    /// First line of the transcript in view; `None`: around the judged turn.
    pub scroll: Option<usize>,
    /// What the store was asked for.
    pub wait: ReviewWait,
    /// Done and all of the scope.
    pub progress: Option<ReviewProgress>,
    /// Stay on a conversation after it is done.
    pub stay: bool,
    /// What is offered for the judged turn where that is not the conversation's own.
    pub elsewhere: Option<(ConversationId, TurnKey, TurnRanking)>,
    /// What lies beside the conversation on the screen.
    pub beside: Option<(ConversationId, BesideConversation)>,
    /// Those that got the same answer and are not to be decided with the others.
    pub left_out: BTreeSet<ConversationId>,
    /// What the cycle found that is through.
    pub summary: Option<CycleSummary>,
    /// Tool calls are shown whole.
    pub unfolded: bool,
    /// When the conversation came up: digits pressed before were meant for another.
    pub appeared: Option<Timestamp>,
    /// The conversation for which an intent was just made.
    pub new_intent_on: Option<ConversationId>,
    /// Conversations seen before this one.
    pub visited: Vec<ConversationId>,
    /// The turn to judge of the conversation that comes next, where it is not its own choice.
    pub wanted_turn: Option<(ConversationId, TurnKey)>,
    /// Where the conversation was opened from, if not from the queue: leaving goes back there.
    pub back: Option<ScreenTab>,
    /// The program has just come back here by itself: whoever starts it may mean a digit for a tab.
    pub resumed: bool,
}

/// What the store was asked for, and what happened meanwhile.
#[derive(Debug, Default)]
pub struct ReviewWait {
    /// It is saving or reading: keys wait.
    pub busy: bool,
    /// Keys pressed meanwhile, for what comes up next.
    pub typed: VecDeque<KeyEvent>,
    /// Counts requests; older answers are dropped.
    pub generation: u64,
}

impl ReviewScreen {
    /// What was searched for to come here: it is marked.
    pub fn needles(&self) -> Needles {
        match &self.scope {
            Some(ReviewScope::Query(query, _)) => Needles::of(query),
            _ => Needles::default(),
        }
    }

    /// The review of another store.
    pub fn after(before: &Self) -> Self {
        let wait = ReviewWait { generation: before.wait.generation + 1, ..ReviewWait::default() };
        Self { wait, ..Self::default() }
    }

    /// The conversation on the screen.
    pub fn item(&self) -> Option<&ReviewItem> {
        match &self.stage {
            ReviewStage::Item(item) => Some(item),
            _ => None,
        }
    }

    /// Whether the intent is judged and only the cause is missing: then the cause letters act. A disputed label is no
    /// judgement before the dispute is settled.
    pub fn waits_for_cause(&self) -> bool {
        self.item().is_some_and(|i| {
            let said = i.judged && i.labels.iter().any(|(turn, ..)| Some(*turn) == self.turn);
            // Without any intents a cause is all there is to say.
            let waits = said || (!i.needs_intent && !i.blind());
            waits && i.needs_cause && i.cause.is_none()
        }) && self.disputed().is_none()
    }

    /// Whether all is said of the turn that was to be judged, so that Enter goes on.
    pub fn is_decided(&self) -> bool {
        self.item().is_some_and(|i| {
            let said = i.judged || (!i.needs_intent && !i.blind());
            self.turn == i.turn && said && (i.cause.is_some() || !i.needs_cause)
        })
    }

    /// Whether what is gone through is reviewed already, so that it never gets less.
    pub fn goes_through_reviewed(&self) -> bool {
        let done =
            |t: &QueryTerm| matches!(&t.filter, Filter::Status(list) if !t.negated && list.contains(&Review::Done));
        matches!(&self.scope, Some(ReviewScope::Query(query, _)) if query.terms.iter().any(done))
    }

    /// Whether what is gone through waits for an answer: judging it does not take it out of there.
    pub fn goes_through_asked(&self) -> bool {
        let asked =
            |t: &QueryTerm| matches!(&t.filter, Filter::Status(list) if !t.negated && list.contains(&Review::Flagged));
        let scope = self.scope.as_ref();
        let query = scope.and_then(|s| if let ReviewScope::Query(query, _) = s { Some(query) } else { None });
        query.is_some_and(|query| query.asks_for_reviewed() && query.terms.iter().any(asked))
    }

    /// Whether what the customer wanted is still to be said without any guess.
    pub fn judges_blind(&self) -> bool {
        self.item().is_some_and(|item| item.blind() && !item.judged)
    }

    /// The label on the judged turn, if the model disputes it.
    pub fn disputed(&self) -> Option<&DisputedTurn> {
        self.item()?.disputes.iter().find(|d| Some(d.turn) == self.turn)
    }

    /// Open conversations that got the same answer as this one, where what the AI understood can be taken for right on all.
    pub fn alike(&self) -> Option<&[ConversationId]> {
        // What lies beside is about the answer after the turn that failed.
        let item = self.item().filter(|item| item.turn == self.turn)?;
        let (n, beside) = self.beside.as_ref()?;
        let understood = item.judged || item.confirmable.is_some() || !item.needs_intent;
        (*n == item.n && understood && item.needs_cause && !beside.open.is_empty()).then_some(beside.open.as_slice())
    }

    /// The causes that can be true of what is on the screen, once it is known what the customer wanted. Where the AI had understood
    /// it, or the log says nothing of what it understood, the intent was not the reason.
    pub fn possible_causes(&self) -> Vec<Cause> {
        let Some(item) = self.item() else { return Vec::new() };
        let possible = |cause: &Cause| match cause {
            Cause::WrongIntent | Cause::MissedIntent | Cause::NewIntent | Cause::OutOfScope
                if self.waits_for_cause() =>
            {
                *cause == Cause::NewIntent && self.new_intent_on == Some(item.n)
            }
            // Without any intent nothing was taken for another; before the right one is said nobody knows that it was.
            Cause::WrongIntent | Cause::MissedIntent => item.needs_intent && item.judged,
            Cause::NewIntent | Cause::OutOfScope => !item.needs_intent || item.judged,
            Cause::RightHandover => item.was_handed_over() && !self.judges_blind(),
            _ => true,
        };
        Cause::ALL.iter().copied().filter(possible).collect()
    }

    /// Whether disputed labels are what is walked through.
    pub fn seeks_disputes(&self) -> bool {
        matches!(&self.scope, Some(ReviewScope::Query(query, _)) if query.asks_for(Flag::Disputed))
    }

    /// The bot turn whose answer is corrected: the first after the judged turn, else the last before it.
    pub fn answer_turn(&self) -> Option<TurnKey> {
        let item = self.item()?;
        let from = self.turn.and_then(|t| item.conversation.place_of(t)).map_or(0, |t| t + 1);
        let (before, after) = item.conversation.turns.split_at(from);
        let is_answer = |t: &&Turn| t.role == Role::Bot;
        // What was said before may be what is to be corrected where nothing comes after.
        after.iter().find(is_answer).or_else(|| before.iter().rev().find(is_answer)).map(|t| t.key)
    }

    /// Keeps a draft with the conversation that is shown, as the store does.
    pub fn keep_draft(&mut self, id: ConversationId, turn: TurnKey, text: Option<String>) {
        if let ReviewStage::Item(item) = &mut self.stage
            && item.n == id
        {
            item.drafts.retain(|(t, _)| *t != turn);
            item.drafts.extend(text.map(|text| (turn, text)));
        }
    }

    /// The number of a new request; keys wait until its answer is here.
    pub fn next_request(&mut self) -> u64 {
        self.wait.generation += 1;
        self.wait.busy = true;
        self.wait.generation
    }

    /// Takes what the store shows next; an older answer is dropped.
    pub fn take(&mut self, shown: Result<Shown, String>, generation: u64, now: Timestamp) {
        if generation != self.wait.generation {
            return;
        }
        self.wait.busy = false;
        match shown {
            Ok(item) => self.show(item, now),
            Err(why) => {
                self.wait.typed.clear();
                self.stage = ReviewStage::Failed(why);
            }
        }
    }

    fn show(&mut self, item: Option<Box<ReviewItem>>, now: Timestamp) {
        let before = self.item().map(|i| i.n);
        match item {
            Some(item) => {
                if before != Some(item.n) {
                    // Coming back is no visit of its own.
                    match self.visited.last() == Some(&item.n) {
                        true => drop(self.visited.pop()),
                        false => self.visited.extend(before),
                    }
                    let disputed = item.disputes.first().filter(|_| self.seeks_disputes());
                    self.turn = disputed.map_or(item.turn, |d| Some(d.turn));
                    self.scroll = None;
                    self.new_intent_on = None;
                    self.left_out.clear();
                    self.appeared = Some(now);
                }
                if let Some((_, turn)) = self.wanted_turn.take().filter(|(n, _)| *n == item.n) {
                    self.turn = Some(turn);
                    self.scroll = None;
                }
                self.seen = Some(item.seen());
                self.stage = ReviewStage::Item(item);
            }
            None => {
                self.visited.extend(before);
                self.wait.typed.clear();
                self.stage = ReviewStage::Finished;
            }
        }
    }

    /// Opens one conversation of a scope, or on its own.
    pub fn open(&mut self, id: ConversationId, scope: Option<ReviewScope>) -> Vec<Effect> {
        self.back = None;
        if self.scope != scope {
            (self.scope, self.progress) = (scope, None);
        }
        let generation = self.next_request();
        vec![ask(ReviewRequest::Open(ReviewOpening::Item(id), generation))]
    }

    /// Opens one conversation at a turn; leaving goes back to a screen.
    pub fn open_turn(&mut self, (id, turn): (ConversationId, TurnKey), back: ScreenTab) -> Vec<Effect> {
        let effects = self.open(id, None);
        (self.wanted_turn, self.back) = (Some((id, turn)), Some(back));
        effects
    }

    /// Goes through the open conversations of a scope; leaving goes back to a screen.
    pub fn open_scope(&mut self, scope: ReviewScope, back: ScreenTab) -> Vec<Effect> {
        (self.scope, self.progress, self.back) = (Some(scope.clone()), None, Some(back));
        // Who goes elsewhere knows where that is.
        self.resumed = false;
        let generation = self.next_request();
        vec![ask(ReviewRequest::Open(ReviewOpening::Next(scope, None), generation))]
    }

    /// Goes on where the review stopped: the conversation on the screen, else the next open one.
    pub fn resume(&mut self, shared: &SharedState) -> Vec<Effect> {
        let usual = usual_scope(shared);
        self.back = None;
        let in_cycle = matches!(usual, ReviewScope::Cycle(_));
        if self.item().is_some() && (self.scope.as_ref() == Some(&usual) || !in_cycle) {
            return Vec::new();
        }
        let left_out = leaves_test_groups(&usual, shared);
        (self.scope, self.progress) = (Some(usual.clone()), None);
        let generation = self.next_request();
        let mut effects = vec![ask(ReviewRequest::Open(ReviewOpening::Next(usual, None), generation))];
        if left_out {
            effects.extend(say("test groups are left out; test:shown in the queue's filter shows them"));
        }
        effects
    }

    /// Opens the next open conversation, without a decision.
    pub fn next_item(&mut self) -> Vec<Effect> {
        let Some(scope) = self.scope.clone() else { return Vec::new() };
        let after = self.item().map(|i| i.n);
        let generation = self.next_request();
        vec![ask(ReviewRequest::Open(ReviewOpening::Next(scope, after), generation))]
    }

    /// Opens the conversation that was seen before.
    pub fn previous(&mut self) -> Vec<Effect> {
        let Some(&id) = self.visited.last() else { return Vec::new() };
        let (scope, back) = (self.scope.clone(), self.back);
        let effects = self.open(id, scope);
        self.back = back;
        effects
    }

    /// Judges the turn of the customer before or after the one that is judged.
    pub fn other_turn(&mut self, forward: bool) -> Vec<Effect> {
        let Some(item) = self.item() else { return Vec::new() };
        let turns = item.conversation.turns.iter().enumerate();
        let mut users = turns.filter(|(_, t)| t.role == Role::User);
        let here = self.turn.and_then(|t| item.conversation.place_of(t));
        let there = match (here, forward) {
            (None, _) => users.next_back(),
            (Some(t), true) => users.find(|(u, _)| *u > t),
            (Some(t), false) => users.rfind(|(u, _)| *u < t),
        };
        let Some((_, turn)) = there else {
            return say(if forward {
                "the customer says nothing after it"
            } else {
                "the customer says nothing before it"
            });
        };
        (self.turn, self.scroll) = (Some(turn.key), None);
        self.ask_ranking().into_iter().collect()
    }

    /// Asks what is offered for the judged turn, where the conversation itself does not say.
    pub fn ask_ranking(&self) -> Option<Effect> {
        let item = self.item().filter(|item| item.turn != self.turn && !item.blind())?;
        let turn = self.turn.filter(|turn| self.elsewhere().is_none_or(|(t, _)| t != *turn))?;
        Some(ask(ReviewRequest::Rank(item.n, turn)))
    }

    /// Takes what is offered for a turn.
    pub fn take_ranking(&mut self, id: ConversationId, turn: TurnKey, ranking: TurnRanking, now: Timestamp) {
        if self.item().is_some_and(|item| item.n == id) && self.turn == Some(turn) {
            // Digits pressed before they stood there were meant for nothing.
            self.appeared = Some(now);
            self.elsewhere = Some((id, turn, ranking));
        }
    }

    fn elsewhere(&self) -> Option<(TurnKey, &TurnRanking)> {
        let (id, turn, ranking) = self.elsewhere.as_ref()?;
        (self.item()?.n == *id).then_some((*turn, ranking))
    }

    /// What the digits offer on the judged turn.
    pub fn suggestions(&self) -> &[Suggestion] {
        let Some(item) = self.item() else { return &[] };
        match self.elsewhere() {
            _ if item.turn == self.turn => &item.suggestions,
            Some((turn, ranking)) if self.turn == Some(turn) => &ranking.suggestions,
            _ => &[],
        }
    }

    /// What Enter confirms on the judged turn.
    pub fn confirmable(&self) -> Option<&(IntentId, String)> {
        let item = self.item().filter(|item| !item.blind())?;
        match self.elsewhere() {
            _ if item.turn == self.turn => item.confirmable.as_ref(),
            Some((turn, ranking)) if self.turn == Some(turn) => ranking.confirmable.as_ref(),
            _ => None,
        }
    }

    /// Scrolls to the next sign that something went wrong, or to the one before.
    pub fn to_sign(&mut self, shared: &SharedState, forward: bool) -> Vec<Effect> {
        let here = self.scroll.unwrap_or(shared.seen.first);
        // A sign stands at the top, or as near to it as the end of the talk allows.
        let lowest = shared.seen.lines.1.saturating_sub(shared.seen.lines.0);
        let mut signs = shared.seen.signs.iter().map(|&line| line.min(lowest));
        let there = if forward { signs.find(|&s| s > here) } else { signs.rfind(|&s| s < here) };
        match there {
            Some(line) => {
                self.scroll = Some(line);
                Vec::new()
            }
            None => say(if forward { "no sign further down" } else { "no sign further up" }),
        }
    }

    /// Scrolls the transcript, from where it stands now.
    pub fn scroll_by(&mut self, shared: &SharedState, by: isize) {
        let (fits, all) = shared.seen.lines;
        let first = self.scroll.unwrap_or(shared.seen.first);
        self.scroll = Some(first.saturating_add_signed(by).min(all.saturating_sub(fits)));
    }

    /// Scrolls the transcript as a key asks for.
    pub fn scroll(&mut self, shared: &SharedState, action: Action) {
        let page = shared.seen.lines.0.saturating_sub(2).max(1) as isize;
        match action {
            Action::Up => self.scroll_by(shared, -1),
            Action::Down => self.scroll_by(shared, 1),
            Action::PageUp => self.scroll_by(shared, -page),
            Action::PageDown => self.scroll_by(shared, page),
            Action::Top => self.scroll = Some(0),
            _ => self.scroll_by(shared, isize::MAX),
        }
    }
}

/// Whether a scope is what the queue shows without its test groups.
fn leaves_test_groups(scope: &ReviewScope, shared: &SharedState) -> bool {
    let listed = &shared.listed.0;
    matches!(scope, ReviewScope::Query(query, _) if query != listed && *query == listed.for_review())
}

/// The scope that a review has when nobody chose one: the open cycle, else what the queue shows.
pub fn usual_scope(shared: &SharedState) -> ReviewScope {
    match shared.overview.ready().and_then(|o| o.cycle.as_ref()) {
        Some(cycle) => ReviewScope::Cycle(cycle.id),
        None => ReviewScope::Query(shared.listed.0.for_review(), shared.listed.1),
    }
}
