//! How a conversation ends: given up, handed over, or with an offer, thanks and a rating.

use super::super::company::Lang;
use super::super::words::SpokenPlace;
use super::{Talk, ToldConversation, Ways};
use crate::domain::{Bot, Conversation, Csat, Offer, OfferStatus, Outcome, OutcomeSource, Resolution, Role, Turn};
use serde_json::json;

impl Talk<'_> {
    /// The customer gives up: complains, asks for a person, or is gone.
    pub(super) fn let_down(&mut self, ways: Ways) -> Outcome {
        match self.dice.weighted(&ways) {
            0 => {
                if self.angry
                    && self.dice.chance(0.5)
                    && let Some(complaint) = self.company.matter("complaint")
                {
                    let (guess, sure) = self.say(complaint, SpokenPlace::Passing);
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
            let (guess, sure) = self.say(person, SpokenPlace::Passing);
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

    pub(super) fn hand_over(&mut self) -> Outcome {
        let mut event = Turn::new(Role::System, "queue=customer_care");
        event.event = Some("handoff".to_owned());
        self.wait(1, 3);
        self.push(event, None);
        self.wait(60, 400);
        let agent = Turn::new(Role::Agent, self.dice.pick(&self.phrases().agent).clone());
        self.push(agent, None);
        Outcome::Escalated
    }

    /// Sometimes the assistant offers something, and the customer takes it, declines or passes over it.
    pub(super) fn offer(&mut self) {
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

    pub(super) fn finish(mut self, outcome: Outcome) -> ToldConversation {
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
        ToldConversation { conversation: c, truth }
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
}
