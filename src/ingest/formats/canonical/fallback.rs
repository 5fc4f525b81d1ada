//! Names by which programs say that the AI did not understand.

use crate::domain::{Role, Turn};
use crate::text::fold;

/// Names of intents and actions that mean that the AI did not understand, letters and digits alone.
pub(in crate::ingest) const FALLBACKS: &[&str] = &[
    "defaultfallbackintent",
    "nlufallback",
    "fallbackintent",
    "fallback",
    "amazonfallbackintent",
    "inputunknown",
    "actiondefaultfallback",
    "utterdefault",
    "utterfallback",
    "actiontwostagefallback",
    "nomatch",
    "notunderstood",
    "defaultfallback",
    "fallbacklevel1",
    "fallbacklevel2",
    "fallbacklevel3",
    "unknown",
    "unknownintent",
    "sysnomatchdefault",
    "nomatchdefault",
    "nointent",
    "irrelevant",
    "didnotunderstand",
    "misunderstood",
    "qnamakernoanswer",
    "noanswerfound",
    "nichtverstanden",
    "nocomprendido",
    "noentendido",
    "noncompris",
    "noncapito",
    "naoentendi",
    "nietbegrepen",
    "niezrozumiano",
    "unbekannt",
    "unverstanden",
    "incompris",
    "desconocido",
    "desconhecido",
    "sconosciuto",
    "onbekend",
    "nieznane",
    "unhandled",
    "unhandledintent",
    "unrecognized",
    "unrecognised",
    "notrecognized",
    "intentnotfound",
    "noneintent",
];
/// How names end by which a flow says so of its own: `Order - fallback`, `GlobalFallback`.
const ENDINGS: [&str; 2] = ["fallback", "fallbackintent"];
/// The same in other letters, folded.
const FOREIGN: &[&str] = &[
    "αγνωστο",
    "αγνωστη",
    "δενκαταλαβα",
    "μηκατανοητο",
    "ακατανοητο",
    "непонял",
    "непонятно",
    "непонято",
    "неизвестно",
    "неизвестныи",
    "未识别",
    "无法识别",
    "未知",
    "認識不能",
    "不明",
];

/// The letters and digits of a name, in lower case; without a copy, since every turn with an intent comes by.
fn bare(name: &str) -> impl Iterator<Item = u8> + '_ {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase())
}

/// Whether a turn's intent or action is a fallback by its usual name. `None` is one where it was predicted with a confidence.
pub(super) fn is_fallback(turn: &Turn) -> bool {
    let named = |name: &str| {
        if !name.is_ascii() {
            let folded: String = fold(name).chars().filter(|c| c.is_alphanumeric()).collect();
            let ends = ENDINGS.iter().any(|word| folded.ends_with(word));
            return ends || FALLBACKS.contains(&folded.as_str()) || FOREIGN.contains(&folded.as_str());
        }
        let length = bare(name).count();
        let ends = |word: &&str| length >= word.len() && bare(name).skip(length - word.len()).eq(word.bytes());
        FALLBACKS.iter().any(|word| word.len() == length && ends(word)) || ENDINGS.iter().any(ends)
    };
    match turn.role {
        Role::User => {
            turn.intent.as_deref().is_some_and(named)
                || (turn.intent.as_deref() == Some("None") && turn.confidence.is_some())
        }
        Role::Bot => turn.action.as_deref().is_some_and(named),
        _ => false,
    }
}
