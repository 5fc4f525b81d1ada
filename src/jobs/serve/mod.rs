//! The live release over HTTP, in the shape of Rasa's server: an existing bot asks `POST /model/parse`.
//!
//! Each connection has a thread, up to a limit, and gives its place to a newer one while it waits; one thread holds store and model and answers them all in turn, so that
//! a promotion is taken up between two texts and the model is in memory once.

mod chunked;
pub mod http;
mod limits;
mod places;
#[cfg(test)]
mod tests;

pub use limits::{Limits, NoRequest};

use crate::jobs::JobError;
use crate::jobs::predict::feeling::sentiment_said;
use crate::jobs::predict::offered::offers_said;
use crate::jobs::predict::responder::{Reply, Responder};
use http::{Connection, HttpRequest, HttpResponse};
use places::{ConnectionPhase, ServingPlace, ServingPlaces};
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// How long a connection waits for the thread that answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// Intents that an answer ranks.
const RANKED: usize = 5;

/// What a connection wants to know.
enum ServedTask {
    /// A text, and the whole body: it may bring offers and what was said before along.
    Parse(String, Value),
    Health,
}

/// A question and where its answer goes.
struct ServedQuestion {
    what: ServedTask,
    reply: Sender<HttpResponse>,
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    addr: SocketAddr,
    limits: Limits,
}

impl Server {
    /// Listens on an address; port 0 takes a free one.
    ///
    /// # Errors
    /// The address is in use or not of this machine.
    pub fn bind(addr: SocketAddr, limits: Limits) -> Result<Self, JobError> {
        let refused = |source: std::io::Error| JobError::CannotListen { addr, source };
        let listener = TcpListener::bind(addr).map_err(refused)?;
        let addr = listener.local_addr().map_err(refused)?;
        Ok(Self { listener, addr, limits })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Answers until the process ends. `note` gets what whoever runs the server should know.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn run(self, responder: &mut Responder<'_>, mut note: impl FnMut(&str)) -> Result<(), JobError> {
        let (to, questions) = sync_channel(self.limits.connections);
        let accepting = std::thread::Builder::new().name("accept".to_owned()).spawn(move || self.accept(&to));
        accepting.map_err(|_| JobError::no_thread("serving"))?;
        answer_all(&questions, responder, &mut note);
        Ok(())
    }

    fn accept(&self, to: &SyncSender<ServedQuestion>) {
        let places = Arc::new(ServingPlaces::new(self.limits.connections));
        let only_here = self.addr.ip().is_loopback();
        for stream in self.listener.incoming() {
            let Ok(stream) = stream else {
                // No more file descriptors, most likely: one that waits has some.
                places.make_room();
                std::thread::sleep(Duration::from_millis(50));
                continue;
            };
            let Some(place) = ServingPlaces::take(&places, &stream) else {
                refuse(stream, self.limits);
                continue;
            };
            let (to, limits) = (to.clone(), self.limits);
            // Without a thread the connection is closed; the next one may have more luck.
            let _ = std::thread::Builder::new()
                .name("connection".to_owned())
                .spawn(move || converse(stream, limits, only_here, &place, &to));
        }
    }
}

/// Too many connections are open.
fn refuse(stream: TcpStream, limits: Limits) {
    // A peer that has gone already needs no answer.
    if let Ok(mut connection) = Connection::tcp(stream, limits) {
        let _ = connection.respond(&HttpResponse::error(503, "too many connections; try again"), true, false);
    }
}

fn answer_all(questions: &Receiver<ServedQuestion>, responder: &mut Responder<'_>, note: &mut impl FnMut(&str)) {
    let mut told: Option<String> = None;
    for ServedQuestion { what, reply } in questions {
        let response = match what {
            ServedTask::Health => health(responder),
            ServedTask::Parse(text, asked) => match responder.answer(&text, RANKED) {
                Ok(reply) => match offers_said(responder, &reply, &asked) {
                    Ok(offers) => {
                        let mut said = rasa(&text, &reply);
                        let feels = sentiment_said(responder, &text, &asked);
                        feels.iter().for_each(|feels| said["sentiment"] = json!(feels));
                        offers.iter().for_each(|offers| said["offers"] = json!(offers));
                        HttpResponse::ok(said)
                    }
                    Err(why) => HttpResponse::error(400, &why),
                },
                Err(e) => HttpResponse::error(503, &e.to_string()),
            },
        };
        let trouble = responder.trouble().map(str::to_owned);
        if trouble != told {
            trouble.iter().for_each(|why| note(why));
            told = trouble;
        }
        // Whoever asked may have gone.
        let _ = reply.send(response);
    }
}

/// Rasa's shape, and what the release says beyond it.
fn rasa(text: &str, reply: &Reply) -> Value {
    let ranking: Vec<Value> =
        reply.ranking.iter().map(|r| json!({"name": r.intent, "confidence": r.confidence})).collect();
    let mut said = json!({
        "text": text,
        "intent": {"name": reply.intent, "confidence": reply.confidence.unwrap_or(0.0)},
        "entities": [],
        "intent_ranking": ranking,
        "out_of_scope": reply.out_of_scope,
        "response": reply.response,
        "release": reply.release,
    });
    // How the response came about, where there is something to say.
    let how = [
        ("no_response", json!(reply.no_response)),
        ("similarity", json!(reply.similarity)),
        ("propensity", json!(reply.propensity)),
        ("policy", json!(reply.policy)),
    ];
    how.into_iter().filter(|(_, value)| !value.is_null()).for_each(|(key, value)| said[key] = value);
    said
}

/// Whether texts would be answered, by which release.
fn health(responder: &mut Responder<'_>) -> HttpResponse {
    match responder.ready() {
        Ok(release) => HttpResponse::ok(json!({
            "status": "ok", "release": release, "model_id": format!("v{}", release.0), "num_active_training_jobs": 0,
            "version": env!("CARGO_PKG_VERSION"), "trouble": responder.trouble(),
        })),
        Err(e) => HttpResponse::error(503, &e.to_string()),
    }
}

/// Answers the requests of a connection, one after another.
fn converse(stream: TcpStream, limits: Limits, only_here: bool, place: &ServingPlace, to: &SyncSender<ServedQuestion>) {
    let Ok(mut connection) = Connection::tcp(stream, limits) else { return };
    loop {
        // Whoever has lost the place in the meantime has lost the connection, too.
        let begun = place.is_now(ConnectionPhase::Idle)
            && connection.wait().is_ok()
            && place.is_now(ConnectionPhase::Receiving);
        if !begun {
            return;
        }
        let request = match connection.request() {
            Ok(request) => request,
            Err(NoRequest::Gone) => return,
            Err(NoRequest::Refused(status, words)) => {
                if connection.respond(&HttpResponse::error(status, words), true, false).is_ok() {
                    connection.finish();
                }
                return;
            }
        };
        if !place.is_now(ConnectionPhase::Answering) {
            return;
        }
        let response = respond(&request, only_here, to);
        if !place.is_now(ConnectionPhase::Sending) {
            return;
        }
        if connection.respond(&response, request.method != "HEAD", request.keep).is_err() {
            return;
        }
        if !request.keep {
            return connection.finish();
        }
    }
}

fn respond(request: &HttpRequest, only_here: bool, to: &SyncSender<ServedQuestion>) -> HttpResponse {
    if only_here && !request.host.as_deref().is_none_or(names_this_machine) {
        return HttpResponse::error(
            403,
            "this server answers programs on this machine only; ask it by 127.0.0.1 or localhost",
        );
    }
    let reads = ["GET", "HEAD"].contains(&request.method.as_str());
    match (request.path.as_str(), request.method.as_str()) {
        ("/", _) if reads => HttpResponse::ok(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})),
        ("/health" | "/status", _) if reads => ask(ServedTask::Health, to),
        ("/model/parse", "POST") => match text_of(&request.body) {
            Ok((text, asked)) => ask(ServedTask::Parse(text, asked), to),
            Err(e) => HttpResponse::error(400, &e.to_string()),
        },
        ("/" | "/health" | "/status", _) => {
            HttpResponse { allow: Some("GET, HEAD"), ..HttpResponse::error(405, "ask with GET") }
        }
        ("/model/parse", _) => HttpResponse { allow: Some("POST"), ..HttpResponse::error(405, "ask with POST") },
        _ => HttpResponse::error(404, "there are POST /model/parse, GET /health and GET / here"),
    }
}

fn ask(what: ServedTask, to: &SyncSender<ServedQuestion>) -> HttpResponse {
    let (reply, answer) = channel();
    let late = || HttpResponse::error(503, "no answer in time; try again");
    if to.send(ServedQuestion { what, reply }).is_err() {
        return late();
    }
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| late())
}

/// Why a body asks nothing.
#[derive(Debug, thiserror::Error)]
enum NoQuestion {
    #[error("the body is no JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    #[error("the body must be an object with a `text`")]
    NoText,
}

/// The text of a body `{"text": "…"}`, and all of it.
fn text_of(body: &[u8]) -> Result<(String, Value), NoQuestion> {
    let value: Value = serde_json::from_slice(body).map_err(NoQuestion::NotJson)?;
    let text = value.get("text").and_then(Value::as_str).map(str::to_owned).ok_or(NoQuestion::NoText)?;
    Ok((text, value))
}

/// Whether a Host names this machine by an address or as `localhost`. A page in a browser reaches a local server under
/// the page's own name (DNS rebinding); such a name is refused.
fn names_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok()
}
