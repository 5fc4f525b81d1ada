//! What an AI says that answers nothing: it passes the customer on to a person, brings news of a state of the world, which no other words
//! would mend, or says that it knows nothing. English, Greek in either letters, and the commonest phrases of a few other languages; all
//! compared folded.

use crate::text::fold;
use regex::Regex;
use std::ops::Range;
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
static IGNORANCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let never = r"(?:do not|don't|did not|didn't|cannot|can't|could not|couldn't)";
    let unable = r"(?:am|are|was|were|'m|'re)(?:(?: not|n't) able| unable) to";
    let told = r"(?:information|info|details|answers?|data|knowledge)";
    // In Greek letters, of Cyprus too, and in Latin ones; whoever speaks says it of themselves.
    let den = r"\b(?:δεν|εν|dh?en|en) (?:(?:σασ|σε|σου|το|τα|τον|την|αυτο|sas|se|sou|to|ta|ton|tin|thn|a[fuy]to) )*";
    let ksero = r"(?:(?:γνωριζ|η?ξερ|η?ξευρ)(?:ω|ουμε)|(?:gn[ow]riz|[ih]?(?:ks|x)er|[ih]?(?:ks|x)ev?r)(?:o|w|oume))";
    let exo = r"(?:(?:εχ|βρισκ|διαθετ)(?:ω|ουμε)|(?:βρηκ|ειχ)(?:α|αμε)|υπαρχ\w+|(?:[ei](?:x|h|ch)|vrisk|diathet)(?:o|w|oume)|vr[ih]k(?:a|ame)|[yiu]par(?:x|h|ch)\w+)";
    let pliroforia = r"(?:πληροφορ|απαντησ|στοιχει|δεδομεν|ενημερωσ|γνωση|ιδεα|pl[ihy]rofor|apant[ih]s|stoi?(?:x|h|ch)ei|dedomen|en[ih]mer[ow]s|gn[ow]s[ih]|idea)\w*";
    let boro = r"(?:μπορ(?:ω|ουμε|εσα)|(?:ειμαι|ειμαστε) σε θεση|(?:mp|b)or(?:o|w|oume|esa)|(?:eimai|ime|eimaste|imaste) se thes[ih])";
    let voithiso = r"(?:βοηθησ|απαντησ|εξυπηρετησ|γνωριζ|ξερ|[vb]o[ih]+?th[ih]s|apant[ih]s|e(?:ks|x)[yiu]p[ih]ret[ih]s|gn[ow]riz|(?:ks|x)er)\w*";
    let greek = format!(
        r"{den}(?:{ksero}\b|{exo}(?: \w+){{0,2}} {pliroforia}|(?:καταλαβ|κατανο|katala[vb]|katano)\w*|{boro} (?:να|na) (?:(?:σασ|σε|το|sas|se|to) )*{voithiso}|(?:ειμαι|eimai|ime) (?:σιγουρ|βεβαι|sigour|vevai)\w+)"
    );
    let turkish = r"\b(?:bilm[iı]yor(?:um|uz)|anla(?:mad|yamad|yam[iı]yor)(?:[iı][mk]|um|uz)|emin degil(?:im|iz)|(?:bilgi|haberi|fikri)m(?:iz)? (?:yok|bulunm[au]\w+)|bilgi(?:ye|m)? (?:sahip degil(?:im|iz)|bulamad[iı][mk])|yard[iı]mc[iı] olam\w+|yard[iı]m edem\w+|(?:cevap|yan[iı]t) verem\w+|(?:cevap|yan[iı]t)layam\w+)\b";
    let russian = r"\b(?:не (?:зна(?:ю|ем)|уверен[аы]?|понял[аи]?|понимаем|понимаю)|(?:мне|нам) (?:это |об этом )?не ?известно|(?:нет|не (?:имею|имеем|владею|владеем|располагаю|располагаем|наш[её]л|нашла|нашли))(?: \w+){0,2} (?:информаци|сведени|данны|ответ)\w*|не (?:могу|можем|смогу|сможем)(?: (?:вам|тебе|с этим|в этом|на это))* (?:помочь|ответить|подсказать|сказать))\b";
    Regex::new(&format!(
        r"\b(?:i|we) (?:have no|(?:{never}|{unable}) (?:have|find))(?: (?:any|the|an|enough|that|this|more|much))* {told}\b|\b(?:i|we) {never}(?: quite| really| fully| yet)* (?:know|understand|help|assist|answer)\b|\b(?:i|we) ?{unable} (?:understand|help|assist|answer)\b|\b(?:i|we) (?:do not|don't|did not|didn't)(?: quite)? (?:get|catch|follow) (?:that|it|you|what)\b|\bi ?(?:am|'m) not sure (?:i|what|how)\b|\bthere is no information\b|{greek}|\b(?:habe|haben|liegen)\b[^.!?]{{0,20}} keine (?:information|angaben|antwort)\w*|\b(?:das )?wei(?:ss|ß) ich(?: leider)? nicht\b|\b(?:habe|haben)\b[^.!?]{{0,20}} nicht (?:ganz )?verstanden\b|\b(?:ich kann|kann ich|wir konnen|konnen wir)\b[^.!?]{{0,25}} nicht (?:weiterhelfen|helfen|beantworten)\b|\bje n'ai (?:malheureusement )?(?:pas|aucune)(?: \w+)? (?:d'information|information|reponse)\w*|\bje (?:n'ai pas compris|ne sais pas|ne comprends pas)\b|\bje ne peux pas (?:vous |t')?(?:aider|repondre)\b|\bno (?:tengo|tenemos|dispongo de)(?: \w+)? (?:informacion|datos|respuesta)\b|\bno lo se\b|\bno (?:(?:te|le|lo|la) )?(?:entiendo|entendi|he entendido)\b|\bno puedo ayudar\w*|\bnon (?:ho|abbiamo|dispongo di)(?: \w+)? (?:informazioni|dati|risposta)\b|\bnon (?:lo so|ho capito|capisco)\b|\bnon posso aiutar\w*|\bnao (?:tenho|temos)(?: \w+)? (?:informac|dados|resposta)\w*|\bnao (?:sei|entendi|compreendi)\b|\bnao posso ajudar\w*|{turkish}|{russian}"
    ))
    .ok()
});
/// What adds nothing to it: that one is sorry, that one may try again or say it otherwise.
static EMPTY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:i am|i'm|we are|we're) )?(?:(?:so|very|really) )?(?:sorry|i apologi[sz]e|apologies|unfortunately)(?: (?:about|for) (?:that|this|it))?$|^(?:λυπαμαι|λυπουμαστε|συγγνωμη|συγνωμη|δυστυχωσ|με συγχωρειτε|l[iyu]pam(?:ai|e)|l[iyu]poumaste|s[iyu]g{1,2}n[ow]m[iyh]|d[iyu]st[iyu](?:x|h|ch)[ow]s|me s[iyu][gn](?:x|h|ch)[ow]r(?:ei|i)te)(?: πολυ| pol[iyu])?(?: (?:για|gia) (?:αυτο|a[fuy]to))?$|^(?:leider|entschuldigung|tut mir leid|es tut mir leid|desolee?|je suis desolee?|lo siento|lo sentimos|mi dispiace|desculpe|(?:cok )?uzgun(?:um|uz)|maalesef|ne yaz[iı]k ki|ozur diler(?:im|iz)|kusura bakmay[iı]n|affedersiniz|к сожалению|извините|простите|прошу прощения|(?:мне |нам )?(?:очень )?жаль|please|παρακαλω|parakal[ow]|lutfen|пожалу[йи]ста)$|^(?:(?:please|can you|could you) )*(?:(?:rephrase|repeat)(?: (?:that|it|(?:your|the) \w+))?|(?:try|ask|say|type|write|rephrase)(?: \w+){0,4}? (?:again|later|differently|otherwise|other words|another way))$|^(?:(?:παρακαλω|parakalo) )?(?:δοκιμαστε|προσπαθηστε|επαναλαβετε|διατυπωστε|dokimaste|prospathiste|epanalavete)\b(?: \w+){0,4}$|^(?:bitte )?(?:versuchen|formulieren|wiederholen)\b(?: \w+){0,6}$|^lutfen(?: \w+){0,4} (?:dene\w+|tekrar\w*|yaz[iı]n)$|^(?:пожалу[йи]ста )?(?:попробу[йи]те|повторите|перефразиру[йи]те|переформулиру[йи]те)\b(?: \w+){0,4}$").ok()
});
static CLAUSES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[,:–—…]| - |\b(?:but|however|αλλα|ομωσ|alla|omos|aber|mais|pero|ama|fakat|ancak|но|однако)\b").ok()
});
/// Words that may stand beside it in a clause, before it or behind: of more it says something.
const BESIDE: usize = 8;
/// What is denied right before a phrase does not happen, and what stands behind a condition need not be so.
static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:not|cannot|can't|unable|couldn't|won't|never|nicht|kein\w*|ne|pas|no|non|nao)\b|\b(?:δεν|den)\b")
        .ok()
});
static CONDITION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:if|when|whenever|unless|in case|once|would you like|do you want|shall|should|falls|wenn|sobald|si|quand|cuando|se|quando|eger|если|когда)\b|(?:^|\s)(?:αν|εαν|οταν|εφοσον|an|ean|otan)\s").ok()
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

/// Whether an AI says that it does not know, did not understand or cannot help, and beside it nothing but that it is sorry, that one may try
/// again, or a question: `I have no information about that, sorry.` One that says where to find out answers.
pub fn knows_nothing(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let text = fold(text).replace('’', "'");
    let (mut rest, mut is_said) = (text.trim(), false);
    while !rest.is_empty() {
        let (sentence, after) = cut(rest);
        let mut clauses = clauses(sentence.trim_end_matches(ENDS));
        if asks("", sentence) {
            clauses.pop();
        }
        for clause in clauses {
            match IGNORANCE.as_ref().and_then(|pattern| pattern.find(clause)) {
                Some(found) if says_only(clause, found.range()) => is_said = true,
                None if holds(&EMPTY, clause) => {}
                _ => return false,
            }
        }
        rest = after.trim();
    }
    is_said
}

/// The parts of a sentence that may stand alone.
fn clauses(sentence: &str) -> Vec<&str> {
    let parts: Vec<&str> = CLAUSES.as_ref().map_or_else(|| vec![sentence], |marks| marks.split(sentence).collect());
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Whether a clause says little beside what stands at a place of it: under no condition, nothing to call, write to or count.
fn says_only(clause: &str, what: Range<usize>) -> bool {
    let beside = [&clause[..what.start], &clause[what.end..]];
    let is_little = |part: &str| {
        part.split_whitespace().count() <= BESIDE && !part.contains(|c: char| c.is_ascii_digit() || c == '@')
    };
    beside.into_iter().all(|part| is_little(part) && !holds(&CONDITION, part))
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

    #[test]
    fn who_knows_nothing_is_told_from_who_says_no_or_where_to_ask() {
        for text in [
            "Λυπάμαι, δεν έχω πληροφορίες για αυτό.",
            "Lypamai, den exo plirofories gia afto",
            "Δεν κατάλαβα την ερώτησή σας. Παρακαλώ δοκιμάστε ξανά.",
            "Συγγνώμη, δεν μπορώ να σας βοηθήσω με αυτό. Θέλετε να σας συνδέσω με συνάδελφο;",
            "I have no information about that, sorry.",
            "I'm sorry, but I don't have any information on that at the moment. Is there anything else I can help with?",
            "Sorry, I didn’t quite get that. Could you rephrase your question?",
            "Unfortunately I am unable to assist with this request.",
            "I do not know.",
            "I'm not sure I understand. Please try again.",
            "Dazu habe ich leider keine Informationen.",
            "Das weiß ich leider nicht.",
            "Je suis désolé, je n'ai pas compris.",
            "Lo siento, no tengo información sobre eso.",
            "Üzgünüm, bu konuda bilgim yok.",
            "Συγγνώμη, δεν το γνωρίζω.",
            "Δυστυχώς δεν ξέρω.",
            "εν το ηξέρω",
            "Με συγχωρείτε, δεν σας κατάλαβα.",
            "Λυπάμαι, δεν υπάρχουν πληροφορίες για αυτό το θέμα.",
            "Δεν είμαι σε θέση να το γνωρίζω.",
            "Δεν έχω ιδέα.",
            "Λυπάμαι, δεν το ξέρω ακόμα.",
            "Δεν είμαι σίγουρη.",
            "Δυστυχώς δεν μπορώ να σας το απαντήσω.",
            "Maalesef bunu bilmiyorum.",
            "Özür dilerim, bu konuda size yardımcı olamam.",
            "den to gnorizo",
            "syggnwmi, den to gnwrizw",
            "Signomi, den ksero.",
            "dystyxws den exw plhrofories",
            "den boro na sas voithiso me afto",
            "Maalesef bilmiyorum.",
            "Üzgünüz, bu konuda yardımcı olamıyoruz. Lütfen daha sonra tekrar deneyin.",
            "Bu konuda bilgiye sahip değilim.",
            "Özür dilerim, anlayamadım.",
            "К сожалению, я этого не знаю.",
            "Извините, у меня нет информации об этом.",
            "Простите, я не понял вопрос. Пожалуйста, попробуйте ещё раз.",
            "Не могу вам помочь с этим.",
        ] {
            assert!(knows_nothing(text), "{text}");
        }
        for text in [
            "I have no information on that, please ask at the port office.",
            "I don't know the gate yet. It is on the screen an hour before departure.",
            "I cannot help with that, but the port office can.",
            "I have no details here: call 77 77 00 55.",
            "If I do not know your booking, give me your surname.",
            "No se permite fumar a bordo.",
            "You cannot cancel free of charge.",
            "Σας βοηθάμε στο λιμάνι.",
            "Δεν μπορείτε να αλλάξετε το όνομα.",
            "There are no rooms available on that date.",
            "Sorry.",
            "I am sorry but I can't help you unless you give me the code.",
            "Glad I was able to help.",
            "Would you like to know more?",
            "Δεν το γνωρίζω, ρωτήστε στο γραφείο του λιμανιού.",
            "Αν δεν ξέρετε τον κωδικό, πατήστε «Ξέχασα».",
            "Δεν μπορείτε να απαντήσετε σε αυτό το μήνυμα.",
            "den to ksero alla rotiste sto limani",
            "Bilmiyorum ama liman ofisine sorun.",
            "Если не знаете номер, назовите фамилию.",
            "Я не знаю, но в порту вам скажут.",
            "",
        ] {
            assert!(!knows_nothing(text), "{text}");
        }
    }
}
