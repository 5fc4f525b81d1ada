//! Real and synthetic exports, where a checkout has them, and what they must come to.

use crate::domain::Outcome;
use crate::ingest::input::source::Input;
use crate::ingest::{LogReader, LogRecord, ReadOptions};
use std::collections::BTreeMap;
use std::path::Path;

use super::fixtures_tests::NOW;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/shared/formats/samples");
/// Where else they may be.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/formats/samples");

/// A file or folder, its format, its conversations, and how these ended.
type Expected = (&'static str, &'static str, usize, &'static [(Outcome, usize)]);

const EXPECTED: &[Expected] = &[
    ("openai_chat/tau_bench_airline_first6.jsonl", "openai", 6, &[(Outcome::Failed, 5), (Outcome::Escalated, 1)]),
    ("rasa/rasax_corona_trimmed.db", "rasa", 7, &[(Outcome::Unknown, 7)]),
    ("rasa/tracker_store_events.db", "rasa", 7, &[(Outcome::Unknown, 7)]),
    ("rasa/tracker_dump.jsonl", "rasa", 7, &[(Outcome::Unknown, 7)]),
    ("lex/synthetic_v2_conversation_log.jsonl", "lex", 3, LEX),
    ("lex/synthetic_v2_filter_log_events.json", "lex", 3, LEX),
    ("lex/synthetic_v2_cloudwatch_subscription.json.gz", "lex", 3, LEX),
    ("lex/synthetic_v1_conversation_log.jsonl", "lex", 1, &[(Outcome::Failed, 1)]),
    ("langfuse/autogen-2025-06-06.json", "langfuse", 1, &[(Outcome::Unknown, 1)]),
    ("langfuse/agno-2025-06-11.json", "langfuse", 1, &[(Outcome::Unknown, 1)]),
    ("langfuse/chat_ml_json.json", "openai", 1, &[(Outcome::Unknown, 1)]),
    ("chatwoot/synthetic_conversation_with_messages.json", "chatwoot", 1, &[(Outcome::Escalated, 1)]),
    ("chatwoot/synthetic_messages_api.json", "chatwoot", 1, &[(Outcome::Escalated, 1)]),
    ("chatwoot/synthetic_pg_messages.csv", "chatwoot", 1, &[(Outcome::Escalated, 1)]),
    ("chatwoot", "folder", 1, &[(Outcome::Escalated, 1)]),
    ("intercom/synthetic_conversation_fin.json", "intercom", 1, &[(Outcome::Resolved, 1)]),
    ("zendesk/synthetic_ticket_with_comments.jsonl", "zendesk", 1, &[(Outcome::Escalated, 1)]),
    ("zendesk", "folder", 1, &[(Outcome::Escalated, 1)]),
    ("dialogflow/synthetic_cx_bigquery_export.jsonl", "dialogflow", 1, &[(Outcome::Escalated, 1)]),
    ("dialogflow/synthetic_cx_cloud_logging.json", "dialogflow", 1, &[(Outcome::Escalated, 1)]),
    ("botframework/sandwich.transcript", "botframework", 1, &[]),
    ("botframework/addItemWithButton.transcript", "botframework", 1, &[]),
];

const LEX: &[(Outcome, usize)] = &[(Outcome::Resolved, 1), (Outcome::Escalated, 1), (Outcome::Failed, 1)];

#[test]
fn samples_come_to_what_their_sources_say() {
    let Some(samples) = [SAMPLES, BESIDE].into_iter().map(Path::new).find(|p| p.is_dir()) else {
        eprintln!("not tested: there are no samples beside this checkout");
        return;
    };
    let mut wrong = Vec::new();
    for (name, format, conversations, outcomes) in EXPECTED {
        let reader = LogReader::open(Input::File(samples.join(name)), ReadOptions::new(NOW));
        let mut reader = reader.unwrap_or_else(|e| panic!("{name}: {e}"));
        let (mut count, mut ended, mut rejects) = (0, BTreeMap::new(), Vec::new());
        for item in reader.by_ref() {
            match item {
                LogRecord::Conversation { conversation, .. } => {
                    count += 1;
                    *ended.entry(conversation.outcome.map_or("none", |o| o.name())).or_insert(0) += 1;
                }
                LogRecord::Reject(reject) => rejects.push(reject.to_string()),
            }
        }
        let summary = reader.summary();
        eprintln!("{name}: {} {count} {ended:?} rejected {rejects:?} {:?}", summary.format, summary.warnings);
        let as_said = outcomes.iter().all(|(outcome, n)| ended.get(outcome.name()) == Some(n));
        if summary.format != *format || count != *conversations || !as_said || !rejects.is_empty() {
            wrong.push(*name);
        }
    }
    assert_eq!(wrong, [""; 0]);
}
