//! Logistic regression with a pull towards zero, by L-BFGS. Sums are made in one order, so the outcome is the same
//! everywhere.

use sluicegate::detect::lexical::{Lexical, POINTS};

use super::rows::Row;

/// The pull: how much of the loss of one row a squared weight of one is worth.
const PULL: f64 = 4.0;
/// Steps at most; the loss hardly falls any more after half of them.
const STEPS: usize = 80;
/// Steps that the curvature is estimated from.
const MEMORY: usize = 8;
/// What a sum is multiplied by, so that weights fit a signed byte: a weight of two is as strong as they come.
const SCALE: f64 = 60.0;

/// Weights of features, and what is added to every sum.
pub struct Model {
    /// The last one is the bias.
    weights: Vec<f64>,
}

/// A window to learn from.
struct Window<'a> {
    features: &'a [u32],
    attack: bool,
    weight: f64,
}

impl Model {
    /// Learns from rows. All windows of an attack count as attacks, though some are not; each counts the less, the more
    /// there are.
    pub fn learn<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut windows = Vec::new();
        for row in rows.filter(|row| row.weight > 0.0) {
            let weight = row.weight / (row.windows.len() as f64).sqrt();
            windows.extend(row.windows.iter().map(|features| Window { features, attack: row.attack, weight }));
        }
        Self { weights: minimise(Lexical::FEATURES + 1, |at, slope| loss(&windows, at, slope)) }
    }

    /// The greatest sum of a window of a row.
    pub fn sum(&self, row: &Row) -> f64 {
        row.windows.iter().map(|window| sum(window, &self.weights)).fold(f64::MIN, f64::max)
    }

    /// Bias, edges and weights as whole numbers.
    pub fn whole(&self, edges: &[f64; POINTS.len()]) -> (i32, [i32; POINTS.len()], Vec<i8>) {
        let whole = |value: f64| (value * SCALE).round() as i32;
        let weights = self.weights.iter().take(Lexical::FEATURES);
        let bias = self.weights.last().copied().unwrap_or_default();
        (whole(bias), edges.map(whole), weights.map(|weight| whole(*weight).clamp(-127, 127) as i8).collect())
    }
}

fn sum(features: &[u32], weights: &[f64]) -> f64 {
    let bias = weights.last().copied().unwrap_or_default();
    features.iter().fold(bias, |sum, feature| sum + weights[*feature as usize])
}

/// The loss at a place, and its slope there.
fn loss(windows: &[Window<'_>], at: &[f64], slope: &mut [f64]) -> f64 {
    let bias = at.len() - 1;
    let mut loss = 0.0;
    for (slope, weight) in slope.iter_mut().zip(at) {
        *slope = PULL * weight;
        loss += PULL / 2.0 * weight * weight;
    }
    // The bias is free.
    loss -= PULL / 2.0 * at[bias] * at[bias];
    slope[bias] = 0.0;
    for window in windows {
        let sum = sum(window.features, at);
        let right = if window.attack { sum } else { -sum };
        // ln(1 + e^-x) without overflow.
        let (of, wrong) = if right > 0.0 {
            let e = (-right).exp();
            (e.ln_1p(), e / (1.0 + e))
        } else {
            let e = right.exp();
            (e.ln_1p() - right, 1.0 / (1.0 + e))
        };
        loss += window.weight * of;
        let change = window.weight * if window.attack { -wrong } else { wrong };
        for feature in window.features {
            slope[*feature as usize] += change;
        }
        slope[bias] += change;
    }
    loss
}

/// The place where a convex function is least, from its values and slopes.
fn minimise(len: usize, mut of: impl FnMut(&[f64], &mut [f64]) -> f64) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let (mut at, mut slope) = (vec![0.0; len], vec![0.0; len]);
    let mut value = of(&at, &mut slope);
    // Steps and what the slope changed by in them, the oldest first.
    let mut steps: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for number in 0..STEPS {
        let mut way = slope.clone();
        let mut parts = Vec::new();
        for (step, change) in steps.iter().rev() {
            let part = dot(step, &way) / dot(step, change);
            way.iter_mut().zip(change).for_each(|(way, change)| *way -= part * change);
            parts.push(part);
        }
        if let Some((step, change)) = steps.last() {
            let scale = dot(step, change) / dot(change, change);
            way.iter_mut().for_each(|way| *way *= scale);
        }
        for ((step, change), part) in steps.iter().zip(parts.into_iter().rev()) {
            let back = part - dot(change, &way) / dot(step, change);
            way.iter_mut().zip(step).for_each(|(way, step)| *way += back * step);
        }
        let falls = dot(&slope, &way);
        if falls <= 1e-6 {
            break;
        }
        let mut length = if number == 0 { 1.0 / dot(&slope, &slope).sqrt() } else { 1.0 };
        let (next, next_slope, next_value) = loop {
            let next: Vec<f64> = at.iter().zip(&way).map(|(at, way)| at - length * way).collect();
            let mut next_slope = vec![0.0; len];
            let next_value = of(&next, &mut next_slope);
            if next_value <= value - 1e-4 * length * falls || length < 1e-10 {
                break (next, next_slope, next_value);
            }
            length /= 2.0;
        };
        let step: Vec<f64> = next.iter().zip(&at).map(|(next, at)| next - at).collect();
        let change: Vec<f64> = next_slope.iter().zip(&slope).map(|(next, slope)| next - slope).collect();
        if dot(&step, &change) > 1e-12 {
            steps.push((step, change));
            if steps.len() > MEMORY {
                steps.remove(0);
            }
        }
        (at, slope, value) = (next, next_slope, next_value);
    }
    at
}
