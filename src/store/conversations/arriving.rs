//! Conversations on their way into the store, and what became of them.

use super::derived::DerivedFields;
use crate::domain::{Conversation, ConversationId, Outcome, Timestamp};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Names that are kept of each kind, to tell people where to look.
const NAMED: usize = 3;

/// What to do with a conversation whose key is known and whose content differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// Keep what is stored.
    Skip,
    /// Join both; see [`crate::domain::join`].
    #[default]
    Update,
    /// Reject the line.
    Error,
}

/// What became of a conversation that was put into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalResult {
    /// It was not there.
    New(ConversationId),
    /// It was there, and the file knows more.
    Updated(ConversationId),
    /// All of it was there already.
    Same(ConversationId),
    /// It has fewer turns than what is stored and says something else of them: kept out.
    Older(ConversationId),
    /// It says something else, and [`OnDuplicate::Skip`] was asked for.
    Kept(ConversationId),
    /// Joined it would have more turns than a conversation can have: kept out.
    Full(ConversationId),
    /// It was there with other content, and [`OnDuplicate::Error`] was asked for.
    Conflict(ConversationId),
}

/// What became of a rating that came apart from its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatedConversation {
    /// The conversation is stored, and has come again with it.
    Known(ArrivalResult),
    /// None of that name is stored.
    Unknown,
    /// Several sources have one of that name.
    InSeveralSources,
}

impl ArrivalResult {
    /// Its row.
    pub fn id(self) -> ConversationId {
        match self {
            Self::New(id)
            | Self::Updated(id)
            | Self::Same(id)
            | Self::Older(id)
            | Self::Kept(id)
            | Self::Full(id)
            | Self::Conflict(id) => id,
        }
    }
}

/// A conversation on its way into the store.
#[derive(Clone, Copy)]
pub struct ArrivingConversation<'a> {
    /// As the log tells it.
    pub conversation: &'a Conversation,
    /// What follows from it.
    pub derived: &'a DerivedFields,
    /// Over its content: equal hashes mean that nothing changed.
    pub hash: &'a [u8],
    /// Its source is the name of the file that it came in, for want of a better one.
    pub(in crate::store) is_source_guessed: bool,
    /// The log names no conversation: its id is made of what it says.
    pub(in crate::store) is_id_made: bool,
    /// The silence in milliseconds behind which its log begins another conversation.
    pub(in crate::store) silence: Option<i64>,
    pub(in crate::store) source: i64,
}

impl<'a> ArrivingConversation<'a> {
    /// A conversation with what follows from it and the hash of its content.
    pub fn new(conversation: &'a Conversation, derived: &'a DerivedFields, hash: &'a [u8]) -> Self {
        Self { conversation, derived, hash, is_source_guessed: false, is_id_made: false, silence: None, source: 0 }
    }

    /// The same, from a file whose name is all that tells the source.
    #[must_use]
    pub fn with_source_guessed(self, is_source_guessed: bool) -> Self {
        Self { is_source_guessed, ..self }
    }

    /// The same, from a log that names no conversation.
    #[must_use]
    pub fn with_id_made(self, is_id_made: bool) -> Self {
        Self { is_id_made, ..self }
    }

    /// The same, from a log that is cut into conversations where somebody is silent for longer than so many milliseconds.
    #[must_use]
    pub fn with_silence(self, silence: Option<i64>) -> Self {
        Self { silence, ..self }
    }
}

/// When stored conversations begin and end: where a log names none, a later export of it is told by the messages that both have. Empty until
/// the first conversation comes that needs it; conversations that are written with it are added.
#[derive(Default)]
pub struct ConversationEnds(pub(in crate::store) RefCell<KnownEnds>);

/// Moments at which conversations begin or end.
pub(in crate::store) type EndSet = BTreeSet<(Timestamp, ConversationId)>;

/// Those of conversations of several turns, and of those of one; each read when it is needed.
#[derive(Default)]
pub(in crate::store) struct KnownEnds {
    pub of_several: Option<EndSet>,
    pub of_one: Option<EndSet>,
}

/// How conversations are taken in.
#[derive(Clone, Copy)]
pub struct ArrivalRules<'a> {
    /// When.
    pub now: Timestamp,
    /// What to do with what is known and says something else.
    pub on_duplicate: OnDuplicate,
    /// Take what has fewer turns, too: as the later word.
    pub take_older: bool,
    /// The source whose log comes again under another name.
    pub copy_of: Option<i64>,
    /// The newest row before any of this log: what one column tells apart (`4711`, `04711`) are two, whatever spreadsheets do.
    pub newest_before: i64,
    /// When stored conversations begin and end; without it no log goes on in what is stored under another name.
    pub ends: Option<&'a ConversationEnds>,
    /// Gives a conversation whose log says nothing of it an outcome.
    pub settle: &'a dyn Fn(&mut Conversation),
}

impl ArrivalRules<'_> {
    /// By default; nothing is derived.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            on_duplicate: OnDuplicate::Update,
            take_older: false,
            copy_of: None,
            newest_before: i64::MAX,
            ends: None,
            settle: &|c| c.outcome = Some(Outcome::Unknown),
        }
    }
}

/// What became of decisions on conversations that came again, and what was found under another name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrivalNotes {
    /// Decisions whose turn has another number now.
    pub carried: u64,
    /// Decisions that fit nothing any more: the turn has another speaker.
    pub orphaned: u64,
    /// Decisions on turns whose words are others now.
    pub reworded: u64,
    /// Conversations that stay with their group although another customer is named: something was decided on them.
    pub bound: NamedCount,
    /// Conversations that were there under another name.
    pub elsewhere: NamedCount,
    /// Conversations of logs that name none, with messages that are stored already: they go on there.
    pub continued: NamedCount,
    /// Halves of chats whose other half is stored already: joined with it.
    pub halves: NamedCount,
    /// Conversations whose name is another's in another source, of which they do not say the same.
    pub namesakes: NamedCount,
    /// Conversations that are stored under another source, where the source was named: they stand there twice.
    pub copies: NamedCount,
    /// Conversations that share no turn with what was stored under their name.
    pub strangers: NamedCount,
    /// Conversations with words at a moment at which others of the same speaker are stored: both were kept.
    pub beside: NamedCount,
}

impl ArrivalNotes {
    /// Adds what another part of an import found.
    pub fn extend(&mut self, other: Self) {
        self.carried += other.carried;
        self.orphaned += other.orphaned;
        self.reworded += other.reworded;
        self.bound.extend(other.bound);
        self.elsewhere.extend(other.elsewhere);
        self.continued.extend(other.continued);
        self.halves.extend(other.halves);
        self.namesakes.extend(other.namesakes);
        self.copies.extend(other.copies);
        self.strangers.extend(other.strangers);
        self.beside.extend(other.beside);
    }
}

/// How many, and the first few by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedCount {
    /// How many.
    pub n: u64,
    /// `source:id` of the first few.
    pub first: Vec<String>,
}

impl NamedCount {
    pub(in crate::store) fn add(&mut self, name: String) {
        self.n += 1;
        if self.first.len() < NAMED {
            self.first.push(name);
        }
    }

    fn extend(&mut self, other: Self) {
        self.n += other.n;
        self.first.extend(other.first.into_iter().take(NAMED.saturating_sub(self.first.len())));
    }
}
