//! A file that comes over the network: read on a thread of its own, so that whoever waits hears ctrl-c meanwhile.

use crate::domain::Cancelled;
use crate::jobs::JobError;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use ureq::Agent;
use ureq::http::{Response, StatusCode, header};

/// How often it is asked whether to go on.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes of a piece.
const PIECE: usize = 1 << 18;
/// Pieces that may wait to be written.
const AHEAD: usize = 8;

/// What a server answers before it sends.
pub(super) struct ResponseHead {
    pub status: StatusCode,
    /// Bytes that follow, where it says so.
    pub length: Option<u64>,
    /// Where in the file they begin, in a part.
    pub from: Option<u64>,
}

/// Why a file does not come to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum DownloadFailure {
    #[error("{0}")]
    Asking(#[source] Box<ureq::Error>),
    #[error("{0}")]
    Reading(#[source] io::Error),
    #[error("nothing has come for {0} s")]
    Silent(u64),
    #[error("the connection ended")]
    Ended,
}

enum Event {
    Answer(ResponseHead),
    Piece(Vec<u8>),
    Failed(DownloadFailure),
}

/// A file on its way.
pub(super) struct Download {
    events: Receiver<Event>,
    /// How long nothing may come.
    patience: Duration,
}

/// Asked while nothing comes.
pub(super) type Go<'a> = &'a mut dyn FnMut() -> Result<(), Cancelled>;

impl Download {
    /// Asks for a file from a byte on. The thread ends with the file, with this, or with the connection.
    pub fn begin(agent: Agent, url: String, from: u64, patience: Duration) -> Result<Self, JobError> {
        let (to, events) = sync_channel(AHEAD);
        let thread = std::thread::Builder::new().name("download".to_owned());
        thread.spawn(move || read(&agent, &url, from, &to)).map_err(|_| JobError::no_thread("fetching a file"))?;
        Ok(Self { events, patience })
    }

    /// What the server answers; connecting and answering have limits of their own.
    pub fn answer(&mut self, go: Go<'_>) -> Result<Result<ResponseHead, DownloadFailure>, JobError> {
        loop {
            go()?;
            match self.events.recv_timeout(LOOK) {
                Ok(Event::Answer(answer)) => return Ok(Ok(answer)),
                Ok(Event::Failed(what)) => return Ok(Err(what)),
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Event::Piece(_)) | Err(RecvTimeoutError::Disconnected) => {
                    return Ok(Err(DownloadFailure::Ended));
                }
            }
        }
    }

    /// The next bytes; `None` at the end.
    pub fn next(&mut self, go: Go<'_>) -> Result<Option<Result<Vec<u8>, DownloadFailure>>, JobError> {
        let until = Instant::now() + self.patience;
        loop {
            go()?;
            match self.events.recv_timeout(LOOK) {
                Ok(Event::Piece(bytes)) => return Ok(Some(Ok(bytes))),
                Ok(Event::Failed(what)) => return Ok(Some(Err(what))),
                Ok(Event::Answer(_)) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until => {
                    return Ok(Some(Err(DownloadFailure::Silent(self.patience.as_secs()))));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// Whoever waited may have gone: then nobody wants the rest.
fn read(agent: &Agent, url: &str, from: u64, to: &SyncSender<Event>) {
    let mut request = agent.get(url);
    if from > 0 {
        request = request.header(header::RANGE, format!("bytes={from}-"));
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(e) => {
            let _ = to.send(Event::Failed(DownloadFailure::Asking(Box::new(e))));
            return;
        }
    };
    let number = |text: &str| text.trim().parse().ok();
    let head = |name| text_of(&response, name);
    let answer = ResponseHead {
        status: response.status(),
        length: head(header::CONTENT_LENGTH).and_then(number),
        from: head(header::CONTENT_RANGE).and_then(|r| number(r.strip_prefix("bytes ")?.split('-').next()?)),
    };
    if to.send(Event::Answer(answer)).is_err() {
        return;
    }
    let mut body = response.into_body().into_reader();
    loop {
        let mut piece = vec![0; PIECE];
        let event = match body.read(&mut piece) {
            Ok(0) => return,
            Ok(n) => {
                piece.truncate(n);
                Event::Piece(piece)
            }
            Err(e) => Event::Failed(DownloadFailure::Reading(e)),
        };
        let last = matches!(event, Event::Failed(_));
        if to.send(event).is_err() || last {
            return;
        }
    }
}

fn text_of<T>(response: &Response<T>, name: header::HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}
