//! Communities of a weighted graph: modularity with a resolution, moved node by node, level by level, and refined on the way
//! back (Blondel et al. 2008; Rotta and Noack 2011). Nodes are visited in a fixed order, so the same graph gives the same communities.

use crate::base::rng::Rng;
use crate::domain::{Cancelled, Reporter};
use std::collections::VecDeque;

/// Times the whole of it is begun again from what it found.
const AGAIN: usize = 3;

/// An undirected graph, each edge at both ends.
pub(super) struct Graph {
    starts: Vec<usize>,
    edges: Vec<(u32, f64)>,
    /// Of each node: the weight of its edges, loops twice.
    degree: Vec<f64>,
    /// Of each node: the weight of its loop, twice.
    own: Vec<f64>,
    total: f64,
}

impl Graph {
    /// Builds one from edges `(a, b, weight)`, each pair once, a < b.
    pub(super) fn new(nodes: usize, edges: &[(u32, u32, f64)]) -> Self {
        Self::with_loops(edges, vec![0.0; nodes])
    }

    fn with_loops(edges: &[(u32, u32, f64)], own: Vec<f64>) -> Self {
        let nodes = own.len();
        let mut starts = vec![0; nodes + 1];
        for &(a, b, _) in edges {
            starts[a as usize + 1] += 1;
            starts[b as usize + 1] += 1;
        }
        (0..nodes).for_each(|i| starts[i + 1] += starts[i]);
        let mut next = starts.clone();
        let mut both = vec![(0, 0.0); edges.len() * 2];
        for &(a, b, weight) in edges {
            for (from, to) in [(a, b), (b, a)] {
                both[next[from as usize]] = (to, weight);
                next[from as usize] += 1;
            }
        }
        let degree: Vec<f64> =
            (0..nodes).map(|i| own[i] + both[starts[i]..starts[i + 1]].iter().map(|e| e.1).sum::<f64>()).collect();
        let total = degree.iter().sum();
        Self { starts, edges: both, degree, own, total }
    }

    fn len(&self) -> usize {
        self.degree.len()
    }

    fn of(&self, node: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[node]..self.starts[node + 1]]
    }

    /// Finds communities: a number for each node, counted from 0 in the order of nodes. A higher resolution gives more, smaller ones.
    ///
    /// # Errors
    /// [`Cancelled`] when the reporter says so.
    pub(super) fn communities(
        &self,
        resolution: f64,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<Vec<u32>, Cancelled> {
        let mut found: Vec<u32> = (0..self.len() as u32).collect();
        for round in 0..AGAIN {
            reporter.step("groups", round as u64, AGAIN as u64)?;
            self.move_nodes(&mut found, resolution, seed.wrapping_add(round as u64));
            number(&mut found);
            self.levels(&mut found, resolution, seed, reporter)?;
        }
        Ok(found)
    }

    /// Joins communities as long as that helps, then moves nodes again.
    fn levels(&self, found: &mut [u32], resolution: f64, seed: u64, reporter: &dyn Reporter) -> Result<(), Cancelled> {
        reporter.step("groups", 0, 0)?;
        let count = number(found);
        if count == self.len() || count < 2 {
            return Ok(());
        }
        let above = self.joined(found, count);
        let mut joined: Vec<u32> = (0..count as u32).collect();
        above.move_nodes(&mut joined, resolution, seed);
        if number(&mut joined) < count {
            above.levels(&mut joined, resolution, seed, reporter)?;
            found.iter_mut().for_each(|c| *c = joined[*c as usize]);
            self.move_nodes(found, resolution, seed);
            number(found);
        }
        Ok(())
    }

    /// The graph whose nodes are communities.
    fn joined(&self, of: &[u32], count: usize) -> Self {
        let mut own = vec![0.0; count];
        let mut pairs: Vec<(u32, u32, f64)> = Vec::new();
        for node in 0..self.len() {
            let a = of[node];
            own[a as usize] += self.own[node];
            for &(other, weight) in self.of(node) {
                let b = of[other as usize];
                if a == b {
                    own[a as usize] += weight;
                } else if a < b {
                    pairs.push((a, b, weight));
                }
            }
        }
        pairs.sort_by_key(|p| (p.0, p.1));
        let merged: Vec<(u32, u32, f64)> = pairs
            .chunk_by(|x, y| (x.0, x.1) == (y.0, y.1))
            .map(|same| (same[0].0, same[0].1, same.iter().map(|p| p.2).sum()))
            .collect();
        Self::with_loops(&merged, own)
    }

    /// Moves nodes to the neighbouring community with the largest gain until none gains.
    fn move_nodes(&self, of: &mut [u32], resolution: f64, seed: u64) {
        let n = self.len();
        let mut weight_of = vec![0.0; n];
        (0..n).for_each(|i| weight_of[of[i] as usize] += self.degree[i]);
        let mut order: Vec<u32> = (0..n as u32).collect();
        Rng::part(seed, 2).shuffle(&mut order);
        let mut waiting: VecDeque<u32> = order.into();
        let mut is_waiting = vec![true; n];
        let (mut to, mut seen) = (vec![0.0; n], Vec::new());
        while let Some(node) = waiting.pop_front() {
            let node = node as usize;
            is_waiting[node] = false;
            let old = of[node];
            seen.push(old);
            for &(other, weight) in self.of(node) {
                let community = of[other as usize];
                if to[community as usize] == 0.0 && community != old {
                    seen.push(community);
                }
                to[community as usize] += weight;
            }
            let degree = self.degree[node];
            weight_of[old as usize] -= degree;
            let gain = |c: u32| to[c as usize] - resolution * degree * weight_of[c as usize] / self.total.max(1e-300);
            let stay = gain(old);
            let best = seen.iter().map(|&c| (gain(c), c)).fold((stay, old), |b, (g, c)| {
                if g > b.0 + 1e-12 || (g > stay + 1e-12 && (g - b.0).abs() <= 1e-12 && c < b.1) { (g, c) } else { b }
            });
            weight_of[best.1 as usize] += degree;
            if best.1 != old {
                of[node] = best.1;
                for &(other, _) in self.of(node) {
                    if of[other as usize] != best.1 && !is_waiting[other as usize] {
                        is_waiting[other as usize] = true;
                        waiting.push_back(other);
                    }
                }
            }
            seen.drain(..).for_each(|c| to[c as usize] = 0.0);
        }
    }
}

/// Numbers communities from 0 in the order of nodes; returns how many there are.
fn number(of: &mut [u32]) -> usize {
    let mut names = rustc_hash::FxHashMap::default();
    for community in of {
        let next = names.len() as u32;
        *community = *names.entry(*community).or_insert(next);
    }
    names.len()
}
