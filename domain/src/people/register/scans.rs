//! Scans: the search of the whole region for pairs that may be one person.
use crate::base::change::{Changed, facts};
use crate::base::id::RegisterScanId;
use crate::base::refusal::{Refused, rules};
use crate::base::word::words;

rules! {
    SCAN_RUNNING = "register_scan.running", State, ours, "Поиск похожих записей уже идёт.", "A scan for such pairs runs already.";
}

words! {
    /// The state of a scan.
    RegisterScanState in "register-scan-states" {
        Running = "running", "идёт", "running";
        Done = "done", "закончен", "done";
        Stopped = "stopped", "остановлен", "stopped";
    }
}

facts! {
    /// A scan was begun.
    ScanBegun = "register_scan.begun",
        "Начат поиск похожих записей",
        "A scan for pairs was begun"
        about RegisterScan (RegisterScanId) {}
    /// A scan came to its end.
    ScanEnded = "register_scan.ended",
        "Поиск похожих записей закончен[, записей: {compared}][, новых пар: {found}]",
        "The scan for pairs ended[, entries: {compared}][, new pairs: {found}]"
        about RegisterScan (RegisterScanId) {
        /// The number of entries that were compared.
        compared: i64,
        /// The number of pairs that were not known before.
        found: i64,
    }
    /// A scan was stopped before its end.
    ScanStopped = "register_scan.stopped",
        "Поиск похожих записей остановлен",
        "The scan for pairs was stopped"
        about RegisterScan (RegisterScanId) {}
}

/// A scan that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scan {
    /// The id of the scan.
    pub id: RegisterScanId,
}

/// A scan that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanDone {
    /// The id of the scan.
    pub id: RegisterScanId,
    /// The number of entries that were compared.
    pub entries: i64,
    /// The number of pairs that were not known before.
    pub found: i64,
}

impl Scan {
    /// Begins a scan. One runs at a time.
    pub fn begin(id: RegisterScanId, is_running: bool) -> Result<Changed<Self>, Refused> {
        if is_running {
            return Err(SCAN_RUNNING.refuse());
        }
        Ok(Changed::new(Self { id }, ScanBegun { id }))
    }
    /// Ends the scan with its counts.
    pub fn end(self, entries: i64, found: i64) -> Changed<ScanDone> {
        let id = self.id;
        Changed::new(ScanDone { id, entries, found }, ScanEnded { id, compared: entries, found })
    }
    /// Ends the scan without a result.
    pub fn stop(self) -> Changed<Self> {
        Changed::new(self, ScanStopped { id: self.id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scan_runs_at_a_time() {
        let id: RegisterScanId = uuid::Uuid::nil().into();
        assert_eq!(Scan::begin(id, true).unwrap_err(), SCAN_RUNNING.refuse());
        let scan = Scan::begin(id, false).unwrap().into_parts().0;
        assert_eq!(scan.end(7, 2).into_parts().0, ScanDone { id, entries: 7, found: 2 });
        assert_eq!(scan.stop().into_parts().0, scan);
    }
}
