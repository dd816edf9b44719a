//! The closed vocabularies of rounds.
use crate::base::word::words;

words! {
    /// Whom a round matches.
    RoundKind in "matching-round-kinds" {
        Full = "full", "полный", "everybody who waits";
        Delta = "delta", "дополнительный", "only who came since the round before";
    }

    /// Where a round stands.
    RoundState in "matching-round-states" {
        Computing = "computing", "считается", "computing";
        Ready = "ready", "готов", "ready";
        Publishing = "publishing", "публикуется", "being published";
        Published = "published", "опубликован", "published";
        Failed = "failed", "не удался", "failed";
        Cancelled = "cancelled", "отменён", "cancelled";
    }

    /// What can be done with a round.
    RoundAction in "matching-round-actions" {
        Adjust = "adjust", "поправить", "adjust";
        Run = "run", "посчитать заново", "compute again";
        Publish = "publish", "опубликовать", "publish";
    }

    /// What a specialist changes about a pair of a round.
    AdjustmentKind in "matching-adjustments" {
        Pin = "pin", "закрепить", "pin";
        Forbid = "forbid", "запретить", "forbid";
        Clear = "clear", "снять поправку", "take the adjustment back";
    }

    /// How a proposed mentorship came about.
    ProposalOrigin in "matching-proposal-origins" {
        Pinned = "pinned", "закреплено специалистом", "pinned by a specialist";
        MutualChoice = "mutual_choice", "взаимный выбор", "mutual choice";
        Optimum = "optimum", "лучшее распределение", "the best assignment";
    }

    /// Where a proposal of a round stands.
    ProposalState in "matching-proposal-states" {
        Pending = "pending", "не опубликовано", "not published";
        Published = "published", "опубликовано", "published";
        Refused = "refused", "отклонено правилами", "refused by rules";
    }

    /// Why somebody stays without a mentor.
    LeftOutReason in "left-out-reasons" {
        Barred = "barred", "подбор для подопечного невозможен", "something keeps them from having any mentor";
        NoCandidate = "no_candidate", "нет ни одного возможного наставника", "there is no possible mentor";
        SeatsToOthers = "seats_to_others", "места возможных наставников у других", "the seats of every possible mentor go to others";
    }
}
