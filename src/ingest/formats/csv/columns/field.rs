//! What a column can hold.

use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Makes [`CsvField`] with its table.
macro_rules! fields {
    ($($variant:ident $name:literal $scope:ident $help:literal [$($alias:literal),*];)+) => {
        /// Something that a column can hold. Columns that hold none of these are kept in `meta`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum CsvField { $(#[doc = $help] #[serde(rename = $name)] $variant,)+ }

        impl CsvField {
            /// Every field, in the order in which screens and help list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            const TABLE: &'static [FieldInfo] =
                &[$(FieldInfo { name: $name, scope: FieldScope::$scope, help: $help, aliases: &[$($alias),*] }),+];
        }
    };
}

/// What a field is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldScope {
    /// Each turn has its own.
    Turn,
    /// A conversation has one; in rows of turns the last that is filled in holds.
    Conversation,
}

struct FieldInfo {
    name: &'static str,
    scope: FieldScope,
    help: &'static str,
    aliases: &'static [&'static str],
}

fields! {
    Id "id" Conversation "which conversation the row belongs to" [
        "conversation_id", "conv_id", "session_id", "chat_id", "dialogue_id", "dialog_id", "thread_id", "ticket_id",
        "case_id", "interaction_id", "call_id", "conversation", "session", "dialogue", "dialog", "thread", "ticket",
        "chat", "convo", "convo_id", "transcript_id", "id_conversation", "id_chat", "id_session", "id_ticket", "chat_uuid", "conversation_key", "conversation_ref", "conversation uuid", "conversation number", "id", "uuid", "ref", "κωδικός συνομιλίας",
        "会話id", "会話番号", "会话id", "会话编号", "对话id", "對話id", "대화id", "대화번호", "상담id", "id συνομιλίας", "συνομιλία", "συνεδρία", "κωδικός",
        "gesprächs-id", "gespräch-id", "gespräch", "konversation", "konversations-id", "sitzung", "sitzungs-id", "vorgang", "vorgangs-id", "identifiant de conversation", "id de conversation", "id conversación", "id de conversación", "conversación", "sesión", "id de sesión", "id_conversa", "conversa", "id conversazione", "conversazione", "gesprek", "gesprek_id", "gesprekid", "conversations_thread_id", "id_rozmowy", "rozmowa", "nr rozmowy", "görüşme id", "görüşme no", "görüşme", "αριθμός συνομιλίας", "αρ. συνομιλίας", "número de conversación", "número da conversa", "numéro de conversation", "gesprächsnummer", "conversation_sid", "attributes.session.id", "session.id", "context.conversation_id", "ид диалога", "id диалога", "диалог", "ид чата", "номер обращения", "konuşma_id", "konuşma no", "sohbet_id", "sohbet no", "sohbet", "id da conversa", "id czatu", "czat", "nr czatu", "id del chat", "id de chat", "numero conversazione", "αναγνωριστικό συνομιλίας", "κωδ. συνομιλίας", "vorgangsnummer", "n° de conversation", "no de conversation", "conv"];
    Role "role" Turn "who speaks: customer, AI, person, tool or system" [
        "role", "sender_type", "sender_role", "author_type", "author_role", "sender", "speaker", "from", "author", "who",
        "message_author", "message_sender", "sent_by", "written_by", "participant", "participant_type", "participant_role", "participant_purpose", "actor", "actor_type", "direction", "side", "user_type", "message_type",
        "is_bot", "from_bot", "is_customer", "from_customer", "is_user", "from_user", "incoming", "is_incoming",
        "inbound", "is_inbound", "from_agent", "is_agent", "from_name", "sender_name", "author_name", "purpose", "type", "ρόλος", "αποστολέας", "ομιλητής", "από",
        "送信者", "発言者", "話者", "发送者", "发送人", "發送者", "发言人", "보낸사람", "발신자", "absender", "sprecher", "verfasser", "rolle", "expéditeur", "émetteur", "auteur", "rôle", "remitente", "emisor", "autor", "rol", "remetente", "mittente", "autore", "afzender", "nadawca", "gönderen", "отправитель", "автор", "роль", "von", "hablante", "interlocutor", "interlocuteur", "locuteur", "parlante", "interlocutore", "emittente", "mówca", "rozmówca", "konuşmacı", "konuşan", "falante", "spreker"];
    Text "text" Turn "what was said" [
        "text", "message", "message_text", "body", "message_body", "content", "utterance", "msg", "user_message",
        "user_text", "user_msg", "user_utterance", "user_query", "user_input", "customer_message", "query_text", "query", "q",
        "input_transcript", "input_text", "question", "input", "prompt", "phrase", "sentence", "comment", "description", "user", "customer", "human",
        "attributes.input.value", "input.value", "text_content", "message_content", "content_text", "msg_text", "msg_body", "original_text", "raw_text", "μήνυμα", "κείμενο", "ερώτηση", "body_text", "text_body", "plain_text",
        "nachricht", "nachrichtentext", "inhalt", "contenu", "texte", "mensaje", "texto", "contenido", "mensagem", "conteúdo", "messaggio", "testo", "bericht", "tekst", "wiadomość", "treść", "mesaj", "metin", "сообщение", "текст", "メッセージ", "発言", "本文", "消息", "消息内容", "訊息", "内容", "內容", "메시지", "내용", "질문", "问题", "問題", "質問", "énoncé", "texte du message", "texto del mensaje", "texto da mensagem", "enunciado", "testo del messaggio", "treść wiadomości", "tekst wiadomości", "wypowiedź", "mesaj metni", "mesaj içeriği", "κείμενο μηνύματος", "äußerung", "uiting"];
    Reply "reply" Turn "what the AI answered, in the same row as the text" [
        "reply", "bot_reply", "bot_response", "bot_message", "bot_msg", "bot_text", "bot_answer", "bot_utterance", "response",
        "response_text", "output_text", "output_transcript", "bot_output", "system_response", "assistant_message", "answer", "output", "completion", "attributes.output.value", "output.value", "bot", "assistant", "chatbot", "απάντηση",
        "antwort", "réponse", "respuesta", "resposta", "risposta", "antwoord", "odpowiedź", "yanıt", "ответ", "답변", "回答", "答案"];
    Transcript "transcript" Conversation "a whole conversation in one cell: `User: … Bot: …`, a line a turn" [
        "transcript", "transcription", "transcript_text", "full_transcript", "call_transcript", "chat_log", "chat_transcript", "conversation_transcript", "conversation", "conversations", "dialogue", "dialog", "messages",
        "verlauf", "gesprächsverlauf", "chatverlauf", "historial", "historique", "transcripción", "transcrição", "trascrizione", "konuşma dökümü", "переписка", "history", "chat_history", "dialog_history", "conversation_history", "turns", "utterances", "log", "chat", "text", "body", "content", "συνομιλία", "διάλογος"];
    Time "time" Turn "when it was said" [
        "timestamp", "time", "created_at", "sent_at", "ts", "datetime", "date_time", "message_time", "event_time",
        "created", "created_on", "created_time", "sent", "sent_time", "received_at", "at", "date", "message_date", "timestamp_utc",
        "timestamp_ms", "createdatetime", "created_datetime", "created_date_time", "date_created", "date_sent", "sent_date", "entry_time", "absolute_time", "posted", "posted_at", "request_timestamp", "request_created_at", "ημ/νία", "ημερομηνία ώρα", "ημερομηνία", "χρόνος", "ώρα",
        "日時", "送信日時", "时间", "時間", "发送时间", "發送時間", "日期", "시간", "일시", "보낸시간", "zeitstempel", "zeitpunkt", "datum", "gesendet am", "date d'envoi", "horodatage", "fecha", "fecha y hora", "data_hora", "data e ora", "data", "tijdstip", "data i godzina", "tarih", "дата и время", "дата", "время", "zeit", "time_ms", "created_at_ms", "sent_at_ms", "timestamp_millis", "epoch_ms", "unix_ms", "unix_time", "unix_timestamp", "epoch", "fecha_hora", "marca de tiempo", "hora", "date et heure", "heure", "orario", "ora", "data ora", "data e hora", "horário", "tijd", "tijdstempel", "czas", "znacznik czasu", "zaman", "zaman damgası", "tarih saat", "saat", "χρονική στιγμή", "χρονοσφραγίδα"];
    Clock "clock" Turn "the time of day, where the date stands in a column of its own" [
        "time", "time_of_day", "hour", "clock", "sent_time", "created_time", "message_time", "start_time", "local_time", "ώρα",
        "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "godzina", "saat", "время"];
    Turn "turn" Turn "the turn's place in the conversation, as a number; without it the file's order holds" [
        "turn", "turn_index", "turn_idx", "utterance_index", "utterance_idx", "utterance_number", "utterance_no", "message_idx", "message_no", "msg_index", "msg_idx", "msg_no", "turn_number", "turn_no", "turn_id", "message_index", "message_number", "seq", "sequence",
        "sequence_number", "position", "turn_position", "step", "line_number", "σειρά"];
    MessageId "message_id" Turn "the log's own id of the message" [
        "message_id", "msg_id", "utterance_id", "event_id", "message_uuid", "id", "uuid"];
    Intent "intent" Turn "the intent that the AI predicted (never a label)" [
        "intent", "predicted_intent", "predicted", "prediction", "predicted_label", "detected_intent", "top_intent",
        "intent_name", "intent_display_name", "nlu_intent", "model_intent", "bot_intent", "matched_intent", "πρόθεση", "absicht", "intención", "intenção", "intento"];
    Confidence "confidence" Turn "how sure the AI was: 0 to 1, or a percentage" [
        "confidence", "intent_confidence", "confidence_score", "intent_score", "nlu_confidence", "match_confidence",
        "prediction_confidence", "predicted_confidence", "probability", "prob", "conf", "score", "βεβαιότητα", "konfidenz", "confiance", "confianza", "confiança"];
    Gold "gold" Turn "the intent that a person gave: a label; several with | between them" [
        "gold", "gold_intent", "gold_label", "gold_intents", "label", "true_intent", "correct_intent", "actual_intent",
        "corrected_intent", "expected_intent", "human_intent", "human_label", "true_label", "annotation", "annotated_intent",
        "intent_label", "target", "category", "class", "topic", "ετικέτα", "κατηγορία"];
    Corrected "corrected" Turn "the answer that a person wrote instead" [
        "corrected", "corrected_response", "corrected_text", "correction", "expected_response", "ideal_response",
        "gold_response", "corrected_answer", "διόρθωση"];
    Fallback "fallback" Turn "yes where the AI did not understand" [
        "fallback", "is_fallback", "no_match", "not_understood", "missed_utterance", "missed", "unhandled"];
    Private "private" Turn "yes, or `note`, where the customer did not see it: kept as a note" [
        "private", "is_private", "internal", "is_internal", "internal_note", "is_note", "private_note", "is_internal_note",
        "public", "is_public", "visibility", "privacy", "comment_type", "note_type", "audience", "scope", "visible_to_customer", "customer_visible",
        "note", "εσωτερικό", "εσωτερική", "εσωτερική σημείωση", "intern", "interno", "part_type", "message_type", "message_kind", "type", "kind"];
    Payload "payload" Turn "yes where the text is a button's and was not typed" [
        "payload", "is_payload", "is_button", "button", "quick_reply"];
    Feedback "feedback" Turn "thumbs on an answer: 1, -1, up, down, yes, no" [
        "feedback", "thumbs", "thumb", "helpful", "was_helpful", "is_helpful", "was_this_helpful", "is_this_helpful", "was_this_answer_helpful", "feedback_score", "feedback_rating", "feedback.rating", "feedback.value", "annotation.rating", "vote"];
    Action "action" Turn "the AI's action or response name" [
        "action", "bot_action", "action_name", "response_name", "response_id", "utter"];
    Event "event" Turn "what happened in a system's row: handoff, close, timeout, error, …" [
        "event", "event_name", "event_type"];
    Tool "tool" Turn "the tool that a tool's row comes from" ["tool", "tool_name", "function_name"];
    Sentiment "sentiment" Turn "how the customer feels: -1 to 1" ["sentiment", "sentiment_score"];
    Model "model" Turn "the language model that wrote the answer" ["model", "model_name", "llm"];
    Propensity "propensity" Turn "the chance with which the answer was drawn among others: above 0, at most 1" ["propensity", "action_propensity", "action_probability"];
    Policy "policy" Turn "what drew it" ["policy", "policy_name"];
    Latency "latency" Turn "how long the AI took, in milliseconds" ["latency_ms", "response_time_ms", "duration_ms", "latency", "latency_s", "latency_seconds", "response_time", "response_time_s", "response_time_seconds"];
    Outcome "outcome" Conversation "how it ended: resolved, escalated, failed, abandoned, pending" [
        "outcome", "result", "resolution", "conversation_outcome", "session_outcome", "resolution_status", "conversation_status", "status",
        "state", "disposition", "final_status", "final_state", "session_result", "end_reason", "αποτέλεσμα", "έκβαση", "κατάσταση",
        "ergebnis", "résultat", "statut", "resultado", "estado", "esito", "stato", "resultaat", "wynik", "sonuç", "durum", "результат", "итог", "статус"];
    Escalated "escalated" Conversation "yes where a person took over" [
        "escalated", "is_escalated", "was_escalated", "handoff", "handed_off", "handover", "handed_over", "transferred",
        "transferred_to_agent", "transferred_to_human", "escalated_to_human", "escalated_to_agent", "human_handoff", "human_takeover",
        "agent_takeover", "live_agent_handoff", "needs_human", "escalated_at", "escalation_time", "handoff_at", "handoff_time", "handed_over_at", "handover_time", "transferred_at", "κλιμακώθηκε", "μεταφέρθηκε", "eskaliert", "weitergeleitet", "escalado", "transferido", "transféré", "trasferito", "escaladé", "escalato", "geëscaleerd", "eskalowane", "yükseltildi", "temsilciye aktarıldı", "эскалация", "эскалировано", "передано оператору"];
    Resolved "resolved" Conversation "yes where the AI solved it" [
        "resolved", "is_resolved", "was_resolved", "solved", "is_solved", "was_solved", "resolved_by_bot", "bot_resolved",
        "goal_completed", "goal_reached", "task_completed", "issue_resolved", "problem_solved", "επιλύθηκε", "λύθηκε", "gelöst", "résolu", "resuelto", "resolvido", "risolto", "opgelost", "rozwiązane", "çözüldü", "решено"];
    Abandoned "abandoned" Conversation "yes where the customer left" [
        "abandoned", "is_abandoned", "was_abandoned", "dropped_off", "εγκαταλείφθηκε"];
    Reason "reason" Conversation "why it ended so, in the log's words" [
        "outcome_reason", "reason", "close_reason", "closing_reason", "resolution_reason"];
    Csat "csat" Conversation "the customer's rating" [
        "csat", "csat_score", "csat_rating", "rating", "user_rating", "satisfaction", "satisfaction_score", "satisfaction_rating", "customer_satisfaction", "customer_satisfaction_rating", "customer_rating", "stars", "survey_score",
        "αξιολόγηση", "βαθμολογία", "ικανοποίηση",
        "評価", "満足度", "评分", "评价", "满意度", "評分", "滿意度", "평점", "만족도", "bewertung", "schulnote", "évaluation", "valoración", "puntuación", "avaliação", "valutazione", "beoordeling", "ocena", "puan", "оценка", "sterne", "zufriedenheit", "kundenzufriedenheit", "zufriedenheitswert", "estrellas", "satisfacción", "calificación", "étoiles", "satisfaction client", "note client", "note", "stelle", "soddisfazione", "punteggio", "voto", "nota", "estrelas", "satisfação", "classificação", "sterren", "tevredenheid", "gwiazdki", "zadowolenie", "satysfakcja", "yıldız", "memnuniyet", "değerlendirme", "αστέρια", "βαθμός"];
    CsatComment "csat_comment" Conversation "what the customer wrote with the rating" [
        "csat_comment", "rating_comment", "feedback_message", "survey_comment"];
    Offer "offer" Conversation "what was offered: a name, or offers as JSON" ["offer", "offer_name", "offers", "upsell", "upsell_name", "offer_title"];
    OfferStatus "offer_status" Conversation "what became of the offer: shown, accepted, declined, ignored" [
        "offer_status", "offer_outcome", "offer_result", "offer_response", "offer_accepted", "upsell_status", "upsell_result", "upsell_accepted"];
    Customer "customer" Conversation "who the customer is, under an id" [
        "customer_id", "customer", "user_id", "contact_id", "client_id", "visitor_id", "end_user_id", "account_id",
        "contact", "client", "user", "phone", "phone_number", "email", "member_id", "πελάτης", "κωδικός πελάτη",
        "kunde", "kunden-id", "kundennummer", "id cliente", "cliente", "klant", "клиент"];
    Channel "channel" Conversation "web, whatsapp, …" ["channel", "channel_id", "channel_type", "medium", "κανάλι", "kanal", "canal", "канал"];
    Language "language" Conversation "language tag: en, el, …" ["language", "lang", "locale", "language_code", "γλώσσα", "sprache", "langue", "idioma", "lingua", "taal", "язык"];
    Source "source" Conversation "which system it comes from; else the file's name" ["source"];
    Bot "bot" Conversation "the AI's name" ["bot", "bot_name", "assistant_name", "chatbot"];
    Version "version" Conversation "the AI's version" ["bot_version", "assistant_version", "model_version", "release"];
    Stratum "stratum" Conversation "the part of the log that a sample drew it from" ["sampling_stratum"];
    Probability "probability" Conversation "the probability with which a sample took it: above 0, at most 1" ["sampling_probability"];
    Tags "tags" Conversation "tags, with , or | between them" ["tags", "tag", "conversation_tags", "tag_name", "ετικέτες"];
    Started "started" Conversation "when the conversation began" [
        "started_at", "start_time", "start_date_time", "started", "started_on", "start_date", "date_started", "conversation_start", "conversation_date", "session_start", "start", "begin", "begin_time", "began", "began_at", "opened_at", "opened", "opened_on", "date_opened", "έναρξη",
        "ημερομηνία έναρξης", "fecha de inicio", "fecha inicio", "startdatum", "beginn", "date de début", "data inizio", "data de início",
        "дата начала", "başlangıç", "开始时间", "開始時間", "開始日時", "day", "start_time_ms", "started_at_ms", "start_ms", "begin_ms", "hora de inicio", "heure de début", "ora inizio", "hora de início", "godzina rozpoczęcia", "başlama zamanı", "ώρα έναρξης"];
    Ended "ended" Conversation "when the conversation ended" [
        "ended_at", "end_time", "end_date_time", "ended", "conversation_end", "end", "closed_at", "resolved_at", "λήξη", "fecha de fin", "enddatum", "date de fin", "data fine", "end_time_ms", "ended_at_ms", "end_ms", "hora de fin", "heure de fin", "ora fine", "hora de fim", "bitiş", "ώρα λήξης"];
}

impl CsvField {
    fn info(self) -> &'static FieldInfo {
        &Self::TABLE[self as usize]
    }

    /// Its name in flags and profiles.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// One line about it.
    pub fn help(self) -> &'static str {
        self.info().help
    }

    /// What it is said of.
    pub fn scope(self) -> FieldScope {
        self.info().scope
    }

    /// The field of a name as [`Self::name`] writes it, or of a usual header such as `sender` or `label`.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = plain(name);
        let mut all = Self::ALL.iter().copied();
        all.clone().find(|f| plain(f.name()) == name).or_else(|| all.find(|f| f.alias(&name).is_some()))
    }

    /// How early a header, already `plain`, stands in the list of headers usual for this field.
    pub fn alias(self, header: &str) -> Option<usize> {
        static PLAIN: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
            CsvField::TABLE.iter().map(|info| info.aliases.iter().map(|alias| plain(alias)).collect()).collect()
        });
        PLAIN[self as usize].iter().position(|alias| alias == header)
    }

    /// How early a header as it stands is among those usual for this field, also behind a word for what the row is or whom it is about:
    /// `Ticket Status`, `customerEmail`. Those come after all others.
    pub fn heads(self, header: &str) -> Option<usize> {
        let whole = plain(header);
        self.alias(&whole).or_else(|| {
            let about = HeaderSubject::of(header)?;
            let found = match self {
                _ if !about.fields.contains(&self) => None,
                // When a ticket was created is when its conversation began.
                Self::Started => self.alias(&about.rest).or_else(|| Self::Time.alias(&about.rest)),
                _ => self.alias(&about.rest),
            };
            found.filter(|_| Self::ALL.iter().all(|f| f.alias(&whole).is_none())).map(|place| place + BEHIND)
        })
    }
}

impl std::fmt::Display for CsvField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

/// What headers behind a subject are put behind.
const BEHIND: usize = 50;

/// A header that begins with a word for what the row is or whom it is about.
struct HeaderSubject {
    /// What such a header can name.
    fields: &'static [CsvField],
    /// What stands behind the word, plain.
    rest: String,
}

impl HeaderSubject {
    fn of(header: &str) -> Option<Self> {
        let header = header.trim();
        let lower_before = |at: usize| header[..at].ends_with(char::is_lowercase);
        let ends = |&(at, c): &(usize, char)| matches!(c, ' ' | '_' | '-') || c.is_uppercase() && lower_before(at);
        let (end, _) = header.char_indices().find(ends)?;
        let fields = match header[..end].to_lowercase().as_str() {
            "ticket" | "case" | "chat" | "call" | "session" | "interaction" | "dialog" | "dialogue" | "issue" => {
                OF_RECORDS
            }
            "customer" | "client" | "user" | "contact" | "visitor" | "member" => OF_PEOPLE,
            _ => return None,
        };
        Some(Self { fields, rest: plain(&header[end..]) })
    }
}

/// What is said of a ticket or a call. Its type, category or reason is none of ours: it is why somebody wrote.
const OF_RECORDS: &[CsvField] = &[
    CsvField::Text,
    CsvField::Transcript,
    CsvField::Started,
    CsvField::Ended,
    CsvField::Outcome,
    CsvField::Escalated,
    CsvField::Resolved,
    CsvField::Abandoned,
    CsvField::Csat,
    CsvField::Channel,
    CsvField::Language,
    CsvField::Tags,
];
/// What is said of a customer.
const OF_PEOPLE: &[CsvField] = &[CsvField::Text, CsvField::Csat, CsvField::Customer, CsvField::Language];

/// A header without the word for what the row is or whom it is about, plain.
pub fn bare(header: &str) -> String {
    HeaderSubject::of(header).map_or_else(|| plain(header), |about| about.rest)
}

/// Headers, plain, of to whom a message is visible.
pub const VISIBILITY: &[&str] =
    &["visibility", "privacy", "commenttype", "notetype", "messagekind", "audience", "scope"];

/// A header without case, accents and separators.
pub fn plain(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_name_and_help() {
        assert_eq!(CsvField::ALL.len(), CsvField::TABLE.len());
        for &field in CsvField::ALL {
            assert_eq!(CsvField::from_name(field.name()), Some(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.name());
            assert!(!field.help().is_empty() && field.help().len() < 90);
        }
        assert_eq!(CsvField::from_name("Sender"), Some(CsvField::Role));
        assert_eq!(CsvField::from_name("label"), Some(CsvField::Gold));
        assert_eq!(CsvField::from_name("Αποστολέας"), Some(CsvField::Role));
        assert_eq!(CsvField::from_name("zzz"), None);
    }
}
