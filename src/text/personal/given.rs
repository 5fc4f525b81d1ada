//! What people are called by their parents, in the languages of those who use this: in Greek and Russian in any case.

use super::names::stem;
use crate::text::fold::fold;
use crate::text::talk_words::GIVEN_NAMES;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Names beside those that small talk knows. Greek and Russian ones in their own letters are found in every case.
const MORE: &str = "aleksandra aleksey alexey alexios andriana anastasios androula angeliki anton antonia apostolos argyris aris athanasios \
    athanasia aydin aylin ayse aysel aysun baris beata bjorn boris bulent busra cem ceren charalambos chloe chrysoula despina despoina dimitrios \
    dmitri dmitry ebru ece efstathios ekaterina eleftheria elif emine emre emrah ersin erdem esra evangelia evangelos evgenia evgeny ezgi fadime fatma \
    fatih fotini fotis furkan galina giorgio giovanni giovanna giulia gizem gokhan gulsen hakan halil haralambos hasan hatice husam huseyin igor \
    ilias ilker ioanna ioannis irina irini ismail jorge jurgen kamil katya katja kemal koray kristina kyriaki kyriakos lefteris leyla loukas \
    ludmila lyudmila maksim manolis marek matteo maxim melike merve mehmet mikhail mohammad murat myrto natalia nazli necla nektarios nikita \
    nikolaos nikoleta nilay nuria nurcan oksana okan olena omer orhan osman ozan ozge ozlem panagiota panayiotis pavel pavlos pelin polina \
    rodrigo sabri savvas sedat selim selma semra senem serdar sergei sergey serkan sevda sibel sinan sotiris stavroula stelios suleyman svetlana \
    taner tatiana tatyana tayfun thanasis thanos theodora theodoros tolga tugba tuncay turgut vassilis vasiliki vladislav volkan yasemin yasin \
    yelena yevgeny yigit yiota yuliya yuri zehra zeynep zoltan \
    αγγελικη αθανασιος αικατερινη αλεξια ανδρομαχη ανδρουλα αντωνια αποστολος αργυρης βαγγελης βαρβαρα βαρναβας γιαννα γεωργιος γρηγορης δανιηλ \
    δεσποινα δημητριος ελισαβετ ευαγγελια ευαγγελος ευγενια ηλιανα θανασης θεοδωρα θεοδωρος θεοδοσης ιωαννης ιακωβος κυπρουλα λεωνιδας λευτερης \
    λουκια μανωλης μαργαριτα μαριλενα μαρινος ματθαιος μελινα μιχαηλ ναταλια νεκταριος νεοφυτος νικολας νικολαος νικολεττα ορεστης παναγιωτα \
    πολυξενη ραφαηλ ρεβεκκα σαββας στεφανος στεφανια στελλα σωτηρης σωκρατης τασουλα φιλιππος φωτης φωτεινη φοιβος χαραλαμπος χριστοδουλος \
    χρυσουλα χρυσανθη \
    александр александра алексей анастасия андрей анна антон борис валентина валерий василий виктор виктория галина дарья денис дмитрий евгений \
    евгения екатерина елена иван игорь ирина константин ксения людмила маргарита марина мария михаил наталья наталия никита николай оксана \
    олег ольга павел полина светлана сергей софья степан татьяна юлия юрий";

/// Names that are words, months, places, houses or makes as well, and so tell nothing where they stand alone.
const AMBIGUOUS: &str = "may will mark grace rose paris sofia faith hope bill june april august joy dawn frank jack rob art guy dean taylor \
    jordan austin dallas georgia florence victoria charlotte jackson madison sydney chelsea chad chase hunter carter max ivy holly daisy ruby \
    amber crystal summer iris violet jasmine lily olive pearl penny melody harmony sandy sunny misty gene angel angela eve india asia troy \
    lance drew skip virginia carolina milan marina stella athena jean christian leo leon gloria bella carmen aurora barbara can deniz baris umut \
    onur damla melek sevgi derya musa mert eylul bora savas ufuk cihan evren \
    ελπιδα χαρα ζωη ειρηνη σοφια γεωργια αγγελος σταυρος μαρινα ελευθερια ευτυχια κυριακη κυριακος παρασκευη αφροδιτη ρανια \
    роман вера надежда любовь марта софия";

/// Words that only sound like a name in another case: a cost, a user, a mission.
const LIKE_NAMES: &str =
    "κοστος κοστους κοστη χρηστης χρηστη χρηστες χρηστων χρηστους αποστολη αποστολης αποστολες αποστολων";

/// What is given to people, as it is folded, and without the endings of Greek and Russian cases.
struct GivenNames {
    words: FxHashSet<String>,
    stems: FxHashSet<String>,
}

impl GivenNames {
    fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let words: FxHashSet<String> = names.map(fold).collect();
        let stems = words.iter().filter(|name| !name.is_ascii()).filter_map(|name| stem(name)).collect();
        Self { words, stems }
    }

    fn have(&self, name: &str) -> bool {
        let folded = fold(name);
        let is_ascii = folded.is_ascii();
        self.words.contains(&folded)
            || !is_ascii && self.words.contains(folded.trim_end_matches('σ'))
            || !is_ascii && stem(&folded).is_some_and(|stem| self.stems.contains(&stem))
    }
}

/// Whether people are called so.
pub(super) fn is_given(name: &str) -> bool {
    static GIVEN: LazyLock<GivenNames> =
        LazyLock::new(|| GivenNames::of(GIVEN_NAMES.split('|').chain(MORE.split_whitespace())));
    static LIKE: LazyLock<FxHashSet<String>> = LazyLock::new(|| LIKE_NAMES.split_whitespace().map(fold).collect());
    GIVEN.have(name) && !LIKE.contains(&fold(name))
}

/// Whether what people are called so is something else as well.
pub(super) fn is_ambiguous(name: &str) -> bool {
    static AMBIGUOUS_NAMES: LazyLock<GivenNames> = LazyLock::new(|| GivenNames::of(AMBIGUOUS.split_whitespace()));
    AMBIGUOUS_NAMES.have(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_every_case_and_those_that_are_words_are_told_apart() {
        for name in ["Bob", "Άννας", "Μαρίας", "Νίκο", "Ивану", "Марию", "Дмитрием", "Ayşe", "Mehmet", "Jürgen"]
        {
            assert!(is_given(name) && !is_ambiguous(name), "{name}");
        }
        for name in ["May", "Will", "Ελπίδας", "Χαρά", "Umut", "Веру", "Paris"] {
            assert!(is_ambiguous(name), "{name}");
        }
        for word in ["Limassol", "Λάρνακα", "Πάφο", "Κύπρο", "Δευτέρα", "Москву", "Friday", "Euro", "Κόστος", "Χρήστης"]
        {
            assert!(!is_given(word) && !is_ambiguous(word), "{word}");
        }
    }
}
