use super::*;
use crate::domain::{Feedback, Outcome, OutcomeSource, Timestamp};

fn talk(turns: &[(Role, &str)]) -> Conversation {
    Conversation::new("shop", "1", turns.iter().map(|(role, text)| Turn::new(*role, *text)).collect())
}

fn say(texts: &[&str]) -> Conversation {
    talk(&texts.iter().map(|t| (Role::User, *t)).collect::<Vec<_>>())
}

/// Words and keys; new turns have the key -1.
fn told(joined: &JoinResult) -> Vec<(String, i64)> {
    let key = |t: &Turn| if t.key == NEW { -1 } else { i64::from(t.key.0) };
    joined.conversation.turns.iter().map(|t| (t.text.clone(), key(t))).collect()
}

fn words(joined: &JoinResult) -> Vec<&str> {
    joined.conversation.turns.iter().map(|t| t.text.as_str()).collect()
}

#[test]
fn a_greeting_in_front_moves_no_key() {
    let joined = join(&say(&["refund please", "thanks"]), &say(&["welcome", "refund please", "thanks"]), false);
    assert_eq!(told(&joined), [("welcome".into(), -1), ("refund please".into(), 0), ("thanks".into(), 1)]);
    assert_eq!((joined.added, joined.met, joined.reworded.len()), (1, 2, 0));
}

#[test]
fn what_only_the_store_has_stays_and_overlaps_meet() {
    let joined = join(&say(&["a", "b", "c", "d"]), &say(&["c", "d", "e"]), false);
    assert_eq!(words(&joined), ["a", "b", "c", "d", "e"]);
    let earlier = join(&say(&["c", "d"]), &say(&["a", "b", "c"]), false);
    assert_eq!(told(&earlier).iter().map(|t| t.1).collect::<Vec<_>>(), [-1, -1, 0, 1]);
    let part = join(&say(&["a", "b", "c"]), &say(&["b"]), false);
    assert_eq!((words(&part), part.added), (vec!["a", "b", "c"], 0));
}

#[test]
fn on_a_tie_the_earliest_turn_is_meant() {
    let joined = join(&say(&["yes", "no", "yes"]), &say(&["hm", "yes"]), false);
    assert_eq!(told(&joined), [("hm".into(), -1), ("yes".into(), 0), ("no".into(), 1), ("yes".into(), 2)]);
}

#[test]
fn an_offer_without_an_end_takes_none_away() {
    use crate::domain::OfferStatus;
    let offered = |status: Option<OfferStatus>| {
        let mut c = talk(&[(Role::User, "a seat"), (Role::Bot, "a bed?")]);
        let offer = |status| {
            let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
            Offer { id, name: "bed".to_owned(), turn: Some(1), status, shown_at, value, currency, meta }
        };
        c.offers = status.map(offer).into_iter().collect();
        c
    };
    let (shown, yes, no) = (OfferStatus::Shown, OfferStatus::Accepted, OfferStatus::Declined);
    let cases = [(yes, Some(shown), yes), (yes, Some(no), no), (shown, Some(no), no), (yes, None, yes)];
    for (before, arrives, after) in cases {
        for as_later in [false, true] {
            let joined = join(&offered(Some(before)), &offered(arrives), as_later);
            let ends: Vec<OfferStatus> = joined.conversation.offers.iter().map(|o| o.status).collect();
            assert_eq!(ends, [after], "{before:?} {arrives:?}");
        }
    }
}

#[test]
fn an_offer_that_comes_again_in_another_case_or_without_its_turn_is_the_same() {
    use crate::domain::OfferStatus;
    let offered = |offers: &[(&str, Option<u32>, OfferStatus)]| {
        let mut c = talk(&[(Role::User, "a seat"), (Role::Bot, "a bed?"), (Role::User, "hm"), (Role::Bot, "a bed?")]);
        let offer = |(name, turn, status): &(&str, Option<u32>, OfferStatus)| {
            let (id, shown_at, value, currency, meta) = (None, None, None, None, serde_json::Map::new());
            Offer { id, name: (*name).to_owned(), turn: *turn, status: *status, shown_at, value, currency, meta }
        };
        c.offers = offers.iter().map(offer).collect();
        c
    };
    let (shown, yes) = (OfferStatus::Shown, OfferStatus::Accepted);
    let comes_to = |before: &[(&str, Option<u32>, OfferStatus)], arrives: &[(&str, Option<u32>, OfferStatus)]| {
        let joined = join(&offered(before), &offered(arrives), true);
        let told = |o: &Offer| (o.name.clone(), o.turn, o.status);
        joined.conversation.offers.iter().map(told).collect::<Vec<_>>()
    };
    let bed = |turn, status| ("Bed".to_owned(), turn, status);
    assert_eq!(comes_to(&[("Bed", Some(1), shown)], &[("bed", Some(1), yes)]), [bed(Some(1), yes)]);
    assert_eq!(comes_to(&[("Bed", Some(1), shown)], &[("Bed", None, yes)]), [bed(Some(1), yes)]);
    assert_eq!(comes_to(&[("Bed", None, yes)], &[("Bed", Some(3), shown)]), [bed(Some(3), yes)]);
    // Of two that may be meant nobody knows which.
    let twice = comes_to(&[("Bed", Some(1), shown), ("Bed", Some(3), shown)], &[("Bed", None, yes)]);
    assert_eq!(twice, [bed(Some(1), shown), bed(Some(3), shown), bed(None, yes)]);
    assert_eq!(comes_to(&[("Bed", Some(1), shown)], &[("Bed", Some(3), yes)]).len(), 2);
}

fn with_ids(mut c: Conversation, ids: &[&str]) -> Conversation {
    c.turns.iter_mut().zip(ids).for_each(|(t, id)| t.id = Some((*id).to_owned()));
    c
}

#[test]
fn a_message_keeps_its_key_whatever_it_says() {
    let stored = with_ids(say(&["where is it", "bye"]), &["m1", "m2"]);
    let joined = join(&stored, &with_ids(say(&["where is my PARCEL", " Bye"]), &["m1", "m2"]), false);
    assert_eq!(told(&joined), [("where is my PARCEL".into(), 0), (" Bye".into(), 1)]);
    assert_eq!(joined.reworded, [TurnKey(0)], "blanks and case are no other words");
}

#[test]
fn ids_that_are_positions_are_not_believed() {
    let stored = with_ids(say(&["where is it", "number 7", "bye"]), &["0", "1", "2"]);
    let joined =
        join(&stored, &with_ids(say(&["welcome", "where is it", "number 7", "bye"]), &["0", "1", "2", "3"]), false);
    assert_eq!(told(&joined).iter().map(|t| t.1).collect::<Vec<_>>(), [-1, 0, 1, 2]);
    assert!(joined.reworded.is_empty());
}

#[test]
fn other_messages_with_the_same_words_are_other_turns() {
    let at = |c: &mut Conversation, from: i64| {
        c.turns.iter_mut().zip(from..).for_each(|(t, at)| t.at = Some(Timestamp(at * 60_000)));
    };
    let mut monday = with_ids(say(&["yes", "ok"]), &["1", "2"]);
    let mut tuesday = with_ids(say(&["yes", "ok"]), &["5", "6"]);
    at(&mut monday, 0);
    at(&mut tuesday, 1_440);
    assert_eq!(join(&monday, &tuesday, false).added, 2);
    let out_of_order = join(&tuesday, &monday, false);
    assert_eq!(told(&out_of_order).iter().map(|t| t.1).collect::<Vec<_>>(), [-1, -1, 0, 1], "by time");
}

#[test]
fn the_same_words_on_another_day_are_said_anew() {
    let at = |texts: &[&str], hours: i64| {
        let mut c = say(texts);
        (0..).zip(&mut c.turns).for_each(|(i, t)| t.at = Some(Timestamp((hours * 60 + i) * 60_000)));
        c
    };
    let monday = at(&["hello", "Hi.", "where is it"], 0);
    let tuesday = join(&monday, &at(&["hello", "Hi.", "refund"], 24), false);
    assert_eq!(words(&tuesday), ["hello", "Hi.", "where is it", "hello", "Hi.", "refund"]);
    assert_eq!(join(&monday, &at(&["hello", "Hi.", "where is it"], 3), false).added, 0, "another zone");
    // Dates that are read another way move all of a talk that nobody says twice.
    let long = ["I was charged two times for one and the same ticket", "that is not what I meant"];
    assert_eq!(join(&at(&long, 0), &at(&long, 700), false).added, 0);
}

#[test]
fn speakers_that_were_read_the_wrong_way_round_are_put_right() {
    let wrong = say(&["where is it", "On its way.", "thanks"]);
    let right = talk(&[(Role::User, "where is it"), (Role::Bot, "On its way."), (Role::User, "thanks")]);
    let joined = join(&wrong, &right, false);
    assert_eq!((joined.added, joined.reworded.len(), joined.conversation.turns.len()), (0, 0, 3));
    assert_eq!((joined.conversation.turns[1].role, joined.conversation.turns[1].key), (Role::Bot, TurnKey(1)));
    let echo = join(&talk(&[(Role::User, "yes")]), &talk(&[(Role::User, "yes"), (Role::Bot, "yes")]), false);
    assert_eq!(echo.added, 1, "an echo is another turn");
}

#[test]
fn the_later_word_is_taken_and_an_earlier_part_fills_in() {
    let mut stored = say(&["a", "b"]);
    (stored.outcome, stored.outcome_source) = (Some(Outcome::Failed), Some(OutcomeSource::Explicit));
    stored.lang = Some("el".into());
    let mut again = say(&["a", "b"]);
    (again.outcome, again.outcome_source) = (Some(Outcome::Resolved), Some(OutcomeSource::Explicit));
    again.turns[1].feedback = Some(Feedback { score: 1, comment: None });
    let joined = join(&stored, &again, false).conversation;
    assert_eq!((joined.outcome, joined.lang.as_deref()), (Some(Outcome::Resolved), Some("el")));
    assert!(joined.turns[1].feedback.is_some());
    let mut first_day = say(&["0", "a"]);
    (first_day.outcome, first_day.outcome_source) = (Some(Outcome::Escalated), Some(OutcomeSource::Explicit));
    first_day.channel = Some("web".into());
    let joined = join(&stored, &first_day, false).conversation;
    assert_eq!((joined.outcome, joined.channel.as_deref()), (Some(Outcome::Failed), Some("web")));
}

#[test]
fn pending_and_unknown_never_replace_what_is_final() {
    let with = |outcome, source| {
        let mut c = say(&["a"]);
        (c.outcome, c.outcome_source) = (Some(outcome), Some(source));
        c
    };
    let stored = with(Outcome::Failed, OutcomeSource::Explicit);
    for outcome in [Outcome::Pending, Outcome::Unknown] {
        for source in [OutcomeSource::Explicit, OutcomeSource::Derived] {
            assert_eq!(join(&stored, &with(outcome, source), false).conversation.outcome, Some(Outcome::Failed));
        }
    }
    let open = with(Outcome::Pending, OutcomeSource::Explicit);
    assert_eq!(join(&open, &stored, false).conversation.outcome, Some(Outcome::Failed));
    let derived = with(Outcome::Abandoned, OutcomeSource::Derived);
    assert_eq!(
        join(&derived, &with(Outcome::Unknown, OutcomeSource::Derived), false).conversation.outcome,
        None,
        "derive it again"
    );
}

#[test]
fn the_same_talk_under_another_name_is_told_from_one_that_only_looks_like_it() {
    let timed = |texts: &[&str], from: i64| {
        let mut c = say(texts);
        c.turns.iter_mut().zip(from..).for_each(|(t, at)| t.at = Some(Timestamp(at)));
        c
    };
    assert!(is_same_talk(&timed(&["hi", "stop it"], 7), &timed(&["hi", "stop it", "thanks"], 7)));
    assert!(!is_same_talk(&timed(&["hi", "stop it"], 7), &timed(&["hi", "stop it"], 9_000)));
    assert!(!is_same_talk(&say(&["hi", "stop it"]), &say(&["hi", "stop it"])), "nothing proves it");
    let long = ["I was charged two times for one and the same ticket", "that is not what I meant"];
    assert!(is_same_talk(&say(&long), &say(&long)), "nobody says that twice under one id");
    assert!(!is_same_talk(&say(&long), &say(&[long[0], "thanks"])));
    assert!(!is_same_talk(&timed(&long, 7), &timed(&long, 9_000)));
    assert!(!is_same_talk(&say(&long), &Conversation { id: "another".into(), ..say(&long) }));
}

#[test]
fn joining_with_itself_changes_nothing_and_long_talks_are_joined_too() {
    let texts: Vec<String> = (0..3_000).map(|i| format!("turn {}", i % 700)).collect();
    let long = say(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(join(&long, &long, false).conversation.turns, long.turns);
    let mut more = texts.clone();
    more.insert(0, "welcome".into());
    let joined = join(&long, &say(&more.iter().map(String::as_str).collect::<Vec<_>>()), false);
    assert_eq!((joined.added, joined.conversation.turns.len()), (1, 3_001));
}

#[test]
fn a_log_that_was_cut_off_within_its_last_line_meets_the_whole() {
    let at = |mut c: Conversation| {
        (0..).zip(&mut c.turns).for_each(|(i, t)| t.at = Some(Timestamp(i * 60_000)));
        c
    };
    let cut = at(say(&["where is it", "number sev"]));
    let whole = at(say(&["where is it", "number seventeen", "thanks"]));
    let joined = join(&cut, &whole, false);
    assert_eq!(told(&joined)[1], ("number seventeen".into(), 1));
    assert_eq!((joined.conversation.turns.len(), joined.reworded.as_slice()), (3, [TurnKey(1)].as_slice()));
    // The other way round nothing changes.
    let short = at(say(&["where is it", "number seventeen"]));
    let kept = join(&short, &cut, false);
    assert_eq!((words(&kept), kept.reworded.len()), (vec!["where is it", "number seventeen"], 0));
    // At another moment it is another message.
    let mut later = whole.clone();
    later.turns[1].at = Some(Timestamp(61_000));
    assert_eq!(join(&cut, &later, false).conversation.turns.len(), 4);
}

/// The same at so many seconds each.
fn at(mut c: Conversation, seconds: &[i64]) -> Conversation {
    c.turns.iter_mut().zip(seconds).for_each(|(t, s)| t.at = Some(Timestamp(1_700_000_005_000 + s * 1_000)));
    c
}

#[test]
fn words_that_are_said_again_and_again_are_no_overlap_of_two_parts() {
    let all = ["hi", "hello", "my bill", "yes", "ok", "yes", "ok"];
    let times = [0, 5, 20, 31, 40, 52, 61];
    let whole = at(say(&all), &times);
    let second = at(say(&all), &[0, 5, 20, 20, 40, 40, 61]);
    for cut in [3, 5] {
        let mut rest = second.clone();
        let mut first = second.clone();
        rest.turns.drain(..cut);
        first.turns.truncate(cut);
        assert_eq!(words(&join(&rest, &first, false)), all, "cut within a second, at {cut}, the later part first");
    }
    for cut in 1..all.len() {
        for overlap in 0..=cut.min(2) {
            let first = at(say(&all[..cut]), &times[..cut]);
            let rest = at(say(&all[cut - overlap..]), &times[cut - overlap..]);
            for (stored, arriving) in [(&first, &rest), (&rest, &first)] {
                let joined = join(stored, arriving, false);
                assert_eq!(words(&joined), all, "cut at {cut}, {overlap} in both");
                assert_eq!(words(&join(&joined.conversation, &whole, false)), all, "and then the whole");
            }
        }
    }
}

#[test]
fn another_zone_or_rounded_times_are_no_other_words() {
    let all = ["hi", "hello", "my bill", "yes", "ok"];
    let stored = at(say(&all[..4]), &[0, 5, 80, 91]);
    for moved in [3 * 3_600, -7_200, 19_800] {
        let later = at(say(&all), &[moved, moved + 5, moved + 80, moved + 91, moved + 130]);
        assert_eq!(words(&join(&stored, &later, false)), all, "{moved}");
    }
    let mut minutes = at(say(&all), &[0, 5, 80, 91, 130]);
    minutes.turns.iter_mut().for_each(|t| t.at = t.at.map(|at| Timestamp(at.0.div_euclid(60_000) * 60_000)));
    assert_eq!(words(&join(&stored, &minutes, false)), all);
    assert_eq!(words(&join(&stored, &at(say(&all[..4]), &[400, 1_000, 1_007, 2_222]), false)), all[..4]);
}

#[test]
fn what_is_said_again_a_minute_later_is_said_again() {
    let first = at(say(&["hi", "anything else?", "my bill"]), &[-25, 35, 35]);
    let rest = at(say(&["thanks", "anything else?", "bye"]), &[95, 95, 95]);
    for (stored, arriving) in [(&first, &rest), (&rest, &first)] {
        let joined = join(stored, arriving, false);
        assert_eq!(words(&joined), ["hi", "anything else?", "my bill", "thanks", "anything else?", "bye"]);
    }
}

#[test]
fn times_that_were_put_right_are_no_other_words() {
    let all = ["hi", "my bill", "yes", "ok", "bye"];
    let stored = at(say(&all[..2]), &[0, 5]);
    assert_eq!(
        words(&join(&stored, &at(say(&all), &[7, 9, 20, 31, 40]), false)),
        all,
        "the beginning, by another clock"
    );
    let stored = at(say(&all[..4]), &[0, 5, 20, 31]);
    let mut rest = at(say(&all[1..]), &[12, 23, 31, 40]);
    assert_eq!(words(&join(&stored, &rest, false)), all, "the end, one of its times put right");
    rest.turns.iter_mut().for_each(|t| t.at = t.at.map(|at| Timestamp(at.0 + 400_000)));
    assert_eq!(words(&join(&stored, &rest, false)).len(), 8, "said again later");
}

#[test]
fn what_may_have_been_edited_is_kept_and_told() {
    let stored = at(say(&["hi", "it is street 4", "bye"]), &[0, 7, 9]);
    let joined = join(&stored, &at(say(&["hi", "[removed]", "bye"]), &[0, 7, 9]), false);
    assert_eq!((joined.beside, joined.added), (1, 1));
    assert_eq!(words(&joined).len(), 4);
}

#[test]
fn what_two_say_at_the_same_moments_is_one_talk_where_it_is_no_chance() {
    let at = |mut c: Conversation, minutes: &[i64]| {
        c.turns.iter_mut().zip(minutes).for_each(|(turn, &m)| turn.at = Some(Timestamp(60_000 * m)));
        c
    };
    let words = "please tell me when the parcel with the number 4711 will arrive";
    let stored = at(say(&["hello", words, "yes", "no"]), &[0, 1, 2, 3]);
    assert!(goes_on(&stored, &at(say(&[words, "yes", "no", "thanks"]), &[1, 2, 3, 4])));
    assert!(!goes_on(&stored, &at(say(&[words, "yes"]), &[11, 12])), "at other moments");
    assert!(!goes_on(&stored, &stored.clone()), "two who say the same");
    assert!(is_told_again(&stored, &stored.clone()), "in a later export");
    assert!(!goes_on(&stored, &at(say(&["yes", "no", "hm"]), &[2, 3, 4])), "what many say");
    let theirs = |c: Conversation, who: &str| Conversation { customer_id: Some(who.to_owned()), ..c };
    let later = || at(say(&["no", "hm"]), &[3, 4]);
    assert!(goes_on(&theirs(stored.clone(), "ann"), &theirs(later(), "ann")));
    assert!(!goes_on(&theirs(stored, "ann"), &theirs(later(), "bob")));
}

#[test]
fn what_a_single_row_says_is_said_of_its_turn_where_later_rows_differ() {
    let meta = |page: &str| serde_json::Map::from_iter([("page".to_owned(), page.into())]);
    let mut first = say(&["where is it"]);
    first.meta = meta("home");
    let mut both = say(&["where is it", "thanks"]);
    both.turns.iter_mut().zip(["home", "cart"]).for_each(|(turn, page)| turn.meta = meta(page));
    for joined in [join(&first, &both, false), join(&both, &first, false)] {
        let c = joined.conversation;
        assert!(c.meta.is_empty(), "{:?}", c.meta);
        assert_eq!(c.turns.iter().map(|t| t.meta.clone()).collect::<Vec<_>>(), [meta("home"), meta("cart")]);
    }
}
