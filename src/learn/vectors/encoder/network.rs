//! The forward pass (Devlin et al. 2018): embeddings, layers of attention and feed-forward, pooling.

use super::attention::attend;
use super::dense::DenseLayer;
use super::error::EncoderError;
use super::layout::{Activation, EncoderLayout, Pooling};
use super::precision::Precision;
use super::weights::Weights;
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_vecmath::{ApproxGelu, Gelu, Normalize, NormalizeOptions, Sum, SumSquareSub};

/// Weights, ready to run.
pub(super) struct Network {
    width: usize,
    heads: usize,
    activation: Activation,
    pooling: Pooling,
    /// A row for each piece of the vocabulary.
    words: Vec<f32>,
    /// A row for each place in a text, what every token gets (its segment) added.
    places: Vec<f32>,
    start: Norm,
    layers: Vec<EncoderLayer>,
}

struct EncoderLayer {
    qkv: DenseLayer,
    joined: DenseLayer,
    attended: Norm,
    wide: DenseLayer,
    narrow: DenseLayer,
    done: Norm,
}

/// Texts as tokens, one after another.
pub(super) struct TokenBatch {
    ids: Vec<u32>,
    /// Where each text ends.
    ends: Vec<usize>,
}

impl TokenBatch {
    pub(super) fn new(texts: &[Vec<u32>]) -> Self {
        let ends = texts.iter().scan(0, |at, text| {
            *at += text.len();
            Some(*at)
        });
        Self { ends: ends.collect(), ids: texts.concat() }
    }
}

impl Network {
    pub(super) fn open(layout: &EncoderLayout, precision: Precision) -> Result<Self, EncoderError> {
        let width = layout.width;
        let mut file = Weights::open(&layout.dir.join("model.safetensors"))?;
        let rows = layout.first_position + layout.longest;
        let mut places = file.rows_of("embeddings.position_embeddings.weight", rows, width)?;
        places.drain(..layout.first_position * width);
        let segment = file.rows_of("embeddings.token_type_embeddings.weight", 1, width)?;
        places.chunks_exact_mut(width).for_each(|place| add(place, &segment));
        Ok(Self {
            width,
            heads: layout.heads,
            activation: layout.activation,
            pooling: layout.pooling,
            words: file.tensor("embeddings.word_embeddings.weight", &[layout.vocabulary, width])?,
            places,
            start: Norm::read(&mut file, "embeddings.LayerNorm", layout)?,
            layers: (0..layout.layers)
                .map(|i| EncoderLayer::read(&mut file, i, layout, precision))
                .collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn vocabulary(&self) -> usize {
        self.words.len() / self.width
    }

    /// Writes a vector of length 1 for each text of the batch; zeros for a text without tokens.
    pub(super) fn run(&self, batch: &TokenBatch, out: &mut [f32]) {
        let mut x = self.embed(batch);
        for layer in &self.layers {
            let attended = attend(&layer.qkv.apply(&x), &batch.ends, self.width, self.heads);
            add(&mut x, &layer.joined.apply(&attended));
            layer.attended.apply(&mut x);
            let mut wide = layer.wide.apply(&x);
            match self.activation {
                Activation::Gelu => Gelu {}.map_mut(&mut wide),
                Activation::GeluTanh => ApproxGelu {}.map_mut(&mut wide),
                Activation::Relu => wide.iter_mut().for_each(|v| *v = v.max(0.0)),
            }
            add(&mut x, &layer.narrow.apply(&wide));
            layer.done.apply(&mut x);
        }
        let mut start = 0;
        for (&end, row) in batch.ends.iter().zip(out.chunks_exact_mut(self.width)) {
            let tokens = &x[start * self.width..end * self.width];
            start = end;
            self.pool(tokens, row);
        }
    }

    fn embed(&self, batch: &TokenBatch) -> Vec<f32> {
        let mut x = Vec::with_capacity(batch.ids.len() * self.width);
        let mut start = 0;
        for &end in &batch.ends {
            for (&id, place) in batch.ids[start..end].iter().zip(self.places.chunks_exact(self.width)) {
                let word = &self.words[id as usize * self.width..][..self.width];
                x.extend(word.iter().zip(place).map(|(w, p)| w + p));
            }
            start = end;
        }
        self.start.apply(&mut x);
        x
    }

    fn pool(&self, tokens: &[f32], row: &mut [f32]) {
        row.fill(0.0);
        match self.pooling {
            Pooling::Mean => tokens.chunks_exact(self.width).for_each(|token| add(row, token)),
            Pooling::Cls => tokens.chunks_exact(self.width).take(1).for_each(|token| add(row, token)),
        }
        // The mean and the sum have the same direction, and only that is kept.
        let norm = row.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if norm > 0.0 {
            row.iter_mut().for_each(|v| *v = (f64::from(*v) / norm) as f32);
        }
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(a, b)| *a += b);
}

impl EncoderLayer {
    fn read(
        file: &mut Weights,
        index: usize,
        layout: &EncoderLayout,
        precision: Precision,
    ) -> Result<Self, EncoderError> {
        let (width, inner) = (layout.width, layout.inner);
        let name = |part: &str| format!("encoder.layer.{index}.{part}");
        let mut linear = |parts: &[&str], inputs: usize, outputs: usize| -> Result<DenseLayer, EncoderError> {
            let (mut weights, mut bias) = (Vec::new(), Vec::new());
            for part in parts {
                weights.extend(file.tensor(&name(&format!("{part}.weight")), &[outputs, inputs])?);
                bias.extend(file.tensor(&name(&format!("{part}.bias")), &[outputs])?);
            }
            Ok(DenseLayer::new(&weights, bias, precision))
        };
        // One product instead of three.
        let qkv = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            qkv: linear(&qkv, width, width)?,
            joined: linear(&["attention.output.dense"], width, width)?,
            wide: linear(&["intermediate.dense"], width, inner)?,
            narrow: linear(&["output.dense"], inner, width)?,
            attended: Norm::read(file, &name("attention.output.LayerNorm"), layout)?,
            done: Norm::read(file, &name("output.LayerNorm"), layout)?,
        })
    }
}

/// Layer normalisation (Ba et al. 2016): each row to mean 0 and variance 1, then scaled and shifted.
struct Norm {
    scale: Vec<f32>,
    shift: Vec<f32>,
    eps: f32,
}

impl Norm {
    fn read(file: &mut Weights, name: &str, layout: &EncoderLayout) -> Result<Self, EncoderError> {
        Ok(Self {
            scale: file.tensor(&format!("{name}.weight"), &[layout.width])?,
            shift: file.tensor(&format!("{name}.bias"), &[layout.width])?,
            eps: layout.eps,
        })
    }

    fn apply(&self, x: &mut [f32]) {
        let n = self.scale.len() as f32;
        for row in x.chunks_exact_mut(self.scale.len()) {
            let mean = Sum::new(row).dispatch() / n;
            let variance = SumSquareSub::new(row, mean).dispatch() / n;
            let options = NormalizeOptions {
                pre_scale_bias: mean,
                scale: 1.0 / (variance + self.eps).sqrt(),
                element_scale: Some(&self.scale),
                element_bias: Some(&self.shift),
                ..NormalizeOptions::default()
            };
            Normalize::new_mut(row, options).dispatch();
        }
    }
}
