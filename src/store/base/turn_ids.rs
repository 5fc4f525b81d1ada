//! Turns as the tables name them: a conversation and the turn's key in one number.

use crate::domain::{ConversationId, TurnKey};

impl rusqlite::ToSql for TurnKey {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl rusqlite::types::FromSql for TurnKey {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        u32::column_result(value).map(Self)
    }
}

/// Bits of a packed turn id that hold the turn's key.
pub(in crate::store) const SEQ_BITS: u32 = 20;
/// Turns that a conversation can ever have.
pub(in crate::store) const MOST_TURNS: usize = 1 << SEQ_BITS;

/// The packed id of a turn.
pub(crate) fn turn_id(conversation: ConversationId, turn: TurnKey) -> i64 {
    (conversation.0 << SEQ_BITS) | i64::from(turn.0)
}

/// Packed ids of the turns of a conversation: from the first to before the second.
pub(in crate::store) fn turn_range(c: ConversationId) -> (i64, i64) {
    (turn_id(c, TurnKey(0)), turn_id(ConversationId(c.0 + 1), TurnKey(0)))
}

/// The conversation and key of a packed turn id.
pub(crate) fn split_turn(id: i64) -> (ConversationId, TurnKey) {
    (ConversationId(id >> SEQ_BITS), TurnKey((id & ((1 << SEQ_BITS) - 1)) as u32))
}
