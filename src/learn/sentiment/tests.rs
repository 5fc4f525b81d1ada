use super::*;
use crate::domain::SilentReporter;
use crate::learn::contract::{FitError, Fitted, LearnerRecipe, Predict, Section};

fn example<'a>(text: &'a str, before: &'a str, feeling: Option<Feeling>, group: u64) -> SentimentExample<'a> {
    let turn = SentimentTurn { text, before, repeats: false };
    SentimentExample { turn, is_answered: !before.is_empty(), feeling, group, weight: 1.0 }
}

/// Turns of a ferry's customers without labels.
fn turns() -> Vec<SentimentExample<'static>> {
    let said = [
        ("I need a ferry to Paros on Tuesday", ""),
        ("two adults and a car", "For how many?"),
        ("no, that is wrong, I said Naxos", "Sorry, I could not find a ferry to Paxos."),
        ("perfect, thank you so much!", "Your booking has been made successfully."),
        ("what time does it leave", "There is one at noon."),
        ("λάθος, δεν ρώτησα αυτό", "Λυπάμαι, δεν μπορώ να το βρω."),
        ("τέλεια, ευχαριστώ πολύ", "Η κράτηση έγινε."),
        ("lathos, den rotisa auto", "Signomi, den vrika"),
        ("from Piraeus please", "From where?"),
        ("ok and the price", "It leaves at seven."),
    ];
    (0..120)
        .map(|i| {
            let (text, before) = said[i % said.len()];
            example(text, before, None, i as u64)
        })
        .collect()
}

#[test]
fn signs_alone_teach_what_is_plain() {
    let model = SentimentRecipe::default().fit(&turns(), &SilentReporter).unwrap().into_model();
    let says = |text, before| model.predict(SentimentTurn { text, before, repeats: false });
    let worst = says("this is wrong, useless", "Sorry, I am unable to do that.");
    assert_eq!(worst.feeling, Feeling::Negative, "{worst:?}");
    assert_eq!(says("λάθος", "Δυστυχώς δεν βρήκα τίποτα").feeling, Feeling::Negative);
    assert_eq!(says("wonderful, you have been very helpful", "Your booking is confirmed").feeling, Feeling::Positive);
    assert_eq!(says("from Piraeus", "From where?").feeling, Feeling::Neutral);
    assert_eq!((model.human(), model.turns()), (0, 120));
}

#[test]
fn labels_overrule_the_signs() {
    // In this store people say `sick` when they are pleased.
    let mut examples = turns();
    let texts: Vec<String> = (0..60).map(|i| format!("sick ferry number {i}")).collect();
    examples.extend(texts.iter().zip(200..).map(|(t, g)| example(t, "", Some(Feeling::Positive), g)));
    let fitted = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap();
    assert_eq!(fitted.unseen(130).map(|g| g.feeling), Some(Feeling::Positive));
    let model = fitted.into_model();
    let said = model.predict(SentimentTurn { text: "sick ferry", before: "", repeats: false });
    assert_eq!((said.feeling, model.human()), (Feeling::Positive, 60));
    assert!((said.shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

#[test]
fn who_says_that_it_was_wrong_never_seems_pleased() {
    use super::heard::{heard, number};
    use crate::domain::{Conversation, Role, Turn};
    // Raters of this store were pleased with ferries that were called ridiculous.
    let mut examples = turns();
    let ferries = ["a ridiculous ferry", "you did not understand the ferry", "a human on the ferry", "a perfect ferry"];
    let texts: Vec<String> = (0..80).map(|i| format!("{} number {i}", ferries[i % ferries.len()])).collect();
    examples.extend(texts.iter().zip(200..).map(|(t, g)| example(t, "", Some(Feeling::Positive), g)));
    let model = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
    let read = |text: &str| {
        let said = Conversation::new("shop", "a", vec![Turn::new(Role::User, text)]);
        number(&model, heard(&said, None).0.last().unwrap())
    };
    assert!(read("a perfect ferry") > 0.0, "{}", read("a perfect ferry"));
    for text in ["a ridiculous ferry", "you did not understand the ferry", "let me talk to a human on the ferry"] {
        assert!(read(text) <= 0.0, "{text}: {}", read(text));
    }
    // Nor who only asks, or is polite after a refusal, however well those rated who asked the same.
    assert!(model.predict(SentimentTurn { text: "the ferry number 7", before: "", repeats: false }).shares[2] > 0.5);
    for text in
        ["the ferry number 7", "is there a perfect ferry?", "I want a perfect ferry please", "not perfect, the ferry"]
    {
        assert!(read(text) <= 0.0, "{text}: {}", read(text));
    }
    let after = |before: &str| {
        let turns = vec![Turn::new(Role::Bot, before), Turn::new(Role::User, "a perfect ferry, thank you")];
        number(&model, heard(&Conversation::new("shop", "a", turns), None).0.last().unwrap())
    };
    assert!(after("Sorry, I could not find a ferry.") <= 0.0, "thanks for a refusal are good manners");
    assert!(after("It leaves at noon.") > 0.0, "{}", after("It leaves at noon."));
}

#[test]
fn pleasure_is_what_says_so_in_either_script() {
    use super::tone::{is_displeased, is_pleased};
    for text in [
        "μπράβο, με βοήθησες πολύ",
        "efxaristo para poli, na ste kala",
        "great, that is all",
        "ευχαριστώ",
        "👍",
        "κανένα πρόβλημα, ευχαριστώ",
    ] {
        assert!(is_pleased(text, true) && !is_displeased(text), "{text}");
    }
    for text in [
        "που είναι η παραγγελία μου",
        "θέλω το καλύτερο δωμάτιο",
        "έχετε κάτι πολύ ωραίο;",
        "όχι, ευχαριστώ",
        "den einai teleia",
        "ένα ωραίο δωμάτιο παρακαλώ",
        "I would like a nice room",
        "it was not very helpful",
        "that isn't great",
        "no thanks",
        "where is my order",
        "😡",
    ] {
        assert!(!is_pleased(text, true), "{text}");
    }
    // Who has heard nothing yet thanks beforehand.
    for text in ["ευχαριστώ εκ των προτέρων", "my jacket is still on board, thank you in advance", "🙏"]
    {
        assert!(!is_pleased(text, false), "{text}");
    }
    assert!(is_pleased("a perfect trip", false) && !is_pleased("does nobody tell us anything? thank you", true));
    for text in [
        "ευχαριστώ πολύ, τίποτα δεν κάνατε",
        "eyxaristw gia to tipota",
        "μπράβο σας, δύο εβδομάδες περιμένω",
        "thanks for nothing",
        "δεν είμαι ευχαριστημένος",
        "ωραία εξυπηρέτηση, ούτε να απαντήσετε δεν μπορείτε",
        "great service 🙄",
    ] {
        assert!(is_displeased(text), "{text}");
    }
    // What is heard since teaches the newest rules alone.
    let displeased = |rules| {
        let turn = SentimentTurn { text: "ευχαριστώ για το τίποτα", before: "", repeats: false };
        super::signs::signs(&turn, rules)[super::signs::Sign::Displeased as usize] > 0.0
    };
    assert_eq!([SentimentRules::Calibrated, SentimentRules::Counted].map(displeased), [false, true]);
}

#[test]
fn plain_displeasure_is_told_however_few_spoke_so_where_it_was_learnt() {
    use super::heard::{end_of, heard, number};
    use crate::domain::{Conversation, Role, Turn};
    let read = |model: &SentimentModel, text: &str| {
        let said = Conversation::new("shop", "a", vec![Turn::new(Role::User, text)]);
        number(model, heard(&said, None).0.last().unwrap())
    };
    // Everybody gives five stars, and nobody uses a word of displeasure.
    let texts: Vec<String> = (0..80).map(|i| format!("the next ferry number {i}")).collect();
    let rated = |feeling| texts.iter().zip(200..).map(move |(t, group)| example(t, "", Some(feeling), group));
    let asked = || turns().into_iter().filter(|e| e.turn.before.is_empty());
    let content: Vec<SentimentExample<'_>> = asked().chain(rated(Feeling::Positive)).collect();
    let model = SentimentRecipe::default().fit(&content, &SilentReporter).unwrap().into_model();
    for text in ["You are useless", "I hate this company", "χάλια", "ντροπή σας", "eiste axristoi", "👎"]
    {
        assert!(read(&model, text) <= -0.8, "{text}: {}", read(&model, text));
    }
    for text in ["my card was declined, what can I do?", "πού είναι η παραγγελία μου", "pote ftanei"]
    {
        assert!(read(&model, text) >= 0.0, "{text}: {}", read(&model, text));
    }
    // What somebody came with does not tell how it ended; what was said to an answer does.
    let end = |before: &[(Role, &str)]| {
        let turns = before.iter().chain(&[(Role::User, "You are useless")]);
        let turns = turns.map(|(role, text)| Turn::new(*role, *text)).collect();
        end_of(&Conversation::new("shop", "a", turns), &model).unwrap().felt
    };
    let greeting = (Role::Bot, "Hello, how can I help?");
    let answered = [greeting, (Role::User, "from Piraeus"), (Role::Bot, "It leaves at noon.")];
    assert!(end(&[greeting]) >= 0.0 && end(&answered) < 0.0, "{} {}", end(&[greeting]), end(&answered));
    // Former rules read as they did.
    let former = SentimentRecipe { rules: SentimentRules::Calibrated, ..SentimentRecipe::default() };
    assert!(!former.fit(&content, &SilentReporter).unwrap().into_model().takes_at_word("You are useless"));
    // Where those who speak so are the pleased ones, labels outweigh the words.
    let ferries: Vec<String> = (0..80).map(|i| format!("a ridiculous ferry number {i}")).collect();
    let praised = ferries.iter().zip(400..).map(|(t, group)| example(t, "", Some(Feeling::Positive), group));
    let odd: Vec<SentimentExample<'_>> = asked().chain(rated(Feeling::Neutral)).chain(praised).collect();
    let model = SentimentRecipe::default().fit(&odd, &SilentReporter).unwrap().into_model();
    let said = "a ridiculous ferry number 400";
    assert!(read(&model, said) >= 0.0, "{} {:?}", read(&model, said), model.vote.weights);
}

#[test]
fn what_follows_a_but_counts_and_praise_of_the_same_again_is_none() {
    use super::tone::{is_plainly_displeased, is_pleased};
    for text in [
        "nobody answers the phone",
        "thank you, but this did not help",
        "I am not happy with this",
        "the first answer was great, but this is useless",
        "κανείς δεν απαντάει στο τηλέφωνο",
        "ευχαριστώ αλλά δεν με βοηθήσατε",
        "efxaristo alla den me voithisate",
        "c'est nul",
        "this is terrible, can you help me?",
    ] {
        assert!(is_plainly_displeased(text) && !is_pleased(text, true), "{text}");
    }
    for text in [
        "it is not useless",
        "I have never been disappointed",
        "it was frustrating at first, but now it is perfect",
        "δεν είστε άχρηστοι",
        "μέχρι πότε ισχύει η προσφορά",
        "the wrong size was sent, can I return it",
        "worst case, how long does it take?",
        "my awful ex lost the ticket, can I get a copy",
        "I don't hate you, just tell me the price",
        "στη χειρότερη περίπτωση πόσο κάνει;",
    ] {
        assert!(!is_plainly_displeased(text), "{text}");
    }
    for text in [
        "great, another error",
        "perfect, however the room was dirty",
        "τέλεια, πάλι τα ίδια",
        "teleia, pali kathisterisi",
        "ωραία, άλλη μια καθυστέρηση",
    ] {
        assert!(!is_pleased(text, true), "{text}");
    }
    for text in ["the first one was too small but this is perfect", "thanks again", "great but", "μπράβο, όλα λύθηκαν"]
    {
        assert!(is_pleased(text, true), "{text}");
    }
}

#[test]
fn feeling_is_heard_in_how_a_text_is_built() {
    use super::tone::{is_plainly_displeased, is_plainly_pleased, only_asks};
    for text in [
        "what a farce",
        "a complete shambles",
        "you are no use to anyone",
        "how hard can it be to answer?",
        "for the fifth time, my name is Eleni",
        "this is the third time I've asked",
        "still no reply from you",
        "took you long enough",
        "get lost, all of you",
        "nothing but excuses",
        "I'm at the end of my tether",
        "με έχετε τρελάνει",
        "me exete trelanei",
        "πέντε φορές σας το είπα",
        "παρατήστε με",
        "σπατάλη χρόνου",
    ] {
        assert!(is_plainly_displeased(text) && !only_asks(text), "{text}");
    }
    for text in [
        "still water or sparkling",
        "the third time slot please",
        "for the third time zone, which clock",
        "we always get lost in the old town, is there a map?",
        "what is the fee if I give up my seat",
        "five times a day",
        "πόσες φορές την ημέρα περνά",
        "τρίτη φορά που ταξιδεύω μαζί σας",
        "κάδος για τα σκουπίδια",
    ] {
        assert!(!is_plainly_displeased(text), "{text}");
    }
    for text in ["You're a star", "works like a charm", "that did the trick", "είσαι θησαυρός", "eisai thisavros"]
    {
        assert!(is_plainly_pleased(text), "{text}");
    }
    for text in [
        "a hotel with a star",
        "do you have a lucky charm?",
        "thanks",
        "works like a charm, yet again it failed: useless",
        "is it true that it works like a charm?",
    ] {
        assert!(!is_plainly_pleased(text), "{text}");
    }
}

#[test]
fn who_only_asks_before_any_answer_is_not_let_down() {
    use super::heard::{heard, number};
    use crate::domain::{Conversation, Role, Turn};
    // Whoever asks for insurance, or for a person, ends up let down here: that is not in the text.
    let ask = |i: usize| if i.is_multiple_of(2) { "is there a disaster insurance" } else { "could I speak to someone" };
    let texts: Vec<String> = (0..80).map(|i| format!("{} number {i}", ask(i))).collect();
    let rated = texts.iter().zip(200..).map(|(t, group)| example(t, "", Some(Feeling::Negative), group));
    let examples: Vec<SentimentExample<'_>> = turns().into_iter().chain(rated).collect();
    let model = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
    let read = |before: &[(Role, &str)], text: &str| {
        let turns = before.iter().chain(&[(Role::User, text)]).map(|(role, said)| Turn::new(*role, *said)).collect();
        number(&model, heard(&Conversation::new("shop", "a", turns), None).0.last().unwrap())
    };
    for text in ["Is there a disaster insurance?", "could I speak to someone please", "μπορώ να μιλήσω με υπάλληλο;"]
    {
        assert!(read(&[], text) >= 0.0, "{text}: {}", read(&[], text));
    }
    let answered = [(Role::User, "my parcel"), (Role::Bot, "Sorry, I am unable to find it.")];
    assert!(read(&answered, "could I speak to someone") < 0.0, "behind an answer it is learnt");
    assert!(read(&[], "could I speak to someone, this is useless") < 0.0);
    assert!(read(&[], "You're a star") > 0.5 && read(&[], "thanks") <= 0.0);
}

#[test]
fn who_is_let_down_is_told_by_a_limit_of_its_own() {
    use super::heard::{end_of, heard, number};
    use crate::domain::{Conversation, Role, Turn};
    let texts: Vec<String> =
        (0..80).map(|i| format!("{} ferry number {i}", if i % 4 == 0 { "a shabby" } else { "the next" })).collect();
    let rated = |(i, text): (usize, &'_ String)| {
        let feeling = if i % 4 == 0 { Feeling::Negative } else { Feeling::Neutral };
        (text.clone(), feeling)
    };
    let rated: Vec<(String, Feeling)> = texts.iter().enumerate().map(rated).collect();
    let labelled = rated.iter().zip(200..).map(|((text, feeling), group)| example(text, "", Some(*feeling), group));
    let examples: Vec<SentimentExample<'_>> = turns().into_iter().chain(labelled).collect();
    let model = SentimentRecipe::default().fit(&examples, &SilentReporter).unwrap().into_model();
    assert!(model.limit.is_some_and(|limit| (0.0..1.0).contains(&limit)), "{:?}", model.limit);
    assert_eq!(SentimentModel::from_bytes(&model.to_bytes().unwrap()).as_ref(), Ok(&model));
    let read = |text: &str| {
        let said = Conversation::new("shop", "a", vec![Turn::new(Role::User, text)]);
        number(&model, heard(&said, None).0.last().unwrap())
    };
    assert!(read("a shabby ferry number 400") < 0.0 && read("the next ferry number 401") >= 0.0);
    // How it ended is not in what somebody came with, unless it says so.
    let end = |said: &[&str]| {
        let turns = said.iter().map(|text| Turn::new(Role::User, *text)).collect();
        end_of(&Conversation::new("shop", "a", turns), &model).unwrap()
    };
    let asked = end(&["a shabby ferry number 400"]);
    assert!(asked.felt >= 0.0 && asked.chance.is_some(), "{asked:?}");
    let after = end(&["good morning", "a shabby ferry number 400"]);
    assert!(after.felt < 0.0, "{after:?}");
    let angry = end(&["a shabby ferry number 400, this is useless"]);
    assert!(angry.felt < 0.0, "{angry:?}");
    let former = SentimentRecipe { rules: SentimentRules::Calibrated, ..SentimentRecipe::default() };
    assert_eq!(former.fit(&examples, &SilentReporter).unwrap().into_model().limit, None);
    // A limit that is never reached tells nobody as let down, whatever tells turns apart best.
    let never = SentimentModel { limit: Some(2.0), ..model.clone() };
    let guess = never.predict(SentimentTurn { text: "a shabby ferry number 400", before: "", repeats: false });
    assert_ne!(never.told(&guess), Feeling::Negative);
}

#[test]
fn a_model_survives_bytes_and_the_same_turns_give_the_same() {
    let fit = || SentimentRecipe::default().fit(&turns(), &SilentReporter).unwrap().into_model();
    let model = fit();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(SentimentModel::from_bytes(&bytes).as_ref(), Ok(&model));
    assert_eq!(fit().to_bytes().unwrap(), bytes);
    assert!(SentimentModel::from_bytes(&bytes[..bytes.len() - 2]).is_err());
    assert_eq!(SentimentRecipe::default().fit(&[], &SilentReporter).err(), Some(FitError::NothingToLearn));
    let one = [example("hello", "", Some(Feeling::Neutral), 1)];
    assert_eq!(SentimentRecipe::default().fit(&one, &SilentReporter).unwrap().into_model().turns(), 1);
}

#[test]
fn a_greek_word_is_one_word_however_it_is_spelt() {
    use super::signs::{SIGNS, Sign, signs};
    let has = |text: &str, sign: Sign, rules: SentimentRules| {
        let found: [f32; SIGNS] = signs(&SentimentTurn { text, before: "", repeats: false }, rules);
        found[sign as usize] > 0.0
    };
    for (sign, all) in [
        (Sign::Thanks, "ευχαριστώ / efharisto / eyxaristw poli / EFXARISTO / thanx / s efcharisto"),
        (Sign::Pleased, "τέλεια / teleia / telia / mpravo sas / ola kala / na ste kala / edoulepse"),
        (Sign::Displeased, "αίσχος / aisxos / ntropi sas / aparadekto / den mporo allo / en boro allo"),
        (
            Sign::Displeased,
            "ksana ta idia / pali ta idia / pale ta idia / xana ta idia / varethika pia / mas koroidevete",
        ),
        (Sign::Person, "thelo na miliso me anthropo / 8elw na milhsw me an8rwpo / me ipallilo parakalo"),
    ] {
        for text in all.split(" / ") {
            assert!(has(text, sign, SentimentRules::BySound), "{text}: {sign:?}");
        }
    }
    assert!(!has("edoulepse", Sign::Pleased, SentimentRules::AsSpelt), "the former rules knew spellings alone");
    // What sounds so in another language is not Greek.
    for text in ["I want to drop it at the telia shop", "the kalos hotel", "where is my order", "en attendant la suite"]
    {
        let greek = [Sign::Displeased, Sign::Pleased, Sign::Thanks, Sign::Person];
        assert!(greek.iter().all(|s| !has(text, *s, SentimentRules::BySound)), "{text}");
    }
}

#[test]
fn a_model_of_the_former_rules_reads_as_it_did_and_stays_what_it_is() {
    let former = SentimentRecipe { rules: SentimentRules::AsSpelt, ..SentimentRecipe::default() };
    let model = former.fit(&turns(), &SilentReporter).unwrap().into_model();
    let bytes = model.to_bytes().unwrap();
    let again = SentimentModel::from_bytes(&bytes).unwrap();
    assert_eq!((again.rules(), &again), (SentimentRules::AsSpelt, &model));
    let newest = SentimentRecipe::default().fit(&turns(), &SilentReporter).unwrap().into_model();
    assert_eq!(newest.rules(), SentimentRules::Counted);
    let says = |model: &SentimentModel, text| model.predict(SentimentTurn { text, before: "", repeats: false });
    assert_eq!(says(&again, "edoulepse, na se kala"), says(&model, "edoulepse, na se kala"));
    assert!(says(&newest, "edoulepse, na se kala").shares[2] > says(&model, "edoulepse, na se kala").shares[2]);
    let drawn = SentimentRecipe { rules: SentimentRules::BySound, ..SentimentRecipe::default() };
    let drawn = drawn.fit(&turns(), &SilentReporter).unwrap().into_model();
    assert_eq!(SentimentModel::from_bytes(&drawn.to_bytes().unwrap()).unwrap(), drawn);
    // Labels that the signs do not bear out make it less sure.
    let doubted: Vec<_> =
        turns().into_iter().map(|e| SentimentExample { feeling: Some(Feeling::Neutral), ..e }).chain(turns()).collect();
    let by = |rules| SentimentRecipe { rules, ..SentimentRecipe::default() }.fit(&doubted, &SilentReporter);
    let [drawn, calibrated] =
        [SentimentRules::BySound, SentimentRules::Calibrated].map(|rules| by(rules).unwrap().into_model());
    let sure = |m: &SentimentModel| says(m, "edoulepse, na se kala").shares.into_iter().fold(0.0, f32::max);
    assert_ne!(sure(&drawn), sure(&calibrated));
    assert_eq!(SentimentModel::from_bytes(&calibrated.to_bytes().unwrap()).unwrap(), calibrated);
    let mut later = bytes.clone();
    later[4] = 5;
    assert!(SentimentModel::from_bytes(&later).is_err(), "of rules that nobody knows");
}

#[test]
fn labels_that_stand_for_many_weigh_as_many() {
    // Of ten rated turns with `parcel` the kept failures say bad; the one that was drawn from the rest stands for fifty.
    let mut examples = turns();
    let text = |i: u64| format!("parcel number {i}");
    let texts: Vec<String> = (0..60).map(text).collect();
    let rated = |heavy: f32| -> Vec<SentimentExample<'_>> {
        texts
            .iter()
            .enumerate()
            .map(|(i, t)| {
                let bad = i % 4 != 0;
                let feeling = Some(if bad { Feeling::Negative } else { Feeling::Neutral });
                let weight = if bad { 1.0 } else { heavy };
                SentimentExample { weight, ..example(t, "", feeling, 300 + i as u64) }
            })
            .collect()
    };
    let negative = |heavy: f32, examples: &[SentimentExample<'_>]| {
        let all: Vec<SentimentExample<'_>> = examples.iter().copied().chain(rated(heavy)).collect();
        let model = SentimentRecipe::default().fit_probabilities(&all, &SilentReporter).unwrap();
        model.predict(SentimentTurn { text: "parcel number 3", before: "", repeats: false }).shares[0]
    };
    let (plain, weighed) = (negative(1.0, &examples), negative(30.0, &examples));
    assert!(plain > weighed + 0.15, "{plain} {weighed}");
    examples.clear();
    assert!(SentimentRecipe::default().fit_probabilities(&examples, &SilentReporter).is_err());
}
