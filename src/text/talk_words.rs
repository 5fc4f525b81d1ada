//! The phrases of small talk and the names of people, as they are spelt; compared folded.

/// Hello.
pub(super) const GREETINGS: &str = "hi|hello|hey|hiya|hai|helo|hallo|hullo|howdy|yo|greetings|good morning|good afternoon|good evening|good day|morning|\
    evening|hey there|hi there|hello there|how are you|how are you doing|how are you today|how do you do|\
    whats up|what s up|sup|how s it going|hows it going|how is it going|nice to meet you|is anyone there|anyone there|are you there|\
    γεια|γεια σου|γεια σας|γειά|καλημέρα|καλημέρα σας|καλησπέρα|καλησπέρα σας|χαίρετε|χαιρετώ|τι κάνεις|τι κάνετε|\
    γεια χαρά|γεια σου ρε|καλό μεσημέρι|πώς είσαι|πώς είστε|πώς είσαστε|είναι κανείς εκεί|είναι κανείς εδώ|είστε εκεί|είσαι εκεί|\
    τι κάμνεις|τι κάμνετε|ίντα κάμνεις|ίντα κάμνετε|ίντα που κάμνεις|ίντα που κάμνετε|ίνταμπου κάμνεις|ίνταμπου κάμνετε|\
    ίνταμ που κάμνεις|ίνταμ που κάμνετε|gia|yia|geia|geia sou|geia sas|kalimera|kalhmera|kalispera|kalhspera|yassou|\
    hola|buenos dias|buenas tardes|buenas noches|buenas|guten tag|guten morgen|guten abend|servus|moin|gruss gott|\
    grüß gott|bonjour|bonsoir|salut|coucou";
/// Thanks, or that it worked.
pub(super) const THANKS: &str = "thanks|thank you|thankyou|thank u|thx|thnx|tnx|ty|tysm|cheers|much appreciated|appreciate it|i appreciate it|\
    i appreciate your help|i appreciate the help|thanks for your help|thank you for your help|thanks for the help|\
    thank you for the help|thanks for helping|thank you for helping|thanks for your time|thank you for your time|\
    thanks for your assistance|thank you for your assistance|thanks for all your help|thank you for all your help|\
    thanks for the info|thanks for the information|thank you for the information|many thanks|that helps|that helped|\
    that worked|it worked|that works|it works|it works now|that solved it|that solves it|problem solved|\
    that was helpful|that s helpful|very helpful|you ve been helpful|you have been helpful|you ve been very helpful|\
    you have been very helpful|you re the best|you are the best|\
    ευχαριστώ|ευχαριστώ πολύ|ευχαριστούμε|σε ευχαριστώ|σας ευχαριστώ|σας ευχαριστούμε|ευχαριστώ για τη βοήθεια|\
    ευχαριστώ για την βοήθεια|ευχαριστώ για τη βοήθεια σας|ευχαριστώ για την βοήθεια σας|ευχαριστώ για τη βοήθεια σου|\
    ευχαριστώ για την βοήθεια σου|ευχαριστώ για την απάντηση|ευχαριστώ για όλα|ευχαριστώ πολλά|ευχαριστώ σας|ευχαριστώ σας πολλά|\
    σ ευχαριστώ|χίλια ευχαριστώ|σπολλάτε|νάσαι καλά|να στε καλά|νάστε καλά|λύθηκε το πρόβλημα|το πρόβλημα λύθηκε|δούλεψε|\
    δουλεύει τώρα|τώρα δουλεύει|με βοήθησες πολύ|με βοηθήσατε πολύ|βοήθησες πολύ|βοηθήσατε πολύ|ευχαριστώ για την εξυπηρέτηση|ευχαριστώ για το χρόνο σας|να είστε καλά|να σαι καλά|να είσαι καλά|λύθηκε|\
    efxaristo|efharisto|eyxaristo|euxaristo|efxaristw|euxaristw|eyxaristw|\
    gracias|muchas gracias|danke|danke schön|vielen dank|dankeschön|merci|merci beaucoup";
/// Goodbye, or that there is nothing else.
pub(super) const BYES: &str = "bye|bye bye|goodbye|good bye|byebye|cya|see you|see ya|see you later|later|farewell|take care|good night|goodnight|\
    have a nice day|have a good day|have a great day|have a nice one|have a good one|have a great one|\
    have a nice evening|have a good evening|have a great evening|have a nice weekend|have a good weekend|\
    have a great weekend|have a wonderful day|you too|same to you|that s all|thats all|that is all|\
    that will be all|that ll be all|thatll be all|that s it|thats it|that is it|nothing else|nothing more|\
    no more questions|that s all i need|that s all i needed|thats all i need|thats all i needed|\
    that is all i need|that is all i needed|that s everything|that is everything|i m good|im good|i am good|\
    i m all set|im all set|i am all set|all set|all good|i m done|im done|\
    αντίο|τα λέμε|τα ξαναλέμε|καληνύχτα|καλό βράδυ|καλή συνέχεια|καλή σας μέρα|καλή σας ημέρα|καλή μέρα|καλή ημέρα|\
    καλό απόγευμα|καλό σαββατοκύριακο|επίσης|τίποτα άλλο|τίποτε άλλο|αυτό ήταν|αυτά|\
    καλή σου μέρα|καλή σου ημέρα|καλό σας βράδυ|καλό σου βράδυ|καλό σας απόγευμα|καλή εβδομάδα|καλή ξεκούραση|άτε γεια|άντε γεια|\
    άτε γεια χαρά|άντε γεια χαρά|αυτό ήταν όλο|αυτά ήταν|αυτά είναι όλα|τούτο ήταν|τούτα ούλλα|αυτό ήθελα|αυτό ήθελα μόνο|μόνο αυτό ήθελα|\
    τούτο ήθελα|δεν θέλω κάτι άλλο|δεν θέλω τίποτα άλλο|δεν θέλω τίποτε άλλο|δεν χρειάζομαι κάτι άλλο|δεν έχω άλλη ερώτηση|\
    δεν έχω άλλες ερωτήσεις|εν θέλω κάτι άλλο|εν θέλω τίποτε άλλο|όχι κάτι άλλο|\
    antio|ta leme|kalinixta|kalo vradi|adios|hasta luego|hasta la vista|chao|tschüss|tschuss|auf wiedersehen|\
    schönen tag noch|schönen tag|ciao|au revoir|bonne journée|bonne soirée|à bientôt";
/// Yes, no, ok, great.
pub(super) const ANSWERS: &str = "yes|yeah|yep|yup|ya|yea|yes please|no|nope|nah|no thank you|no thanks|ok|okay|okey|okk|k|kk|oki|sure|alright|\
    all right|right|fine|great|perfect|excellent|awesome|cool|nice|good|super|wonderful|fantastic|amazing|got it|\
    sounds good|sounds great|understood|i see|i understand|of course|absolutely|correct|exactly|yes it is|\
    yes i do|no i don t|no it isn t|go ahead|please do|one moment|\
    proceed|i confirm|confirmed|do it|let s do it|do that|everything looks correct|everything looks good|everything is correct|\
    that all sounds correct|that all sounds good|that s correct|that is correct|that s right|that is right|that looks good|\
    that looks correct|that sounds good|that sounds great|that would be helpful|that would be great|with these changes|\
    with those changes|with the changes|with the change|with this change|with the update|with the booking|with that booking|\
    with this arrangement|with the transfer|with that|with this|\
    ναι|όχι|οκ|οκέι|εντάξει|μάλιστα|τέλεια|ωραία|βεβαίως|βέβαια|σωστά|φυσικά|σύμφωνοι|κατάλαβα|καλώς|μπράβο|\
    όι|oi|ναίσκε|αμέ|εν τάξει|οκέυ|έγινε|κομπλέ|καλά|πολύ καλά|μια χαρά|όλα καλά|άψογα|σούπερ|υπέροχα|ακριβώς|σίγουρα|συμφωνώ|\
    προχωρήστε|προχώρα|ας προχωρήσουμε|κάντε το|όλα σωστά|όλα είναι σωστά|καταλαβαίνω|το κατάλαβα|εκατάλαβα|είμαι καλά|καλά είμαι|δεν πειράζει|ένα λεπτό|μια στιγμή|μισό λεπτό|μισό|\
    nai|oxi|ohi|oxh|ochi|entaksei|entaxei|teleia|wraia|si|vale|claro|perfecto|ja|nein|genau|gut|alles klar|in ordnung|\
    oui|non|d accord|très bien|parfait";
/// That help is wanted, without what for.
pub(super) const OPENERS: &str = "help|help me|please help|i need help|i need some help|i need a help|i need one help|i need your help|i need a bit of help|\
    i need a little help|i need assistance|i need some assistance|i need your assistance|i want help|i want some help|i would like help|\
    i would like some help|i d like some help|i m looking for help|i am looking for help|i need help from you|i need a help from you|\
    need help|need some help|can you help|can you help me|could you help|could you help me|can you please help me|\
    could you please help me|would you help me|can anyone help me|can someone help me|can somebody help me|\
    i have a question|i have a quick question|i have some questions|i have a few questions|i have one question|quick question|\
    can i ask a question|can i ask you a question|can i ask something|may i ask something|i have a problem|i have a issue|\
    i have an issue|i m having a problem|i am having a problem|i m having an issue|i am having an issue|\
    χρειάζομαι βοήθεια|θέλω βοήθεια|θα ήθελα βοήθεια|βοήθεια|βοήθησε με|βοηθήστε με|μπορείτε να με βοηθήσετε|μπορείς να με βοηθήσεις|\
    μπορείτε να βοηθήσετε|θέλω να ρωτήσω κάτι|θα ήθελα να ρωτήσω κάτι|να ρωτήσω κάτι|έχω μια ερώτηση|έχω ερώτηση|έχω μια απορία|\
    έχω απορία|έχω ένα πρόβλημα|έχω πρόβλημα|θέλω μια πληροφορία|θα ήθελα μια πληροφορία|θέλω μια βοήθεια|θέλω βοήθειαν|\
    necesito ayuda|tengo una pregunta|puede ayudarme|ich brauche hilfe|ich habe eine frage|können sie mir helfen|\
    j ai besoin d aide|j ai une question|pouvez vous m aider";
/// What a name follows.
pub(super) const INTRODUCTIONS: &str = "my name is|my name s|my names|this is my name|με λένε|λέγομαι|ονομάζομαι|το όνομά μου είναι|\
    me lene|to onoma mou einai|me llamo|mi nombre es|ich heiße|mein name ist|je m appelle|mon nom est";
/// What a name follows, or anything else.
pub(super) const SAYS_WHO: &str = "i m|i am|im|this is|it s me|its me|it is me|ich bin|je suis|soy|είμαι ο|είμαι η|εγώ είμαι ο|εγώ είμαι η|eimai o|eimai i|eimai h";
/// What is said about a name, where it is what the customer wants put right.
pub(super) const NOT_A_NAME: &str =
    "wrong|misspelled|misspelt|misspelling|spelled|spelt|incorrect|incorrectly|not|missing|on|in|λάθος|λανθασμένο";
/// What goes with any of them and says nothing alone.
pub(super) const FILLERS: &str = "please|pls|plz|very much|so much|a lot|a bunch|a million|again|there|then|now|just|well|oh|ah|um|and|but|for now|dear|\
    sir|madam|mam|maam|ma am|bro|buddy|friend|team|everyone|all|bot|assistant|for everything|for that|indeed|really|\
    very|welcome|today|here|mate|man|dude|guys|folks|partner|traveler|traveller|fellow traveler|fellow traveller|kind soul|kind sir|\
    kind person|kind stranger|kind robot|asap|or what|hurry|hurry up|quickly|immediately|right now|right away|urgently|\
    good sir|my friend|my dear|dear friend|ladies|gentlemen|ladies and gentlemen|mister|miss|robot|ai|chatbot|παρακαλώ|πολύ|και|λοιπόν|και πάλι|για όλα|πάρα πολύ|επίσης και|\
    πολλά|τώρα|σήμερα|πάλι|και εσείς|και εσύ|κι εσείς|κι εσύ|εσείς|εσύ|και σε σας|ρε|ρε φίλε|ρε φίλε μου|φίλε|φίλε μου|κουμπάρε|\
    μάστρε|παιδιά|κύριε|κυρία|τζιαι|τζιαι πάλε|τζιαι εσύ|τζιαι εσείς|por favor|bitte|sehr|und|\
    s il vous plait|beaucoup|y|et|ευχαρίστως";

/// Greek that is small talk as it is written alone: by its sound it is another word (γεια and για, φίλε and file, όχι and why).
pub(super) const AS_WRITTEN: &str = "γεια|φίλε|όι|όχι|μισό";

/// Names that people are given. What is a common word, a month or a place as well is left out.
pub(super) const GIVEN_NAMES: &str = "aaron|abigail|adam|adrian|ahmed|aisha|alan|albert|alejandro|alex|alexander|alexandra|alexandros|alexia|\
    alexis|alfred|ali|alice|alicia|alina|alison|allison|amanda|amelia|amy|ana|anastasia|andrea|andreas|andrew|andy|angela|angelos|anita|ann|\
    anna|anne|anthony|antonio|antonis|arthur|ashley|barbara|beatrice|ben|benjamin|bernard|beth|betty|bob|brandon|brenda|brian|bruce|bryan|\
    camila|carl|carla|carlos|carmen|carol|caroline|catherine|cathy|charles|charlie|chris|christian|christina|christine|christopher|christos|\
    cindy|claire|clara|claudia|craig|cynthia|daniel|daniela|danielle|dave|david|deborah|debra|denise|dennis|diana|diane|diego|dimitra|dimitris|\
    donald|donna|dorothy|doug|douglas|dylan|eddie|edward|eleanor|elena|eleni|elias|elizabeth|ellen|emily|emma|eric|erica|erik|erin|ethan|eugene|\
    eva|evelyn|fatima|felix|fernando|fiona|francesca|francis|francisco|fred|gabriel|gary|george|georgios|gerald|giannis|gianna|giorgos|gloria|\
    greg|gregory|hannah|hans|harold|harry|heather|helen|helena|henry|howard|hugo|ian|ibrahim|ingrid|irene|isaac|isabel|isabella|ivan|jacob|\
    jacqueline|james|jamie|jane|janet|janice|jason|jean|jeff|jeffrey|jennifer|jenny|jeremy|jerry|jessica|jim|jimmy|joan|joanna|joe|joel|johanna|\
    john|johnny|jon|jonathan|jose|joseph|joshua|juan|juana|judith|judy|julia|julian|julie|justin|karen|karl|kate|katarina|katerina|katherine|kathleen|\
    kathy|katie|keith|kelly|ken|kenneth|kevin|kim|klaus|konstantinos|kostas|kyle|larry|laura|lauren|laurence|leo|leon|leonardo|linda|lisa|liz|louis|\
    louise|luca|lucas|lucia|lucy|luis|luke|lukas|magdalena|manuel|marc|marcel|marco|marcus|margaret|maria|marie|mario|marios|mark|markus|\
    martha|martin|martina|mary|mateo|matt|matthew|megan|mehmet|melissa|michael|michaela|michalis|michelle|miguel|mike|mohamed|mohammed|monica|\
    muhammad|mustafa|nancy|natalie|natasha|nathan|nicholas|nick|nicolas|nicole|nikolas|nikos|nina|noah|nora|olga|oliver|olivia|omar|oscar|pablo|\
    pamela|panagiotis|patricia|patrick|paul|paula|pedro|peter|petros|philip|phil|pierre|rachel|rafael|ralph|raymond|rebecca|ricardo|richard|rita|\
    robert|roberta|roger|ronald|rosa|russell|ryan|sabrina|sally|sam|samantha|samuel|sandra|sara|sarah|scott|sean|sebastian|sergio|sharon|silvia|\
    simon|sofia|sonia|sophia|sophie|spyros|stavros|stefan|stefania|stephanie|stephen|steve|steven|stuart|susan|susanna|suzanne|sylvia|tanya|tara|\
    teresa|terry|theodore|theresa|thomas|tim|timothy|tina|todd|tom|tommy|tony|tracy|tyler|valentina|vanessa|vasilis|vera|veronica|vicky|victor|\
    vincent|walter|wayne|wendy|william|xavier|yannis|yiannis|yusuf|zoe|\
    αλεξανδρος|αλεξανδρα|αλεξης|αναστασια|ανδρεας|αννα|αντωνης|βασιλης|βασιλικη|γιαννης|γιωργος|γεωργια|δημητρης|δημητρα|ειρηνη|ελενα|ελενη|\
    ευα|ηλιας|θωμας|ιωαννα|κατερινα|κωνσταντινος|κωστας|λουκας|μαρια|μαριος|μιχαλης|νικη|νικος|παναγιωτης|παυλος|πετρος|σοφια|σπυρος|σταυρος|\
    στελιος|χρηστος|χριστινα";
