//! What an AI says that answers nothing: it passes the customer on to a person, or brings news of a state of the world, which no other words
//! would mend. English, Greek in either letters, and the commonest phrases of a few other languages; all compared folded.

use crate::text::fold;
use regex::Regex;
use std::sync::LazyLock;

/// Longer texts explain, whatever else they say.
const LONGEST: usize = 400;
/// Words before a phrase in which it may be denied.
const NEAR: usize = 3;
/// What ends a sentence, folded.
const ENDS: [char; 5] = ['.', '!', '?', ';', '\n'];

const PEOPLE: &str = r"(?:agents?|operators?|representatives?|advis[eo]rs?|colleagues?|specialists?|humans?|(?:real )?person|members? of (?:our|the) (?:team|staff)|teammates?|supervisors?)";

static ANNOUNCED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let put_through = r"(?:connect|transferr?|forward|redirect|escalat)(?:ing|ed|es|e|s)?";
    let hand = r"(?:hand|pass|putt?)(?:ing|ed|es|s)?";
    let whom = r"(?:you|(?:your|the|this) (?:chat|case|request|question|call|conversation))";
    let stays =
        r"(?:takes? over|will take over|is taking over|will be with you|will join|will continue|takes? it from here)";
    Regex::new(&format!(
        r"\b(?:{put_through} {whom}|{hand} you)\b[^.!?]{{0,40}}\b{PEOPLE}\b|\b{PEOPLE} {stays}\b|(?:\b(?:συνδε|μεταφερ|προωθ|παραπεμπ)\w*)[^.!;]{{0,40}}\b(?:συναδελφ|εκπροσωπ|υπαλληλ|συμβουλ|συνεργατ|ανθρωπ|προισταμεν|υπευθυν|χειριστ)|\b(?:συναδελφ|εκπροσωπ|υπαλληλ)\w*[^.!;]{{0,20}}\b(?:αναλαμβαν|αναλαβ)|\b(?:sinde|synde|metafer|proo?th)\w*[^.!?;]{{0,40}}\b(?:sinadelf|synadelf|ekprosop|ipallil|ypallil)|\b(?:verbinde|leite|ubergebe)\b[^.!?]{{0,60}}\b(?:kolleg|mitarbeiter|berater|menschen)|\b(?:kolleg|mitarbeiter)\w*[^.!?]{{0,20}}\bubernimmt\b|\b(?:transfere|mets|redirige|passe)\b[^.!?]{{0,40}}\b(?:collegue|conseill|agent|humain)|\b(?:transfiero|comunico|conecto|derivo|paso)\b[^.!?]{{0,40}}\b(?:companer|agente|asesor|human|operador)|\b(?:trasferisco|metto|passo)\b[^.!?]{{0,40}}\b(?:collega|operator|agente|umano)|\b(?:transferir|transferindo|encaminho|encaminhando|passar)\b[^.!?]{{0,40}}\b(?:colega|atendente|agente|humano)"
    ))
    .ok()
});
static STATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let matter = r"(?:booking|reservation|request|payment|card|transaction|order|update|transfer|cancellation|search|system|server)";
    Regex::new(&format!(
        r"\bno(?: [\w'-]+){{1,5}} (?:available|found|left)\b|\bno availability\b|\b(?:not|isn't|aren't|wasn't|weren't)(?: currently| any ?more| longer)? available\b|\bno longer available\b|\bunavailable (?:at|on|right|now|today)|\b(?:fully booked|booked out|sold out|out of stock)\b|\b(?:no|any|nothing)(?: [\w'-]+){{0,4}} match(?:es|ing)?\b|\b(?:could not|couldn't|cannot|can't|did not|didn't) find (?:any|a|an|your|that|it)\b|\bno (?:results?|matches)\b|\b{matter}\b[^.!?,;]{{0,20}}\b(?:failed|was declined|was rejected|was unsuccessful|was not successful|did not go through|didn't go through|could not be (?:completed|processed|made|booked)|couldn't be (?:completed|processed|made|booked))\b|\bsomething went wrong\b|\bδεν (?:υπαρχ\w+|ειναι|εχουμε|εχει|βρηκα)(?: \w+){{0,4}} διαθεσιμ|\bμη διαθεσιμ|\bδεν (?:βρηκα|βρεθηκ\w+)|\bεξαντλ(?:ηθηκ|ημεν)|\b(?:απετυχε|απορριφθηκε|κατι πηγε στραβα)|\bden (?:yparx|iparx|ine|einai|exoume|ehoume)\w*(?: \w+){{0,4}} diathesim|\bden (?:vrika|vrethik)|\b(?:ausgebucht|ausverkauft|fehlgeschlagen)\b|\bnicht (?:mehr )?verfugbar\b|\bkeine?[nrsm]?(?: \w+){{1,4}} (?:verfugbar|frei|gefunden)\b|\bwurde abgelehnt\b|\b(?:n'est|ne sont) (?:pas|plus) disponible|\baucune?(?: \w+){{1,4}} (?:disponible|trouve)|\ba echoue\b|\bno (?:hay|esta|estan)(?: \w+){{0,4}} disponible|\bagotad[oa]s?\b|\bno (?:he )?encontr|\bnon (?:e|sono|ci sono)(?: \w+){{0,4}} disponibil|\besaurit[oaie]\b|\bnao (?:ha|esta|estao)(?: \w+){{0,4}} disponive|\besgotad[oa]s?\b"
    ))
    .ok()
});
/// What is denied right before a phrase does not happen, and what stands behind a condition need not be so.
static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:not|cannot|can't|unable|couldn't|won't|never|nicht|kein\w*|ne|pas|no|non|nao)\b|\b(?:δεν|den)\b")
        .ok()
});
static CONDITION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:if|when|whenever|unless|in case|once|would you like|do you want|shall|should|falls|wenn|sobald|si|quand|cuando|se|quando)\b|(?:^|\s)(?:αν|εαν|οταν|εφοσον|an|ean|otan)\s").ok()
});

/// Whether an AI says that a person takes over: `I am connecting you with a colleague.` One that offers it, asks, or says under what
/// condition announces nobody.
pub fn announces_person(text: &str) -> bool {
    stated(text, &ANNOUNCED, |before, _| {
        let near = before.rsplitn(NEAR + 1, char::is_whitespace).take(NEAR).collect::<Vec<_>>().join(" ");
        !holds(&DENIED, &near)
    })
}

/// Whether an AI says that something is not there, or has failed, and behind it at most asks: `There are no rooms available on that date.` How it
/// would be is no news, and what says what to do then is an answer.
pub fn tells_a_state(text: &str) -> bool {
    stated(text, &STATE, |_, after| asks_only(after))
}

/// Whether a text says something that is neither a question nor stands behind a condition, of which so much holds: of its sentence before it,
/// and of all sentences after.
fn stated(text: &str, what: &LazyLock<Option<Regex>>, so: impl Fn(&str, &str) -> bool) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let text = fold(text).replace('’', "'");
    what.as_ref().is_some_and(|pattern| {
        pattern.find_iter(&text).any(|found| {
            let begins = text[..found.start()].rfind(ENDS).map_or(0, |at| at + 1);
            let before = &text[begins..found.start()];
            let (rest, after) = cut(&text[found.end()..]);
            let is_open = asks(found.as_str(), rest) || holds(&CONDITION, before);
            !is_open && so(before, after)
        })
    })
}

fn holds(pattern: &LazyLock<Option<Regex>>, part: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(part))
}

/// The rest of a sentence with the mark that ends it, and what comes after. A mark within a number ends none.
fn cut(text: &str) -> (&str, &str) {
    let ends = |&(at, _): &(usize, &str)| text[at + 1..].chars().next().is_none_or(char::is_whitespace);
    text.match_indices(ENDS).find(ends).map_or((text, ""), |(at, _)| text.split_at(at + 1))
}

/// Whether a sentence of which these are the beginning and the rest is a question. Greek asks with a semicolon.
fn asks(begins: &str, rest: &str) -> bool {
    rest.ends_with('?') || rest.ends_with(';') && !(begins.is_ascii() && rest.is_ascii())
}

/// Whether all sentences of a text are questions.
fn asks_only(text: &str) -> bool {
    let (sentence, after) = cut(text.trim());
    sentence.is_empty() || asks("", sentence) && asks_only(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_passed_on_to_a_person_is_told_from_who_is_asked_about_one() {
        for text in [
            "I am connecting you with a colleague now.",
            "Of course. I'm transferring you to a human agent.",
            "I have forwarded your request to a specialist.",
            "A colleague takes over.",
            "Σας συνδέω με έναν συνάδελφο.",
            "Σας συνδεω με εκπρόσωπο τώρα",
            "sas sindeo me enan sinadelfo",
            "Ich verbinde Sie mit einer Kollegin.",
            "Je vous mets en relation avec un conseiller.",
            "Le paso con un agente.",
        ] {
            assert!(announces_person(text), "{text}");
        }
        for text in [
            "Shall I connect you with a colleague?",
            "Να σας συνδέσω με συνάδελφο;",
            "Hand it to the agent at the gate.",
            "I cannot connect you with a colleague.",
            "If it fails again I transfer you to an agent.",
            "Please confirm: transfer $1,210 to Diego in savings.",
            "Our staff check tickets at the gate.",
            "",
        ] {
            assert!(!announces_person(text), "{text}");
        }
    }

    #[test]
    fn news_of_a_state_are_told_from_answers_that_say_no() {
        for text in [
            "Unfortunately there are no rooms available on that date.",
            "Unfortunately Dr. Alexis has no appointment available.",
            "Sorry, but the flight is not available any more.",
            "Your card was declined by the bank.",
            "I am sorry, but the reservation request was not successful.",
            "There are no flights that match your search. Would you like to change any of your criteria?",
            "Λυπάμαι, δεν υπάρχουν διαθέσιμα δωμάτια εκείνη την ημέρα.",
            "Das Hotel ist leider ausgebucht.",
            "Lo siento, no hay habitaciones disponibles.",
            "There are no rooms available on 4.5.2026. Shall I look for others?",
        ] {
            assert!(tells_a_state(text), "{text}");
        }
        for text in [
            "You cannot cancel free of charge.",
            "There is no charge for that, and it is free.",
            "If your card was declined, please try another one.",
            "I have no information about that, sorry.",
            "The lift does not work at night, use the stairs.",
            "Λυπάμαι. Στείλτε φωτογραφίες του κουτιού μέσα σε επτά μέρες.",
            "Δεν μπορείτε να αλλάξετε το όνομα.",
            "The lounge is available to all guests.",
            "Your payment was declined by the bank. Try again, or another card; we keep the seats for half an hour.",
            "Η πληρωμή απορρίφθηκε από την τράπεζα της κάρτας. Δοκιμάστε ξανά ή άλλη κάρτα.",
            "",
        ] {
            assert!(!tells_a_state(text), "{text}");
        }
    }
}
