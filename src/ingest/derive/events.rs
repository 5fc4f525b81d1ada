//! What a system's row tells in words: that a person took over, that it ended. Only of rows that a system wrote; what a
//! customer or an AI says about hand-overs is no hand-over.

use crate::text::fold;
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// Longer texts are instructions, not notices.
const LONGEST: usize = 200;

const PEOPLE: &str = r"(?:agents?|operators?|representatives?|advis[eo]rs?|colleagues?|specialists?|humans?|persons?|staff|teammates?|employees?|support)";

static JOINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"\b{PEOPLE}\b.{{0,60}}\b(?:joined|entered|took over|taken over|accepted the (?:chat|conversation)|connected)\b|\b(?:picked up|took over|taken over) (?:the|this|your) (?:chat|conversation)\b|\b(?:connected|assigned|speaking|chatting|talking) (?:now )?(?:to|with)\b.{{0,40}}\b{PEOPLE}\b|(?:εκπροσωπ|συμβουλ|υπαλληλ|συνεργατ)\w*.{{0,60}}(?:μπηκε|συνδεθηκε|ανελαβε|εισηλθε)|\byou are (?:now )?(?:connected|chatting|speaking|talking) (?:to|with) \w|\b(?:mitarbeiter|berater|agent|conseiller|agente|asesor|operador|operatore|atendente)\w*.{{0,60}}\b(?:beigetreten|ubernommen|verbunden|a rejoint|a pris|se ha unido|se unio|ha entrado|entrou|si e unito)\b"
    ))
    .ok()
});
static HANDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:transferred|escalated|handed (?:over|off)|hand(?:ed)?over|forwarded|re-?routed|reassigned)\b|\b(?:chat|conversation|ticket|case)\b.{0,20}\b(?:assigned|routed) to\b|^assigned to \w|\bhanded (?:the|this|your)? ?(?:chat|conversation|customer|visitor) (?:over |off )?to\b|\btake-?over by\b|\b(?:ubergeben|weitergeleitet|weiterverbunden|transferee?s?|redirigee?|transferid[oa]|derivad[oa]|escalad[oa]|encaminhad[oa]|trasferit[oa])\b|μεταφερθηκε|προωθηθηκε|μεταβιβαστηκε|temsilci\w* (?:aktarıldı|aktarildi|yonlendirildi|baglandı|baglandi)|(?:переведен|передан|перенаправлен)\w* (?:на |к )?(?:оператор|сотрудник|специалист|агент|менеджер)|przekazan\w+ (?:do |konsultant|agent)|overgedragen|doorverbonden").ok()
});
/// What is denied, asked for or only announced has not happened; and nobody is handed over to a machine.
static DOUBT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"\b(?:no|not|never|unable|fail(?:ed|ure)?|could|cannot|can't|couldn't|unavailable|declined|rejected|cancell?ed|if|when|unless|will|would|should|may|please|waiting|requested|wants|bot|chatbot|virtual|assistant|ai|whatsapp|messenger|sms|web|e-?mail|instagram|facebook|telegram|channel|file|payment|money|funds|call|nicht|keine?[nrsm]?|wird|werden|ne|pas|aucune?|sera|ningun[oa]?|sin|nao|sera|non|verra|не|будет)\b|\bδεν\b|\bθα\b",
    )
    .ok()
});
/// Who hands over, where that is the AI: it is nobody's doubt.
static BY_AI: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:the )?(?:\w+ )?(?:virtual )?(?:bot|chatbot|assistant|ai) (?:has )?(handed|transferred|escalated|forwarded)\b").ok()
});
static FROM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bfrom\b.{1,60}?\bto\b").ok());
static ENDED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:chat|conversation|session|ticket)\b.{0,30}\b(?:closed|ended|expired|finished)\b|\b(?:closed|ended) the (?:chat|conversation)\b|εκλεισε|εληξε").ok()
});
static IDLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"inactiv|timed out|time-?out|\bidle\b|αδρανει").ok());

/// The event that a notice tells of: `agent_joined`, `handoff`, `timeout` or `close`; `None` where it tells of none of these,
/// or leaves a doubt.
pub fn told(notice: &str) -> Option<&'static str> {
    if notice.len() > LONGEST {
        return None;
    }
    // Whom it comes from is nobody that it goes to: `transferred from Shop Bot to Tom`.
    let text = fold(notice);
    let text = FROM.as_ref().map_or(text.as_str().into(), |from| from.replace(&text, "to"));
    let text = BY_AI.as_ref().map_or(Cow::from(&*text), |by_ai| by_ai.replace(&text, "$1"));
    let says = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|p| p.is_match(&text));
    match () {
        () if says(&ENDED) => Some(if says(&IDLE) { "timeout" } else { "close" }),
        () if says(&DOUBT) => None,
        () if says(&JOINED) => Some("agent_joined"),
        () if says(&HANDED) => Some("handoff"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn notices_tell_who_took_over_and_how_it_ended() {
        for (notice, event) in [
            ("Agent Maria K. joined the conversation", Some("agent_joined")),
            ("You are now chatting with a support agent", Some("agent_joined")),
            ("Ο εκπρόσωπος Νίκος συνδέθηκε", Some("agent_joined")),
            ("Conversation was transferred to Support", Some("handoff")),
            ("Η συνομιλία μεταφέρθηκε στην Εξυπηρέτηση", Some("handoff")),
            ("Chat transferred From Einstein Bot To Tom", Some("handoff")),
            ("Chat transferred from Tom to the bot", None),
            ("Chat was assigned to Maria K.", Some("handoff")),
            ("Chat was assigned to the bot", None),
            ("You are now connected with Maria", Some("agent_joined")),
            ("Live agent connected", Some("agent_joined")),
            ("Agent disconnected", None),
            ("Maria K. picked up the chat", Some("agent_joined")),
            ("El agente María se ha unido al chat", Some("agent_joined")),
            ("Assigned to Maria", Some("handoff")),
            ("Chat routed to department Sales", Some("handoff")),
            ("Bot handed the conversation to the support team", Some("handoff")),
            ("Takeover by Maria K.", Some("handoff")),
            ("Der Chat wurde an Maria übergeben", Some("handoff")),
            ("Der Chat wurde nicht übergeben", None),
            ("Müşteri temsilcisine aktarıldı", Some("handoff")),
            ("Диалог переведён на оператора", Some("handoff")),
            ("Диалог не передан оператору", None),
            ("La conversation a été transférée à un conseiller", Some("handoff")),
            ("La conversation n'a pas été transférée", None),
            ("The chat was handed to the bot", None),
            ("Assigned to AI agent", None),
            ("You are now chatting with our virtual assistant", None),
            ("Chat transferred from Web to WhatsApp", None),
            ("Chat closed due to inactivity", Some("timeout")),
            ("Conversation closed by Maria", Some("close")),
            ("Visitor left the conversation", None),
            ("Visitor joined the conversation", None),
            ("No agent joined the conversation", None),
            ("Conversation was transferred to the bot", None),
            ("The transfer failed", None),
            ("If the customer is upset, the chat is transferred to an agent", None),
        ] {
            assert_eq!(told(notice), event, "{notice}");
        }
    }
}
