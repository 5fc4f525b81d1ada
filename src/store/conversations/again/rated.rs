//! Ratings that come apart from their conversations, as surveys are exported.

use crate::domain::{Conversation, StepId};
use crate::store::Result;
use crate::store::conversations::arriving::{ArrivingConversation, RatedConversation};
use crate::store::conversations::write::ConversationWriter;

impl ConversationWriter<'_> {
    /// Takes a rating: a conversation without turns, with what is said of the stored one of that name. Where the file's name is all that
    /// tells a source, the only one is meant that has such a conversation. It is as if that had come again with the rating (rule 34).
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn rate(
        &mut self,
        given: &Conversation,
        is_source_guessed: bool,
        step: &mut Option<StepId>,
    ) -> Result<RatedConversation> {
        let store = self.store;
        let mut found = Vec::new();
        for (source, name) in store.sources()? {
            let is_own = name == given.source;
            if let Some(known) = if is_own || is_source_guessed { self.known(source, &given.id)? } else { None } {
                found.push((is_own, source, known));
            }
        }
        found.sort_by_key(|(is_own, ..)| !is_own);
        let (source, known) = match found.as_slice() {
            [] => return Ok(RatedConversation::Unknown),
            [(is_own, source, known), others @ ..] if *is_own || others.is_empty() => (*source, known),
            _ => return Ok(RatedConversation::InSeveralSources),
        };
        let stored = store.conversation_as_logged(known.id)?;
        let mut csat = given.csat.clone();
        if let (Some(new), Some(old)) = (&mut csat, &stored.csat)
            && (new.score, new.max) == (old.score, old.max)
        {
            new.comment = new.comment.take().or_else(|| old.comment.clone());
            new.at = new.at.or(old.at);
        }
        let told = Conversation { csat: csat.or_else(|| stored.csat.clone()), ..stored };
        let derived = store.deriver().derive(&told);
        let new = ArrivingConversation { source, ..ArrivingConversation::new(&told, &derived, &known.hash) };
        self.again(new, known.id, step).map(RatedConversation::Known)
    }
}
