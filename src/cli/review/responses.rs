//! `appraise responses`

use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::cli::frame::query;
use crate::cli::output;
use crate::cli::output::answers::{listed, ranked};
use crate::cli::output::figures::count;
use crate::cli::output::json::Tone;
use crate::cli::output::table::WordTable;
use crate::domain::QueryMoment;
use crate::domain::review::decision::ACCEPTED;
use crate::store::{AnswersTold, CorrectionState, SettledCorrection, Store};
use crate::text;
use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

const HELP: &str = "\
What reviewers wrote in place of an answer (`e` in Review, `label --response`) is proposed until a lead accepts it, or whoever is alone in \
the store: then writing it accepts it. Only what is accepted is an answer to everybody who asks the same in that language. What \
holds something of one customer (a name, a booking, a card, an amount beside these) is not accepted by anybody; with placeholders \
instead ({name}, {amount}) it can be, and they are passed on as they stand. Changed words are proposed again. `appraise undo` takes \
any of it back.

States: proposed; returned; accepted (but the next release does not give it, and unused says why); next_release; live. The last two are of requests like its own: the next or the live release answers them with it.

rank counts what followed each answer of the AI, by intent and by where in the talk it was given (opening: the first answer to what the \
customer came for; closing: in the last two turns). An answer is an action of the log, else words that differ in numbers, days and what is filled in (many names, many words) alone, languages apart. \
What is said before the customer came with anything, a greeting, is no answer. What is expected of more such conversations is the share that was helped, shrunk to those of the other answers (empirical Bayes); ranks go by its lower end. Below 30 conversations nothing is ranked, nor what only those see who \
stay to the end, nor what tells that something failed or is not there, nor what passes the customer on to a person (by its words, by who comes next, or because all who heard it were handed over), nor what only asks, nor what everybody heard who was helped and nobody else, nor what surely differs from no other answer in its place. Ranked and compared are answers to those who write in the same language, whether they have an action or not. The table begins with those \
furthest behind: so many fewer of their conversations were helped than at the rate of the others to the same intent in the same language, where that is certain and there are 30 of both, else 0; then it goes by how often they were said, and what cannot be compared comes last. All of it is association: what goes together with an answer need not come from it.

Examples:
  appraise responses rank --since 28d
  appraise responses rank --json | jq '.non_answers[].query'
  appraise responses list --state proposed
  appraise responses accept shop:8812
  appraise responses accept shop:8812 --turn 3 --text 'Dear {name}, your refund was sent on Monday.'
  appraise responses return shop:8812 --reason 'we never promise a day'

JSON: list: list of {\"id\",\"n\",\"turn\",\"state\",\"intent\",\"lang\",\"text\",\"by\",\"at\",\"reason\",\"holds\",\"still_live\",\"unused\"}, newest first; turn is the \
AI's, counted from 0; intent is null where none was asked, lang empty where it is not known; reason, holds (what of one customer), still_live (the release that says it until the next one, though it is not accepted) and unused only \
where there is something. accept and return: {\"id\",\"n\",\"turn\",\"text\",\"state\",\"step\"}, step null where it stood so already. rank: {\"n\",\"unknown\":{\"num\",\"den\",\"lo\",\"hi\"} (of the conversations that are over, those of which nobody knows how they ended: they are not in n),\"within\" (intents, tags or none),\"sampled\" (true, and there, only where conversations were drawn from a log: n and outcomes are of the sample, each answer has \"weighed\":{\"n\",\"resolved\",\"escalated\",\"failed\",\"abandoned\",\"worth\"}, rates are of all that it stands for),\
\"answers\":[{\"intent\",\"response\",\"answer\" (as in answer:KEY),\"stage\" (null: anywhere),\"langs\",\"n\",\"outcomes\",\"helped\":{\"num\",\"den\",\"lo\",\"hi\"} (as it was counted),\"rated\",\"satisfied\",\"csat\" (mean of 5),\
\"posterior\":{\"mean\",\"lo\",\"hi\"} (shrunk; null below 30 conversations, and where nothing tells answers apart),\"prior\" (intent, all or uniform),\"drawn_to\" (the share that it is shrunk to: one half where those answers have none in common),\"known_beside\" (so many answers could be shrunk to),\"enough\",\"rank\",\"ranked_among\",\"unranked\" (too_few, only_at_the_end, tells_a_state, asks_for_details, announces_a_person, no_intent, tells_success, no_difference, non_answer, \
alone),\"beside\":{\"delta\",\"lo\",\"hi\"} (share helped minus that of the others to the same intent in the same language; null below 30 of either, and for what is not compared),\"others\":{\"num\",\"den\",\"lo\",\"hi\"} (resolved of those others),\"pooled\":{…},\"within\":{…},\"signs_differ\",\"logged\":{\"ips\",\"snips\",\"dr\",\"se\",\"ess\",\"n\",\"identifiable\"} (what always giving it would bring, \
where turns of the AI have \"propensity\": the chance with which the answer was drawn; else null),\"live\",\"since_release\",\"text\",\"texts\" (of an action: in so many texts it is said that are not one answer),\"query\"}],\"non_answers\":[{…,\"intents\":[[NAME,n]],\"ever\":{\"intents\",\"n\",\"helped\",\"at_end\"} (what makes it one: over all that is stored; at_end: heard it in the last two turns alone, after another answer)}]}, \
by number of conversations; `appraise queue QUERY` gives exactly n.";

/// What the AI should have answered: what was written, accept it, send it back
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    #[command(subcommand)]
    command: Option<ResponsesCommand>,
}

#[derive(Debug, clap::Subcommand)]
enum ResponsesCommand {
    /// What followed each answer of the AI
    Rank {
        /// Last activity at or after: 28d, 2w, 2026-03-01 [default: all]
        #[arg(long, value_name = "TIME", value_parser = query::when)]
        since: Option<QueryMoment>,
    },
    /// List corrections with their states
    List(ListArgs),
    /// Make a correction an answer to everybody
    Accept {
        #[command(flatten)]
        at: ResponsePlace,
        /// With these words instead
        #[arg(long, value_name = "NEW")]
        text: Option<String>,
    },
    /// Send a correction back to whoever wrote it
    Return {
        #[command(flatten)]
        at: ResponsePlace,
        /// Why
        #[arg(long, value_name = "R")]
        reason: String,
    },
}

#[derive(Debug, Default, clap::Args)]
struct ListArgs {
    /// Only these
    #[arg(long, value_name = "STATE", value_parser = state())]
    state: Option<CorrectionState>,
}

#[derive(Debug, clap::Args)]
struct ResponsePlace {
    /// Which: source:id, or #n
    #[arg(value_name = "CONVERSATION")]
    conversation: String,
    /// The AI's turn, or the customer's that it answers, counted from 0 [default: the one that is corrected]
    #[arg(long, value_name = "N")]
    turn: Option<u32>,
}

fn state() -> impl TypedValueParser<Value = CorrectionState> {
    PossibleValuesParser::new(CorrectionState::ALL.map(CorrectionState::name))
        .try_map(|name| CorrectionState::ALL.into_iter().find(|s| s.name() == name).ok_or("no such state"))
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let mut store = cx.store()?;
    match &args.command {
        None => list(cx, &store, None)?,
        Some(ResponsesCommand::Rank { since }) => rank(cx, &store, *since)?,
        Some(ResponsesCommand::List(args)) => list(cx, &store, args.state)?,
        Some(ResponsesCommand::Accept { at, text }) => {
            let n = store.resolve(&at.conversation)?;
            let done = store.accept_response(cx.reviewer(), cx.now, n, at.turn, text.as_deref())?;
            settled(cx, &store, &done)?;
        }
        Some(ResponsesCommand::Return { at, reason }) => {
            let n = store.resolve(&at.conversation)?;
            let done = store.return_response(cx.reviewer(), cx.now, n, at.turn, reason)?;
            settled(cx, &store, &done)?;
        }
    }
    Ok(Exit::Done)
}

fn rank(cx: &mut Cx, store: &Store, since: Option<QueryMoment>) -> Result<()> {
    cx.note_days(store, matches!(since, Some(QueryMoment::Days(_))))?;
    let page = ranked(cx, store, since)?;
    if cx.json {
        let (answers, non_answers) = (listed(&page, &page.answers)?, listed(&page, &page.non_answers)?);
        let mut value = json!({
            "n": page.n, "unknown": page.unknown, "within": page.strata, "answers": answers, "non_answers": non_answers
        });
        if page.sampled {
            value["sampled"] = json!(true);
        }
        return cx.out.json(&value);
    }
    output::answers::print(cx, &page)
}

fn list(cx: &mut Cx, store: &Store, state: Option<CorrectionState>) -> Result<()> {
    let mut rows = store.corrections()?;
    rows.retain(|r| state.is_none_or(|s| r.state == s));
    if cx.json {
        return cx.numbered(store, &rows);
    }
    if rows.is_empty() {
        return cx.out.line("no such correction; `e` in Review or `appraise label … --response` writes one");
    }
    let mut table = WordTable::new(&["conversation", ">turn", "state", "intent", "lang", "by", "should have said"]);
    for r in &rows {
        let place = store.place(r.n, r.turn)?.to_string();
        let intent = r.intent.clone().unwrap_or_default();
        table.row([&r.id, &place, r.word(), &intent, &r.lang, &r.by, &r.text]);
    }
    let counted = cx.out.paint(Tone::Muted, "turns count from 0, as --turn takes them");
    cx.out.line(counted)?;
    table.print(&mut cx.out)?;
    for r in &rows {
        let place = store.place(r.n, r.turn)?;
        if let Some(why) = r.says() {
            cx.out.line(text::clean(&format!("{} turn {place}: {why}", r.id)))?;
        }
    }
    Ok(())
}

fn settled(cx: &mut Cx, store: &Store, done: &SettledCorrection) -> Result<()> {
    if cx.json {
        return cx.numbered(store, done);
    }
    let already = if done.step.is_none() { " already" } else { "" };
    let place = store.place(done.n, done.turn)?;
    cx.out.line(text::clean(&format!("{} turn {place} is {}{already}: {}", done.id, done.state, done.text)))?;
    if done.state == ACCEPTED && store.figures().are_no_answers(&[&done.text], cx.now)? == [true] {
        cx.note(AnswersTold::HELPS_FEW);
    }
    let row = store.corrections_of(done.n)?.into_iter().find(|r| r.turn == done.turn);
    match row.and_then(|r| r.says()) {
        Some(why) => cx.out.line(text::clean(&why)),
        None => Ok(()),
    }
}

/// What became of the corrections among some changes, for `label`: those that are not in force, in words.
pub(in crate::cli) fn words_of(
    store: &Store,
    written: &[(crate::domain::ConversationId, crate::domain::TurnKey)],
) -> Result<ResponseOutcome> {
    let rows = match written {
        [] => Vec::new(),
        [(n, _)] => store.corrections_of(*n)?,
        _ => store.corrections()?,
    };
    let rows = rows.into_iter().filter(|r| written.contains(&(r.n, r.turn)));
    let mut said = ResponseOutcome::default();
    for row in rows {
        said.proposed += u64::from(row.state == CorrectionState::Proposed);
        said.first = said.first.or(Some((row.state, row.says())));
    }
    Ok(said)
}

/// Why what was just written needs nobody else (rule 19).
const ACCEPTED_AT_ONCE: &str = "accepted at once, as a lead's own or of whoever is alone here";

/// What became of corrections that were just written.
#[derive(Default)]
pub(in crate::cli) struct ResponseOutcome {
    /// How many are only proposed.
    pub proposed: u64,
    /// The state of the first one, and what is to be said about it.
    pub first: Option<(CorrectionState, Option<String>)>,
}

impl ResponseOutcome {
    /// For `label` of one conversation: `null` where no answer was corrected.
    pub(in crate::cli) fn json(&self) -> Value {
        self.first.as_ref().map_or(Value::Null, |(state, says)| json!({"state": state, "says": says}))
    }

    /// For `label` of one conversation: the state, and why nobody else was asked.
    pub(in crate::cli) fn line(&self) -> Option<String> {
        let (state, says) = self.first.as_ref()?;
        let says = says.as_ref().map_or(String::new(), |says| format!("; {says}"));
        Some(match state {
            CorrectionState::Proposed | CorrectionState::Returned => says.trim_start_matches("; ").to_owned(),
            CorrectionState::Accepted => format!("the correction is {ACCEPTED_AT_ONCE}{says}"),
            CorrectionState::NextRelease | CorrectionState::Live => {
                format!("the correction is {ACCEPTED_AT_ONCE}: {}{says}", state.words())
            }
        })
    }

    /// For `label --file`.
    pub(in crate::cli) fn file_line(&self) -> Option<String> {
        (self.proposed > 0).then(|| {
            format!(
                "{} only proposed; `appraise responses list --state proposed` says what keeps each",
                match self.proposed {
                    1 => "1 correction is".to_owned(),
                    n => format!("{} corrections are", count(n)),
                }
            )
        })
    }
}
