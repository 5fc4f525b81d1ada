use appraise::jobs::{read_labelled, simulate::{simulate, SimulateOptions}};
use appraise::learn::pick::Strategy;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (tr, te) = (read_labelled(a[1].as_ref()).unwrap(), read_labelled(a[2].as_ref()).unwrap());
    let seeds: u64 = a[3].parse().unwrap();
    for s in &a[4..] {
        let strategy = Strategy::from_name(s).unwrap();
        let t = std::time::Instant::now();
        let runs: Vec<Vec<f64>> = (1..=seeds).map(|seed| simulate(&tr, &te, &SimulateOptions { start: 5, weeks: 26, per_week: 300, review: 40, strategy, seed }, &appraise::domain::Silent).unwrap().iter().map(|w| 100.0 * w.accuracy).collect()).collect();
        let mean = |w: usize| runs.iter().map(|r| r[w]).sum::<f64>() / seeds as f64;
        let area = (1..=26).map(mean).sum::<f64>() / 26.0;
        println!("{s:12} w0 {:.2} w5 {:.2} w10 {:.2} w15 {:.2} w20 {:.2} w26 {:.2} area {area:.2}  [{}] {:.0}s", mean(0), mean(5), mean(10), mean(15), mean(20), mean(26), runs.iter().map(|r| format!("{:.2}", r[26])).collect::<Vec<_>>().join(" "), t.elapsed().as_secs_f64());
    }
}
