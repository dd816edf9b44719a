//! Words of transfers.
use crate::base::word::words;

words! {
    /// The reason for a transfer of a case.
    TransferReason in "transfer-reasons" {
        Moved = "moved", "переезд", "moved";
        Study = "study", "поступление", "study";
        LeftCare = "left_care", "выпуск из организации", "left care";
        Specialisation = "specialisation", "нужна иная служба", "another service needed";
        Workload = "workload", "нагрузка", "workload";
        PersonAsked = "person_asked", "просьба получателя", "the person asked";
        Reorganisation = "reorganisation", "реорганизация", "reorganisation";
        Other = "other", "иное", "other", demands [Text];
    }

    /// The state of a transfer.
    TransferState in "transfer-states" {
        Proposed = "proposed", "предложена", "proposed";
        Accepted = "accepted", "принята", "accepted";
        Rejected = "rejected", "отклонена", "rejected";
        Withdrawn = "withdrawn", "отозвана", "withdrawn";
        Lapsed = "lapsed", "истёк срок ответа", "lapsed";
    }

    /// The reason for which an organization does not take somebody over.
    AnswerReason in "answer-reasons" {
        NoCapacity = "no_capacity", "нет возможности", "no capacity";
        NotCompetent = "not_competent", "не наш профиль", "not our field";
        OutOfTerritory = "out_of_territory", "другая территория", "another territory";
        PersonRefused = "person_refused", "получатель отказался", "the person refused";
        Incomplete = "incomplete", "не хватает сведений", "information missing";
        AlreadyServed = "already_served", "уже получает", "served already";
        Other = "other", "иное", "other", demands [Text];
    }
}
