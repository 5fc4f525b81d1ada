//! Zendesk: tickets with their comments, and as the API hands them out, apart, with the users who say which role an author
//! has. A folder of them is one import. Beside it [`freshdesk`], whose tickets look alike.

mod comment;
pub(in crate::ingest) mod freshdesk;

use super::grouped::ending::{KnownEnding, finish};
use super::grouped::look::{at, first_id, id, list, shown, time, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::record_error::RecordError;
use crate::domain::{Conversation, Csat, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use comment::TicketPeople;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static ZENDESK: GroupedFormat = GroupedFormat {
    name: "zendesk",
    marks: &["\"requester_id\"", "\"author_id\"", "\"end-user\""],
    tell,
    lists: &["tickets", "ticket", "users", "results"],
    has_tables: false,
    asks: false,
    take,
    build,
};

const TICKET: u8 = b'k';
const COMMENT: u8 = b'c';

fn is_ticket(v: &Value) -> bool {
    v.get("requester_id").is_some() && v.get("status").is_some() && v.get("id").is_some()
}

fn is_comment(v: &Value) -> bool {
    v.get("author_id").is_some() && (v.get("body").is_some() || v.get("plain_body").is_some())
}

fn is_user(v: &Value) -> bool {
    matches!(words(v, "/role"), Some("end-user" | "agent" | "admin")) && v.get("id").is_some()
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let any = |f: fn(&Value) -> bool| values.iter().any(f);
    let listed = |v: &Value| list(v, "/comments").iter().any(is_comment);
    if any(is_ticket) {
        return Some((97, "tickets of Zendesk"));
    }
    if any(is_comment) || values.iter().any(listed) {
        return Some((96, "comments of Zendesk"));
    }
    any(|v| is_user(v) && v.get("name").is_some()).then_some((90, "users of Zendesk"))
}

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let comments = value.get_mut("comments").map(Value::take).unwrap_or_default();
    for user in list(&value, "/users") {
        remember(user, out);
    }
    if is_ticket(&value) {
        let own = id(&value, "/id").ok_or(RecordError::Missing("`id`"))?;
        out.piece(&own, TICKET, &value)?;
        // Only a ticket without comments waits for some. Where several were opened in one second, nobody knows whose they are.
        if let Some(first) = opening(&value, "/requester_id").filter(|_| list(&comments, "").is_empty()) {
            out.claims(&first, &own);
        }
        return list(&comments, "").iter().try_for_each(|c| out.piece(&own, COMMENT, c));
    }
    if is_comment(&value) {
        let ticket =
            id(&value, "/ticket_id").ok_or(RecordError::Missing("`ticket_id` of a comment that stands alone"))?;
        return out.piece(&ticket, COMMENT, &value);
    }
    if let Some(first) = list(&comments, "").first() {
        // A list of a ticket's comments does not say whose: it begins with what the requester wrote when the ticket did.
        let whose = id(first, "/ticket_id").or_else(|| opening(first, "/author_id"));
        let whose = whose.ok_or(RecordError::Missing("`author_id` and `created_at` of the first comment"))?;
        return list(&comments, "").iter().try_for_each(|c| out.piece(&whose, COMMENT, c));
    }
    if is_user(&value) {
        remember(&value, out);
    } else if list(&value, "/users").is_empty() {
        out.cx.warnings.add("a record that is no ticket, comment or user, left out");
    }
    Ok(())
}

fn remember(user: &Value, out: &mut PartSink<'_>) {
    if let (Some(user_id), Some(role)) = (id(user, "/id"), words(user, "/role")) {
        out.remember(format!("user {user_id}"), role.to_owned());
    }
}

/// Who opened a ticket, and when.
fn opening(value: &Value, author: &str) -> Option<String> {
    Some(format!("opened by {} at {}", id(value, author)?, words(value, "/created_at")?))
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let ticket = group.pieces.iter().rev().find(|p| p.tag == TICKET).map(|p| p.value.clone()).unwrap_or_default();
    let comments = group.pieces.iter().filter(|p: &&RecordPiece| p.tag == COMMENT).map(|p| &p.value);
    let comments: Vec<&Value> = comments.filter(|c| id(c, "/id").is_none_or(|id| seen.add(id))).collect();
    let requester = id(&ticket, "/requester_id").or_else(|| comments.first().and_then(|c| id(c, "/author_id")));
    let people = TicketPeople { requester, assignee: id(&ticket, "/assignee_id"), known: group.known };
    vec![conversation(group.id, &ticket, &comments, &people, cx)]
}

fn conversation(
    own: String,
    ticket: &Value,
    comments: &[&Value],
    people: &TicketPeople<'_>,
    cx: &mut Context,
) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    for one in comments {
        c.turns.push(
            comment::turn(one, people, cx)
                .map_err(|e| e.at(format!("comment {}", id(one, "/id").unwrap_or_default())))?,
        );
    }
    if let (true, Some(text)) = (comments.is_empty(), words(ticket, "/description")) {
        cx.warnings.add("a ticket without its comments: only what it was opened with is known");
        let mut turn = Turn::new(Role::User, text);
        turn.at = time(ticket, "/created_at", cx)?;
        c.turns.push(turn);
    }
    c.customer_id.clone_from(&people.requester);
    c.channel = words(ticket, "/via/channel").map(str::to_owned);
    c.tags = list(ticket, "/tags").iter().filter_map(Value::as_str).map(str::to_owned).take(1_000).collect();
    for key in ["subject", "priority", "type", "brand_id", "group_id"] {
        if let Some(value) = ticket.get(key).filter(|v| !v.is_null()) {
            c.meta.insert(key.to_owned(), value.clone());
        }
    }
    c.csat = csat(ticket, cx);
    let said = ended(&c, ticket, cx);
    finish(c, said, cx)
}

/// Good or bad; offered and not offered are no rating.
fn csat(ticket: &Value, cx: &mut Context) -> Option<Csat> {
    let comment = words(ticket, "/satisfaction_rating/comment").map(str::to_owned);
    let rated = |score: f64| Some(Csat { score, max: 1.0, comment, at: None });
    let given = first_id(ticket, &["/satisfaction_rating/score"])?;
    match given.as_str() {
        "good" | "good_with_comment" => rated(1.0),
        "bad" | "bad_with_comment" => rated(0.0),
        "offered" | "unoffered" | "received" => None,
        other => {
            cx.warnings.add(&format!("a satisfaction score `{}` is not known, left out", shown(other)));
            None
        }
    }
}

/// The end by the ticket's status.
fn ended(c: &Conversation, ticket: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let status = first_id(ticket, &["/status"])?;
    let people = c.turns.iter().any(|t| t.role == Role::Agent);
    let has_ai = c.turns.iter().any(|t| t.role == Role::Bot);
    match status.to_ascii_lowercase().as_str() {
        "new" | "open" | "pending" | "hold" => Some(KnownEnding::new(Outcome::Pending, status)),
        // Nobody answered in what is known of it.
        "solved" | "closed" if !people && !has_ai => None,
        "solved" | "closed" if c.csat.as_ref().is_some_and(|r| r.score < 1.0) => {
            Some(KnownEnding::new(Outcome::Failed, format!("{status}, and rated bad")))
        }
        "solved" | "closed" if c.tags.iter().any(|t| t.to_ascii_lowercase().contains("no_reply")) => {
            Some(KnownEnding::new(Outcome::Abandoned, format!("{status}, and tagged as without reply")))
        }
        "solved" | "closed" if people || c.csat.is_some() => Some(KnownEnding::new(Outcome::Resolved, status)),
        "solved" | "closed" => Some(KnownEnding::assumed(format!("{status} without a person's comment"))),
        "deleted" => None,
        _ => {
            let given = at(ticket, "/status").as_str().map(shown).unwrap_or_default();
            cx.warnings.add(&format!("the status `{given}` is not known: the outcome is derived"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_satisfaction_score_is_good_or_bad_and_any_other_is_named() {
        let mut cx = Context::of("desk");
        let mut rated =
            |score: Value| csat(&json!({"satisfaction_rating": {"score": score}}), &mut cx).map(|r| r.score);
        let words = ["good", "bad_with_comment", "offered"].map(|word| rated(json!(word)));
        assert_eq!(words, [Some(1.0), Some(0.0), None]);
        assert_eq!([json!(5), json!("1")].map(&mut rated), [None, None]);
        let said: Vec<String> = cx.warnings.list().into_iter().map(|w| w.text).collect();
        assert!(said.len() == 2 && said.iter().any(|text| text.contains("`5`")), "{said:?}");
    }
}
