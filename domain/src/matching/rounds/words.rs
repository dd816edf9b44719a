//! The closed vocabularies of rounds.
use crate::base::word::words;

words! {
    /// The kind of round.
    RoundKind in "matching-round-kinds" {
        Full = "full", "полный", "everybody who waits";
        Delta = "delta", "дополнительный", "only new beneficiaries since the previous round";
    }

    /// The state of a round.
    RoundState in "matching-round-states" {
        Computing = "computing", "считается", "computing";
        Ready = "ready", "готов", "ready";
        Publishing = "publishing", "публикуется", "being published";
        Published = "published", "опубликован", "published";
        Failed = "failed", "не удался", "failed";
        Cancelled = "cancelled", "отменён", "cancelled";
    }

    /// The kind of a specialist's adjustment to a pair of a round.
    AdjustmentKind in "matching-adjustments" {
        Pin = "pin", "закрепить", "pin";
        Forbid = "forbid", "запретить", "forbid";
        Clear = "clear", "снять поправку", "remove the adjustment";
    }

    /// The origin of a proposed mentorship.
    ProposalOrigin in "matching-proposal-origins" {
        Pinned = "pinned", "закреплено специалистом", "pinned by a specialist";
        MutualChoice = "mutual_choice", "взаимный выбор", "mutual choice";
        Optimum = "optimum", "лучшее распределение", "the best assignment";
    }

    /// The state of a proposal of a round.
    ProposalState in "matching-proposal-states" {
        Pending = "pending", "не опубликовано", "not published";
        Published = "published", "опубликовано", "published";
        Refused = "refused", "отклонено правилами", "refused by rules";
    }

    /// The reason why a beneficiary gets no mentor.
    LeftOutReason in "left-out-reasons" {
        Barred = "barred", "подбор для подопечного невозможен", "barriers of the beneficiary forbid any mentor";
        NoCandidate = "no_candidate", "нет ни одного возможного наставника", "there is no possible mentor";
        SeatsToOthers = "seats_to_others", "места возможных наставников у других", "the seats of every possible mentor go to others";
    }
}
