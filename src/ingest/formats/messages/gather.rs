//! Messages put together to conversations.

use super::keys::{ABOUT, key_of_id};
use super::settle::settle;
use crate::domain::Conversation;
use crate::ingest::context::{Context, Warnings};
use crate::ingest::formats::canonical::conversation::{self, MAX_TURNS};
use crate::ingest::formats::contract::{Found, Records};
use crate::ingest::formats::json::bad;
use crate::ingest::input::frames::{Frame, Frames, layout};
use crate::ingest::input::record::{self, RecordFault};
use crate::ingest::input::source::Text;
use crate::ingest::rejects::BadRecord;
use crate::ingest::rows::text::RewindableText;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufReader, Read};
use std::mem;

type Input = BufReader<Box<dyn Read + Send>>;

/// The conversations of a log of messages.
pub(super) struct GatheredLog {
    frames: Frames<Input>,
    buf: Vec<u8>,
    max: usize,
    /// The messages of the conversation that is being read.
    group: Option<GatheredMessages>,
    /// Ids of conversations that are over.
    over: HashSet<u64>,
    /// Where messages of a conversation stand apart: how many are still to come of each.
    counts: Option<HashMap<u64, u32>>,
    /// Conversations of which messages are still to come.
    open: HashMap<u64, GatheredMessages>,
    held: usize,
    again: Option<RewindableText>,
    ready: VecDeque<Found>,
}

struct GatheredMessages {
    id: String,
    line: u64,
    bytes: usize,
    about: Map<String, Value>,
    turns: Vec<Value>,
    bad: Option<BadRecord>,
}

impl GatheredLog {
    /// Reads a text; `again`: the same, where it is a file.
    pub fn new(text: Text, again: Option<RewindableText>, max: usize) -> Self {
        let layout = layout(&text.head);
        let input: Input = BufReader::with_capacity(1 << 16, text.read());
        Self {
            frames: Frames::new(input, layout, max),
            buf: Vec::new(),
            max,
            group: None,
            over: HashSet::new(),
            counts: None,
            open: HashMap::new(),
            held: 0,
            again,
            ready: VecDeque::new(),
        }
    }

    /// Counts the messages of each conversation, where they do not stand together: one is over when all of them have come.
    fn look_ahead(&mut self) {
        let Some(again) = self.again.take() else { return };
        // What goes wrong here goes wrong again when the messages are read, and is said then.
        self.counts = counts(&again, self.max).ok().flatten();
    }

    fn take(&mut self, frame: Frame, cx: &mut Context) {
        let mut found = Warnings::at(frame.line);
        let parsed = record::parse(&self.buf, frame.end, self.max, &mut found);
        let message = parsed.and_then(|value| match value {
            Value::Object(map) => Ok(map),
            _ => Err(RecordFault::whole("a message is a JSON object, this is something else")),
        });
        let mut map = match message {
            Ok(map) => map,
            Err(fault) => return self.ready.push_back(Err(bad(frame, fault, &self.buf))),
        };
        cx.warnings.line = frame.line;
        cx.warnings.join(found);
        let key = key_of_id(&Value::Object(map.clone()));
        let id = key
            .and_then(|key| map.shift_remove(key))
            .map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let Some(id) = id.filter(|id| !id.trim().is_empty()) else {
            let fault =
                RecordFault::whole("no `conversation_id`: nobody knows which conversation this message belongs to");
            return self.ready.push_back(Err(bad(frame, fault, &self.buf)));
        };
        self.add(id, map, frame, cx);
    }

    fn add(&mut self, id: String, mut message: Map<String, Value>, frame: Frame, cx: &mut Context) {
        let hash = hashed(&id);
        if self.group.as_ref().is_none_or(|g| g.id != id) {
            self.turn_to(hash, &id, frame, cx);
        }
        let Some(group) = &mut self.group else { return };
        group.bytes += self.buf.len();
        self.held += self.buf.len();
        if group.bytes > self.max || group.turns.len() >= MAX_TURNS {
            let fault = RecordFault::whole("its conversation is longer than the limit");
            group.bad.get_or_insert_with(|| bad(frame, fault, &[]));
            group.turns = Vec::new();
        }
        for key in ABOUT {
            if let Some(value) = message.shift_remove(*key) {
                group.about.insert((*key).to_owned(), value);
            }
        }
        if group.bad.is_none() {
            group.turns.push(Value::Object(message));
        }
        if let Some(left) = self.counts.as_mut().and_then(|counts| counts.get_mut(&hash)) {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.close(cx);
            }
        }
    }

    /// Makes a conversation the one that messages are added to.
    fn turn_to(&mut self, hash: u64, id: &str, frame: Frame, cx: &mut Context) {
        // Those that wait take memory; with too many of them, what comes first is over.
        if self.counts.is_some() && self.held <= MOST_HELD {
            self.open.extend(self.group.take().map(|group| (hashed(&group.id), group)));
        } else {
            self.close(cx);
        }
        let known = self.open.remove(&hash);
        let again = self.over.contains(&hash);
        self.group = Some(known.unwrap_or_else(|| GatheredMessages {
            id: id.to_owned(),
            line: frame.line,
            bytes: 0,
            about: Map::new(),
            turns: Vec::new(),
            bad: again.then(|| bad(frame, RecordFault::whole(APART), &[])),
        }));
    }

    /// Ends the conversation that messages were added to.
    fn close(&mut self, cx: &mut Context) {
        let Some(group) = self.group.take() else { return };
        self.held = self.held.saturating_sub(group.bytes);
        self.over.insert(hashed(&group.id));
        self.ready.push_back(finish(group, cx));
    }
}

/// Bytes of messages that wait for others of their conversation.
const MOST_HELD: usize = 1 << 30;

const APART: &str = "messages of this conversation stood further up, with others between; a stream cannot be sorted: import it as a \
                     file, or sort it by conversation first";

fn finish(group: GatheredMessages, cx: &mut Context) -> Found {
    if let Some(bad) = group.bad {
        return Err(bad);
    }
    let mut map = group.about;
    map.insert("id".to_owned(), group.id.clone().into());
    map.insert("turns".to_owned(), Value::Array(group.turns));
    let before = mem::replace(&mut cx.warnings, Warnings::at(group.line));
    let read: Result<Conversation, _> = conversation::read_with(Value::Object(map), settle, cx);
    let found = mem::replace(&mut cx.warnings, before);
    match read {
        Ok(conversation) => {
            cx.warnings.join(found);
            Ok((Box::new(conversation), group.line))
        }
        Err(error) => {
            if let Some(name) = error.stranger() {
                cx.speakers.note(&name);
            }
            Err(BadRecord {
                line: group.line,
                column: 1,
                reason: format!("conversation `{}`: {error}", group.id),
                excerpt: String::new(),
            })
        }
    }
}

impl Records for GatheredLog {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        self.look_ahead();
        loop {
            if let Some(found) = self.ready.pop_front() {
                return Ok(Some(found));
            }
            match self.frames.next(&mut self.buf) {
                Ok(Some(frame)) => self.take(frame, cx),
                Ok(None) => {
                    self.frames.tell_beside(&mut cx.warnings)?;
                    self.close(cx);
                    let mut left: Vec<GatheredMessages> = self.open.drain().map(|(_, group)| group).collect();
                    left.sort_by_key(|group| group.line);
                    self.ready.extend(left.into_iter().map(|group| finish(group, cx)).collect::<Vec<_>>());
                    if self.ready.is_empty() {
                        return Ok(None);
                    }
                }
                // The last conversations may lack messages: not imported as if they were whole.
                Err(error) => {
                    (self.group, self.open) = (None, HashMap::new());
                    return Err(error);
                }
            }
        }
    }

    fn line(&self) -> u64 {
        self.frames.line()
    }
}

/// How many messages each conversation has; `None` where those of each stand together.
fn counts(again: &RewindableText, max: usize) -> io::Result<Option<HashMap<u64, u32>>> {
    let text = again.text()?;
    let layout = layout(&text.head);
    let mut frames = Frames::new(BufReader::with_capacity(1 << 16, text.read()), layout, max);
    let (mut buf, mut counts, mut last, mut apart) = (Vec::new(), HashMap::new(), None, false);
    while let Some(frame) = frames.next(&mut buf)? {
        let Ok(value) = record::parse(&buf, frame.end, max, &mut Warnings::default()) else { continue };
        let Some(id) = key_of_id(&value).and_then(|key| value.get(key)) else { continue };
        let hash = hashed(&id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let count = counts.entry(hash).or_insert(0u32);
        apart |= *count > 0 && last != Some(hash);
        *count += 1;
        last = Some(hash);
    }
    Ok(apart.then_some(counts))
}

fn hashed(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
