//! Watching a computation: progress and cancellation.

/// A watcher of a computation, which may stop it. A function that answers whether to stop is a watch too.
pub trait Watch {
    /// Whether the computation must stop. It is asked from time to time.
    fn stops(&self) -> bool;
    /// Receives the progress, per mille. It never falls, and is 1000 when the answer is proven.
    fn is_told(&self, per_mille: u16) {
        let _ = per_mille;
    }
}

impl<F: Fn() -> bool> Watch for F {
    fn stops(&self) -> bool {
        self()
    }
}

/// The watch over a part of the work. It scales the progress of the part to the whole.
pub struct Part<'a> {
    /// The watch over the whole work.
    pub whole: &'a dyn Watch,
    /// The progress of the whole at the beginning of the part, per mille.
    pub from: u16,
    /// The progress of the whole at the end of the part, per mille.
    pub to: u16,
}

impl Watch for Part<'_> {
    fn stops(&self) -> bool {
        self.whole.stops()
    }
    fn is_told(&self, per_mille: u16) {
        let done = u32::from(self.to.saturating_sub(self.from)) * u32::from(per_mille.min(1000)) / 1000;
        self.whole.is_told(self.from.saturating_add(u16::try_from(done).unwrap_or_default()));
    }
}

/// The ratio of `done` to `whole`, per mille.
pub fn per_mille(done: usize, whole: usize) -> u16 {
    u16::try_from(done.min(whole).saturating_mul(1000) / whole.max(1)).unwrap_or(1000)
}
