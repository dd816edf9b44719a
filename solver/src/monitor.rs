//! Progress and cancellation of a computation.

/// A monitor of a computation: it receives the progress and may stop the work. A function that answers whether to stop is a
/// monitor too.
pub trait Monitor {
    /// Whether the computation must stop. It is asked from time to time.
    fn stops(&self) -> bool;
    /// Receives the progress, per mille. It never falls, and is 1000 when the answer is proven.
    fn note_progress(&self, per_mille: u16) {
        let _ = per_mille;
    }
}

impl<F: Fn() -> bool> Monitor for F {
    fn stops(&self) -> bool {
        self()
    }
}

/// The monitor over a part of the work. It scales the progress of the part to the whole.
pub struct Part<'a> {
    /// The monitor over the whole work.
    pub whole: &'a dyn Monitor,
    /// The progress of the whole at the beginning of the part, per mille.
    pub from: u16,
    /// The progress of the whole at the end of the part, per mille.
    pub to: u16,
}

impl Monitor for Part<'_> {
    fn stops(&self) -> bool {
        self.whole.stops()
    }
    fn note_progress(&self, per_mille: u16) {
        let done = u32::from(self.to.saturating_sub(self.from)) * u32::from(per_mille.min(1000)) / 1000;
        self.whole.note_progress(self.from.saturating_add(u16::try_from(done).unwrap_or_default()));
    }
}

/// The ratio of `done` to `whole`, per mille.
pub fn per_mille(done: usize, whole: usize) -> u16 {
    u16::try_from(done.min(whole).saturating_mul(1000) / whole.max(1)).unwrap_or(1000)
}
