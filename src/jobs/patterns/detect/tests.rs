//! What a detector tells, and of how few it tells nothing.

use super::*;
use crate::domain::{ConversationId, Rate};

fn case(id: i64, is_failure: bool, is_in: Option<bool>) -> ModeCase {
    ModeCase { id: ConversationId(id), turn: None, group: id, is_failure, is_in }
}

/// An audit item that stands for itself.
fn said_of(case: &ModeCase, is_in: bool) -> AuditedCase {
    AuditedCase { case: ModeCase { is_in: Some(is_in), ..*case }, weight: 1.0 }
}

pub(super) fn blank() -> Detection {
    Detection {
        mode: "m".to_owned(),
        n: 0,
        raw: None,
        prevalence: None,
        lo: None,
        hi: None,
        tpr: None,
        tnr: None,
        audit_n: 0,
        audit_positive: 0,
        enough: false,
        says: String::new(),
        audit_failures: [0, 0],
        lessons: [0, 0],
        audit_rate: None,
        effective_labels: None,
        lambda: None,
        ai: None,
    }
}

/// Of 4,000 conversations every fifth fails, every third of these is in the mode; the detector is wrong on every tenth failure.
fn traffic() -> (Vec<ModeCase>, Said) {
    let all: Vec<ModeCase> = (1..=4_000).map(|i| case(i, i % 5 == 0, None)).collect();
    let is_in = |i: i64| i % 15 == 0;
    let said = all
        .iter()
        .filter(|c| c.is_failure)
        .map(|c| {
            let right = c.id.0 % 50 != 0;
            (c.id.0, if is_in(c.id.0) == right { 0.8 } else { 0.1 })
        })
        .collect();
    (all, said)
}

#[test]
fn with_a_detector_the_same_audit_items_tell_more_and_the_truth_is_within() {
    let (all, said) = traffic();
    let audit: Vec<AuditedCase> =
        all.iter().filter(|c| c.id.0 % 11 == 0).map(|c| said_of(c, c.id.0 % 15 == 0)).collect();
    let positive = audit.iter().filter(|a| a.case.is_in == Some(true)).count() as u64;
    let mut out = Detection { audit_n: audit.len() as u64, audit_positive: positive, ..blank() };
    measure(&mut out, &all, &audit, &said, 1);
    assert!(out.enough, "{out:?}");
    let (lo, hi) = (out.lo.unwrap(), out.hi.unwrap());
    assert!(lo <= 1.0 / 15.0 && 1.0 / 15.0 <= hi, "{out:?}");
    assert!(out.effective_labels.unwrap() > audit.len() as f64, "{out:?}");
    let lambda = out.lambda.unwrap();
    assert!(lambda > 0.0 && lambda <= 1.0 && out.says.contains(&format!("weighed {lambda:.2}")), "{out:?}");
    assert!(out.tpr.unwrap() > 0.7 && out.tnr.unwrap() > 0.7, "{out:?}");
}

#[test]
fn with_few_audit_items_nothing_is_told_and_it_says_how_many_more() {
    let (all, said) = traffic();
    let audit: Vec<AuditedCase> = all[..60].iter().map(|c| said_of(c, false)).collect();
    let mut out = Detection { audit_n: 60, ..blank() };
    measure(&mut out, &all, &audit, &said, 1);
    assert_eq!((out.enough, out.prevalence, out.lambda), (false, None, None));
    // None of 60: at most 6.0 % are in the mode, and five of those take 84.
    let says = "there are 60 and 0: review at least 84 more audit items to find 5 more in the mode, which at most 6.0 % of them are in";
    assert!(out.says.contains(says), "{}", out.says);
    let mut common = Detection { audit_n: 60, audit_positive: 20, ..blank() };
    measure(&mut common, &all, &audit, &said, 1);
    assert!(common.says.ends_with("there are 60 and 20: review at least 40 more audit items"), "{}", common.says);
    assert!(out.raw.is_some());
}

#[test]
fn a_detector_that_agrees_everywhere_is_not_taken_for_certain() {
    let all: Vec<ModeCase> = (1..=400).map(|i| case(i, true, None)).collect();
    let said: Said = all.iter().map(|c| (c.id.0, if c.id.0 % 4 == 0 { 1.0 } else { 0.0 })).collect();
    let audit: Vec<AuditedCase> = all[..120].iter().map(|c| said_of(c, c.id.0 % 4 == 0)).collect();
    let mut out = Detection { audit_n: 120, audit_positive: 30, ..blank() };
    measure(&mut out, &all, &audit, &said, 1);
    let one_more = Rate::new(1, 120);
    assert!(out.hi.unwrap() - out.lo.unwrap() >= one_more.hi - one_more.lo - 1e-9, "{out:?}");
    assert!((out.prevalence.unwrap() - 0.25).abs() < 0.02, "{out:?}");
}

#[test]
fn a_sample_is_bounded_random_and_holds_the_audit_items() {
    let (all, _) = traffic();
    let audit: Vec<AuditedCase> = all.iter().filter(|c| c.id.0 % 100 == 0).map(|c| said_of(c, false)).collect();
    let drawn = sampled(&all, &audit, 100, 7);
    assert_eq!(drawn, sampled(&all, &audit, 100, 7));
    assert_ne!(drawn, sampled(&all, &audit, 100, 8));
    let asks = drawn.iter().filter(|c| c.is_failure).count();
    assert!((90..=100).contains(&asks), "{asks}");
    assert!(audit.iter().all(|a| drawn.iter().any(|c| c.id == a.case.id)));
}

/// Half of the traffic is drawn from four times as often as the other half, in which the mode is rare.
#[test]
fn an_audit_item_counts_as_often_as_it_stands_for_others() {
    let (all, _) = traffic();
    let is_in = |c: &ModeCase| c.is_failure && c.id.0 > 2_000 && c.id.0 % 2 == 0;
    let truth = all.iter().filter(|c| is_in(c)).count() as f64 / all.len() as f64;
    // It says the same of every failure.
    let blank_said: Said = all.iter().filter(|c| c.is_failure).map(|c| (c.id.0, 0.2)).collect();
    let drawn = |c: &&ModeCase| if c.id.0 > 2_000 { c.id.0 % 7 == 0 } else { c.id.0 % 28 == 0 };
    let weigh = |weighted: bool| {
        let weight = |c: &ModeCase| if weighted { if c.id.0 > 2_000 { 7.0 } else { 28.0 } } else { 1.0 };
        let audit: Vec<AuditedCase> =
            all.iter().filter(drawn).map(|c| AuditedCase { weight: weight(c), ..said_of(c, is_in(c)) }).collect();
        let mut out = Detection { audit_n: 500, audit_positive: 50, ..blank() };
        measure(&mut out, &all, &audit, &blank_said, 1);
        out.audit_rate.unwrap()
    };
    assert!((weigh(true) - truth).abs() < 0.01, "{} {truth}", weigh(true));
    assert!(weigh(false) - truth > 0.02, "equal weights take it for more common than it is: {}", weigh(false));
}
