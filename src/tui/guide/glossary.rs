//! The second page of help: what the words mean, in the order in which one meets them.

/// Headings, words, and what they mean.
pub const WORDS: &[(&str, &[(&str, &str)])] = &[
    (
        "How a conversation ends",
        &[
            ("resolved", "the AI solved it; confirmed when the customer said so, else assumed"),
            ("escalated", "it was handed to a person"),
            ("failed", "the AI did not solve it"),
            ("abandoned", "the customer left before it was solved or failed"),
            ("unknown", "nothing in the log tells; left out of the rates, and shown beside them"),
        ],
    ),
    (
        "Reviewing",
        &[
            ("intent", "what the customer wants, as a short name: refund_status"),
            ("failing turn", "▌ the customer's turn just before it went wrong; the one that is judged"),
            ("cause", "the first thing that went wrong; one for a conversation"),
            ("value", "the queue's order: failures first, then where the model doubts most, repeats last"),
            ("cycle", "a dated set of conversations to review, fixed when it opens"),
            ("test group", "a fifth of all customers, kept for testing: the AI never learns from them"),
        ],
    ),
    (
        "Is it better?",
        &[
            ("95 % interval", "the true rate lies in it in 19 of 20 cases; few conversations make it wide"),
            ("CSAT", "how pleased customers say they are, 1 to 5; of those who answered, the share of 4 and 5"),
            ("cannot tell", "the interval of the difference holds zero: it may be chance"),
            ("day one", "the first 7 days with 200 finished conversations: what everything is compared with"),
            ("ceiling", "the most of four weeks' reviewed failures that fine-tuning can repair; the rest needs others"),
        ],
    ),
    (
        "What followed an answer",
        &[
            ("non-answer", "said to five intents or more, and under 30 % of those who heard it were helped"),
            (
                "than others",
                "239 fewer: so many fewer of these were helped than if as many had been as with other answers",
            ),
            ("–", "too few to tell, or there is nothing to compare it with"),
            ("2. of 5", "its place among the answers to the same intent at the same point of the talk"),
            ("alike", "no difference is seen from any other answer in its place; live: the live release says it"),
            (
                "! opposite",
                "better or worse over all, and the other way among those who asked for the same: see below the list",
            ),
            ("bad news", "tells that something failed or is not there: that is to be mended, not the words"),
            ("asks", "only asks for details; who hears it depends on how far the talk came, so it has no place"),
            ("all done", "says that all is done: whoever hears it was helped, and nobody else"),
            ("last word", "said at the end: it follows success or failure, and does not bring it"),
            ("hand-over", "announces a person; too few: fewer than 30 conversations heard it"),
        ],
    ),
    (
        "Fine-tuning",
        &[
            ("gold", "turns with a right answer on which models are measured and never trained"),
            ("open half", "gold that you may look at: what was fixed, what broke"),
            ("sealed half", "gold that nobody looks at: verdict and gate rest on it"),
            ("candidate", "a model that was trained and is not live"),
            ("verdict", "better, worse or cannot tell; by a test on the turns that changed, by conversation"),
            ("gate", "refuses what is worse, breaks a pinned turn or hurts an intent; an override needs a reason"),
            (
                "release",
                "what answers customers: model, answers and thresholds together; v11 is live until the next is",
            ),
            ("confidence", "how sure the model is of its best guess, 0 to 1"),
            ("macro F1", "right and complete, all intents alike, small ones as much as large ones; 1 is perfect"),
            ("look", "a comparison on the same gold; the more of them, the less the next one proves"),
            (
                "looks wrong",
                "a label that a model which had not seen it believes less than half as much as a blind guess",
            ),
            ("loss", "how surprised the model is by labels that it has not seen; less is better, 0 is perfect"),
            ("learning curve", "how right models are that learnt from more and more of your labels"),
            ("calibration", "a model that says 0.8 should be right in 8 of 10 cases; the error is how far off it is"),
        ],
    ),
];

/// What one wants to do, and the commands for it.
pub const TASKS: &[(&str, &[&str])] = &[
    ("see whether it gets better", &["tab-1"]),
    ("find what went wrong", &["tab-2", "filter", "filter-menu", "sort"]),
    ("review one after another", &["review"]),
    ("train on what was decided", &["tab-5", "fine-tune"]),
    ("make a candidate live", &["promote"]),
    ("take a decision back, make it again", &["undo", "redo"]),
    ("bring conversations in", &["import"]),
    ("copy an id, or what was said", &["copy-id", "copy-text"]),
    ("find any command by its name", &["command"]),
    ("be shown around", &["tour"]),
];
