//! Orders that a stay takes.
use super::{Arrived, Missed, OVER, Reserved, Stay};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use chrono::NaiveDate;

/// A stay as its caller sees it.
#[derive(Debug)]
pub struct StayOffers<'a> {
    /// The stay.
    pub it: &'a Stay,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for StayOffers<'_> {
    const AT: &'static str = "stays";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Arrive, "arrival", Right::BookPlaces),
        Offer::step(Action::Extend, "extensions", Right::BookPlaces),
        Offer::step(Action::Move, "moves", Right::BookPlaces),
        Offer::step(Action::Depart, "departure", Right::BookPlaces),
        Offer::step(Action::Cancel, "cancellation", Right::BookPlaces),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let verdict = Verdict::default();
        match (action, self.it) {
            (Action::Arrive, Stay::Reserved(Reserved(it)) | Stay::Missed(Missed { booked: it, .. })) => {
                Some(verdict.against(it.against_arrival(self.today)))
            }
            (Action::Cancel, Stay::Reserved(_))
            | (Action::Depart, Stay::Arrived(_))
            | (Action::Extend, Stay::Reserved(_) | Stay::Arrived(_)) => Some(verdict),
            (Action::Move, Stay::Reserved(Reserved(it)) | Stay::Arrived(Arrived { booked: it, .. })) => {
                let is_over = it.left(self.today).count() < 1;
                Some(verdict.against(is_over.then(|| OVER.reason())))
            }
            _ => None,
        }
    }
}
