//! One conversation: the customer asks, the live release answers for real, and how it ends follows from that.

use super::brain::Brain;
use super::company::{Company, Lang, Matter};
use super::dice::Dice;
use super::people::{Customer, Visit};
use super::words::{Writer, fill};
use crate::domain::{
    Bot, Cause, Conversation, Csat, Feedback, Offer, OfferStatus, Outcome, OutcomeSource, Resolution, Role,
    Timestamp, Turn,
};
use serde_json::json;

/// What only the simulation knows of a conversation.
#[derive(Clone, Debug, Default)]
pub(super) struct Truth {
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
pub(super) struct Told {
    pub conversation: Conversation,
    pub truth: Truth,
}

/// What became of a request.
enum Heard {
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
    visit: &'a Visit,
    dice: Dice,
    clock: Timestamp,
    turns: Vec<Turn>,
    truth: Truth,
    offers: Vec<Offer>,
    angry: bool,
}

impl<'a> Talk<'a> {
    /// The conversation of a visit, from its first word to the rating.
    pub(super) fn hold(company: &'a Company, brain: &'a Brain, customer: &'a Customer, visit: &'a Visit) -> Told {
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
            truth: Truth::default(),
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

    fn matter(&self) -> &'a Matter {
        &self.company.matters[self.visit.matter]
    }

    /// Up to two tries to be understood.
    fn request(&mut self) -> Outcome {
        for again in [false, true] {
            let first_or_last = |ways: [Ways; 2]| ways[usize::from(again)];
            match self.ask(self.visit.matter, again) {
                Heard::Right => return self.understood(),
                Heard::Wrong => {
                    if !again && self.dice.chance(0.42) {
                        continue;
                    }
                    if self.dice.chance(0.6) {
                        self.thumb(-1);
                    }
                    return self.let_down(first_or_last([[0.45, 0.28, 0.27], [0.5, 0.38, 0.12]]));
                }
                Heard::FellBack => {
                    if !again && self.dice.chance(0.62) {
                        continue;
                    }
                    return self.let_down(first_or_last([[0.15, 0.45, 0.40], [0.2, 0.65, 0.15]]));
                }
            }
        }
        Outcome::Failed
    }

    /// The customer asks; the assistant predicts. Where it is mistaken or too unsure, its answer is part of this.
    fn ask(&mut self, matter: usize, again: bool) -> Heard {
        let (guess, sure) = self.say(matter, again);
        let right = guess == Some(matter);
        if self.truth.misheard.is_none() && !again {
            self.truth.understood = right;
        }
        if right && sure {
            return Heard::Right;
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
                Heard::Wrong
            }
            None => {
                self.mark_fallback();
                self.bot(self.phrases().fallback.clone());
                self.mark_fallback();
                Heard::FellBack
            }
        }
    }

    /// Adds what the customer says about a matter with the live release's prediction; the guess, and whether it is sure.
    fn say(&mut self, matter: usize, again: bool) -> (Option<usize>, bool) {
        let writer = Writer {
            company: self.company,
            style: &self.customer.style,
            test: self.customer.test,
            at: self.visit.at,
            angry: self.angry,
        };
        let text = writer.ask(matter, again, &mut self.dice);
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
        } else if m.known {
            self.bot(self.words_for(matter));
        } else {
            self.bot(self.phrases().no_content.clone());
        }
        self.name_last(format!("utter_{}", m.name));
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
        m.fault.is_some() && self.visit.week >= m.fault_from && !self.brain.corrected(matter)
    }

    /// The right intent. What can still go wrong is no matter of intents.
    fn understood(&mut self) -> Outcome {
        let m = self.matter();
        if m.person {
            self.bot_filled(m.answer(self.lang()));
            self.blame(Cause::Handoff);
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
        if !m.known {
            return self.fail(Cause::MissingKnowledge, [0.45, 0.35, 0.2]);
        }
        if self.at_fault(self.visit.matter)
            && let Some(cause) = m.fault
        {
            self.truth.correction = Some((self.turns.len() as u32 - 1, m.better(self.lang()).to_owned()));
            if self.dice.chance(0.7) {
                return self.fail(cause, [0.6, 0.25, 0.15]);
            }
        }
        self.answered()
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
            let (guess, sure) = self.say(thanks, false);
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
        self.say(self.visit.matter, true);
        self.bot(self.phrases().runaround.clone());
        self.fail(Cause::ContextLoop, [0.6, 0.3, 0.1])
    }

    /// The customer gives up: complains, asks for a person, or is gone.
    fn let_down(&mut self, ways: Ways) -> Outcome {
        match self.dice.weighted(&ways) {
            0 => {
                if self.angry
                    && self.dice.chance(0.5)
                    && let Some(complaint) = self.company.matter("complaint")
                {
                    let (guess, sure) = self.say(complaint, false);
                    if let Some(guess) = guess.filter(|_| sure) {
                        self.answer_to(guess);
                    }
                }
                Outcome::Failed
            }
            1 => self.ask_for_a_person(),
            _ => Outcome::Abandoned,
        }
    }

    fn ask_for_a_person(&mut self) -> Outcome {
        if let Some(person) = self.company.matters.iter().position(|m| m.person)
            && self.dice.chance(0.7)
        {
            let (guess, sure) = self.say(person, false);
            if guess != Some(person) || !sure {
                // A missed wish for a person: some leave, the others find the button.
                if let Some(guess) = guess.filter(|_| sure) {
                    self.answer_to(guess);
                }
                if self.dice.chance(0.4) {
                    return Outcome::Abandoned;
                }
            }
        }
        self.bot(self.phrases().handoff.clone());
        self.hand_over()
    }

    fn hand_over(&mut self) -> Outcome {
        let mut event = Turn::new(Role::System, "queue=customer_care");
        event.event = Some("handoff".to_owned());
        self.wait(1, 3);
        self.push(event, None);
        self.wait(60, 400);
        let agent = Turn::new(Role::Agent, self.dice.pick(&self.phrases().agent).clone());
        self.push(agent, None);
        Outcome::Escalated
    }

    fn look_up(&mut self, m: &Matter, fails: bool) {
        let text = if fails {
            (*self.dice.pick(&["Error: upstream timed out after 8 s", "Error: 503 from the booking system"])).to_owned()
        } else {
            json!({"status": "ok", "ref": format!("AN{}", self.dice.between(10_000, 99_999))}).to_string()
        };
        let mut turn = Turn::new(Role::Tool, text);
        turn.name.clone_from(&m.tool);
        self.wait(1, 3);
        self.push(turn, None);
    }

    /// Sometimes the assistant offers something, and the customer takes it, declines or passes over it.
    fn offer(&mut self) {
        const SHOWN: f64 = 0.45;
        let matter = &self.matter().name;
        let Some(kind) = self.company.offers.iter().find(|o| o.after.contains(matter)) else { return };
        if !self.dice.chance(SHOWN) {
            return;
        }
        self.bot(kind.text(self.lang()).to_owned());
        self.name_last("utter_offer".to_owned());
        let mood = if self.angry { 0.3 } else { 1.0 };
        let known = if self.visit.returning { 1.3 } else { 0.9 };
        let (shown_at, turn) = (self.clock, self.turns.len() as u32 - 1);
        let status = match () {
            () if self.dice.chance((kind.yes * mood * known).min(0.9)) => OfferStatus::Accepted,
            () if self.dice.chance(0.45) => OfferStatus::Declined,
            () => OfferStatus::Ignored,
        };
        let button = match (status, self.lang()) {
            (OfferStatus::Accepted, Lang::En) => Some("Yes, please"),
            (OfferStatus::Accepted, Lang::El) => Some("Ναι, παρακαλώ"),
            (OfferStatus::Declined, Lang::En) => Some("No, thanks"),
            (OfferStatus::Declined, Lang::El) => Some("Όχι, ευχαριστώ"),
            _ => None,
        };
        if let Some(button) = button {
            let mut turn = Turn::new(Role::User, button);
            turn.payload = true;
            self.wait(4, 20);
            self.push(turn, None);
        }
        let mut meta = serde_json::Map::new();
        meta.insert("propensity".to_owned(), json!(SHOWN));
        self.offers.push(Offer {
            id: Some(format!("{}-offer", self.visit.id)),
            name: kind.name.clone(),
            turn: Some(turn),
            status,
            shown_at: Some(shown_at),
            value: Some(kind.value),
            currency: Some("EUR".to_owned()),
            meta,
        });
    }

    fn finish(mut self, outcome: Outcome) -> Told {
        let confirmed = self.turns.len() == self.truth.matters.len()
            && outcome == Outcome::Resolved
            && self.truth.matters.iter().flatten().any(|&m| self.company.matters[m].name == "thanks");
        let csat = self.rating(outcome, confirmed);
        let (visit, truth) = (self.visit, self.truth);
        let mut c = Conversation::new(&self.company.source, &visit.id, self.turns);
        c.channel = Some(self.customer.channel.clone());
        c.lang = Some(self.customer.style.lang.tag().to_owned());
        c.customer_id = Some(self.customer.id.clone());
        c.started_at = Some(visit.at);
        c.ended_at = Some(self.clock);
        c.bot = Some(Bot { name: Some(self.company.bot.clone()), version: Some(self.brain.version().to_owned()) });
        c.outcome = Some(outcome);
        c.outcome_source = Some(OutcomeSource::Explicit);
        c.resolution = match (outcome, confirmed) {
            (Outcome::Resolved, true) => Some(Resolution::Confirmed),
            (Outcome::Resolved, false) => Some(Resolution::Assumed),
            _ => None,
        };
        c.csat = csat;
        c.offers = self.offers;
        Told { conversation: c, truth }
    }

    fn rating(&mut self, outcome: Outcome, confirmed: bool) -> Option<Csat> {
        let (asked, scores): (f64, [f64; 5]) = match outcome {
            Outcome::Resolved if confirmed => (0.42, [0.01, 0.02, 0.07, 0.30, 0.60]),
            Outcome::Resolved => (0.28, [0.03, 0.05, 0.14, 0.38, 0.40]),
            Outcome::Escalated => (0.30, [0.15, 0.20, 0.30, 0.25, 0.10]),
            Outcome::Failed => (0.28, [0.50, 0.28, 0.15, 0.05, 0.02]),
            _ => (0.06, [0.55, 0.25, 0.15, 0.05, 0.0]),
        };
        if !self.dice.chance(asked) {
            return None;
        }
        let score = 1 + self.dice.weighted(&scores);
        let words = match score {
            4.. => Some(&self.phrases().csat_good),
            1 | 2 => Some(&self.phrases().csat_bad),
            _ => None,
        };
        let comment = words.filter(|_| self.dice.chance(0.2)).map(|w| self.dice.pick(w).clone());
        self.wait(20, 120);
        Some(Csat { score: score as f64, max: 5.0, comment, at: Some(self.clock) })
    }

    fn thumb(&mut self, score: i8) {
        if let Some(turn) = self.turns.last_mut().filter(|t| t.role == Role::Bot) {
            turn.feedback = Some(Feedback { score, comment: None });
        }
    }

    fn bot_filled(&mut self, template: &str) {
        let text = fill(template, self.company, self.lang(), self.visit.at, &mut self.dice);
        self.bot(text);
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
