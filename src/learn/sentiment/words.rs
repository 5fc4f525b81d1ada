//! What customers and the AI say when something goes well or badly, as words and phrases. All compared folded: lower case, no
//! accents, no punctuation. English, Greek, Greek in Latin letters. A `*` at the end stands for any ending.

/// The customer may be displeased, with the answer or the service: some ask so, too.
pub(super) const DISPLEASED: &str = "wrong|incorrect|not what i|that s not|thats not|that is not right|isn t right|not right|not correct|i said|\
    i already|already told|i told you|i asked|as i said|like i said|you didn t|you did not|misunderst*|doesn t help|didn t help|not working|\
    doesn t work|didn t work|does not work|complain*|scam|unfortunate|too bad|that s a shame|what a shame|bummer|oh no|ugh|argh|hmm no|are you sure|\
    really no|seriously|come on|why not|why can t you|why do you|why are you|how come|still not|never mind|nevermind|forget it|no good|not good|\
    not great|can t believe|doesn t make sense|you just said|you keep|again and again|confus*|λαθος|δεν ειναι αυτο|δεν ρωτησα|δεν εννοω|δεν καταλαβ*|\
    σου ειπα|σας ειπα|ειπα ηδη|δεν δουλευει|παραπον*|δεν γινεται|κριμα|δυστυχως|ακομα περιμενω|lathos|den einai auto|den rotisa|den rwtisa|den ennoo|\
    den katalav*|sou eipa|sas eipa|den doulevei|krima|dystixos|still waiting|still hasn t";

/// The same in so many words: nobody says so who is content.
pub(super) const PLAIN: &str = "useless|ridiculous|unacceptable|terrible|horrible|awful|worst|annoy*|frustrat*|disappoint*|angry|upset|furious|\
    waste of|stupid|idiot*|dumb|damn|hell no|wtf|what the hell|what the heck|fuck*|shit*|crap|sucks|screw you|pathetic|joke of a|sick of|fed up|\
    tired of|rude|unhelpful|not helpful|not listening|don t understand me|you don t understand|not happy|unhappy|not satisfied|dissatisfied|\
    makes no sense|stop asking|den voith*|axrist*|axrhst*|geloi*|aparadekt*|ilithi*|hlithi*|vlaka|tragik*|aisxos|ntropi|ntroph|apogoitef*|nevra|\
    xalia|gamo*|eleos|δεν βοηθ*|αχρηστ*|γελοι*|απαραδεκτ*|ηλιθι*|βλακα|τραγικ*|αισχος|ντροπη|απογοητευ*|νευρα|εκνευρ*|θυμωμεν*|χαλια|χειροτερ*|\
    κοροιδ*|γαμω*|ελεος";

/// ...heard by the newest rules alone.
pub(super) const PLAIN_SINCE: &str = "this is terrible|this is horrible|this is awful|this is the worst|it s terrible|it is terrible|you are terrible|you re terrible|you are the worst|you re the worst|\
    service is terrible|service is awful|service is horrible|terrible experience|awful experience|horrible experience|awful service|horrible service|terrible company|\
    so rude|very rude|was rude|were rude|i m angry|i am angry|i m furious|i am furious|i m so angry|i am so angry|i m upset|am very upset|am so upset|makes me angry|\
    hate this|hate you|hate your|hate it|hate that|hate how|hate when|hate dealing|really hate|hated|hating|\
    disgust*|disgrace*|shameful|shame on|appalling|atrocious|dreadful|abysmal|horrendous|hopeless|incompetent|incompetence|is trash|are trash|\
    is rubbish|are rubbish|absolute rubbish|total rubbish|nightmare|shambles|lousy|crappy|moron*|bullshit|nonsense|unprofessional|liar|liars|\
    lied to me|lied to us|thieves|daylight robbery|rip off|ripped off|ripoff|crooks|cheated|outrage*|infuriat*|irritat*|livid|fuming|\
    losing my patience|lost my patience|losing patience|out of patience|enough is enough|never again|will never use|will never buy|will never order|\
    will never fly|will never book|will never shop|never use you|never buy from|never order from|never fly with|never book with|never shop|\
    never coming back|not coming back|won t be back|taking my business|going elsewhere|go elsewhere|wouldn t recommend|would not recommend|\
    won t recommend|do not recommend|can t recommend|don t recommend|nobody cares|no one cares|don t care about your|don t care about customers|\
    don t care about us|don t care about me|you don t care|nobody answers|no one answers|nobody answered|no one answered|nobody replies|\
    no one replies|nobody responds|no one responds|nobody picks up|no one picks up|nobody picked up|no one picked up|nobody helps|no one helps|\
    nobody can help|no one can help|nobody called|no one called|ignoring me|ignored me|being ignored|keep ignoring|on hold for|waiting for hours|\
    waiting for ages|waited for hours|still nothing|still no reply|still no answer|still no refund|third time i|how many times must i|not acceptable|\
    not good enough|can t stand|sick and tired|is so bad|was so bad|very bad|really bad|bad service|bad experience|poor service|let me down|\
    let us down|letting me down|good for nothing|not impressed|for nothing|no thanks to you|did not help|does not help|doesn t solve|does not solve|\
    didn t solve|did not solve|won t help|no help at all|of no help|was no help|is no help|dishonest|misleading|misled|deceived|even worse|\
    getting worse|gone downhill|a mess|treat customers|treating customers|treated like|impolite|arrogant|condescending|disrespect*|unfair|\
    what a disaster|total disaster|complete disaster|unreliable|inexcusable|unforgivable|insulting|dissapoint*|disapoint*|unnacceptable|wasted my|\
    wasting my|waste my|wasted hours|regret|fool me|made a fool|complete waste|total waste|driving me crazy|driving me mad|drives me crazy|\
    you do nothing|you did nothing|doing nothing about|nothing works|don t even apologi*|pointless|worthless|clueless|careless|scandalous|a scandal|\
    horrific|humiliat*|miserable|laughable|mockery|a farce|con artists|swindl*|not pleased|not amused|not at all happy|not very happy|far from happy|\
    how dare you|the nerve to|what kind of service|what kind of company|what sort of service|call this service|call that service|in circles|\
    lazy staff|greedy|pissed|bloody hell|go to hell|hung up on me|hung up on us|done with this company|so done with|done with you|poor customer|\
    why do i pay|why am i paying|what a rubbish|rubbish service|this is fraud|not a single person|nobody could help|no one could help|\
    nobody was able|no one was able|such poor|such bad|such a bad|such a poor|waste your time|your fault|shut up|give me a break|what a joke|\
    is a joke|are a joke|total joke|complete joke|bad joke|is garbage|are garbage|garbage app|garbage service|garbage company|absolute garbage|\
    total garbage|utter garbage|ruined my trip|ruined my holiday|ruined my holidays|ruined my vacation|ruined my day|ruined my weekend|ruined our|\
    you ruined|ruined because|you messed up|messed up my|messed up our|messed everything|you screwed up|screwed up my|screwed me|screwed us|\
    how many times do i have|you people suck|your service suck|you all suck|you guys suck|you scammers|scammed me|bunch of scammers|of no use|\
    such a waste|is a waste|was a waste|what a waste|me up the wall|i ve had enough|have had enough|had enough of";

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

/// The same, heard by the newest rules alone.
pub(super) const PLEASED_SINCE: &str = "best service|best customer|best support|best experience|best ever|are the best|is the best|love your|\
    love this|loved it|loved the|loved your|so happy|very happy|really happy|so pleased|satisfied|impressed|impressive|saved my|saved me|saved us|\
    saved the day|made my day|you rock|very kind|so kind|keep it up|five stars|highly recommend|would recommend|will recommend|works now|works great|\
    works perfectly|working now|that worked|it worked|problem solved|all sorted|is sorted|got it sorted|all good|flawless*|outstanding|exceptional|\
    top notch|wow|great job|great work|great service|much better|relieved|a relief|what a relief|grateful|friendly|courteous|not bad|i like it|\
    i like this|it is fixed|it s fixed|fixed now|could not be happier|couldn t be happier|hats off|bravo";

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

/// Strong words of feeling in any text, for the better: heard by the newest rules alone. Nobody is told to be pleased by them: one may love
/// what is sought.
pub(super) const GLAD: &str = "love|loved|loves|loving|happy|happier|happiest|happiness|funny|funniest|hilarious|lol|lmao|lmfao|rofl|haha*|hahaha|\
    cute|adorable|beautifully|gorgeous|stunning|congrat*|proud|thankful|blessed|bless you|admire*|inspir*|heartwarming|wholesome|favorite|favourite|\
    favorites|delicious|hooray|woohoo|excited|exciting|excitement|respect|legend|hero|joy|joyful|smile*|smiling|laughed|laughing|laugh|made me laugh|\
    good luck|good for you|well said|nice one|nicely done|kudos|hope you|hopefully|i hope|hoping|optimistic|lucky|fortunate|sweetheart|so cool|\
    pretty cool|really cool|very cool|badass|epic|dope|interesting|fascinating|charming|kind of you|kindness|generous|caring|i agree|agreed|\
    totally agree|you re right|fun|entertaining|clever|genius|talented|cheer*|hug|hugs|take care|stay safe|stay strong|good point|fair point|\
    really good|pretty good|glorious|majestic|magnificent|marvelous|incredible|incredibly|amazed|masterpiece|perfection|a blast|upvote";

/// ...and for the worse.
pub(super) const SAD: &str = "hate|hates|hateful|sad|sadder|saddest|sadly|sadness|misery|heartbreak*|heartbroken|devastat*|tragic|tragedy|grief|\
    grieving|cry|crying|cried|tears|mourn*|lonely|despair|anger|angrier|rage|mad|gross|eww*|nasty|vile|vomit|puke|repulsive|creepy|creep|creeps|\
    scary|scared|scare|afraid|horrif*|horror|fear|fears|fearful|nervous|anxious|anxiety|worried|worry|worrying|letdown|ashamed|shame|embarrass*|\
    cringe*|awkward|guilty|guilt|remorse|my condolences|condolences|rip|died|dies|dying|death|dead|killed|kill|murder*|suicide|suffer*|pain|\
    painful|hurt|hurts|hurting|sickening|yikes|tf|damnit|goddamn|hell|asshole*|bitch*|bastard*|dick|dickhead|douche*|cunt|retard*|\
    fool*|loser*|absurd|crazy|trash|suck|worse|bad|badly|evil|cruel|toxic|abus*|racist*|sexist|bigot*|nazi*|scum|liar*|lied|corrupt*|hypocri*|jerk|\
    shut up|stfu|mess|ruin*|destroy*|boring|lame|cheesy|overrated|weird|sketchy|blame|struggl*|not funny|not cool|not fair|disagree*|smh|poor guy|\
    poor girl|poor thing|poor kid|threat*|violent|violence|ignorant|selfish|whin*|terrified|terrifying|depressed|depressing|depression";

/// Kind words that nobody means; teaches nothing.
pub(super) const IRONY: &str = "thanks anyway|thank you anyway|yeah right";

/// The customer asks for something; teaches nothing.
pub(super) const ASKS: &str = "please|i want a|i want an|i want to|i want the|i want some|i need a|i need an|i need to|i need the|i need my|i need some|i d like|\
    i would like|i am looking|i m looking|looking for|find me|find a|can you|could you|can i|could i|would you|will you|is there|are there|do you|does it|is it|\
    show me|book me|tell me|give me|where is|where s|where are|when is|when will|when does|what is|what s the|what are|what time|what about|which one|how much|\
    how many|how do|how can|how long|how far|wondering|recommend|search for";

/// Turns what follows round; teaches nothing.
pub(super) const NOT: &str =
    "not|no|never|nothing|hardly|without|t|dont|isnt|wasnt|didnt|doesnt|cant|couldnt|wont|den|oxi|ohi";

/// Turns what is said plainly round; teaches nothing.
pub(super) const IS_NOT: &str =
    "don t hate|do not hate|didn t hate|not|isn|aren|wasn|weren|never been|never disappoint*|never let";

/// Plain words that may be said of something else by whoever asks: `worst case, how long does it take?`
pub(super) const OF_ELSE: &str = "worst|terrible|horrible|awful|dreadful|angry|upset|furious|dumb|stupid|idiot*|damn|crap|crappy|rude|pathetic|\
    ridiculous|nightmare|miserable|unhappy|hopeless|nonsense|regret|hated|moron*|unfair|careless|lousy|even worse|very bad|really bad|so bad|was so bad|is so bad|a mess|is rubbish|are rubbish|shambles";

/// What counts is what follows; teaches nothing.
pub(super) const BUT: &str = "but|however|unfortunately|sadly";

/// Just behind praise it makes that irony; teaches nothing.
pub(super) const AGAIN: &str = "another|again|yet another";

/// Displeasure in so many words, by how it is built: `what a joke`, `no use to anyone`, `how hard can it be`. A word may be one of several.
/// It teaches nothing.
pub(super) const PLAIN_SAID: &str = "what a/an waste/joke/shambles/disgrace/farce/mess/nightmare/scam/circus/mockery/letdown/fiasco/insult/embarrassment/cheek|\
    an/a absolute/utter/complete/total shambles/disgrace/joke/mess/farce/disaster/waste/nightmare/fiasco|pile/load/bunch/pack of \
    rubbish/nonsense/lies/liars/amateurs/clowns/idiots/cowboys/excuses/rot|is/are/was/were rubbish/shocking/shambolic/appalling|beyond a joke|\
    beyond ridiculous/belief|laughing stock|shambles|shambolic|a disgrace|disgraceful*|farcical|appalling*|abysmal*|atrocious*|incompeten*|amateurish|\
    shame on you/them|ashamed of you/yourself/yourselves|should be ashamed|ought to be ashamed|beggars belief|the runaround|pillar to post|\
    fat lot of|takes/taking the biscuit/cake|nothing more to do with you|is/are dire|is an insult|getting silly/absurd|\
    nobody has a clue|no one has a clue|has/got no clue|not worth the paper/effort/hassle|\
    what on earth are you|what do you people do|waste/wasting/wasted everyone/everybody/people s time|you/be kidding/joking me|must/to/gotta be kidding/joking|\
    having a laugh|taking the mick/piss|make/makes me laugh|no use/good/help to anyone/anybody/me/us/nobody|no help/use whatsoever/either|\
    no help from you/anyone/anybody|not much/any use/help|as much use as|the point of you/asking/calling/even|losing/lost my/our/all patience|\
    out of patience|patience is/has running/run/wearing/worn/gone/ended|end of my/our tether/rope/patience|wits/wit s end|wits end|had it up to|had it with you/this/your/them|\
    gone on long enough|gone on too long|took you/them long/so/ages/forever/hours/days/weeks|taken/taking you/them so/ages/forever/hours/days/weeks|how hard/difficult can it be|how hard/difficult is it to|\
    is it really/that/so hard/difficult|is it really that/so hard/difficult|why is it/this/everything so hard/difficult/complicated/slow|\
    do/did you/they even read/listen/care/know/understand/look|are you even listening/reading/there/trying|why do i even/bother|\
    call this/that support/help/service/customer|call yourself/yourselves a/an/support/professionals|nothing but excuses/lies/trouble/problems|\
    all i get is/are|same old excuses/story/nonsense/answer/lies|expect/expected/expecting/deserve/deserved better from/of/than|\
    expected more from/of|you were better than|badly run/managed/organised/organized/trained|not once did/has/have/was|\
    not one of you|not a single reply/answer/word/call/response/email|not one reply/answer/call/response/email|nobody knows what they|no one knows what they|\
    nobody ever/has called/replied/answered/contacted/responded/helped/bothered|\
    no one ever/has called/replied/answered/contacted/responded/helped/bothered|nobody bothered/bothers|no one bothered/bothers|still nobody|\
    still no one/sign/word/reply/answer/response/refund/news/update/call/email/solution/help/explanation/confirmation/delivery/parcel/package/luggage|\
    still not a/one/been/arrived/received/fixed/working/solved/resolved/refunded|still waiting for/on a/an/my/your/the reply/answer/response/call/refund/money|\
    not a word/peep from|leave me alone|leave me in peace|just/please/oh go away|sick to death|want/going/about to scream/cry|could scream/cry|\
    tearing/pulling my hair|losing my mind|couldn/can t care less|could not care less|clearly/obviously/just don t care|\
    talk about bad/terrible/poor/awful/slow/useless|couldn t organise/organize|every time i call/ask/write/phone/ring/contact|\
    every single time the same|you lot/people never/don/can/couldn/always|given up on you/this|i ve/have given up|\
    second/third/fourth/fifth/sixth/tenth/hundredth/umpteenth/nth time i/you explain/ask/tell/write/call/say/repeat/contact/complain/lost/asked|\
    second/third/fourth/fifth/sixth/tenth/hundredth/umpteenth/nth time i/you/we ve/have/m/am/had/re \
    explained/asked/told/written/called/said/repeated/contacted/complained/lost/explaining/asking/telling/writing/calling/saying/complaining|\
    for the second/third/fourth/fifth/sixth/tenth/hundredth/umpteenth/nth time my/i/no/it/this/stop/please/where/why";

/// Sent away with, where a text begins so: `get lost, all of you`, but not `we always get lost in the old town`. It teaches nothing.
pub(super) const DISMISSES: &str = "get lost/stuffed|go away|clear/buzz/sod/bugger off|drop dead|i give up";

/// Pleasure in so many words, by how it is built: `you are a star`, `works like a charm`. It teaches nothing.
pub(super) const PLEASED_SAID: &str = "you re/are a/an star/legend/angel/gem/lifesaver/hero/genius/treasure/saint/champion/diamond/godsend|works/worked/working/runs/running/went like magic/new/clockwork|works/worked/working/runs/running/went like a charm/dream/watch|works/worked a treat|did the trick/job|that/this/it/you fixed/solved/sorted it/that/this/everything/my/the/things|\
    a great/huge/massive/enormous/tremendous/wonderful help|\
    couldn t ask for|could not ask for more/better|couldn t be happier/better|can t thank you enough|cannot thank you enough|spot on|\
    first/top class/rate/notch service/support/help/stuff|second to none|ten/10/five/5 out of ten/10/five/5|over the moon|thrilled|\
    load/weight off my|nailed it|life saver/savers|lifesaver|lifesavers|made it/this/that/everything so/very easy/simple/quick|\
    been so/very/really/extremely/incredibly kind/helpful/good/nice|so/very/really/extremely/incredibly professional/efficient";
