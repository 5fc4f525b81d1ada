//! What people are called by their parents, in the languages of those who use this: in Greek and Russian in any case.

use super::names::stem;
use crate::text::fold::fold;
use crate::text::talk_words::GIVEN_NAMES;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;

/// Names beside those that small talk knows. Greek and Russian ones in their own letters are found in every case.
const MORE: &str = "aarav abdullah aditya agnieszka ahmad aidan aleksandra aleksey alexandru alexey alexios amina amit analyn ananya anastasios andrei andriana \
    androula androulla andrzej angeliki anil anjali ankit anton antonia apostolos archie argyris aris arjun arlene arnel ashok athanasia \
    athanasios aydin ayesha aylin ayse aysel aysun baris beata beverly bilal bjorn bogdan boris brittany bulent busra carolyn cem ceren \
    charalambos cheryl chloe chrysoula chrystalla ciara costas cristian deepak desislava despina despoina dimitar dimitrios divya dmitri dmitry \
    doris dragan ebru ece efstathios eftychia ekaterina eleftheria elif ella emine emrah emre erdem ersin esra evangelia evangelos evgenia \
    evgeny evie ewa ezgi fadime faisal fatih fatma florin fotini fotis frances freya furkan galina gaurav geeta georgi gheorghe giorgio giovanna \
    giovanni giulia gizem gokhan goran grzegorz gulsen hakan halil haralambos harish haruto hasan hassan hatice hiroshi husam huseyin hussein \
    igor ilias ilker imelda imran ioana ioanna ioannis irina irini ismail ivana jakub jelena jerome jhon jocelyn jomar jorge jovana joyce jurgen \
    kalina kamil karan karim kasia katarzyna kathryn katja katya kavita kayla kemal kenji khadija khalid kimberly koray krishna kristina \
    krzysztof kyriacos kyriaki kyriakos lakshmi lawrence lefteris leyla liam loizos lorna loukas ludmila luka lyudmila mahmoud maksim malgorzata \
    manish manoj manolis marcin marek maricel marilou marilyn marites marko maryam matteo maxim meera mehmet melike merve mihai mikhail milena \
    milos mohammad mohan murat myrto nabil nadia natalia naveen nazli necla neha nektarios nemanja niamh nikhil nikita nikola nikolaos nikoleta \
    nilay nisha nurcan nuria okan oksana olena omer orhan osman owen ozan ozge ozlem panagiota panayiota panayiotis panos pavel pavlos pawel \
    pelin petar piotr polina pooja prakash priya puja radha rahul rajesh raluca ramesh rania rashid ravi rhys rizal rodel rodrigo rohit rommel \
    ronaldo rosario rowena sabri salma samira sanjay santosh savvas sedat selim selma semra senem serdar sergei sergey serkan sevda shirley \
    shreya sibel simona sinan siobhan sotiris stavroula stelios stoyan suleyman sunil sunita suresh svetlana swati taner tarek tariq tatiana \
    tatyana tayfun thanasis thanos theodora theodoros tolga tomasz tugba tuncay turgut usman vasiliki vassilis vesna vijay vikram vinod \
    vladislav volkan walid wojciech xenia yasemin yasin yelena yevgeny yigit yiorgos yiota yordan youssef yuki yuliya yuri zachary zainab zehra \
    zeynep ziad zofia zoltan zoran \
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
    jan mia cherry poppy isla niki \
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
        /// What is left of a Greek name in Latin letters where somebody is called by it, and how long it is at least.
        const CALLED: [(&str, usize); 3] = [("o", 4), ("a", 4), ("i", 5)];
        let folded = fold(name);
        let is_ascii = folded.is_ascii();
        // `Giorgo`, `Andrea`; not `Chri`.
        let is_called = || CALLED.iter().any(|(end, least)| folded.len() >= *least && folded.ends_with(end));
        self.words.contains(&folded)
            || is_ascii && is_called() && self.words.contains(&format!("{folded}s"))
            || !is_ascii && self.words.contains(folded.trim_end_matches('σ'))
            || !is_ascii && stem(&folded).is_some_and(|stem| self.stems.contains(&stem))
    }
}

/// Whether people are called so.
pub(super) fn is_given(name: &str) -> bool {
    static GIVEN: LazyLock<GivenNames> =
        LazyLock::new(|| GivenNames::of(GIVEN_NAMES.split('|').chain(MORE.split_whitespace())));
    static LIKE: LazyLock<FxHashSet<String>> = LazyLock::new(|| LIKE_NAMES.split_whitespace().map(fold).collect());
    // `Anna-Maria`.
    let mut parts = name.split('-').peekable();
    let is_one = |part: &str| GIVEN.have(part) && !LIKE.contains(&fold(part));
    parts.peek().is_some() && parts.all(is_one)
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
        for name in [
            "Bob",
            "Άννας",
            "Μαρίας",
            "Νίκο",
            "Ивану",
            "Марию",
            "Дмитрием",
            "Ayşe",
            "Mehmet",
            "Jürgen",
            "Giorgo",
            "Anna-Maria",
        ] {
            assert!(is_given(name) && !is_ambiguous(name), "{name}");
        }
        for name in ["May", "Will", "Ελπίδας", "Χαρά", "Umut", "Веру", "Paris"] {
            assert!(is_ambiguous(name), "{name}");
        }
        for word in [
            "Limassol",
            "Λάρνακα",
            "Πάφο",
            "Κύπρο",
            "Δευτέρα",
            "Москву",
            "Friday",
            "Euro",
            "Κόστος",
            "Χρήστης",
            "Chri",
            "All-in",
            "-",
        ] {
            assert!(!is_given(word) && !is_ambiguous(word), "{word}");
        }
    }
}
