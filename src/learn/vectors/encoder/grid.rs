//! The numbers a vector may have: whole multiples, -127 to 127, of a power of two of its own.
//!
//! Vectors are brought onto this grid before anybody uses them, so that one that was stored in a byte a number is the
//! very vector that was computed. It costs a cosine of about 0.00005.

/// The exponent byte of a vector of zeros.
const ZEROS: i8 = i8::MIN;

/// The power of two that takes the largest number of a row into 64 to 127; `None` for zeros and what is not finite.
fn exponent(row: &[f32]) -> Option<i8> {
    let largest = row.iter().fold(0.0_f32, |m, x| m.max(x.abs()));
    if !largest.is_normal() {
        return None;
    }
    // 127.5 rounds to 128, which a byte does not hold.
    let exponent = (f64::from(largest) / 127.5).log2().floor() + 1.0;
    (exponent > f64::from(ZEROS) && exponent < f64::from(i8::MAX)).then_some(exponent as i8)
}

/// Moves a row onto the grid; a row with a number that is not finite becomes zeros.
pub(super) fn snap(row: &mut [f32]) {
    let packed = pack(row);
    row.copy_from_slice(&unpack(&packed));
}

/// A row as bytes: the exponent, then a byte a number. Exact for rows on the grid, else to the nearest on it.
pub fn pack(row: &[f32]) -> Vec<u8> {
    let exponent = exponent(row).filter(|_| row.iter().all(|x| x.is_finite()));
    let scale = 2_f32.powi(-i32::from(exponent.unwrap_or(0)));
    let mut out = Vec::with_capacity(row.len() + 1);
    out.push(exponent.unwrap_or(ZEROS) as u8);
    out.extend(row.iter().map(|x| if exponent.is_some() { (x * scale).round() as i8 as u8 } else { 0 }));
    out
}

/// The row that [`pack`] packed; empty for no bytes.
pub fn unpack(bytes: &[u8]) -> Vec<f32> {
    let Some((&exponent, numbers)) = bytes.split_first() else { return Vec::new() };
    let scale = 2_f32.powi(i32::from(exponent as i8));
    numbers.iter().map(|&b| f32::from(b as i8) * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_grid_comes_back_as_it_was() {
        let mut row: Vec<f32> = (0..384).map(|i| ((i * 37 % 101) as f32 - 50.0) / 900.0).collect();
        let fresh = row.clone();
        snap(&mut row);
        assert_eq!(unpack(&pack(&row)), row);
        let dot: f32 = row.iter().zip(&fresh).map(|(a, b)| a * b).sum();
        let norms = row.iter().map(|a| a * a).sum::<f32>() * fresh.iter().map(|a| a * a).sum::<f32>();
        assert!(dot / norms.sqrt() > 0.9999);
        for largest in [0.127, 0.1274, 0.1275, 0.1276, 0.5, 1.0, 127.4, 127.5, 1e-20] {
            let mut row = vec![largest, -largest / 3.0];
            snap(&mut row);
            assert_eq!(unpack(&pack(&row)), row, "{largest}");
            assert!((row[0] / largest - 1.0).abs() < 0.01, "{largest} {row:?}");
        }
    }

    #[test]
    fn zeros_and_nonsense_are_zeros() {
        for row in [[0.0, 0.0], [f32::NAN, 1.0], [f32::INFINITY, 0.0], [1e-42, 0.0]] {
            assert_eq!(unpack(&pack(&row)), [0.0, 0.0]);
        }
        assert!(unpack(&[]).is_empty());
    }
}
