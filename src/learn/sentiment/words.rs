//! What customers and the AI say when something goes well or badly, as words and phrases. All compared folded: lower case, no
//! accents, no punctuation. English, Greek, Greek in Latin letters. A `*` at the end stands for any ending.

/// The customer is displeased, with the answer or the service.
pub(super) const DISPLEASED: &str = "wrong|incorrect|not what i|that s not|thats not|that is not right|isn t right|not right|not correct|i said|\
    i already|already told|i told you|i asked|as i said|like i said|you didn t|you did not|you don t understand|don t understand me|\
    not listening|misunderst*|not helpful|unhelpful|doesn t help|didn t help|not working|doesn t work|didn t work|does not work|\
    useless|ridiculous|unacceptable|terrible|horrible|awful|worst|annoy*|frustrat*|disappoint*|angry|upset|furious|complain*|\
    waste of|stupid|idiot*|dumb|damn|hell no|wtf|what the hell|what the heck|fuck*|shit*|crap|sucks|screw you|pathetic|joke of a|\
    sick of|fed up|tired of|rude|scam|unfortunate|too bad|that s a shame|what a shame|bummer|oh no|ugh|argh|hmm no|\
    are you sure|really no|seriously|come on|why not|why can t you|why do you|why are you|how come|still waiting|still not|\
    still hasn t|never mind|nevermind|forget it|no good|not good|not happy|unhappy|not satisfied|dissatisfied|not great|\
    can t believe|makes no sense|doesn t make sense|you just said|you keep|stop asking|again and again|confus*|\
    λαθος|δεν ειναι αυτο|δεν ρωτησα|δεν εννοω|δεν καταλαβ*|σου ειπα|σας ειπα|ειπα ηδη|δεν βοηθ*|δεν δουλευει|αχρηστ*|γελοι*|\
    απαραδεκτ*|ηλιθι*|βλακα|τραγικ*|αισχος|ντροπη|απογοητευ*|νευρα|εκνευρ*|θυμωμεν*|παραπον*|χαλια|χειροτερ*|κοροιδ*|γαμω*|\
    δεν γινεται|ελεος|κριμα|δυστυχως|ακομα περιμενω|\
    lathos|den einai auto|den rotisa|den rwtisa|den ennoo|den katalav*|sou eipa|sas eipa|den voith*|den doulevei|axrist*|axrhst*|\
    geloi*|aparadekt*|ilithi*|hlithi*|vlaka|tragik*|aisxos|ntropi|ntroph|apogoitef*|nevra|xalia|gamo*|eleos|krima|dystixos";

/// The customer asks for a person.
pub(super) const PERSON: &str = "speak to a|talk to a|speak with a|talk with a|real person|human|representative|supervisor|manager|an agent|\
    someone else|live chat|customer service|εκπροσωπο*|υπαλληλο*|ανθρωπο|υπευθυνο*|προισταμενο*|na miliso|na milhsw|ekprosopo|ypallilo|anthropo";

/// The customer turns down, corrects or asks otherwise: weak signs.
pub(super) const AGAINST: &str = "no|nope|not|but|actually|instead|rather|other|another|different|else|don t|doesn t|isn t|can t|never|\
    nothing|none|however|anymore|again|only|too expensive|too far|too late|too early|οχι|δεν|ομως|αλλα|αλλο|αλλη|ξανα|oxi|ohi|den|alla|omos|ksana";

/// The customer is pleased.
pub(super) const PLEASED: &str = "great|perfect|awesome|excellent|wonderful|fantastic|amazing|lovely|brilliant|superb|terrific|fabulous|\
    good job|well done|nice|love it|love that|i love|sounds good|sounds great|sounds perfect|sounds nice|sounds wonderful|sounds like fun|\
    works for me|that works|that would be great|would be perfect|very helpful|so helpful|been helpful|helpful|appreciate*|you re the best|\
    glad|happy with|pleased|delight*|exactly what|just what i|yay|cool|sweet|good choice|good idea|super|that s good|looks good|\
    thank you so much|thanks so much|thank you very much|thanks a lot|thanks a million|all i need|everything i need|beautiful|enjoy*|\
    τελεια|τελειο*|υπεροχ*|φανταστικ*|εξαιρετικ*|μπραβο|πολυ ωραια|ωραια|ευχαριστω πολυ|ευχαριστω παρα πολυ|σουπερ|χαρηκα|με βοηθησ*|\
    teleia|teleio*|yperox*|iperox*|fantastik*|exairetik*|eksairetik*|mpravo|bravo|poly oraia|oraia|wraia|efxaristo poli|euxaristw poly";

/// The customer says thanks.
pub(super) const THANKS: &str = "thank*|thx|cheers|ευχαριστ*|efxarist*|efharist*|euxarist*|eyxarist*";

/// The AI could not.
pub(super) const COULD_NOT: &str = "sorry|apolog*|unable|unfortunately|i can t|i cannot|i couldn t|i could not|could not find|couldn t find|\
    can t find|cannot find|not find|wasn t able|was not able|were not able|weren t able|not able|no results|no result|no match*|\
    nothing match*|nothing available|not available|isn t available|unavailable|aren t any|are no|is no|there isn t|there aren t|do not have|\
    don t have|doesn t have|fully booked|sold out|no luck|didn t find|did not find|don t understand|didn t understand|did not understand|\
    not understand|didn t get|didn t catch|rephrase|say that again|not sure what|not sure i|failed|fail|unsuccessful|not successful|\
    wasn t successful|was not successful|declined|error|went wrong|try again|try another|try something|try a different|different time|no availability|\
    λυπαμαι|λυπουμαστε|συγγνωμη|δυστυχως|δεν μπορ*|δεν βρηκα|δεν βρεθηκ*|δεν υπαρχ*|δεν καταλαβ*|μη διαθεσιμ*|δεν ειναι διαθεσιμ*|\
    δεν ηταν δυνατ*|απετυχε|προσπαθηστε ξανα|lypamai|signomi|dystyxos|distixos|den mporo|den mporw|den vrika|den yparx*|den katalav*";

/// The AI did it.
pub(super) const DONE: &str = "successful|successfully|has been made|has been booked|is booked|have booked|i booked|i ve booked|booked for|confirmed|\
    is confirmed|has been confirmed|reference number|confirmation number|all set|reserved|reservation is|completed|is complete|\
    has been added|has been sent|has been placed|was placed|is done|enjoy|you re welcome|you are welcome|happy to help|have a great|have a nice|\
    επιτυχ*|εγινε|ολοκληρωθηκε|επιβεβαιω*|κρατηση σας|καταχωρηθηκε|egine|oloklirothike|epitych*";

/// Words of feeling in any text, for the better.
pub(super) const GOOD: &str = "good|best|better|beautiful|happy|fun|funny|hilarious|lol|lmao|haha*|hahaha|smile*|sweet|cute|kind|nice|nicely|lucky|win|wins|won|winning|\
    hope|hopefully|hoping|love|loved|loves|loving|lovely|like it|liked|enjoy|enjoyed|enjoying|proud|congrat*|happy birthday|welcome|excited|\
    exciting|excite*|interesting|impress*|agree|agreed|support|thank|thanks|grateful|gratitude|respect|gorgeous|favorite|favourite|epic|legend*|hero|\
    blessed|blessing|bless|cheer*|delicious|adorable|awesome|amazing|amazed|great|perfect|fantastic|wonderful|brilliant|glad|pleased|pleasure|joy|relief|relieved|\
    care|caring|safe|strong|smart|clever|cool|sick beat|right on|well played|fair enough|true|appreciate|helpful|optimistic|admire*|inspir*|heartwarming|wholesome|yay|wow|yes please";

/// ...and for the worse.
pub(super) const BAD: &str = "bad|worse|worst|hate|hated|hates|hating|hatred|sad|sadly|sadness|sorry|angry|anger|mad|annoy*|upset|disgust*|gross|ew|eww|nasty|\
    terrible|horrible|awful|dumb|stupid|idiot*|moron*|fool*|ridiculous|pathetic|trash|garbage|shit*|fuck*|damn|hell|ass|asshole*|bitch*|crap|bullshit|\
    suck|sucks|sucked|ugly|cringe*|creepy|weird|scary|scared|scare*|afraid|fear*|terrif*|horrif*|nervous|anxious|anxiety|worr*|disappoint*|fail*|loser*|lose|lost|\
    losing|hurt*|pain|painful|die|died|dead|death|kill*|murder*|cry|crying|cried|tears|depress*|miserable|lonely|alone|regret*|guilt*|shame|ashamed|embarrass*|\
    awkward|wrong|problem*|toxic|abus*|racist*|sexist|evil|cruel|mean|rude|jerk|liar*|lie|lies|lying|shut up|stop|no one|nobody|never|don t|can t|won t|not|\
    disagree*|boring|bored|tired|sick|ill|broken|broke|break|unfortunately|poor|hard|difficult|miss|missed|missing|devastat*|heartbreak*|grief|awful|nightmare|yikes|wtf|smh|ffs";

/// Kind words that nobody means; teaches nothing.
pub(super) const IRONY: &str = "for nothing|no thanks to you|thanks anyway|thank you anyway|yeah right|not impressed";

/// The customer asks for something; teaches nothing.
pub(super) const ASKS: &str = "please|i want a|i want an|i want to|i want the|i want some|i need a|i need an|i need to|i need the|i need my|i need some|i d like|\
    i would like|i am looking|i m looking|looking for|find me|find a|can you|could you|can i|could i|would you|will you|is there|are there|do you|does it|is it|\
    show me|book me|tell me|give me|where is|where s|where are|when is|when will|when does|what is|what s the|what are|what time|what about|which one|how much|\
    how many|how do|how can|how long|how far|wondering|recommend|search for";

/// Turns what follows round; teaches nothing.
pub(super) const NOT: &str =
    "not|no|never|nothing|hardly|without|t|dont|isnt|wasnt|didnt|doesnt|cant|couldnt|wont|den|oxi|ohi";
