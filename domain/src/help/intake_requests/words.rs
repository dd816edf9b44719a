//! Words of requests for help.
use crate::base::word::{sent, words};

words! {
    /// The source of a request for help.
    IntakeSource in "intake-sources" {
        Oneself = "self", "сам гражданин", "the person";
        Relative = "relative", "родственники", "relatives";
        Neighbour = "neighbour", "соседи, граждане", "citizens";
        Ngo = "ngo", "СО НКО", "НКО";
        LocalBody = "local_body", "КТОС", "local body";
        School = "school", "образовательная организация", "school";
        Health = "health", "медицинская организация", "health service";
        Police = "police", "полиция", "police";
        Guardianship = "guardianship", "опека", "guardianship";
        Commission = "commission", "КДНиЗП", "commission";
        Mentor = "mentor", "наставник", "mentor";
        Hotline = "hotline", "телефон доверия", "helpline";
        Other = "other", "иное", "other";
    }

    /// The state of a request for help.
    IntakeState in "intake-states" {
        Received = "received", "получено", "received", by system;
        Checking = "checking", "проверка", "checking", by system;
        Accepted = "accepted", "принято", "accepted";
        Redirected = "redirected", "перенаправлено", "redirected";
        NoNeed = "no_need", "нужды нет", "no need";
        Unreachable = "unreachable", "связаться не удалось", "unreachable";
        Duplicate = "duplicate", "повторное", "duplicate";
    }
}

sent! { SentIntakeState of IntakeState; }

impl IntakeState {
    /// Whether the request waits for an organization to check it.
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::Received | Self::Redirected)
    }
    /// Whether nobody has decided the request.
    pub fn is_open(self) -> bool {
        self.is_waiting() || self == Self::Checking
    }
}
