//! Words of stays.
use crate::base::word::{sent, words};

words! {
    /// The state of a stay. A reservation is a no-show as soon as its hold is over.
    StayState in "stay-states" {
        Reserved = "reserved", "забронировано", "reserved";
        Arrived = "arrived", "проживает", "arrived";
        Departed = "departed", "выбыл", "departed";
        Cancelled = "cancelled", "отменено", "cancelled";
        NoShow = "no_show", "не приехал", "no-show";
    }

    /// The purpose of a stay.
    StayPurpose in "stay-purposes" {
        Hardship = "hardship", "трудная ситуация", "hardship";
        Training = "training", "пробное проживание", "training";
        Holidays = "holidays", "каникулы", "holidays";
        Study = "study", "учёба", "study";
        WaitingHousing = "waiting_housing", "ожидание жилья", "waiting for housing";
        Crisis = "crisis", "кризис", "crisis";
    }

    /// The reason for a departure.
    DepartureReason in "departure-reasons" {
        Term = "term", "срок", "term";
        Housing = "housing", "получил жильё", "housing";
        OwnWish = "own_wish", "по желанию", "own wish";
        Rules = "rules", "нарушение правил", "rules broken";
        Transfer = "transfer", "перевод", "transfer";
        Hospital = "hospital", "больница", "hospital";
        Left = "left", "ушёл", "left";
        Died = "died", "смерть", "died", by system;
        Other = "other", "иное", "other", demands [Text];
    }
}

sent! { SentDepartureReason of DepartureReason; }
