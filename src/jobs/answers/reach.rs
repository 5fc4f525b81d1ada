//! How many test turns a correction would answer.

use crate::domain::{IntentId, SilentReporter};
use crate::jobs::JobError;
use crate::jobs::predict::predictor::{Measured, Predictor, turns_of};
use crate::store::{GoldHalf, GoldItem, Store};
use crate::text::language::{asked_in, will_do};

/// A turn of the open half, and what the live release makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestTurn {
    /// What the customer writes in.
    pub lang: String,
    /// What the AI answered such customers in, where that is another language.
    pub instead: Option<String>,
    /// What it is about, by name.
    pub gold: Vec<String>,
    /// What the live release takes it for; `None` where it has no guess.
    pub guess: Option<String>,
    /// Languages in which the live release answers that.
    pub answered_in: Vec<String>,
}

/// What a correction would do on test turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Turns that it would answer.
    pub answers: u64,
    /// ...which are about something else.
    pub wrongly: u64,
    /// ...whose customer writes in another language.
    pub other_language: u64,
}

/// The open half of the newest gold version as the live release understands it; none where nothing is live or frozen.
///
/// # Errors
/// The release cannot be loaded; the store cannot be read.
pub fn test_turns(store: &mut Store) -> Result<Vec<TestTurn>, JobError> {
    let (Some(version), Some(predictor)) = (store.gold_version()?, Predictor::live(store)?) else {
        return Ok(Vec::new());
    };
    if predictor.model().is_none() {
        // Something outside would have to be asked: that is for whoever compares.
        return Ok(Vec::new());
    }
    let names = store.intent_names()?;
    let gold: Vec<GoldItem> = store.gold_items(version)?.into_iter().filter(|g| g.half == GoldHalf::Open).collect();
    let says = predictor.say(store, &turns_of(&gold), &SilentReporter)?;
    let name = |i: IntentId| names.name(names.today(i));
    let table = store.responses_of(predictor.release)?;
    let turn = |(item, said): (&GoldItem, Measured)| {
        let guess = said.flatten().map(|(intent, _)| intent);
        let lang = asked_in(&item.text, item.lang.as_deref());
        let answered = table.iter().filter(|(i, _)| guess == Some(names.today(*i)));
        TestTurn {
            instead: table.instead_of(&lang).map(str::to_owned),
            lang,
            gold: item.gold_today(&names).into_iter().map(name).collect(),
            guess: guess.map(name),
            answered_in: answered.map(|(_, said)| said.lang.clone()).collect(),
        }
    };
    Ok(gold.iter().zip(says).filter(|(item, _)| !item.gold_today(&names).is_empty()).map(turn).collect())
}

/// What an answer to an intent in a language would do: it is given where it will do for the customer's language, or, where nothing will, for
/// the one that the AI answered such customers in.
pub fn reach(turns: &[TestTurn], intent: &str, lang: &str) -> Reach {
    let mut out = Reach::default();
    for turn in turns.iter().filter(|t| t.guess.as_deref() == Some(intent)) {
        let fits = will_do(lang, &turn.lang);
        let fits_instead = || turn.instead.as_deref().is_some_and(|instead| will_do(lang, instead));
        if !fits && (!fits_instead() || turn.answered_in.iter().any(|other| will_do(other, &turn.lang))) {
            continue;
        }
        out.answers += 1;
        out.wrongly += u64::from(!turn.gold.iter().any(|g| g == intent));
        out.other_language += u64::from(!fits);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reaches_those_of_another_language_where_the_ai_answered_such_customers_so() {
        let turn = |lang: &str, gold: &str, guess: &str, answered: &[&str]| TestTurn {
            lang: lang.into(),
            instead: (lang == "el").then(|| "en".to_owned()),
            gold: vec![gold.into()],
            guess: Some(guess.into()),
            answered_in: answered.iter().map(|l| (*l).to_owned()).collect(),
        };
        let turns = [
            turn("en", "refund", "refund", &["en"]),
            turn("en", "order", "refund", &["en"]),
            turn("el", "refund", "refund", &["en"]),
            turn("el", "refund", "refund", &["en", "el"]),
            turn("en", "refund", "order", &[]),
            turn("ru", "refund", "refund", &["en"]),
        ];
        assert_eq!(reach(&turns, "refund", "en"), Reach { answers: 3, wrongly: 1, other_language: 1 });
        assert_eq!(reach(&turns, "none", "en"), Reach::default());
    }
}
