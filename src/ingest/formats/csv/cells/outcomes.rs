//! How a conversation ended, in the words of exports. Only phrases of which every word is understood, and that leave no
//! doubt: what is not is asked.

use crate::domain::Outcome;
use crate::text::fold;

/// What a word of such a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OutcomeWord {
    Ends(Outcome),
    /// Did something with it: who did decides.
    Done,
    Human,
    Bot,
    Not,
    Filler,
}

/// The outcome that a phrase names; `None` where it may be another.
pub fn outcome(cell: &str) -> Option<Outcome> {
    let folded = fold(&spaced(cell));
    // What is asked is not said.
    if folded.contains(['?', '\u{37e}']) {
        return None;
    }
    let joined: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    if let Some(OutcomeWord::Ends(outcome)) = part(&joined) {
        return Some(outcome);
    }
    let parts: Vec<OutcomeWord> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(part).collect::<Option<_>>()?;
    // What the AI did not contain may have gone to a person, or away.
    let is_denied = parts.contains(&OutcomeWord::Not) && folded.contains("contained");
    of_parts(&parts).filter(|_| !is_denied)
}

/// `botResolved` as `bot Resolved`.
fn spaced(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    for c in cell.chars() {
        if c.is_uppercase() && out.ends_with(char::is_lowercase) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

fn of_parts(parts: &[OutcomeWord]) -> Option<Outcome> {
    let has = |part: OutcomeWord| parts.contains(&part);
    let ends = |outcome: Outcome| has(OutcomeWord::Ends(outcome));
    let kinds = Outcome::ALL.iter().filter(|&&o| ends(o)).count();
    // A virtual agent is no person.
    let human = has(OutcomeWord::Human) && !has(OutcomeWord::Bot);
    if has(OutcomeWord::Not) {
        // `not resolved`, `never solved by the bot`; what else is denied says nothing of how it ended.
        let only =
            parts.iter().filter(|p| **p == OutcomeWord::Not).count() == 1 && kinds == 1 && ends(Outcome::Resolved);
        return (only && !human && !has(OutcomeWord::Done)).then_some(Outcome::Failed);
    }
    match kinds {
        1 if ends(Outcome::Resolved) && human => Some(Outcome::Escalated),
        1 if ends(Outcome::Escalated) && has(OutcomeWord::Bot) => None,
        1 => Outcome::ALL.iter().copied().find(|&o| ends(o)),
        2 if ends(Outcome::Escalated) && ends(Outcome::Resolved) => Some(Outcome::Escalated),
        0 if has(OutcomeWord::Done) && human => Some(Outcome::Escalated),
        _ => None,
    }
}

fn part(word: &str) -> Option<OutcomeWord> {
    if let Some(outcome) = Outcome::from_name(word) {
        return Some(OutcomeWord::Ends(outcome));
    }
    Some(match word {
        "solved" | "success" | "successful" | "successfully" | "completed" | "fixed" | "contained" | "επιλυθηκε"
        | "λυθηκε" | "λυμενο" | "gelost" | "erledigt" | "behoben" | "resolu" | "resolue" | "resuelto" | "resuelta"
        | "solucionado" | "solucionada" | "resolvido" | "resolvida" | "risolto" | "risolta" | "opgelost"
        | "rozwiazane" | "решено" | "решен" | "решена" | "cozuldu" => {
            OutcomeWord::Ends(Outcome::Resolved)
        }
        "escalation"
        | "handoff"
        | "handover"
        | "handedover"
        | "handedoff"
        | "handed"
        | "transferred"
        | "passed"
        | "transfer"
        | "forwarded"
        | "routed"
        | "μεταφερθηκε"
        | "προωθηθηκε"
        | "κλιμακωθηκε"
        | "weitergeleitet"
        | "ubergeben"
        | "eskaliert"
        | "transfere"
        | "transferee"
        | "escalade"
        | "escaladee"
        | "escalado"
        | "escalada"
        | "escalato"
        | "escalata"
        | "temsilciyeaktarıldı"
        | "transferido"
        | "transferida"
        | "derivado"
        | "derivada"
        | "encaminhado"
        | "trasferito"
        | "trasferita"
        | "inoltrato"
        | "doorgestuurd"
        | "przekazane"
        | "передано"
        | "переведено"
        | "эскалировано"
        | "aktarıldı"
        | "devredildi"
        | "yonlendirildi"
        | "doorverbonden"
        | "overgedragen"
        | "przekazano"
        | "przekierowano"
        | "eskalowane"
        | "derivee"
        | "inoltrata"
        | "ubergebenanmitarbeiter"
        | "передан"
        | "передана"
        | "переведен"
        | "переведена"
        | "μεταβιβαστηκε" => OutcomeWord::Ends(Outcome::Escalated),
        "failure" | "fail" | "unresolved" | "unsolved" | "unsuccessful" | "notresolved" | "notsolved" | "απετυχε"
        | "αλυτο" | "fehlgeschlagen" | "gescheitert" | "ungelost" | "echec" | "echoue" | "fallido" | "fallida"
        | "fracaso" | "falhou" | "falha" | "fallito" | "fallita" | "mislukt" | "nierozwiazane" | "нерешено"
        | "basarisiz" | "cozulmedi" | "cozulemedi" | "cozumsuz" | "onopgelost" | "irrisolto" | "irrisolta"
        | "nierozwiazany" | "нерешен" | "нерешена" | "ανεπιλυτο" | "irresuelto" | "nerozwiazane" => {
            OutcomeWord::Ends(Outcome::Failed)
        }
        "abandonment"
        | "abandon"
        | "dropped"
        | "left"
        | "dropoff"
        | "εγκαταλειφθηκε"
        | "abgebrochen"
        | "abandonne"
        | "abandonnee"
        | "abandonado"
        | "abandonada"
        | "abbandonato"
        | "afgebroken"
        | "porzucone"
        | "брошено"
        | "прервано"
        | "покинуто"
        | "terkedildi" => OutcomeWord::Ends(Outcome::Abandoned),
        "open" | "ongoing" | "inprogress" | "εκκρεμει" | "offen" | "ouvert" | "encours" | "abierto" | "abierta"
        | "pendiente" | "pendente" | "aberto" | "inattesa" | "enattente" | "inafwachting" | "oczekuje"
        | "вожидании" | "ожидает" | "открыто" | "вработе" | "acık" | "beklemede" | "devamediyor" | "otwarte"
        | "wtoku" | "ανοιχτο" => OutcomeWord::Ends(Outcome::Pending),
        "handled" | "answered" | "closed" | "taken" | "ended" | "finished" => OutcomeWord::Done,
        "agent"
        | "agents"
        | "human"
        | "humans"
        | "person"
        | "operator"
        | "staff"
        | "representative"
        | "rep"
        | "advisor"
        | "adviser"
        | "colleague"
        | "specialist"
        | "εκπροσωποσ"
        | "εκπροσωπο"
        | "συμβουλο"
        | "mitarbeiter"
        | "berater"
        | "conseiller"
        | "agente"
        | "operador"
        | "operatore"
        | "asesor"
        | "atendente"
        | "medewerker"
        | "оператору"
        | "оператор"
        | "υπαλληλο" => OutcomeWord::Human,
        "bot" | "chatbot" | "ai" | "assistant" | "virtual" | "automation" | "automated" | "automatically" | "robot" => {
            OutcomeWord::Bot
        }
        "not" | "never" | "no" | "non" | "without" | "isnt" | "wasnt" | "cannot" | "δεν" | "μη" | "χωρισ" | "nicht"
        | "pas" | "sin" | "nao" | "niet" | "nie" | "не" => OutcomeWord::Not,
        "by" | "the" | "to" | "a" | "an" | "was" | "is" | "been" | "has" | "chat" | "conversation" | "issue"
        | "ticket" | "session" | "visitor" | "customer" | "user" | "client" | "caller" | "live" | "team"
        | "support" | "over" | "off" | "απο" | "σε" | "τον" | "ο" | "von" | "durch" | "den" | "einen" | "par"
        | "un" | "au" | "por" | "al" | "el" | "ao" | "da" => OutcomeWord::Filler,
        _ => return None,
    })
}

/// The outcome that words which are none most likely mean: what an example proposes.
pub fn likely(cell: &str) -> Outcome {
    let word: String = fold(cell).chars().filter(|c| c.is_alphanumeric()).collect();
    let says = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match outcome(cell) {
        Some(outcome) => outcome,
        None if says(&["hand", "transf", "escal", "agent", "human", "queue", "live", "ubergab", "weiterg"]) => {
            Outcome::Escalated
        }
        None if says(&["notres", "unres", "notsol", "unsol", "fail", "error", "nicht", "without"]) => Outcome::Failed,
        None if says(&["aband", "drop", "left", "timeout", "timedout", "expir", "inactiv", "noresp", "hangup"]) => {
            Outcome::Abandoned
        }
        None if says(&["open", "pend", "wait", "progress", "hold"]) => Outcome::Pending,
        None => Outcome::Resolved,
    }
}

/// The others in words: what an example says beside the one that it proposes.
pub fn others(than: Outcome) -> String {
    let others = Outcome::ALL.iter().filter(|o| **o != than).map(|o| o.name());
    others.collect::<Vec<_>>().join(", ")
}

/// Whether a word is as usual for what became of a message or a call as for a conversation.
pub fn is_technical(word: &str) -> bool {
    matches!(
        fold(word.trim()).as_str(),
        "success"
            | "successful"
            | "succeeded"
            | "completed"
            | "complete"
            | "ok"
            | "done"
            | "sent"
            | "delivered"
            | "read"
            | "received"
            | "queued"
            | "error"
            | "failed"
            | "failure"
            | "fail"
            | "timeout"
            | "running"
            | "finished"
            | "active"
            | "true"
            | "false"
            | "200"
            | "500"
            | "0"
            | "1"
            | "undelivered"
            | "seen"
            | "processed"
            | "accepted"
            | "submitted"
            | "incomplete"
            | "aborted"
            | "cancelled"
            | "canceled"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_that_leave_no_doubt_are_outcomes() {
        use Outcome::{Abandoned, Escalated, Failed, Pending, Resolved};
        for (phrase, is) in [
            ("Escalated", Escalated),
            ("hand-off", Escalated),
            ("Resolved by bot", Resolved),
            ("Bot resolved", Resolved),
            ("Solved automatically", Resolved),
            ("botResolved", Resolved),
            ("agentHandoff", Escalated),
            ("userAbandoned", Abandoned),
            ("resolved by virtual agent", Resolved),
            ("Handled by agent", Escalated),
            ("Transferred to agent", Escalated),
            ("resolved by a human", Escalated),
            ("Passed to human agent", Escalated),
            ("Handed off to live agent", Escalated),
            ("Abandoned by visitor", Abandoned),
            ("customer left the chat", Abandoned),
            ("Not resolved", Failed),
            ("never solved by the bot", Failed),
            ("in progress", Pending),
            ("Επιλύθηκε", Resolved),
            ("Çözülmedi", Failed),
            ("Aktarıldı", Escalated),
            ("Nicht gelöst", Failed),
            ("Non risolto", Failed),
            ("Не решено", Failed),
            ("Niet opgelost", Failed),
            ("Nie rozwiązane", Failed),
            ("Devam ediyor", Pending),
        ] {
            assert_eq!(outcome(phrase), Some(is), "{phrase}");
        }
    }

    #[test]
    fn examples_propose_what_words_say() {
        for (word, is) in [
            ("transferred", Outcome::Escalated),
            ("Sent to agent queue", Outcome::Escalated),
            ("issue unresolved so far", Outcome::Failed),
            ("session timed out", Outcome::Abandoned),
            ("waiting for customer", Outcome::Pending),
            ("Closed", Outcome::Resolved),
        ] {
            assert_eq!(likely(word), is, "{word}");
        }
        assert!(others(Outcome::Escalated).starts_with("resolved, failed"), "{}", others(Outcome::Escalated));
    }

    #[test]
    fn what_leaves_a_doubt_is_none() {
        for phrase in [
            "Closed",
            "Missed",
            "closed by bot",
            "not escalated",
            "resolved without agent",
            "transferred to bot",
            "did not want it",
            "resolved or abandoned",
            "abandoned after transfer",
            "",
            "no",
            "resolved?maybe",
            "resolved?",
            "Deflected",
            "not contained",
        ] {
            assert_eq!(outcome(phrase), None, "{phrase}");
        }
    }
}
