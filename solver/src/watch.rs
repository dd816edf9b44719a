//! Watching a matching at work.

/// Watches a matching at work and may stop it. A function that answers whether to stop is one.
pub trait Watch {
    /// Whether to stop; asked now and then.
    fn stops(&self) -> bool;
    /// Is told how far the work is, per mille, never less than before; 1000 once all is proven.
    fn is_told(&self, per_mille: u16) {
        let _ = per_mille;
    }
}

impl<F: Fn() -> bool> Watch for F {
    fn stops(&self) -> bool {
        self()
    }
}

/// Watches a part of the work, from so many per mille of the whole to so many.
pub struct Part<'a> {
    /// The watch over the whole work.
    pub whole: &'a dyn Watch,
    /// Where the part begins, per mille of the whole.
    pub from: u16,
    /// Where the part ends, per mille of the whole.
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

/// So many of so many, per mille.
pub fn per_mille(done: usize, whole: usize) -> u16 {
    u16::try_from(done.min(whole).saturating_mul(1000) / whole.max(1)).unwrap_or(1000)
}
