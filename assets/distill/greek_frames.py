"""Phrases of our own, Greek and English: a small grammar, and the lists in `greek_phrases.txt`."""
import os
import random
import re

# Nominative, meaning. The ending tells the gender; f:, m:, n: where it does not.
NOUNS = """παραγγελία|order;δέμα|parcel;πακέτο|package;λογαριασμός|account;λογαριασμός|bill;τιμολόγιο|invoice;απόδειξη|receipt;κάρτα|card;πιστωτική κάρτα|credit card
χρεωστική κάρτα|debit card;κωδικός|password;κωδικός|code;κωδικός πρόσβασης|password;πληρωμή|payment;επιστροφή χρημάτων|refund;επιστροφή|return;χρέωση|charge;συνδρομή|subscription
σύνδεση|connection;σύνδεση|login;διεύθυνση|address;τηλέφωνο|phone;κινητό|mobile phone;αριθμός|number;αριθμός τηλεφώνου|phone number;email|email;όνομα|name;κράτηση|booking;κράτηση|reservation
δωμάτιο|room;ξενοδοχείο|hotel;πτήση|flight;εισιτήριο|ticket;βαλίτσα|suitcase;αποσκευή|luggage;διαβατήριο|passport;βίζα|visa;ταξίδι|trip;αυτοκίνητο|car;ραντεβού|appointment
συνάντηση|meeting;υπενθύμιση|reminder;ημερολόγιο|calendar;ξυπνητήρι|alarm;χρονόμετρο|timer;λίστα|list;μήνυμα|message;ειδοποίηση|notification;πρόγραμμα|plan;πακέτο δεδομένων|data plan
διαδίκτυο|internet;ίντερνετ|internet;ρούτερ|router;wifi|wifi;σήμα|signal;γραμμή|line;τηλεόραση|television;κανάλι|channel;συσκευή|device;υπολογιστής|computer;οθόνη|screen;μπαταρία|battery
φορτιστής|charger;ακουστικό|headphone;εκτυπωτής|printer;εφαρμογή|app;ιστοσελίδα|website;σελίδα|page;αρχείο|file;φωτογραφία|photo;έγγραφο|document;συμβόλαιο|contract;εγγύηση|warranty
ασφάλεια|insurance;ασφαλιστήριο|policy;ζημιά|damage;ατύχημα|accident;προϊόν|product;είδος|item;μέγεθος|size;χρώμα|colour;παπούτσι|shoe;φόρεμα|dress;παντελόνι|trousers;μπλούζα|shirt
φούστα|skirt;τσάντα|bag;ρολόι|watch;έκπτωση|discount;κουπόνι|coupon;προσφορά|offer;δώρο|gift;καλάθι|cart;τιμή|price;κόστος|cost;μεταφορικά|shipping;κατάστημα|store;μαγαζί|shop
παράδοση|delivery;αποστολή|shipment;κούριερ|courier;διανομέας|driver;ταχυδρομείο|post office;υπάλληλος|employee;εκπρόσωπος|agent;πελάτης|customer;εξυπηρέτηση|service;βοήθεια|help;πρόβλημα|problem
παράπονο|complaint;ερώτηση|question;απάντηση|answer;χρήμα|money;ποσό|amount;υπόλοιπο|balance;μεταφορά|transfer;συναλλαγή|transaction;τράπεζα|bank;δάνειο|loan;τόκος|interest;δόση|instalment
μισθός|salary;φόρος|tax;σύνταξη|pension;κατάθεση|deposit;ανάληψη|withdrawal;όριο|limit;νόμισμα|currency;συνάλλαγμα|exchange;επιταγή|cheque;προμήθεια|fee;λεφτά|money
φως|light;λάμπα|lamp;πόρτα|door;παράθυρο|window;κουρτίνα|curtain;κλειδαριά|lock;κλειδί|key;θερμοκρασία|temperature;κλιματιστικό|air conditioner;θέρμανση|heating;θερμοσίφωνας|water heater;ανεμιστήρας|fan
κουζίνα|kitchen;σαλόνι|living room;υπνοδωμάτιο|bedroom;μπάνιο|bathroom;γκαράζ|garage;κήπος|garden;σπίτι|house;διαμέρισμα|apartment;ενοίκιο|rent;ψυγείο|fridge;πλυντήριο|washing machine;σκούπα|vacuum cleaner
μουσική|music;τραγούδι|song;ταινία|film;βίντεο|video;ένταση|volume;εστιατόριο|restaurant;τραπέζι|table;φαγητό|food;πίτσα|pizza;μενού|menu;συνταγή|recipe;καφές|coffee;γεύμα|meal
γιατρός|doctor;φάρμακο|medicine;φαρμακείο|pharmacy;εξέταση|test;νοσοκομείο|hospital;σχολείο|school;μάθημα|lesson;πτυχίο|degree;δουλειά|job;άδεια|leave;βιογραφικό|CV;αίτηση|application
πιστοποιητικό|certificate;ταυτότητα|identity card;υπογραφή|signature;δίπλωμα|licence;πρόστιμο|fine;ρεύμα|electricity;νερό|water;βενζίνη|petrol;λάστιχο|tyre;λεωφορείο|bus;τρένο|train;ταξί|taxi
αεροδρόμιο|airport;στάση|stop;θέση|seat;σκύλος|dog;γάτα|cat;παιδί|child;μετρητής|meter;αισθητήρας|sensor;κάμερα|camera;καιρός|weather;βλάβη|fault;διακοπή|outage;ταχύτητα|speed;αντικατάσταση|replacement;ανταλλακτικό|spare part"""

# Present, aorist subjunctive, past (first person), noun; English: base, past, -ing, noun.
VERBS = """ακυρώνω ακυρώσω ακύρωσα ακύρωση cancel cancelled cancelling cancellation;αλλάζω αλλάξω άλλαξα αλλαγή change changed changing change;επιστρέφω επιστρέψω επέστρεψα επιστροφή return returned returning return
πληρώνω πληρώσω πλήρωσα πληρωμή pay paid paying payment;στέλνω στείλω έστειλα αποστολή send sent sending sending;λαμβάνω λάβω έλαβα παραλαβή receive received receiving receipt;παίρνω πάρω πήρα - get got getting -
βρίσκω βρω βρήκα - find found finding -;χάνω χάσω έχασα απώλεια lose lost losing loss;αγοράζω αγοράσω αγόρασα αγορά buy bought buying purchase;παραγγέλνω παραγγείλω παρήγγειλα παραγγελία order ordered ordering ordering
ανοίγω ανοίξω άνοιξα άνοιγμα open opened opening opening;κλείνω κλείσω έκλεισα κλείσιμο close closed closing closing;κλείνω κλείσω έκλεισα κράτηση book booked booking booking;ενεργοποιώ ενεργοποιήσω ενεργοποίησα ενεργοποίηση activate activated activating activation
απενεργοποιώ απενεργοποιήσω απενεργοποίησα απενεργοποίηση deactivate deactivated deactivating deactivation;ανάβω ανάψω άναψα άναμμα turn-on turned-on turning-on turning-on;σβήνω σβήσω έσβησα σβήσιμο turn-off turned-off turning-off turning-off
διαγράφω διαγράψω διέγραψα διαγραφή delete deleted deleting deletion;προσθέτω προσθέσω πρόσθεσα προσθήκη add added adding addition;αφαιρώ αφαιρέσω αφαίρεσα αφαίρεση remove removed removing removal
βάζω βάλω έβαλα - put put putting -;βγάζω βγάλω έβγαλα - take-out took-out taking-out -;ελέγχω ελέγξω έλεγξα έλεγχος check checked checking check;δω δω είδα - see saw seeing -;βλέπω δω είδα - see saw seeing -
μάθω μάθω έμαθα - find-out-about found-out-about finding-out-about -;ρωτάω ρωτήσω ρώτησα - ask-about asked-about asking-about -;κάνω κάνω έκανα - make made making -;φτιάχνω φτιάξω έφτιαξα φτιάξιμο fix fixed fixing fixing
επισκευάζω επισκευάσω επισκεύασα επισκευή repair repaired repairing repair;αντικαθιστώ αντικαταστήσω αντικατέστησα αντικατάσταση replace replaced replacing replacement;ανανεώνω ανανεώσω ανανέωσα ανανέωση renew renewed renewing renewal
ενημερώνω ενημερώσω ενημέρωσα ενημέρωση update updated updating update;διορθώνω διορθώσω διόρθωσα διόρθωση correct corrected correcting correction;επιβεβαιώνω επιβεβαιώσω επιβεβαίωσα επιβεβαίωση confirm confirmed confirming confirmation
αναβαθμίζω αναβαθμίσω αναβάθμισα αναβάθμιση upgrade upgraded upgrading upgrade;κατεβάζω κατεβάσω κατέβασα κατέβασμα download downloaded downloading download;ανεβάζω ανεβάσω ανέβασα ανέβασμα raise raised raising raising
μεταφέρω μεταφέρω μετέφερα μεταφορά transfer transferred transferring transfer;συνδέω συνδέσω σύνδεσα σύνδεση connect connected connecting connection;αποσυνδέω αποσυνδέσω αποσύνδεσα αποσύνδεση disconnect disconnected disconnecting disconnection
ξεχνάω ξεχάσω ξέχασα - forget forgot forgetting -;χρησιμοποιώ χρησιμοποιήσω χρησιμοποίησα χρήση use used using use;ζητάω ζητήσω ζήτησα αίτημα request requested requesting request;περιμένω περιμένω περίμενα αναμονή wait-for waited-for waiting-for wait
παρακολουθώ παρακολουθήσω παρακολούθησα παρακολούθηση track tracked tracking tracking;κλειδώνω κλειδώσω κλείδωσα κλείδωμα lock locked locking locking;ξεκλειδώνω ξεκλειδώσω ξεκλείδωσα ξεκλείδωμα unlock unlocked unlocking unlocking
μπλοκάρω μπλοκάρω μπλόκαρα μπλοκάρισμα block blocked blocking blocking;δηλώνω δηλώσω δήλωσα δήλωση report reported reporting report;καταγγέλλω καταγγείλω κατήγγειλα καταγγελία report reported reporting report;συμπληρώνω συμπληρώσω συμπλήρωσα συμπλήρωση fill-in filled-in filling-in filling-in
προγραμματίζω προγραμματίσω προγραμμάτισα προγραμματισμός schedule scheduled scheduling scheduling;αναβάλλω αναβάλω ανέβαλα αναβολή postpone postponed postponing postponement;μετακινώ μετακινήσω μετακίνησα μετακίνηση move moved moving moving
υπολογίζω υπολογίσω υπολόγισα υπολογισμός calculate calculated calculating calculation;συγκρίνω συγκρίνω σύγκρινα σύγκριση compare compared comparing comparison;μοιράζομαι μοιραστώ μοιράστηκα - share shared sharing -;καθαρίζω καθαρίσω καθάρισα καθάρισμα clean cleaned cleaning cleaning
παίζω παίξω έπαιξα - play played playing -;σταματάω σταματήσω σταμάτησα διακοπή stop stopped stopping stopping;ξεκινάω ξεκινήσω ξεκίνησα έναρξη start started starting start;πουλάω πουλήσω πούλησα πώληση sell sold selling sale;νοικιάζω νοικιάσω νοίκιασα ενοικίαση rent rented renting rental
επικοινωνώ επικοινωνήσω επικοινώνησα επικοινωνία contact contacted contacting contact;παραλαμβάνω παραλάβω παρέλαβα παραλαβή pick-up picked-up picking-up pick-up;διεκδικώ διεκδικήσω διεκδίκησα διεκδίκηση claim claimed claiming claim;μειώνω μειώσω μείωσα μείωση reduce reduced reducing reduction
αυξάνω αυξήσω αύξησα αύξηση increase increased increasing increase;χαμηλώνω χαμηλώσω χαμήλωσα χαμήλωμα lower lowered lowering lowering;δυναμώνω δυναμώσω δυνάμωσα δυνάμωμα turn-up turned-up turning-up turning-up;τυπώνω τυπώσω τύπωσα εκτύπωση print printed printing printing
μεταφράζω μεταφράσω μετέφρασα μετάφραση translate translated translating translation;διαβάζω διαβάσω διάβασα ανάγνωση read read reading reading;γράφω γράψω έγραψα - write wrote writing -;θυμάμαι θυμηθώ θυμήθηκα - remember remembered remembering -;εγκαθιστώ εγκαταστήσω εγκατέστησα εγκατάσταση install installed installing installation"""

# {o} the noun as object with article and my, {a} with a, {s} as subject; {w} it without my. Verb: {p} I do, {v} {vs} {vp} {v3} to do (I, you,
# you all, they), {i} {I} do!, {t} I did, {t3} they did, {n} the noun of it.
WITH_BOTH = """θέλω να {v} {o}|i want to {b} my {n};θα ήθελα να {v} {o}|i would like to {b} my {n};μπορώ να {v} {o}|can i {b} my {n};πώς μπορώ να {v} {o}|how can i {b} my {n};πώς {p} {o}|how do i {b} my {n}
δεν μπορώ να {v} {o}|i can't {b} my {n};προσπαθώ να {v} {o}|i am trying to {b} my {n};μπορείτε να {vp} {o}|can you {b} my {n};μπορείς να {vs} {o}|can you {b} my {n};{I} {o} παρακαλώ|please {b} my {n};{i} {o}|{b} my {n}
{i} {w}|{b} the {n};{I} {w}|{b} the {n};πρέπει να {v} {o}|i need to {b} my {n};γιατί δεν μπορώ να {v} {o}|why can't i {b} my {n};{t} {o}|i {d} my {n};{t} {o} χθες|i {d} my {n} yesterday;δεν {t} ακόμα {o}|i haven't {d} my {n} yet
{t} {a}|i {d} a {n};{p} {a}|i {b} a {n};θέλω να {v} {a}|i want to {b} a {n};βοήθησέ με να {v} {o}|help me {b} my {n};πού μπορώ να {v} {a}|where can i {b} a {n};πότε μπορώ να {v} {o}|when can i {b} my {n};χρειάζεται να {v} {o};|do i have to {b} my {n}?
μη {vs} {o}|don't {b} my {n};μου {t3} {o}|they {d} my {n};γιατί μου {t3} {o};|why did they {b} my {n}?;είναι δυνατόν να {v} {o};|is it possible to {b} my {n}?;τι χρειάζεται για να {v} {a};|what do i need to {b} a {n}?
πόσο κοστίζει να {v} {a}|how much does it cost to {b} a {n};ξέχασα να {v} {o}|i forgot to {b} my {n};κατά λάθος {t} {o}|i {d} my {n} by mistake;θα {v} {o} αύριο|i will {b} my {n} tomorrow;πόση ώρα παίρνει να {v} {a};|how long does it take to {b} a {n}?
αποφάσισα να μην {v} {o}|i decided not to {b} my {n};{n_} {g}|{N} of the {n};σχετικά με {n_a} {g}|about the {N} of the {n};πότε θα {vp} {o};|when will you {b} my {n}?;γιατί δεν {t3p} {o};|why did you not {b} my {n}?"""
WITH_NOUN = """πού είναι {s};|where is my {n}?;πότε θα έρθει {s};|when will my {n} arrive?;δεν ήρθε {s}|my {n} did not arrive;δεν έχει έρθει ακόμα {s}|my {n} has not arrived yet;δεν λειτουργεί {s}|my {n} is not working;δε δουλεύει {s}|my {n} doesn't work
χάλασε {s}|my {n} broke;έχω πρόβλημα με {o}|i have a problem with my {n};τι έγινε με {o};|what happened to my {n}?;έχασα {o}|i lost my {n};μου έκλεψαν {o}|my {n} was stolen;πόσο κοστίζει {a};|how much is a {n}?;πόσο κάνει {x};|how much does the {n} cost?
χρειάζομαι {a}|i need a {n};θέλω {a}|i want a {n};θέλω καινούργιο {b_}|i want a new {n};έχετε {b_};|do you have {n}?;ψάχνω {a}|i am looking for a {n};πες μου για {w}|tell me about the {n};ποιο είναι το θέμα με {w};|what is the matter with the {n}?
{s} είναι λάθος|my {n} is wrong;{s} είναι χαλασμένο|my {n} is broken;{s} άργησε|my {n} is late;{s} έληξε|my {n} has expired;λήγει {s}|my {n} expires;πότε λήγει {s};|when does my {n} expire?;{x} δεν ανοίγει|the {n} does not open
είναι έτοιμο {s};|is my {n} ready?;είναι διαθέσιμο {x};|is the {n} available?;τι είναι {x};|what is the {n}?;μια ερώτηση για {o}|a question about my {n};πληροφορίες για {w}|information about the {n};ευχαριστώ για {w}|thanks for the {n}
{x} είναι πολύ ακριβό|the {n} is too expensive;μου αρέσει {x}|i like the {n};δεν μου αρέσει {x}|i don't like the {n};λείπει {x}|the {n} is missing;δεν βρίσκω {w}|i can't find the {n};δεν έλαβα {w}|i did not receive the {n};ακόμα περιμένω {w}|i am still waiting for the {n}
μπήκα για {w}|i came for the {n};υπάρχει {b_};|is there a {n}?;υπάρχει πρόβλημα με {w}|there is a problem with the {n};{s} δεν δουλεύει σωστά|my {n} does not work properly;άλλο {b_}|another {n};χωρίς {b_}|without {n};με {a}|with a {n};{b_}|{n}
κόλλησε {s}|my {n} is stuck;είναι αργό {x}|the {n} is slow;σε ποια κατάσταση είναι {s};|what is the status of my {n}?;δείξε μου {w}|show me the {n};πόσα {b_} έχω;|how many {n} do i have?;ποιος έχει {w};|who has the {n}?;είναι κλειστό {x};|is the {n} closed?"""
WITH_VERB = """θέλω να {v}|i want to {b};πώς {p};|how do i {b}?;μπορώ να {v};|can i {b}?;δεν μπορώ να {v}|i can't {b};πώς γίνεται {x_};|how does the {N} work?;{t} ήδη|i already {d};πότε μπορώ να {v};|when can i {b}?;{I} το παρακαλώ|please {b} it;{i} το|{b} it
το {t}|i {d} it;δεν το {t}|i did not {b} it;θα το {v}|i will {b} it;μπορείτε να το {vp};|can you {b} it?;πρέπει να {v};|do i have to {b}?;{n_}|{N};άμεση {n_}|immediate {N};ευχαριστώ που το {t3p}|thank you for {g_} it;γιατί να {v};|why should i {b}?"""
TIMES = """σήμερα|today;αύριο|tomorrow;χθες|yesterday;μεθαύριο|the day after tomorrow;τώρα|now;αμέσως|immediately;το βράδυ|tonight;το πρωί|in the morning;το απόγευμα|in the afternoon;τη Δευτέρα|on monday;την Τρίτη|on tuesday
την Τετάρτη|on wednesday;την Πέμπτη|on thursday;την Παρασκευή|on friday;το Σάββατο|on saturday;την Κυριακή|on sunday;την επόμενη εβδομάδα|next week;τον επόμενο μήνα|next month;στις πέντε|at five;στις οκτώ το βράδυ|at eight in the evening
εδώ και δύο εβδομάδες|for two weeks;πριν τρεις μέρες|three days ago;σε δέκα λεπτά|in ten minutes;για δύο άτομα|for two people;για τέσσερα άτομα|for four people;στη Λεμεσό|in limassol;στη Λευκωσία|in nicosia;στην Αθήνα|in athens;στο κατάστημα|at the store
στο κινητό μου|on my phone;από το κινητό|from the mobile;στο σπίτι|at home;online|online;με κάρτα|by card;με μετρητά|in cash;μέσω της εφαρμογής|through the app;δύο φορές|twice;επειγόντως|urgently;το συντομότερο|as soon as possible;πάλι|again"""
OPENERS = """γεια σας|hello;καλημέρα|good morning;καλησπέρα|good evening;παρακαλώ|please;συγγνώμη|sorry;γεια|hi;ευχαριστώ|thanks;λοιπόν|so;επείγον|urgent"""
COUNT = 34_000


def gender(noun):
    head = noun.split()[0]
    if head in ("φως", "λεφτά", "μέγεθος", "κόστος") or not head[-1] in "αάηήςς":
        return "n"
    if head.endswith("μα") or head.endswith("μά") and head != "ζημιά" or head.endswith("ικά") or head in ("λεφτά",):
        return "n"
    return "m" if head[-1] == "ς" else "f"


def accusative(noun, g):
    first, *rest = noun.split()
    return " ".join([first[:-1] if g == "m" else first, *rest])


def genitive(noun, g):
    first, *rest = noun.split()
    if g == "f":
        first += "ς"
    elif g == "m":
        first = first[:-2] + "ου" if first.endswith(("ος", "ός")) else first[:-1]
    elif first.endswith(("μα", "μά")):
        first += "τος"
    elif first.endswith(("ο", "ό")):
        first = first[:-1] + "ου"
    elif first.endswith(("ι", "ί")):
        first += "ού"
    return " ".join([first, *rest])


def noun_slots(line):
    noun, english = line.split("|")
    g = gender(noun)
    acc = accusative(noun, g)
    the, one, of = {"f": ("η την", "μια", "της"), "m": ("ο τον", "έναν", "του"), "n": ("το το", "ένα", "του")}[g]
    nominative, accusative_the = the.split()
    if noun in ("λεφτά", "μεταφορικά"):
        nominative = accusative_the = "τα"
    return {"{o}": f"{accusative_the} {acc} μου", "{w}": f"{accusative_the} {acc}", "{a}": f"{one} {acc}", "{s}": f"{nominative} {noun} μου",
            "{x}": f"{nominative} {noun}", "{b_}": acc, "{g}": f"{of} {genitive(noun, g)}"}, {"{n}": english}


def verb_slots(line):
    present, aorist, past, noun, base, did, doing, doing_noun = line.split()
    stem = aorist[:-1]
    plural = "στε" if stem.endswith("σ") else stem[-1] + "τε" if stem[-1] in "ξψ" else None
    imperative = (stem[:-1] + plural) if plural else stem + "ετε"
    english = {"{b}": base, "{d}": did, "{g_}": doing, "{N}": doing_noun}
    english = {k: v.replace("-", " ") for k, v in english.items()}
    article = {"m": "ο", "n": "το"}.get(gender(noun) if noun != "-" else "", "η")
    greek = {"{p}": present, "{v}": aorist, "{vs}": stem + "εις", "{vp}": stem + "ετε", "{v3}": stem + "ουν", "{i}": stem + "ε", "{I}": imperative,
             "{t}": past, "{t3}": past[:-1] + "αν", "{t3p}": past[:-1] + "ατε", "{n_}": noun, "{n_a}": f"την {noun}", "{x_}": f"{article} {noun}"}
    return greek, english, noun != "-"


def split(text):
    return [x.strip() for x in re.split(r";(?!\|)|\n", text) if "|" in x or " " in x.strip()]


def frames(text):
    """Frames, whose question marks in Greek are `;` before `|`."""
    return [line.split("|") for line in split(text)]


def fill(text, *slots):
    for some in slots:
        for key, value in some.items():
            text = text.replace(key, value)
    return text


def pairs():
    rng = random.Random(7)
    nouns = [noun_slots(n) for n in split(NOUNS)]
    verbs = [verb_slots(v) for v in split(VERBS)]
    times, openers = frames(TIMES), frames(OPENERS)
    sets = [(frames(WITH_BOTH), 0.62), (frames(WITH_NOUN), 0.28), (frames(WITH_VERB), 0.10)]
    out = []
    for _ in range(COUNT):
        some = rng.choices([s for s, _ in sets], [w for _, w in sets])[0]
        el, en = rng.choice(some)
        (noun_el, noun_en), (verb_el, verb_en, has_noun) = rng.choice(nouns), rng.choice(verbs)
        if ("{N}" in en or "{n_" in el or "{x_}" in el) and not has_noun:
            continue
        el, en = fill(el, noun_el, verb_el), fill(en, noun_en, verb_en)
        if rng.random() < 0.3:
            t = rng.choice(times)
            el, en = (el.rstrip(";") + " " + t[0] + (";" if el.endswith(";") else ""), en.rstrip("?") + " " + t[1] + ("?" if en.endswith("?") else ""))
        if rng.random() < 0.1:
            o = rng.choice(openers)
            el, en = f"{o[0]} {el}", f"{o[1]} {en}"
        if rng.random() < 0.08:
            el2, en2 = rng.choice(frames(WITH_NOUN))
            el, en = el + " και " + fill(el2, noun_el).rstrip(";"), en + " and " + fill(en2, noun_en).rstrip("?")
        out.append(("frames", el, en, 1.0))
    for (greek, _), (_, english) in ((n, n) for n in nouns):
        for way in ("{b_}", "{x}", "{w}", "{g}"):
            out.append(("frames", greek[way], "the " + english["{n}"] if way != "{b_}" else english["{n}"], 0.7))
    for greek, english, _ in verbs:
        for way in ("{p}", "{v}", "{vs}", "{vp}", "{v3}", "{i}", "{I}"):
            out.append(("frames", greek[way], english["{b}"], 0.7))
        for way in ("{t}", "{t3}", "{t3p}"):
            out.append(("frames", greek[way], english["{d}"], 0.7))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "greek_phrases.txt")
    for line in open(path, encoding="utf-8"):
        if "|" in line:
            greek, english = line.strip().split("|")
            for way in greek.split("/"):
                out.append(("phrases", way.strip(), english, 1.0))
    return out
