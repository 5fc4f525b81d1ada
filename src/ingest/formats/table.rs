//! The formats of files, and how one is told from its beginning.

use super::contract::{Format, Sniff};
use crate::ingest::input::source::InputSource;
use crate::ingest::teaching;

/// Every format of a file. A new one is a row here and a file or folder beside `canonical`.
pub(in crate::ingest) static FILES: &[&dyn Format] = &[
    &super::canonical::Canonical,
    &super::messages::Messages,
    &super::csv::PLAIN,
    &super::openai::OPENAI,
    &super::openai::SHAREGPT,
    &super::rasa::Rasa,
    &super::lex::LEX,
    &super::langfuse::LANGFUSE,
    &super::langsmith::LANGSMITH,
    &super::chatwoot::CHATWOOT,
    &super::intercom::INTERCOM,
    &super::zendesk::ZENDESK,
    &super::zendesk::freshdesk::FRESHDESK,
    &super::dialogflow::DIALOGFLOW,
    &super::botframework::BOT_FRAMEWORK,
    &super::botpress::BOTPRESS,
    &super::freshchat::FRESHCHAT,
    &super::otel::OTEL,
    &super::whatsapp::WhatsApp,
    &super::telegram::TELEGRAM,
    &super::slack::SLACK,
];

/// What an input is that teaches a bot and is no log, in a sentence.
pub(in crate::ingest) fn taught(source: &InputSource) -> Option<String> {
    teaching::told(&source.name, &source.text()?.head)
}

/// The likeliest of some formats; the earlier wins a tie.
pub(in crate::ingest) fn likeliest<'f>(
    formats: impl DoubleEndedIterator<Item = &'f &'static dyn Format>,
    source: &InputSource,
) -> Option<(&'static dyn Format, Sniff)> {
    if taught(source).is_some() {
        return None;
    }
    let found = formats.filter_map(|format| format.sniff(source).map(|sniff| (*format, sniff)));
    found.rev().max_by_key(|(_, sniff)| sniff.sure)
}
