use super::ridge::Ridge;
use super::*;
use crate::domain::SilentReporter;
use crate::learn::contract::{FitError, Fitted, LearnerRecipe, Predict, Section};

fn offer(names: &[&str]) -> OfferFeatures {
    OfferFeatures::new(names.iter().map(|n| (*n, 1.0)))
}

/// Tuesdays say yes, others no, but for one in eight.
fn answers(n: u64) -> Vec<OfferExample> {
    let one = |i: u64| {
        let tuesday = i.is_multiple_of(2);
        let features = offer(&[if tuesday { "day=tuesday" } else { "day=friday" }, "kind=ferry"]);
        OfferExample { features, accepted: tuesday != i.is_multiple_of(8), group: i / 2, weight: 1.0 }
    };
    (0..n).map(one).collect()
}

#[test]
fn learns_what_is_there_and_says_how_sure_it_is() {
    let former = OfferRecipe { rules: OfferRules::InPart }.fit(&answers(400), &SilentReporter).unwrap();
    assert_eq!(former.unseen(0), Some(0.5), "nothing is known before the first answer");
    assert_eq!(former.unseen(0), former.unseen(1), "a conversation's own answers are not known either");
    let fitted = OfferRecipe::default().fit(&answers(400), &SilentReporter).unwrap();
    assert!(fitted.unseen(0) > Some(0.6) && fitted.unseen(1) < Some(0.2), "told by the other conversations");
    let model = fitted.into_model();
    let (tuesday, friday) = (offer(&["day=tuesday", "kind=ferry"]), offer(&["day=friday", "kind=ferry"]));
    let said = model.predict(&tuesday).unwrap();
    assert!(said.propensity > 0.6 && said.lo <= said.propensity && said.propensity <= said.hi, "{said:?}");
    assert!(model.predict(&friday).unwrap().propensity < 0.2);
    assert!(model.lift().lo > 0.0 && model.lift().n == 400);
}

#[test]
fn without_lift_nothing_is_shown() {
    let coin = |i: u64| OfferExample {
        features: offer(&[if i.is_multiple_of(2) { "a=1" } else { "a=2" }]),
        accepted: crate::base::rng::mix(i).is_multiple_of(2),
        group: i,
        weight: 1.0,
    };
    let noise: Vec<OfferExample> = (0..300).map(coin).collect();
    let model = OfferRecipe::default().fit(&noise, &SilentReporter).unwrap().into_model();
    assert_eq!(model.predict(&offer(&["a=1"])), None);
    let one: Vec<OfferExample> =
        answers(30).into_iter().map(|e| OfferExample { accepted: true, group: 1, ..e }).collect();
    assert!(
        !OfferRecipe::default().fit(&one, &SilentReporter).unwrap().into_model().is_shown(),
        "one conversation says nothing"
    );
    assert_eq!(OfferRecipe::default().fit(&[], &SilentReporter).err(), Some(FitError::NothingToLearn));
}

#[test]
fn a_model_survives_bytes_and_damage_is_noticed() {
    let model = OfferRecipe::default().fit(&answers(100), &SilentReporter).unwrap().into_model();
    let bytes = model.to_bytes().unwrap();
    assert_eq!(OfferModel::from_bytes(&bytes).as_ref(), Ok(&model));
    assert_eq!(model.to_bytes().unwrap(), bytes);
    assert!(OfferModel::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(OfferModel::from_bytes(b"APOF").is_err());
}

#[test]
fn several_values_of_one_name_make_no_pairs() {
    assert_eq!(offer(&["slot=a", "slot=b", "slot=c", "kind=x", "day=y"]).pairs.len(), 1);
    assert_eq!(OfferFeatures::new([("turn", f64::NAN), ("turn", 0.5)].into_iter()).plain.len(), 1);
}

#[test]
fn an_answer_that_stands_for_many_weighs_as_many() {
    // Every yes was kept, a tenth of what was declined: half of the sample says yes, a tenth of all.
    let one = |i: u64| OfferExample {
        features: offer(&[if i.is_multiple_of(3) { "a=1" } else { "a=2" }]),
        accepted: i.is_multiple_of(2),
        group: i,
        weight: if i.is_multiple_of(2) { 0.2 } else { 1.8 },
    };
    let weighed: Vec<OfferExample> = (0..600).map(one).collect();
    let plain: Vec<OfferExample> = weighed.iter().map(|e| OfferExample { weight: 1.0, ..e.clone() }).collect();
    let fit = |answers: &[OfferExample]| OfferRecipe::default().fit(answers, &SilentReporter).unwrap().into_model();
    let (weighed, plain) = (fit(&weighed), fit(&plain));
    assert!((weighed.base_rate() - 0.1).abs() < 0.01 && (plain.base_rate() - 0.5).abs() < 0.01);
    for features in [offer(&["a=1"]), offer(&["a=2"]), offer(&["a=3"])] {
        let (w, p) = (weighed.probability(&features), plain.probability(&features));
        assert!(w < 0.25 && p > 0.35, "{w} {p}");
    }
    assert!(weighed.lift().hi - weighed.lift().lo > 0.0);
}

#[test]
fn a_model_of_the_former_rules_stays_what_it_is() {
    let former = OfferRecipe { rules: OfferRules::Newest }.fit(&answers(100), &SilentReporter).unwrap().into_model();
    let bytes = former.to_bytes().unwrap();
    assert_eq!((bytes[4], OfferModel::from_bytes(&bytes).map(|m| m.rules())), (1, Ok(OfferRules::Newest)));
    let drawn = OfferRecipe { rules: OfferRules::Drawn }.fit(&answers(100), &SilentReporter).unwrap().into_model();
    let bytes = drawn.to_bytes().unwrap();
    assert_eq!((bytes[4], OfferModel::from_bytes(&bytes).map(|m| m.rules())), (2, Ok(OfferRules::Drawn)));
    assert!(drawn.bins == former.bins && drawn.coins == former.coins, "answers of one weight are learnt as ever");
    let mixed = OfferRecipe { rules: OfferRules::Mixed }.fit(&answers(100), &SilentReporter).unwrap().into_model();
    assert_eq!((mixed.to_bytes().unwrap()[4], mixed.rules()), (3, OfferRules::Mixed));
    assert!(mixed.bins == drawn.bins && mixed.lift() == drawn.lift() && mixed.base_rate() == drawn.base_rate());
    let ferry = offer(&["day=tuesday", "kind=ferry"]);
    assert_eq!(mixed.chance(&ferry), mixed.probability(&ferry), "told as it was said");
    let in_part = OfferRecipe { rules: OfferRules::InPart }.fit(&answers(100), &SilentReporter).unwrap().into_model();
    let bytes = in_part.to_bytes().unwrap();
    assert_eq!((bytes[4], OfferModel::from_bytes(&bytes).as_ref()), (5, Ok(&in_part)));
    assert!(in_part.coins == mixed.coins && in_part.lift() == mixed.lift());
    let counted = |m: &OfferModel| m.bins.iter().map(|bin| bin.0).sum::<u64>();
    assert_eq!((counted(&mixed), counted(&in_part)), (100, 50), "what was said while little was known tells nothing");
    let crossed = OfferRecipe::default().fit(&answers(100), &SilentReporter).unwrap().into_model();
    let bytes = crossed.to_bytes().unwrap();
    assert_eq!((bytes[4], OfferModel::from_bytes(&bytes).as_ref()), (6, Ok(&crossed)));
    assert!(crossed.coins == mixed.coins && in_part.near == Ridge::default() && crossed.near != Ridge::default());
}

/// How often each of nine kinds is taken follows from two features together.
#[test]
fn a_frozen_chance_is_what_comes_true() {
    const TAKEN: [[u64; 3]; 3] = [[20, 50, 10], [40, 10, 60], [10, 10, 10]];
    let draw = |i: u64, k: u64| crate::base::rng::mix(crate::base::rng::mix(i) ^ k);
    let kind = |i: u64| ((draw(i, 1) % 3) as usize, (draw(i, 2) % 3) as usize);
    let shown = |(a, b): (usize, usize)| {
        offer(&[["name=a", "name=b", "name=c"][a], ["ch=web", "ch=app", "ch=phone"][b], "act=offer"])
    };
    let one = |i: u64| OfferExample {
        features: shown(kind(i)),
        accepted: draw(i, 3) % 100 < TAKEN[kind(i).0][kind(i).1],
        group: i,
        weight: 1.0,
    };
    let all: Vec<OfferExample> = (0..3_000).map(one).collect();
    let off = |rules: OfferRules| {
        let model = OfferRecipe { rules }.fit(&all, &SilentReporter).unwrap().into_model();
        let square = |k: usize| {
            let truth = TAKEN[k / 3][k % 3] as f64 / 100.0;
            (model.chance(&shown((k / 3, k % 3))) - truth).powi(2)
        };
        ((0..9).map(square).sum::<f64>() / 9.0).sqrt()
    };
    let (former, now) = (off(OfferRules::InPart), off(OfferRules::Crossed));
    assert!(now < 0.06 && now < former, "off by {now:.3}, by the former recipe {former:.3}");
}

/// What is offered last is taken by all, what was offered before by few: all else about them is alike.
#[test]
fn what_is_offered_last_does_not_overwrite_what_was_offered_before() {
    let one = |i: u64| OfferExample {
        features: offer(&[if i < 600 { "kind=ferry" } else { "kind=hotel" }, "lang=en", "act=offer", "na=0", "nd=0"]),
        accepted: if i < 600 { i.is_multiple_of(5) } else { !i.is_multiple_of(10) },
        group: i,
        weight: 1.0,
    };
    let all: Vec<OfferExample> = (0..2_400).map(one).collect();
    let ferry = &all[0].features;
    let said = |rules| OfferRecipe { rules }.fit(&all, &SilentReporter).unwrap().into_model().probability(ferry);
    let (drawn, mixed) = (said(OfferRules::Drawn), said(OfferRules::Mixed));
    assert!(mixed < 0.35 && mixed < drawn - 0.05, "one of five took it: {mixed}, in the order of time {drawn}");
}

/// Half of what is offered is taken by four of five, of the other half by one of five; from the middle on nobody takes anything of a third kind.
#[test]
fn a_chance_stands_within_an_interval_of_its_own() {
    let one = |i: u64| OfferExample {
        features: offer(&[["kind=ferry", "kind=hotel", "kind=car"][(i % 3) as usize], "lang=en"]),
        accepted: match i % 3 {
            0 => !(i / 3).is_multiple_of(5),
            1 => (i / 3).is_multiple_of(5),
            _ => i < 900 && (i / 3).is_multiple_of(2),
        },
        group: i,
        weight: 1.0,
    };
    let all: Vec<OfferExample> = (0..1_800).map(one).collect();
    let model = OfferRecipe::default().fit(&all, &SilentReporter).unwrap().into_model();
    let told: Vec<Propensity> = all[..3].iter().map(|e| model.predict(&e.features).unwrap()).collect();
    for p in &told {
        let (below, above) = (p.propensity - p.lo, p.hi - p.propensity);
        assert!(below > 0.0 && above > 0.0, "{p:?}");
        // In log-odds it is the middle.
        let odds = |p: f64| (p / (1.0 - p)).ln();
        assert!((odds(p.hi) + odds(p.lo) - 2.0 * odds(p.propensity)).abs() < 1e-6, "{p:?}");
    }
    assert!(told[0].propensity > 0.6 && told[1].propensity < 0.4, "{told:?}");
    assert_eq!(model.chance(&all[0].features), told[0].propensity, "it is judged by what is told");
}

/// From the middle on half as many take what is offered, whatever it is.
#[test]
fn what_is_told_follows_the_answers_of_late() {
    let one = |i: u64| {
        let is_ferry = i.is_multiple_of(2);
        let of_100 = if is_ferry { 80 } else { 20 } / if i < 1_500 { 1 } else { 4 };
        OfferExample {
            features: offer(&[if is_ferry { "kind=ferry" } else { "kind=hotel" }, "lang=en"]),
            accepted: crate::base::rng::mix(i) % 100 < of_100,
            group: i,
            weight: 1.0,
        }
    };
    let all: Vec<OfferExample> = (0..2_000).map(one).collect();
    let model = OfferRecipe::default().fit(&all, &SilentReporter).unwrap().into_model();
    let told: Vec<f64> = all[..2].iter().map(|e| model.chance(&e.features)).collect();
    let mean = (told[0] + told[1]) / 2.0;
    assert!((mean - 0.125).abs() < 0.06, "of late 12.5 of 100 are taken, before 50: {told:?}");
    assert!(told[0] > told[1] + 0.05 && model.lift().n == 500, "{told:?}, by {} answers", model.lift().n);
}

#[test]
fn where_the_world_has_turned_over_the_newest_answers_alone_teach() {
    let one = |i: u64| {
        let (is_ferry, turned) = (i.is_multiple_of(2), i >= 1_000);
        OfferExample {
            features: offer(&[if is_ferry { "kind=ferry" } else { "kind=hotel" }, "lang=en"]),
            accepted: crate::base::rng::mix(i) % 100
                < if is_ferry == turned { 20 } else { 90 - 40 * u64::from(turned) },
            group: i,
            weight: 1.0,
        }
    };
    let all: Vec<OfferExample> = (0..2_000).map(one).collect();
    let fitted = OfferRecipe::default().fit(&all, &SilentReporter).unwrap();
    assert!(fitted.unseen(0).is_some() && fitted.base(1_999).is_some() && fitted.unseen(2_000).is_none());
    let model = fitted.into_model();
    let [ferry, hotel] = [0, 1].map(|i: usize| model.chance(&all[i].features));
    assert!((ferry - 0.2).abs() < 0.07 && (hotel - 0.5).abs() < 0.07, "{ferry} {hotel}");
}

/// What everybody is told is the same for all: the language, what the AI does. One lesson of four tells the name alone.
#[test]
fn what_a_question_leaves_out_moves_no_chance_and_an_interval_holds_what_it_may_be() {
    const TAKEN: [[u64; 3]; 3] = [[60, 20, 8], [90, 35, 18], [40, 25, 10]];
    let draw = |i: u64, k: u64| crate::base::rng::mix(crate::base::rng::mix(i) ^ k);
    let words = |name: u64, channel: u64| {
        ["name=", "intent=ticket", "ch=", "lang=en", "act=offer", "na=0"].map(|kind| match kind {
            "name=" => format!("name={name}"),
            "ch=" => format!("ch={channel}"),
            other => other.to_owned(),
        })
    };
    let asked = |words: &[String]| OfferFeatures::by_kind(words, ("turn", 0.05));
    let one = |i: u64| {
        let (name, channel) = (draw(i, 1) % 3, draw(i, 2) % 3);
        let alone = |words: &[String]| OfferFeatures::by_kind(&[words[0].clone()], ("turn", 0.05)).as_told();
        let told = words(name, channel);
        OfferExample {
            features: if draw(i, 4).is_multiple_of(4) { alone(&told) } else { asked(&told) },
            accepted: draw(i, 3) % 100 < TAKEN[name as usize][channel as usize],
            group: i,
            weight: 1.0,
        }
    };
    let all: Vec<OfferExample> = (0..3_000).map(one).collect();
    let model = OfferRecipe::default().fit(&all, &SilentReporter).unwrap().into_model();
    assert_eq!(OfferModel::from_bytes(&model.to_bytes().unwrap()).as_ref(), Ok(&model));
    let told = |words: &[String]| model.predict(&asked(words)).unwrap();
    for i in 0..300 {
        let (name, channel) = (draw(i, 1) % 3, draw(i, 2) % 3);
        let whole = words(name, channel);
        let mut some = whole.clone();
        // What is the same for all is left out, or is a word that nobody met.
        for kind in [1, 3, 4, 5] {
            match draw(i, 10 + kind) % 3 {
                0 => some[kind as usize].clear(),
                1 => some[kind as usize].push_str(" unmet"),
                _ => {}
            }
        }
        assert_eq!(told(&some), told(&whole), "{some:?}");
        let mut of_name = some.clone();
        of_name[2] = if i.is_multiple_of(2) { String::new() } else { "ch=fax".to_owned() };
        let said = told(&of_name);
        assert!(0.0 < said.lo && said.lo < said.propensity && said.propensity < said.hi && said.hi < 1.0, "{said:?}");
        let held = (0..3).map(|ch| told(&words(name, ch)).propensity).all(|p| said.lo < p && p < said.hi);
        let truth = TAKEN[name as usize].iter().sum::<u64>() as f64 / 300.0;
        assert!(held && (said.propensity - truth).abs() < 0.08, "{of_name:?} of {truth}: {said:?}");
    }
}
