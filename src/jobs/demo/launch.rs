//! Before the first week: what the assistant was built from, the acceptance set, and the first release.

use super::Demo;
use super::dice::Dice;
use super::people::Customer;
use super::words::{MessageWriter, SpokenPlace};
use crate::domain::time::DAY;
use crate::domain::{Conversation, Role, Timestamp, Turn};
use crate::ingest::content_hash;
use crate::jobs::encoders::Vectors;
use crate::jobs::finetune;
use crate::jobs::promote;
use crate::jobs::{FinetuneOptions, JobError, TrainingStart};
use crate::store::{OnDuplicate, Store};

/// Conversations of the acceptance set: half of them open, half sealed, give or take chance.
const ACCEPTANCE: usize = 600;

impl Demo<'_> {
    /// Base examples, acceptance set, version 1, live.
    pub(super) fn launch(&mut self, store: &mut Store) -> Result<(), JobError> {
        let start = self.weeks[0].start;
        store.mark_demo(None)?;
        let rows: Vec<(String, String)> = self
            .company
            .matters
            .iter()
            .flat_map(|m| m.base.iter().map(|text| (text.clone(), m.name.clone())))
            .collect();
        let listed = start.plus(-10 * DAY);
        store.add_examples(super::LEAD, listed, "day one", &rows)?;
        for matter in self.company.matters.iter().filter(|m| !m.means.is_empty() && !m.base.is_empty()) {
            store.define_intent(super::LEAD, listed, &matter.name, Some(&matter.means))?;
        }
        self.acceptance_set(store, start)?;
        let at = start.plus(-2 * DAY);
        let options = FinetuneOptions {
            from: TrainingStart::Scratch,
            cycle: None,
            vectors: Vectors::Static,
            seed: self.options.seed,
            reviewer: super::LEAD.to_owned(),
            now: at,
        };
        let first = finetune(store, &options, &self.within("launch", 0))?;
        promote(store, super::LEAD, at.plus(DAY), first.release, "day one: as the bot was bought", false).map(drop)
    }

    /// Chats of the winter before, answered by people, labelled before there was a model: customers of test groups only.
    fn acceptance_set(&self, store: &mut Store, start: Timestamp) -> Result<(), JobError> {
        let seed = self.options.seed;
        let mut chats = Vec::with_capacity(ACCEPTANCE);
        let customers = (0..).map(|i| Customer::draw(i, "w", &self.company, store, seed)).filter(|c| c.test);
        for (i, customer) in customers.take(ACCEPTANCE).enumerate() {
            let mut dice = Dice::part(seed ^ 0xACCE, i as u64);
            chats.push(self.chat(i, &customer, start, &mut dice));
        }
        let now = start.plus(-5 * DAY);
        let mut step = None;
        store.batch(false, |store| {
            chats.iter().try_for_each(|c| store.put(c, &content_hash(c), now, OnDuplicate::Update, &mut step).map(drop))
        })?;
        Ok(())
    }

    fn chat(&self, number: usize, customer: &Customer, start: Timestamp, dice: &mut Dice) -> Conversation {
        let weights: Vec<f64> =
            self.company.matters.iter().map(|m| if m.from_week > 0 { 0.0 } else { m.weight }).collect();
        let matter = dice.weighted(&weights);
        let at = start.plus(-DAY * dice.between(8, 36) + 1_000 * dice.between(6 * 3_600, 17 * 3_600));
        let writer =
            MessageWriter { company: &self.company, style: &customer.style, test: true, at, angry: dice.chance(0.08) };
        let mut asked = Turn::new(Role::User, writer.ask(matter, SpokenPlace::First, dice));
        asked.at = Some(at);
        asked.gold = vec![self.company.matters[matter].name.clone()];
        let mut answered = Turn::new(Role::Agent, dice.pick(&self.company.phrases(customer.style.lang).agent).clone());
        answered.at = Some(at.plus(1_000 * dice.between(40, 600)));
        let ended_at = answered.at;
        let mut c = Conversation::new(&self.company.source, format!("w{number:04}"), vec![asked, answered]);
        c.channel = Some(customer.channel.clone());
        c.lang = Some(customer.style.lang.tag().to_owned());
        c.customer_id = Some(customer.id.clone());
        c.started_at = Some(at);
        c.ended_at = ended_at;
        c
    }
}
