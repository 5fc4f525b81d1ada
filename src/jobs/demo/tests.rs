use super::*;
use crate::domain::Silent;
use crate::store::{By, Founding};

const UNTIL: Timestamp = Timestamp(1_795_350_000_000);

fn store() -> Store {
    Store::in_memory(Founding { seed: 7, test_share: 0.2, now: UNTIL }).unwrap()
}

#[test]
fn figures() {
    let mut store = match std::env::var("DB") { Ok(p) => { let _ = std::fs::remove_file(&p); Store::open(std::path::Path::new(&p), crate::store::Access::Bulk, Founding { seed: 7, test_share: 0.2, now: UNTIL }).unwrap() }, Err(_) => store() };
    let env = |k: &str, d: u32| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    let options = DemoOptions { weeks: env("WEEKS", 26), per_week: env("PER", 300), until: UNTIL, seed: 7, promote: env("PROMOTE", 1) == 1 };
    let clock = std::time::Instant::now();
    let report = build(&mut store, &options, &Silent).unwrap();
    println!("{:?} {:?}", clock.elapsed(), report.labelled);
    for (i, t) in report.truth.iter().enumerate() {
        println!("{:2} {:.3} {:.3}", i + 1, t.understood as f64 / t.asked as f64, t.resolved as f64 / t.asked as f64);
    }
    for r in store.releases().unwrap().iter().rev() {
        println!("v{} {} {:?} {:?} n={} {:.2}s {:?}", r.release.0, r.state, r.accuracy, r.verdict, r.trained_on, r.train_seconds, r.reasons);
    }
    let s = store.stats(None, By::Cause, UNTIL).unwrap();
    println!("{:?}\n{:?}", s.all, s.excluded);
    for x in &s.segments { println!("{} {}", x.name, x.n); }
    println!("{:?}", store.gold_versions().unwrap());
}
