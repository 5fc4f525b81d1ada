//! Who speaks, by the word that a log has for it.

use crate::domain::Role;
use crate::text::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The role of a name or of one of its usual spellings.
pub fn role_named(name: &str) -> Option<Role> {
    if let Some(role) = Role::from_name(name) {
        return Some(role);
    }
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "user" | "customer" | "human" | "visitor" | "end-user" | "enduser" | "contact" | "usermessage" => {
            Some(Role::User)
        }
        "bot" | "assistant" | "ai" | "model" | "system-bot" | "chatbot" | "apimessage" => Some(Role::Bot),
        "agent" | "operator" | "admin" | "teammate" | "human-agent" => Some(Role::Agent),
        "tool" | "function" => Some(Role::Tool),
        "system" | "developer" => Some(Role::System),
        _ => None,
    }
}

/// A sender as it is looked up.
pub fn word(sender: &str) -> String {
    fold(sender.trim())
}

/// The role that a word usually means, without a mapping; `word` is folded.
pub fn known(word: &str) -> Option<Role> {
    if let Some(role) = role_named(word) {
        return Some(role);
    }
    let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    match bare.as_str() {
        "client"
        | "caller"
        | "guest"
        | "endcustomer"
        | "lead"
        | "consumer"
        | "buyer"
        | "requester"
        | "chatter"
        | "prompter"
        | "external"
        | "incoming"
        | "inbound"
        | "in"
        | "received"
        | "kunde"
        | "kundin"
        | "besucher"
        | "nutzer"
        | "benutzer"
        | "visiteur"
        | "utilisateur"
        | "cliente"
        | "usuario"
        | "visitante"
        | "utente"
        | "klant"
        | "bezoeker"
        | "klient"
        | "musteri"
        | "клиент"
        | "пользователь"
        | "посетитель"
        | "покупатель"
        | "πελατησ"
        | "χρηστησ"
        | "καταναλωτησ"
        | "εισερχομενο"
        | "enduser"
        | "kund"
        | "asiakas"
        | "zakaznik"
        | "uzivatel"
        | "ugyfel"
        | "felhasznalo"
        | "bruker"
        | "bruger"
        | "anvandare" => Some(Role::User),
        "virtualagent"
        | "automatedagent"
        | "virtualassistant"
        | "agentbot"
        | "aiagent"
        | "va"
        | "ivr"
        | "automation"
        | "automated"
        | "machine"
        | "llm"
        | "gpt"
        | "virtuellerassistent"
        | "assistantvirtuel"
        | "asistente"
        | "asistentevirtual"
        | "robot"
        | "robo"
        | "assistente"
        | "assistentevirtual"
        | "assistentevirtuale"
        | "asystent"
        | "бот"
        | "ассистент"
        | "помощник"
        | "виртуальныйпомощник"
        | "βοηθοσ"
        | "ψηφιακοσβοηθοσ"
        | "workflow"
        | "botti" => Some(Role::Bot),
        "humanoperator"
        | "humanagent"
        | "csr"
        | "medarbejder"
        | "medarbetare"
        | "ugynok"
        | "asiakaspalvelija"
        | "representative"
        | "rep"
        | "staff"
        | "employee"
        | "liveagent"
        | "supportagent"
        | "advisor"
        | "mitarbeiter"
        | "mitarbeiterin"
        | "berater"
        | "beraterin"
        | "sachbearbeiter"
        | "conseiller"
        | "conseillere"
        | "agente"
        | "operador"
        | "asesor"
        | "atendente"
        | "operatore"
        | "medewerker"
        | "konsultant"
        | "temsilci"
        | "оператор"
        | "агент"
        | "сотрудник"
        | "менеджер"
        | "εκπροσωποσ"
        | "συμβουλοσ"
        | "υπαλληλοσ"
        | "πρακτορασ" => Some(Role::Agent),
        "event" | "info" | "notification" | "συστημα" | "systeme" | "sistema" | "система" => {
            Some(Role::System)
        }
        _ if is_bot(word) => Some(Role::Bot),
        _ => FURTHER.get(&bare).copied(),
    }
}

/// The role of a sender, or of a kind of event that names who said something: `user_message`, `bot.replied`, `message.customer`.
/// `word` is folded.
pub fn of_kind(word: &str) -> Option<Role> {
    known(word).or_else(|| said_by(word))
}

/// Parts of kinds of events that say that somebody said something.
const SAID: &[&str] = &[
    "message",
    "messages",
    "msg",
    "text",
    "utterance",
    "turn",
    "said",
    "says",
    "sent",
    "wrote",
    "asked",
    "spoke",
    "replied",
    "reply",
    "response",
    "responded",
    "answer",
    "answered",
    "input",
    "output",
];
/// Parts that a kind has at most: `com.shop.chat.user_message`.
const KIND_PARTS: usize = 6;

fn said_by(word: &str) -> Option<Role> {
    let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    // What was said to somebody was said by another.
    let directed = parts.iter().any(|part| matches!(*part, "to" | "for"));
    if directed || parts.len() > KIND_PARTS || word.contains(char::is_whitespace) {
        return None;
    }
    let glued = |part: &&str| SAID.iter().find_map(|said| known(part.strip_suffix(said)?));
    let says = parts.iter().any(|part| SAID.contains(part) || glued(part).is_some());
    let who = parts.iter().filter(|part| !SAID.contains(part)).filter_map(|part| known(part).or_else(|| glued(part)));
    let mut who = who.filter(|role| matches!(role, Role::User | Role::Bot | Role::Agent));
    let first = who.next().filter(|_| says)?;
    who.all(|role| role == first).then_some(first)
}

/// Whether a word that is no known sender holds a word for customers: `Bürger 12`, `webuser`.
pub fn names_customer(word: &str) -> bool {
    const PARTS: &[&str] = &["user", "customer", "client", "kunde", "burger", "buerger", "visitor", "guest", "caller"];
    of_kind(word) == Some(Role::User)
        || word.split(|c: char| !c.is_alphanumeric()).any(|part| {
            PARTS.iter().any(|known| part.starts_with(known) || part.ends_with(known))
                || known(part) == Some(Role::User)
        })
}

/// Whether a word that is no known sender holds a word for people of a business: `Support Team`, `agent_2`.
pub fn names_person(word: &str) -> bool {
    const PARTS: &[&str] = &["agent", "support", "team", "operator", "staff", "admin"];
    word.split(|c: char| !c.is_alphanumeric())
        .any(|part| PARTS.iter().any(|known| part.starts_with(known)) || known(part) == Some(Role::Agent))
}

/// Whether a word, folded, is a bot's: `shopbot`, `bot 7`, `botresponse`. Some people are called Talbot or Botond, and what somebody
/// says about a bot is no name.
fn is_bot(word: &str) -> bool {
    const PEOPLE: &[&str] = &["talbot", "abbot", "cabot", "herbot"];
    const BEHIND: &[&str] =
        &["", "message", "reply", "response", "answer", "user", "agent", "text", "output", "assistant"];
    const OF_SENTENCES: &[&str] = &[
        "i", "you", "a", "an", "the", "my", "your", "this", "that", "is", "are", "am", "to", "by", "with", "from",
        "no", "not", "want", "need", "what", "which", "who", "where", "can",
    ];
    let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
    let says =
        word.contains([':', '?', '!']) || parts.len() > NAMES || parts.iter().any(|part| OF_SENTENCES.contains(part));
    let behind = first.strip_prefix("chatbot").or_else(|| first.strip_prefix("bot"));
    let begins = behind.is_some_and(|rest| BEHIND.contains(&rest.trim_end_matches(|c: char| c.is_ascii_digit())));
    !says && (begins || last.ends_with("bot") && !PEOPLE.contains(last))
}

/// Words that a bot's name has at most.
const NAMES: usize = 3;

/// Customers beyond the usual word, and words in scripts whose folded form is not as they are written.
const CUSTOMERS: &[&str] = &[
    "patient",
    "passenger",
    "shopper",
    "subscriber",
    "student",
    "citizen",
    "tenant",
    "kullanıcı",
    "ziyaretçi",
    "客户",
    "顾客",
    "用户",
    "客人",
    "访客",
    "客戶",
    "顧客",
    "用戶",
    "お客様",
    "お客さま",
    "ユーザー",
    "고객",
    "고객님",
    "사용자",
    "العميل",
    "عميل",
    "الزبون",
    "المستخدم",
    "לקוח",
    "ลูกค้า",
    "ผู้ใช้",
    "khách hàng",
    "pelanggan",
    "ग्राहक",
    "उपयोगकर्ता",
    "مستخدم",
];
/// AIs in these.
const MACHINES: &[&str] = &[
    "机器人",
    "智能客服",
    "聊天机器人",
    "機器人",
    "ボット",
    "チャットボット",
    "챗봇",
    "봇",
    "الروبوت",
    "روبوت",
    "בוט",
    "บอท",
    "ρομπότ",
    "assistent",
    "asistan",
    "sanal asistan",
    "ki-assistent",
    "ki",
    "المساعد",
    "बॉट",
    "सहायक",
    "chatgpt",
];
/// People of a business in these.
const PEOPLE: &[&str] = &[
    "客服",
    "人工客服",
    "坐席",
    "客服人员",
    "オペレーター",
    "担当者",
    "상담원",
    "상담사",
    "الموظف",
    "موظف",
    "الوكيل",
    "وكيل",
    "נציג",
    "เจ้าหน้าที่",
    "müşteri temsilcisi",
    "nhân viên",
    "एजेंट",
];

static FURTHER: LazyLock<HashMap<String, Role>> = LazyLock::new(|| {
    let all = [(Role::User, CUSTOMERS), (Role::Bot, MACHINES), (Role::Agent, PEOPLE)];
    let bare = |word: &&str| fold(word).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    all.iter().flat_map(|(role, words)| words.iter().map(move |word| (bare(word), *role))).collect()
});

/// Whether a word is of what machinery does between what people say, and may be a tool's: whoever asks who that is advises no AI.
pub fn is_machinery(word: &str) -> bool {
    const OF_TOOLS: &[&str] =
        &["action", "tool", "function", "api", "apicall", "observation", "step", "database", "backend"];
    let bare: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    OF_TOOLS.iter().any(|tool| bare == *tool || bare.strip_suffix('s') == Some(tool)) || bare.starts_with("tool")
}

/// Whether a word says that the business sent something, and not whether its AI or a person did.
pub fn is_outward(word: &str) -> bool {
    matches!(word, "outgoing" | "outbound" | "out" | "sent" | "εξερχομενο") || word.starts_with("outbound-")
}

/// Whether a name is that of a machine: `Shop Bot`, `AI Assist`.
pub fn is_machine(name: &str) -> bool {
    let word = word(name);
    let mut parts = word.split(|c: char| !c.is_alphanumeric());
    parts.any(|p| matches!(p, "bot" | "chatbot" | "assistant" | "ai")) || known(&word) == Some(Role::Bot)
}

/// Whether a word names the customer beside `user`: where both stand in one column, `user` is somebody else. A lead is a customer of
/// whom less is known, as Intercom has it, and may stand beside users.
pub fn is_customer(word: &str) -> bool {
    known(word) == Some(Role::User) && !matches!(word, "user" | "lead" | "incoming" | "inbound" | "in" | "received")
}

/// Whether this is how a customer is reached or numbered: a telephone number, an address, a long id.
pub fn is_contact(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let phone = digits >= 7 && (letters == 0 || word.contains(":+"));
    let address = word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let hex = word.len() >= 8 && digits >= 2 && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    phone || address || hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_words_are_known() {
        let of = |s: &str| known(&word(s));
        assert_eq!(
            (of("Visitor"), of(" Πελάτης "), of("incoming")),
            (Some(Role::User), Some(Role::User), Some(Role::User))
        );
        assert_eq!((of("ShopBot"), of("Virtual Agent"), of("AI")), (Some(Role::Bot), Some(Role::Bot), Some(Role::Bot)));
        assert_eq!((of("お客様"), of("ボット"), of("상담원")), (Some(Role::User), Some(Role::Bot), Some(Role::Agent)));
        assert_eq!(
            (of("Kullanıcı"), of("Ρομπότ"), of("العميل")),
            (Some(Role::User), Some(Role::Bot), Some(Role::User))
        );
        assert_eq!((of("agent"), of("Εκπρόσωπος"), of("Maria")), (Some(Role::Agent), Some(Role::Agent), None));
        assert_eq!(
            (of("END USER"), of("human agent"), of("وكيل")),
            (Some(Role::User), Some(Role::Agent), Some(Role::Agent))
        );
    }

    #[test]
    fn kinds_of_events_name_who_said_something() {
        for (kind, role) in [
            ("user_message", Some(Role::User)),
            ("BOT_MESSAGE", Some(Role::Bot)),
            ("bot.replied", Some(Role::Bot)),
            ("message.customer", Some(Role::User)),
            ("customer.said", Some(Role::User)),
            ("agentMessage", Some(Role::Agent)),
            ("com.telco.chat.user_message", Some(Role::User)),
            ("com.telco.chat.bot_message", Some(Role::Bot)),
            ("session_started", None),
            ("agent_joined", None),
            ("message_to_customer", None),
            ("message", None),
            ("customer wrote a message", None),
        ] {
            assert_eq!(of_kind(&word(kind)), role, "{kind}");
        }
        assert_eq!(known(&word("user_message")), None);
    }

    #[test]
    fn a_name_may_hold_a_word_for_who_it_is() {
        for customer in ["Bürger", "Bürger 12", "webuser", "user_message", "Kundin Maier"] {
            assert!(names_customer(&word(customer)), "{customer}");
        }
        assert!(!names_customer(&word("Kostas")) && !names_customer(&word("Bank Bot")));
        assert!(names_person(&word("Support Team")) && !names_person(&word("Kostas")));
    }

    #[test]
    fn bots_are_told_from_people_with_such_names() {
        for bot in ["bot", "Bot 7", "bot12", "ShopBot", "shop-bot", "botResponse", "chatbot_reply", "Help Bot"] {
            assert_eq!(known(&word(bot)), Some(Role::Bot), "{bot}");
        }
        for person in ["Botond", "Sarah Talbot", "bott", "Abbot, Jim", "bottle", "bot: which one", "I want a bot"] {
            assert_eq!(known(&word(person)), None, "{person}");
        }
    }

    #[test]
    fn contacts_are_told_from_names() {
        for yes in ["+357 99 123456", "whatsapp:+35799123456", "a@b.cy", "5f3a9c11-22aa"] {
            assert!(is_contact(yes), "{yes}");
        }
        assert!(is_machinery("action") && is_machinery("tool_result") && !is_machinery("anna"));
        assert!(is_machine("AI Assist") && is_machine("ShopBot") && !is_machine("Aidan") && is_outward("outbound"));
        for no in ["Maria", "bob", "agent 47", "@home", ""] {
            assert!(!is_contact(no), "{no}");
        }
    }
}
