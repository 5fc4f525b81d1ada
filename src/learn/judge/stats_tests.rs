use super::*;
use proptest::prelude::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1e-12)
}

#[test]
fn binomial_and_mcnemar_agree_with_scipy() {
    // scipy 1.17.1: stats.binom.cdf(k, n, 0.5)
    let cases = [
        (0, 1, 0.5),
        (3, 17, 0.0063629150390625),
        (12, 52, 6.376939192787034e-05),
        (45, 100, 0.18410080866334808),
        (60, 100, 0.9823998998911476),
        (480, 1000, 0.10872414660207075),
        (4900, 10000, 0.023292763852473225),
    ];
    for (k, n, want) in cases {
        assert!(close(binomial_cdf(k, n), want), "{k} of {n}: {}", binomial_cdf(k, n));
    }
    assert!((binomial_cdf(249_000, 500_000) / 0.0023491975059440574 - 1.0).abs() < 1e-7);
    // scipy 1.17.1: stats.binomtest(min(fixed, broken), fixed + broken, 0.5).pvalue
    for (f, b, want) in
        [(12, 40, 0.0001275387838557407), (3, 14, 0.012725830078125), (100, 130, 0.05561357778139238), (5, 5, 1.0)]
    {
        assert!(close(mcnemar(f, b), want) && close(mcnemar(b, f), want), "{f}, {b}: {}", mcnemar(f, b));
    }
    assert_eq!(mcnemar(0, 0), 1.0);
}

#[test]
fn sign_flips_agree_with_scipy() {
    // scipy 1.17.1: stats.permutation_test((x,), np.sum, permutation_type="samples", n_resamples=np.inf).pvalue
    assert!(close(sign_flip(&[3, -1, 2, 2, 1, -1, 1, 4, 0, 1, -2, 1]), 0.130859375));
    assert_eq!((sign_flip(&[]), sign_flip(&[0, 0]), sign_flip(&[7])), (1.0, 1.0, 1.0));
    assert_eq!((sign_flip_worse(&[]), sign_flip_worse(&[0]), sign_flip_worse(&[-7, 0])), (1.0, 1.0, 0.5));
}

#[test]
fn sign_flips_of_real_sums_are_those_of_all_signs() {
    assert_eq!(sign_flip_real(&[3.0, -1.0, 2.0, 2.0, 1.0, -1.0, 1.0, 4.0, 0.0, 1.0, -2.0, 1.0]), 0.130859375);
    assert_eq!((sign_flip_real(&[]), sign_flip_real(&[0.0]), sign_flip_real(&[0.7])), (1.0, 1.0, 1.0));
    // Of eight patterns .1 + .2 + .4 and its mirror are as far.
    assert_eq!(sign_flip_real(&[0.1, 0.2, 0.4]), 0.25);
    assert_eq!(sign_flip_real(&[-0.3, -0.1, -0.1, -0.1]), 0.125);
    assert_eq!((sign_flip_real(&[0.1, 0.25, 0.41]), sign_flip_real(&[-0.1, 0.25, 0.41])), (0.25, 0.5));
    // From 17 numbers on it is the saddlepoint's: beside all 2^18 signs, tried in two halves.
    let sizes: Vec<f64> = (0..18).map(|i| 0.2 + (f64::from(i) * 0.618).fract()).collect();
    let sums = |of: &[f64]| of.iter().fold(vec![0.0], |all, s| all.iter().flat_map(|a| [a + s, a - s]).collect());
    let (left, right): (Vec<f64>, Vec<f64>) = (sums(&sizes[..9]), sums(&sizes[9..]));
    for turned in [2, 5, 7] {
        let seen: Vec<f64> = (0..).zip(&sizes).map(|(at, s)| if at < turned { -s } else { *s }).collect();
        let sum = seen.iter().sum::<f64>().abs() - 1e-9;
        let far: usize = left.iter().map(|a| right.iter().filter(|b| (a + *b).abs() >= sum).count()).sum();
        let (said, all) = (sign_flip_real(&seen), far as f64 / f64::from(1 << 18));
        assert!((said / all - 1.0).abs() < 0.05, "{turned} turned: {said} instead of {all}");
    }
    let alike: Vec<f64> = (0..300).map(|i| if i < 130 { -0.1 } else { 0.1 }).collect();
    assert!(close(sign_flip_real(&alike), mcnemar(170, 130)), "of one size a sum as far is often had by chance");
    let same = vec![0.3; 30];
    assert_eq!(sign_flip_real(&same), 2.0 * 0.5f64.powi(30));
}

#[test]
fn benjamini_hochberg_agrees_with_statsmodels() {
    // multipletests([...], method="fdr_bh")
    let p = [0.205, 0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.212, 0.216];
    let known = [0.216, 0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105_714_285_7, 0.216, 0.216];
    let got = benjamini_hochberg(&p);
    assert!(got.iter().zip(known).all(|(a, b)| (a - b).abs() < 1e-9), "{got:?}");
    assert!(benjamini_hochberg(&[]).is_empty());
}

#[test]
fn holm_agrees_with_r() {
    // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    let got = holm(&[0.01, 0.04, 0.03, 0.005]);
    assert!(got.iter().zip([0.03, 0.06, 0.06, 0.02]).all(|(a, b)| (a - b).abs() < 1e-12), "{got:?}");
}

#[test]
fn the_bootstrap_finds_the_normal_interval_of_many_single_turns() {
    let clusters: Vec<(i64, u64)> = (0..2_000).map(|i| (i64::from(i % 10 == 0) - i64::from(i % 20 == 1), 1)).collect();
    let [lo, hi] = bootstrap(&clusters, 4_000, 5);
    // Mean 0.05, variance 0.15 - 0.05^2: 0.05 +- 1.96 sqrt(0.1475 / 2000) = 0.0332 to 0.0668.
    assert!((lo - 0.0332).abs() < 0.001 && (hi - 0.0668).abs() < 0.001, "{lo} {hi}");
    assert_eq!(bootstrap(&clusters, 4_000, 5), [lo, hi]);
    assert_eq!((bootstrap(&[], 10, 1), bootstrap(&[(0, 0)], 10, 1)), ([0.0; 2], [0.0; 2]));
}

#[test]
fn conversations_of_turns_that_move_together_need_more_turns() {
    let net = |i: i64| i64::from(i % 10 == 0) - i64::from(i % 20 == 1);
    let alone: Vec<(i64, u64)> = (0..200).map(|i| (net(i), 1)).collect();
    let together: Vec<(i64, u64)> = (0..200).map(|i| (4 * net(i), 4)).collect();
    let (a, b) = (needed(&alone, 30).unwrap(), needed(&together, 120).unwrap());
    assert!(b > 3 * a && b < 5 * a, "{a} {b}");
    assert_eq!((needed(&[(0, 5)], 2), needed(&[], 0)), (None, None));
}

proptest! {
    #[test]
    fn mcnemar_is_what_enumeration_says(fixed in 0u64..9, broken in 0u64..9) {
        let n = fixed + broken;
        let far = |ups: u64| (2 * ups).abs_diff(n) >= fixed.abs_diff(broken);
        let hits = (0u64..1 << n).filter(|x| far(u64::from(x.count_ones()))).count();
        prop_assert!(close(mcnemar(fixed, broken), hits as f64 / (1u64 << n) as f64));
        let mut nets = vec![1; fixed as usize];
        nets.resize(n as usize, -1);
        prop_assert!(close(sign_flip(&nets), mcnemar(fixed, broken)));
        prop_assert!(close(sign_flip_worse(&nets), binomial_cdf(fixed, n)));
    }

    #[test]
    fn sign_flips_are_what_enumeration_says(nets in prop::collection::vec(-6i64..7, 0..11)) {
        let seen = nets.iter().sum::<i64>().abs();
        let sum = |x: u32| nets.iter().enumerate().map(|(i, d)| if x >> i & 1 == 1 { -d } else { *d }).sum::<i64>();
        let hits = (0u32..1 << nets.len()).filter(|&x| sum(x).abs() >= seen).count();
        prop_assert!(close(sign_flip(&nets), hits as f64 / (1u32 << nets.len()) as f64));
        let seen = nets.iter().sum::<i64>();
        let hits = (0u32..1 << nets.len()).filter(|&x| sum(x) <= seen).count();
        prop_assert!(close(sign_flip_worse(&nets), hits as f64 / (1u32 << nets.len()) as f64));
    }

    #[test]
    fn holm_is_stepping_down(p in prop::collection::vec(0.0f64..1.0, 0..8), level in 0.0f64..1.0) {
        let mut order: Vec<usize> = (0..p.len()).collect();
        order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
        let stops = order.iter().enumerate().position(|(k, &i)| p[i] * (p.len() - k) as f64 > level);
        let adjusted = holm(&p);
        for (k, &i) in order.iter().enumerate() {
            prop_assert_eq!(adjusted[i] <= level, stops.is_none_or(|s| k < s));
        }
    }
}

#[test]
fn the_paired_interval_is_mirrored_and_holds_what_it_should() {
    let close = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).abs() < 1e-12 && (a[1] - b[1]).abs() < 1e-12;
    for (both, fixed, broken, neither) in [(12., 7., 1., 0.), (0., 20., 0., 0.), (20., 0., 0., 0.), (5., 5., 5., 5.)] {
        let [lo, hi] = paired_interval(both, fixed, broken, neither);
        let delta = (fixed - broken) / (both + fixed + broken + neither);
        assert!(-1.0 <= lo && lo <= delta && delta <= hi && hi <= 1.0, "{lo} {delta} {hi}");
        assert!(hi - lo > 0.05, "twenty turns without a change are no proof of none");
        assert!(close(
            [lo, hi],
            paired_interval(both, broken, fixed, neither)
                .map(|x| -x)
                .into_iter()
                .rev()
                .collect::<Vec<_>>()
                .try_into()
                .unwrap()
        ));
    }
    assert_eq!(paired_interval(0., 0., 0., 0.), [-1.0, 1.0]);
    // The true change of 0.1 is held in 95 % of samples, near enough.
    let mut rng = crate::base::rng::Rng::new(5);
    let (mut held, runs) = (0, 4_000);
    for _ in 0..runs {
        let mut counts = [0.0; 4];
        for _ in 0..30 {
            let x = rng.f64();
            counts[if x < 0.6 {
                0
            } else if x < 0.8 {
                1
            } else if x < 0.9 {
                2
            } else {
                3
            }] += 1.0;
        }
        let [lo, hi] = paired_interval(counts[0], counts[1], counts[2], counts[3]);
        held += u32::from(lo <= 0.1 && 0.1 <= hi);
    }
    let share = f64::from(held) / f64::from(runs);
    assert!((0.94..0.98).contains(&share), "{share}");
}

#[test]
fn fishers_test_agrees_with_exact_fractions() {
    let known = [
        ([12, 0, 6, 12], 0.000_214_629_527_341_592),
        ([124, 106, 574, 5_224], 2.184_081_146_695_521e-58),
        ([3, 1, 40, 60], 0.190_558_283_961_770_55),
        ([222, 1_525, 476, 3_805], 0.044_956_782_034_038_745),
    ];
    for ([a, b, c, d], want) in known {
        let got = fisher_more(a, b, c, d);
        assert!((got / want - 1.0).abs() < 1e-7, "{got} is not {want}");
    }
    assert_eq!((fisher_more(1, 9, 10, 90), fisher_more(0, 0, 3, 4), fisher_more(0, 5, 3, 4)), (1.0, 1.0, 1.0));
}
