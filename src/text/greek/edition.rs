//! How Greek has been read, since models are asked by the rules that they were trained by.

/// The rules of the [key](super::push_key_by) and of what [tells](super::is_greek_in_latin) Greek in Latin letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// Every thr is θρ; texts are told by 2- and 3-grams in 4,096 buckets.
    First,
    /// sthr and -thrio are στηρ and -τήριο (eisithrio, anemisthras), sh before a vowel is a Cypriot σι; texts are told by 2- to 4-grams
    /// in 16,384 buckets: of Greek lines in Latin letters half as many are taken for another language.
    #[default]
    Second,
}
