//! What the gate refuses of a candidate's answers (rule 39), each only where the side before did not do the same: another
//! language than the customer's, a known non-answer in the place of an answer, a person's data.

use crate::domain::{AnswerFaults, AnswerLosses, IntentId, OUT_OF_SCOPE_ID, SilentReporter};
use crate::jobs::judge::response_source::SourcedResponse;
use crate::jobs::judge::sides::JudgedSides;
use crate::jobs::train::answer_table::{fit_responses, non_answers, texts_of};
use crate::learn::contract::{FitError, Fitted};
use crate::learn::responses::{NonAnswers, ResponseRules, ResponseTable};
use crate::store::{GoldHalf, GoldItem};
use crate::text::language::{answered_in, asked_in, will_do};
use crate::text::personal::{CustomerNames, names_somebody, personal};
use std::collections::HashMap;

/// What is said on so many gold turns is meant for everybody, unless it calls somebody by a name.
const EVERYBODY: usize = 5;

/// Faults of one answer, and what the customer loses by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::jobs) struct AnswerFault {
    pub other_language: bool,
    pub non_answer: bool,
    pub personal: bool,
    /// Nothing that the gate refuses: before it was in the customer's language.
    pub loses_language: bool,
    /// Nothing that the gate refuses: before there was an answer to it.
    pub loses_answer: bool,
    /// Nothing that the gate refuses: a non-answer where there was none before.
    pub gets_non_answer: bool,
}

/// What is known of answers, whoever gives them.
struct KnownAnswers {
    /// The AI's answers and the corrections, by the rules of today.
    table: ResponseTable,
    non_answers: NonAnswers,
}

/// The faults of the answers after, and what customers lose: in sum, and by the gold turn's place in the list.
///
/// # Errors
/// Cancelled.
pub(in crate::jobs) fn faults(
    sides: &JudgedSides<'_>,
) -> Result<(AnswerFaults, AnswerLosses, Vec<AnswerFault>), FitError> {
    let table =
        fit_responses(sides.answers, &texts_of(sides.gold), ResponseRules::default(), &SilentReporter)?.into_model();
    let known = KnownAnswers { table, non_answers: non_answers(sides.answers, ResponseRules::default()) };
    let (before, after) = (sides.before.responses.as_ref(), &sides.after);
    let open = || sides.gold.iter().enumerate().filter(|(_, g)| g.half == GoldHalf::Open);
    let mut said_often: HashMap<&str, usize> = HashMap::new();
    for (at, item) in open() {
        if let Some(said) = after.responses.says(item, &after.says[at]) {
            *said_often.entry(said.text).or_default() += 1;
        }
    }
    let (mut out, mut losses) = (AnswerFaults::default(), AnswerLosses::default());
    let mut each = vec![AnswerFault::default(); sides.gold.len()];
    for (at, item) in open() {
        let old = before.and_then(|b| b.says(item, &sides.before.said(at)));
        let Some(new) = after.responses.says(item, &after.says[at]) else {
            // To what is nothing for the AI no answer is the right one.
            each[at].loses_answer = old.is_some() && item.intents.first() != Some(&OUT_OF_SCOPE_ID);
            losses.answer += u64::from(each[at].loses_answer);
            continue;
        };
        let intent = after.says[at].flatten().map(|(intent, _)| intent);
        let mut wrong = known.wrong(item, &new, intent);
        wrong.personal &= said_often.get(new.text).is_none_or(|&n| n < EVERYBODY) || names_somebody(new.text);
        let was = old.as_ref().map(|old| known.wrong(item, old, intent)).unwrap_or_default();
        let fault = AnswerFault {
            other_language: wrong.other_language && !was.other_language,
            non_answer: wrong.non_answer && !was.non_answer && old.is_some(),
            personal: wrong.personal && !was.personal,
            loses_language: !wrong.other_language
                && !is_theirs(item, new.text)
                && old.as_ref().is_some_and(|old| is_theirs(item, old.text)),
            loses_answer: false,
            // Without a side before there is nothing that could have become worse.
            gets_non_answer: wrong.non_answer && old.is_none() && before.is_some(),
        };
        losses.non_answer += u64::from(fault.gets_non_answer);
        losses.language += u64::from(fault.loses_language);
        let found = [
            (fault.other_language, &mut out.other_language),
            (fault.non_answer, &mut out.non_answer),
            (fault.personal, &mut out.personal),
        ];
        found.into_iter().filter(|(is, _)| *is).for_each(|(_, turns)| turns.add(item.conversation, &item.id));
        each[at] = fault;
    }
    Ok((out, losses, each))
}

/// Whether whoever wrote a gold turn can read an answer.
fn is_theirs(item: &GoldItem, said: &str) -> bool {
    let logged = item.lang.as_deref();
    will_do(&answered_in(said, logged), &asked_in(&item.text, logged))
}

impl KnownAnswers {
    fn wrong(&self, item: &GoldItem, said: &SourcedResponse<'_>, intent: Option<IntentId>) -> AnswerFault {
        let asked = asked_in(&item.text, item.lang.as_deref());
        AnswerFault {
            other_language: !is_theirs(item, said.text) && intent.is_some_and(|i| self.table.speaks(i, &asked)),
            non_answer: self.non_answers.has(said.text),
            personal: match said.from_table {
                Some(response) => response.is_personal(ResponseRules::default()),
                None => !personal(said.text, &CustomerNames::default()).is_empty(),
            },
            ..AnswerFault::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{BeforeIs, ConversationId, DecisionId, FailureScore, ReleaseId, Timestamp, TurnKey};
    use crate::jobs::judge::response_source::ResponseSource;
    use crate::jobs::judge::sides::{BaselineSide, CandidateSide};
    use crate::jobs::predict::predictor::Measured;
    use crate::store::{AnsweredRow, Founding, IntentNames, Store, turn_id};

    fn item(n: i64, text: &str, lang: Option<&str>) -> GoldItem {
        GoldItem {
            conversation: ConversationId(n),
            id: format!("shop:{n}"),
            turn: TurnKey(0),
            half: GoldHalf::Open,
            text: text.into(),
            intents: vec![IntentId(2)],
            logged: None,
            source_predicts: false,
            pinned: false,
            lang: lang.map(str::to_owned),
        }
    }

    fn row(n: i64, intent: i64, response: &str, resolved: bool) -> AnsweredRow {
        AnsweredRow {
            intent: IntentId(intent),
            response: response.into(),
            corrected: None,
            turn: turn_id(ConversationId(n), TurnKey(1)),
            decision: DecisionId(0),
            asked: None,
            asked_turn: turn_id(ConversationId(n), TurnKey(0)),
            language: answered_in(response, None),
            corrected_language: String::new(),
            asked_language: String::new(),
            resolved,
        }
    }

    /// Says one text to each of the gold items.
    fn source(names: &IntentNames, gold: &[GoldItem], says: &[&str]) -> ResponseSource {
        let turns = gold.iter().zip(says).map(|(g, text)| (turn_id(g.conversation, g.turn), (*text).to_owned()));
        ResponseSource::new(&ResponseTable::default(), names, turns.collect(), DecisionId(0))
    }

    /// Both understand this intent. To intent 2 there are answers in both languages.
    fn found_of(intent: i64, before: Option<&[&str]>, after: &[&str]) -> (AnswerFaults, AnswerLosses) {
        let gold = [item(1, "τι ώρα ανοίγετε", None), item(2, "when do you open", Some("en"))];
        found_on(&gold, intent, before, after)
    }

    fn found_on(
        gold: &[GoldItem],
        intent: i64,
        before: Option<&[&str]>,
        after: &[&str],
    ) -> (AnswerFaults, AnswerLosses) {
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.2, now: Timestamp(0) }).unwrap();
        let names = store.intent_names().unwrap();
        let said: Vec<Measured> = gold.iter().map(|_| Some(Some((IntentId(intent), None)))).collect();
        let mut rows: Vec<AnsweredRow> = (0..25).map(|n| row(n, n % 5 + 10, "Ask again later.", n % 5 == 0)).collect();
        rows.extend((90..96).map(|n| row(n, 2, "Ανοίγουμε στις εννιά.", true)));
        rows.extend((96..102).map(|n| row(n, 2, "We open at nine.", true)));
        let sides = JudgedSides {
            before: BaselineSide {
                is: if before.is_some() { BeforeIs::Model } else { BeforeIs::Majority },
                release: before.map(|_| ReleaseId(1)),
                says: said.clone(),
                responses: before.map(|says| source(&names, gold, says)),
                coverage: None,
            },
            after: CandidateSide {
                parent: None,
                former: None,
                says: said,
                responses: source(&names, gold, after),
                is_fresh: false,
                trained_elsewhere: true,
                trained_on: 0,
                train_seconds: 0.0,
                repeats_gold: 0,
                coverage: None,
                failures: FailureScore::default(),
            },
            gold,
            names: &names,
            examples: &[],
            answers: &rows,
            seed: 1,
        };
        let (all, losses, each) = faults(&sides).unwrap();
        let sum = |is: fn(&AnswerFault) -> bool| each.iter().filter(|f| is(f)).count() as u64;
        assert_eq!(all.other_language.n, sum(|f| f.other_language));
        assert_eq!(all.non_answer.n, sum(|f| f.non_answer));
        assert_eq!(all.personal.n, sum(|f| f.personal));
        assert_eq!(losses.language, sum(|f| f.loses_language));
        assert_eq!(losses.answer, sum(|f| f.loses_answer));
        assert_eq!(losses.non_answer, sum(|f| f.gets_non_answer));
        (all, losses)
    }

    fn found(before: Option<&[&str]>, after: &[&str]) -> AnswerFaults {
        found_of(2, before, after).0
    }

    #[test]
    fn the_gate_refuses_what_the_side_before_did_not_do() {
        let good = ["Ανοίγουμε στις εννιά.", "We open at nine."];
        assert_eq!(found(Some(&good), &good).reasons(), Vec::<String>::new());

        let english = ["We open at nine.", "We open at nine."];
        let other = found(Some(&good), &english);
        assert_eq!((other.other_language.n, other.other_language.first.as_slice()), (1, &["shop:1".to_owned()][..]));
        assert!(other.reasons()[0].ends_with("(#1 shop:1)"), "{:?}", other.reasons());
        assert!(other.reasons()[0].contains("1 turn is answered in another language"), "{:?}", other.reasons());
        assert_eq!(found(None, &english).other_language.n, 1, "nobody did it before");
        assert!(found(Some(&english), &english).reasons().is_empty(), "it was so before");

        let later = ["Ανοίγουμε στις εννιά.", "Ask  again later."];
        assert_eq!(found(Some(&good), &later).non_answer.n, 1);
        assert_eq!(found(None, &later).non_answer.n, 0, "it stands in the place of no answer");
        assert!(found(Some(&later), &later).reasons().is_empty());

        let hers = ["Ανοίγουμε στις εννιά.", "Dear Mrs Andreou, at nine."];
        assert_eq!(found(Some(&good), &hers).personal.n, 1);
        assert!(found(Some(&hers), &hers).reasons().is_empty());
    }

    #[test]
    fn what_is_said_often_is_for_everybody_unless_it_calls_somebody_by_a_name() {
        let gold: Vec<GoldItem> = (1..=6).map(|n| item(n, "when do you open", Some("en"))).collect();
        let found = |says: &str| found_on(&gold, 2, Some(&["At nine."; 6]), &[says; 6]).0.personal.n;
        assert_eq!(found("Call +357 22 123456."), 0);
        assert_eq!(found("Hello Bob, we open at nine."), 6);
    }

    #[test]
    fn what_customers_lose_is_told_and_refused_by_no_rule() {
        let (greek, english) = ("Ανοίγουμε στις εννιά.", "We open at nine.");
        let lost = |intent, after: &[&str]| {
            let (faults, losses) = found_of(intent, Some(&[greek, english]), after);
            (faults.reasons().len(), losses)
        };
        let none = AnswerLosses::default();
        assert_eq!(lost(2, &[greek, english]), (0, none));
        assert_eq!(lost(2, &[english, english]), (1, none), "that is refused already");
        assert_eq!(lost(77, &[english, english]), (0, AnswerLosses { language: 1, ..none }), "none in Greek to it");
        assert_eq!(lost(77, &[greek]), (0, AnswerLosses { answer: 1, ..none }), "nothing to the second");
        let (faults, losses) = found_of(77, Some(&[greek]), &[greek, "Ask again  later."]);
        assert_eq!(
            (faults.reasons().len(), losses),
            (0, AnswerLosses { non_answer: 1, ..none }),
            "nothing was answered before"
        );
        assert_eq!(
            AnswerLosses { language: 1, answer: 2, non_answer: 1 }.words(),
            ["1 loses the customer's language", "2 get no answer any more", "1 gets what is no answer"]
        );
    }
}
