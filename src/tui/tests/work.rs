//! What Fine-tune does on its own thread, on a small demo.

use super::support::prelude::*;
use crate::domain::{ExternalAis, FlipKind, ReleaseId, SilentReporter, Timestamp, time::DAY};
use crate::jobs::demo::{DemoOptions, build};
use crate::jobs::encoders::InstalledEncoders;
use crate::jobs::{JobError, LeftOutLabels};
use crate::store::{Founding, Store};
use crate::tui::runtime::jobs::tune;
use std::sync::Arc;

/// A Sunday noon.
const UNTIL: Timestamp = Timestamp(1_795_348_800_000);

fn desk() -> WorkingDesk {
    WorkingDesk {
        reviewer: "maria".into(),
        clock: Arc::new(|| UNTIL),
        seed: 7,
        profiles: None,
        encoders: Arc::new(InstalledEncoders::at("/nowhere".into())),
        outside: Arc::new(ExternalAis::default()),
        hourly: None,
    }
}

fn demo() -> Store {
    let founding = Founding { seed: 7, test_share: 0.2, now: UNTIL };
    let mut store = Store::in_memory(founding).unwrap();
    let options = DemoOptions { weeks: 4, per_week: 80, until: UNTIL, seed: 7, lang: None, promote: true };
    build(&mut store, &options, &SilentReporter).unwrap();
    store
}

#[test]
fn every_piece_of_work_comes_to_what_it_is_for() {
    let (mut store, desk) = (demo(), desk());
    let mut work = |job| tune(&mut store, &desk, job, &SilentReporter);
    let newest = match work(TuneJob::Train(CandidateMethod::Live, None)).unwrap() {
        TuneResult::Compared(c, None) => c,
        other => panic!("{other:?}"),
    };
    assert!(newest.parent.is_some());
    match work(TuneJob::Train(CandidateMethod::Scratch, None)).unwrap() {
        TuneResult::Compared(c, None) => assert_eq!((c.parent, c.release.0), (None, newest.release.0 + 1)),
        other => panic!("{other:?}"),
    }
    match work(TuneJob::Compare(None, newest.release)).unwrap() {
        TuneResult::Compared(c, None) => assert_eq!((c.before_release, c.release), (None, newest.release)),
        other => panic!("{other:?}"),
    }
    match work(TuneJob::Verify(newest.release)).unwrap() {
        TuneResult::Verified(v) => assert!(v.reproduced, "{v:?}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(work(TuneJob::Score).unwrap(), TuneResult::Scored(newest.release.0 as u64 + 1));
    match work(TuneJob::Replay(newest.release, UNTIL.plus(-28 * DAY))).unwrap() {
        TuneResult::Replayed(r) => assert!(r.failures > 20 && r.changed > 0, "{r:?}"),
        other => panic!("{other:?}"),
    }
    let wrong = newest.open.flips.iter().find(|f| f.kind != FlipKind::Fixed).expect("it is not perfect");
    let turn = (wrong.conversation, wrong.turn);
    let blame = match work(TuneJob::Blame(newest.release, newest.before_release, turn)).unwrap() {
        TuneResult::Blamed(blame) => blame,
        other => panic!("{other:?}"),
    };
    assert_eq!((blame.n, blame.turn), turn);
    // The comparison with the log is the newest by now; what is asked about is what stands on the screen.
    assert_eq!(blame.before, newest.before_release);
    let label = blame.labels.first().expect("a new label pulls it away").decision;
    match work(TuneJob::Without(newest.release, vec![LeftOutLabels::Decision(label)], turn)).unwrap() {
        TuneResult::Compared(c, None) => assert_eq!(c.trained_on + 1, newest.trained_on),
        other => panic!("{other:?}"),
    }
    assert!(
        matches!(work(TuneJob::HeldOut(newest.release)).unwrap(), TuneResult::HeldOut(r, _) if r == newest.release)
    );
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("bot");
    match work(TuneJob::Export(newest.release, out.clone())).unwrap() {
        TuneResult::Exported(files) => assert!(files.files.iter().all(|f| out.join(f).exists())),
        other => panic!("{other:?}"),
    }
    // Facts for the registry: all of it is scored, and the live pointer has a history.
    let facts = store.registry().unwrap();
    assert_eq!(
        (facts.releases.len(), facts.today.len()),
        (newest.release.0 as usize + 2, newest.release.0 as usize + 1)
    );
    assert!(!facts.live.is_empty() && facts.gold.len() == 1 && facts.gold[0].looks > 3);
}

#[test]
fn ways_that_the_configuration_does_not_name_any_more_say_so() {
    let (mut store, desk) = (Store::in_memory(Founding { seed: 7, test_share: 0.2, now: UNTIL }).unwrap(), desk());
    for (how, words) in [
        (CandidateMethod::Trainer("gone".into()), "no trainer gone"),
        (CandidateMethod::Ask("gone".into()), "no AI gone"),
    ] {
        let why = tune(&mut store, &desk, TuneJob::Train(how, None), &SilentReporter).unwrap_err().to_string();
        assert!(why.contains(words), "{why}");
    }
    let none = tune(&mut store, &desk, TuneJob::Verify(ReleaseId(3)), &SilentReporter);
    assert!(matches!(none, Err(JobError::Store(_))), "{none:?}");
}
