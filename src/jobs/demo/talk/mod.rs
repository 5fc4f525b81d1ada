//! One conversation: the customer asks, the live release answers for real, and how it ends follows from that.

mod ending;

use super::brain::Brain;
use super::company::{Company, CustomerMatter, Lang};
use super::dice::Dice;
use super::people::{Customer, CustomerVisit};
use super::words::{MessageWriter, SpokenPlace, fill};
use crate::domain::{Cause, Conversation, Feedback, Offer, Outcome, Role, Timestamp, Turn};
use serde_json::json;

/// What only the simulation knows of a conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct SimulatedTruth {
    /// What each turn asks for; nothing for turns that ask nothing.
    pub matters: Vec<Option<usize>>,
    /// The first upstream error.
    pub cause: Option<Cause>,
    /// The user turn that was misunderstood first.
    pub misheard: Option<u32>,
    /// The bot turn that needs a better answer, and that answer.
    pub correction: Option<(u32, String)>,
    /// Whether the best guess on the first request was right.
    pub understood: bool,
}

/// A conversation and the truth about it.
pub(super) struct ToldConversation {
    pub conversation: Conversation,
    pub truth: SimulatedTruth,
}

/// What became of a request.
enum RequestFate {
    Right,
    Wrong,
    FellBack,
}

/// How the customer takes it when they did not get what they came for: chances of failed, escalated, abandoned.
type Ways = [f64; 3];

pub(super) struct Talk<'a> {
    company: &'a Company,
    brain: &'a Brain,
    customer: &'a Customer,
    visit: &'a CustomerVisit,
    dice: Dice,
    clock: Timestamp,
    turns: Vec<Turn>,
    truth: SimulatedTruth,
    offers: Vec<Offer>,
    angry: bool,
}

impl<'a> Talk<'a> {
    /// The conversation of a visit, from its first word to the rating.
    pub(super) fn hold(
        company: &'a Company,
        brain: &'a Brain,
        customer: &'a Customer,
        visit: &'a CustomerVisit,
    ) -> ToldConversation {
        let mut dice = Dice::part(visit.seed, 1);
        let angry = dice.chance(if visit.unsolved { 0.35 } else { 0.06 });
        let mut talk = Self {
            company,
            brain,
            customer,
            visit,
            dice,
            clock: visit.at,
            turns: Vec::new(),
            truth: SimulatedTruth::default(),
            offers: Vec::new(),
            angry,
        };
        if talk.dice.chance(0.3) {
            talk.bot(talk.phrases().bot_greeting.clone());
        }
        let outcome = talk.request();
        talk.finish(outcome)
    }

    fn phrases(&self) -> &'a super::company::Phrases {
        self.company.phrases(self.lang())
    }

    fn lang(&self) -> Lang {
        self.customer.style.lang
    }

    fn matter(&self) -> &'a CustomerMatter {
        &self.company.matters[self.visit.matter]
    }

    /// Up to two tries to be understood.
    fn request(&mut self) -> Outcome {
        for again in [false, true] {
            let first_or_last = |ways: [Ways; 2]| ways[usize::from(again)];
            match self.ask(self.visit.matter, again) {
                RequestFate::Right => return self.understood(),
                RequestFate::Wrong => {
                    if !again && self.dice.chance(0.5) {
                        continue;
                    }
                    if self.dice.chance(0.6) {
                        self.thumb(-1);
                    }
                    return self.let_down(first_or_last([[0.45, 0.28, 0.27], [0.5, 0.38, 0.12]]));
                }
                RequestFate::FellBack => {
                    if !again && self.dice.chance(0.66) {
                        continue;
                    }
                    return self.let_down(first_or_last([[0.15, 0.45, 0.40], [0.2, 0.65, 0.15]]));
                }
            }
        }
        Outcome::Failed
    }

    /// The customer asks; the assistant predicts. Where it is mistaken or too unsure, its answer is part of this.
    fn ask(&mut self, matter: usize, again: bool) -> RequestFate {
        let (guess, sure) = self.say(matter, if again { SpokenPlace::Again } else { SpokenPlace::First });
        let right = guess == Some(matter);
        if self.truth.misheard.is_none() && !again {
            self.truth.understood = right;
        }
        if right && sure {
            return RequestFate::Right;
        }
        if self.truth.misheard.is_none() {
            self.truth.misheard = Some(self.turns.len() as u32 - 1);
            self.truth.cause = Some(match () {
                () if self.company.matters[matter].name == crate::domain::OUT_OF_SCOPE => Cause::OutOfScope,
                () if !self.brain.knows(matter) => Cause::NewIntent,
                () if sure => Cause::WrongIntent,
                () => Cause::MissedIntent,
            });
        }
        self.angry |= self.dice.chance(0.3);
        match guess.filter(|_| sure) {
            Some(guess) => {
                self.answer_to(guess);
                RequestFate::Wrong
            }
            None => {
                self.mark_fallback();
                self.bot(self.phrases().fallback.clone());
                self.mark_fallback();
                self.name_last("utter_fallback".to_owned());
                RequestFate::FellBack
            }
        }
    }

    /// Adds what the customer says about a matter with the live release's prediction; the guess, and whether it is sure.
    fn say(&mut self, matter: usize, place: SpokenPlace) -> (Option<usize>, bool) {
        let writer = MessageWriter {
            company: self.company,
            style: &self.customer.style,
            test: self.customer.test,
            at: self.visit.at,
            angry: self.angry,
        };
        let text = writer.ask(matter, place, &mut self.dice);
        let prediction = self.brain.predict(&text);
        self.wait(12, 90);
        let mut turn = Turn::new(Role::User, text);
        turn.intent = prediction.ranking.first().map(|r| r.intent.clone());
        turn.confidence = prediction.ranking.first().map(|r| r.confidence);
        turn.ranking = prediction.ranking;
        self.push(turn, Some(matter));
        (prediction.guess, prediction.sure)
    }

    /// The assistant answers a matter, whether it is the right one or not.
    fn answer_to(&mut self, matter: usize) {
        let m = &self.company.matters[matter];
        if m.tool.is_some() {
            self.look_up(m, false);
            self.bot_filled(m.found(self.lang()));
        } else if self.has_content(matter) {
            self.bot(self.words_for(matter));
        } else {
            self.bot(self.phrases().no_content.clone());
        }
        self.name_last(format!("utter_{}", m.name));
    }

    fn has_content(&self, matter: usize) -> bool {
        self.company.matters[matter].known || self.brain.corrected(matter, self.lang())
    }

    /// The words that the live release has for a matter.
    fn words_for(&self, matter: usize) -> String {
        let m = &self.company.matters[matter];
        let words = if self.at_fault(matter) || m.better(self.lang()).is_empty() || self.visit.week < m.fault_from {
            m.answer(self.lang())
        } else {
            m.better(self.lang())
        };
        words.to_owned()
    }

    fn at_fault(&self, matter: usize) -> bool {
        let m = &self.company.matters[matter];
        m.fault.is_some() && self.visit.week >= m.fault_from && !self.brain.corrected(matter, self.lang())
    }

    /// The right intent. What can still go wrong is no matter of intents.
    fn understood(&mut self) -> Outcome {
        let m = self.matter();
        if m.person {
            self.bot_filled(m.answer(self.lang()));
            self.blame(Cause::RightHandover);
            return self.hand_over();
        }
        if m.tool.is_some() {
            let fails = m.tool_fails * if self.visit.outage { 4.0 } else { 1.0 };
            if self.dice.chance(fails) {
                self.look_up(m, true);
                self.bot(self.phrases().checking_failed.clone());
                return self.fail(Cause::Integration, [0.5, 0.35, 0.15]);
            }
        }
        if self.dice.chance(m.policy) {
            self.bot(self.phrases().policy.clone());
            return self.fail(Cause::Policy, [0.5, 0.4, 0.1]);
        }
        if self.dice.chance(0.012) {
            return self.run_around();
        }
        self.answer_to(self.visit.matter);
        if !self.has_content(self.visit.matter) {
            self.correctable();
            return self.fail(Cause::MissingKnowledge, [0.45, 0.35, 0.2]);
        }
        if self.at_fault(self.visit.matter)
            && let Some(cause) = m.fault
        {
            self.correctable();
            if self.dice.chance(0.7) {
                return self.fail(cause, [0.6, 0.25, 0.15]);
            }
        }
        self.answered()
    }

    /// What a reviewer would write in place of the last answer, where one knows by now.
    fn correctable(&mut self) {
        let m = self.matter();
        let better = Some(m.better(self.lang())).filter(|b| !b.is_empty() && self.visit.week >= m.better_from);
        self.truth.correction = better.map(|better| (self.turns.len() as u32 - 1, better.to_owned()));
    }

    /// A good answer, as far as the assistant can tell.
    fn answered(&mut self) -> Outcome {
        if self.matter().name == crate::domain::OUT_OF_SCOPE && self.dice.chance(0.3) {
            return self.fail(Cause::OutOfScope, [0.2, 0.2, 0.6]);
        }
        if self.dice.chance(0.035) {
            return self.fail(Cause::Handoff, [0.0, 1.0, 0.0]);
        }
        if self.dice.chance(0.03) {
            return Outcome::Abandoned;
        }
        if self.dice.chance(0.12) {
            self.thumb(1);
        }
        self.offer();
        if self.dice.chance(0.45)
            && let Some(thanks) = self.company.matter("thanks")
        {
            self.angry = false;
            let (guess, sure) = self.say(thanks, SpokenPlace::Passing);
            if let Some(guess) = guess.filter(|_| sure) {
                self.answer_to(guess);
            }
        }
        Outcome::Resolved
    }

    fn blame(&mut self, cause: Cause) {
        self.truth.cause = self.truth.cause.or(Some(cause));
    }

    fn fail(&mut self, cause: Cause, ways: Ways) -> Outcome {
        self.blame(cause);
        self.angry |= self.dice.chance(0.3);
        if self.dice.chance(0.5) {
            self.thumb(-1);
        }
        self.let_down(ways)
    }

    /// The same useless sentence twice.
    fn run_around(&mut self) -> Outcome {
        self.bot(self.phrases().runaround.clone());
        self.say(self.visit.matter, SpokenPlace::Again);
        self.bot(self.phrases().runaround.clone());
        self.fail(Cause::ContextLoop, [0.6, 0.3, 0.1])
    }

    fn look_up(&mut self, m: &CustomerMatter, fails: bool) {
        let text = if fails {
            (*self.dice.pick(&["Error: upstream timed out after 8 s", "Error: 503 from the booking system"])).to_owned()
        } else {
            let drawn = format!("AN{}", self.dice.between(10_000, 99_999));
            json!({"status": "ok", "ref": self.reference().unwrap_or(&drawn)}).to_string()
        };
        let mut turn = Turn::new(Role::Tool, text);
        turn.name.clone_from(&m.tool);
        self.wait(1, 3);
        self.push(turn, None);
    }

    fn thumb(&mut self, score: i8) {
        if let Some(turn) = self.turns.last_mut().filter(|t| t.role == Role::Bot) {
            turn.feedback = Some(Feedback { score, comment: None });
        }
    }

    fn bot_filled(&mut self, template: &str) {
        let text = fill(template, self.company, self.lang(), self.visit.at, &mut self.dice);
        let text = self.as_said(&text);
        self.bot(text);
    }

    /// The booking that is talked about: named by the customer, else found by a tool.
    fn reference(&self) -> Option<&str> {
        self.turns.iter().filter(|t| matches!(t.role, Role::User | Role::Tool)).find_map(|t| reference_in(&t.text))
    }

    /// An answer about the booking and the place that were talked about, in place of those that were drawn.
    fn as_said(&self, text: &str) -> String {
        let mut text = text.to_owned();
        if let (Some(said), Some(drawn)) = (self.reference(), reference_in(&text).map(str::to_owned)) {
            text = text.replace(&drawn, said);
        }
        let places = &self.company.phrases(self.lang()).places;
        let asked = self.turns.iter().rev().find(|t| t.role == Role::User).map_or("", |t| t.text.as_str());
        let in_text = |text: &str| places.iter().find(|place| text.contains(place.as_str()));
        match (in_text(asked), in_text(&text)) {
            (Some(said), Some(drawn)) => text.replacen(drawn.as_str(), said, 1),
            _ => text,
        }
    }

    fn bot(&mut self, text: String) {
        let mut turn = Turn::new(Role::Bot, text);
        turn.latency_ms = Some(self.dice.between(180, 1_900) as f64);
        self.wait(1, 3);
        self.push(turn, None);
    }

    fn push(&mut self, mut turn: Turn, matter: Option<usize>) {
        turn.at = Some(self.clock);
        self.turns.push(turn);
        self.truth.matters.push(matter);
    }

    fn name_last(&mut self, action: String) {
        if let Some(turn) = self.turns.last_mut() {
            turn.action = Some(action);
        }
    }

    fn mark_fallback(&mut self) {
        if let Some(turn) = self.turns.last_mut() {
            turn.fallback = true;
        }
    }

    fn wait(&mut self, from: i64, to: i64) {
        self.clock = self.clock.plus(1_000 * self.dice.between(from, to));
    }
}

/// The first booking reference of a text.
fn reference_in(text: &str) -> Option<&str> {
    text.match_indices("AN").find_map(|(at, _)| {
        let found = text.get(at..at + 7)?;
        found[2..].bytes().all(|b| b.is_ascii_digit()).then_some(found)
    })
}
