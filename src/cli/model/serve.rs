//! `appraise serve`

use crate::cli::frame::bounds;
use crate::cli::frame::context::Cx;
use crate::cli::frame::exit::Exit;
use crate::jobs::Responder;
use crate::jobs::serve::{Limits, Server};
use anyhow::Result;
use serde_json::json;
use std::net::SocketAddr;

const HELP: &str = "\
Answers POST /model/parse as Rasa's server does, so that an existing bot can use the live release at once: promotions and \
roll-backs are taken up between two texts, without a restart. GET /health (also /status) tells which release answers, with 503 \
while none is live; GET / tells that the server is there. Nothing is written down of what is asked.

It listens on this machine alone. Give another address only behind something that encrypts and asks who is there: the \
server does neither. Where it listens on this machine it refuses requests under another host name than localhost or an address.

Requests: {\"text\":\"…\"}, at most 256 KiB, with a Content-Length or in chunks. --connections at a time: where all places are taken, the \
one that has waited longest without a request is closed for a new one.

--explore, off by default: where several answers were accepted for an intent and language and no request tells which, one is drawn, as often \
as it is the best by what followed each so far (Thompson sampling; a twentieth is spread alike). A draw follows from --seed, the release and the \
text. The answer then has \"propensity\", the chance of the draw (computed, no estimate), and \"policy\": write both beside the bot's turn in the log, \
and `appraise responses rank` says what always giving each answer would bring.

Examples:
  appraise serve
  appraise serve --explore --seed 7
  curl -s localhost:5005/model/parse -d '{\"text\":\"where is my refund\"}'
  # Rasa, endpoints.yml:  nlu: {url: \"http://127.0.0.1:5005\"}

JSON (once, when it listens): {\"addr\"}.
Answers: {\"text\",\"intent\":{\"name\",\"confidence\"},\"entities\":[],\"intent_ranking\":[{\"name\",\"confidence\"}],\
\"out_of_scope\",\"response\",\"release\"}, and \"similarity\" where the nearest request with an accepted answer decided, \"propensity\" and \"policy\" where the \
response was drawn; response is null, and \"no_response\" says why, as `appraise predict` does; an intent of null (confidence 0, no response) \
where there is no guess: so it is for a text without a letter or a digit. \"sentiment\" (-1 to 1) is there where the release has learnt how customers feel, after what the AI said at the end of a body's \"history\". A body with \"offers\" gets \"offers\":[{\"id\",\"propensity\",\"lo\",\"hi\"}] \
too: both as `appraise predict` says.
Health: {\"status\":\"ok\",\"release\",\"model_id\",\"num_active_training_jobs\":0,\"version\",\"trouble\"}; trouble: why the live \
release is not the one that answers, else null. Errors: {\"status\":\"failure\",\"message\",\"reason\",\"code\",…}.";

/// Answer texts from the live release over HTTP, as Rasa does
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(in crate::cli) struct Args {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5005")]
    addr: SocketAddr,
    /// Connections at a time, at most 4096
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = bounds::up_to(1..=4_096))]
    connections: usize,
    /// Draw among the accepted answers of an intent where no request tells which, and say with which chance
    #[arg(long)]
    explore: bool,
}

pub(in crate::cli) fn run(cx: &mut Cx, args: &Args) -> Result<Exit> {
    let store = cx.store()?;
    let server = Server::bind(args.addr, Limits { connections: args.connections, ..Limits::default() })?;
    let addr = server.addr();
    if !addr.ip().is_loopback() {
        cx.note(&format!(
            "anybody who reaches {addr} can ask the live release, unencrypted and without a password; 127.0.0.1 keeps it to \
             this machine"
        ));
    }
    let mut responder = Responder::new(&store, None);
    if args.explore {
        responder = responder.exploring(cx.settings.seed);
    }
    if let Err(e) = responder.ready() {
        cx.note(&format!("{e}. Until then every text is answered with 503"));
    }
    if cx.json {
        cx.out.json(&json!({ "addr": addr.to_string() }))?;
    } else {
        cx.out.line(format!("answering POST http://{addr}/model/parse; ctrl-c ends it"))?;
    }
    cx.out.flush()?;
    server.run(&mut responder, |words| cx.note(words))?;
    Ok(Exit::Done)
}
