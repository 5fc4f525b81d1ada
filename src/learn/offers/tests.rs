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
    let fitted = OfferRecipe::default().fit(&answers(400), &SilentReporter).unwrap();
    assert_eq!(fitted.unseen(0), Some(0.5), "nothing is known before the first answer");
    assert_eq!(fitted.unseen(0), fitted.unseen(1), "a conversation's own answers are not known either");
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
    };
    let noise: Vec<OfferExample> = (0..300).map(coin).collect();
    let model = OfferRecipe::default().fit(&noise, &SilentReporter).unwrap().into_model();
    assert_eq!(model.predict(&offer(&["a=1"])), None);
    let one: Vec<OfferExample> =
        answers(30).into_iter().map(|e| OfferExample { accepted: true, group: 1, ..e }).collect();
    assert!(!OfferRecipe::default().fit(&one, &SilentReporter).unwrap().into_model().is_shown(), "one conversation says nothing");
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
