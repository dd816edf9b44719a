//! Words of consilia.
use crate::base::word::words;

words! {
    /// The kind of an item: for what a case comes before a consilium (004 L29).
    ConsiliumKind in "consilium-kinds" {
        Primary = "primary", "первичный", "primary";
        Transition = "transition", "переходный", "transition";
        Scheduled = "scheduled", "плановый", "scheduled";
        Urgent = "urgent", "экстренный", "urgent";
        Final = "final", "итоговый", "final";
    }

    /// The form of a sitting.
    SittingForm in "consilium-forms" {
        InPerson = "in_person", "очно", "in person";
        Online = "online", "дистанционно", "online";
        Absentee = "absentee", "заочно", "in writing";
    }

    /// The role of a member of a consilium.
    ConsiliumRole in "consilium-roles" {
        Chair = "chair", "председатель", "chair";
        Secretary = "secretary", "секретарь", "secretary";
        Member = "member", "член консилиума", "member";
        Invited = "invited", "приглашённый (без голоса)", "invited, no vote";
    }

    /// The way in which somebody was heard.
    Heard in "heard" {
        Present = "present", "лично", "in person", demands [Text];
        InWriting = "in_writing", "письменно", "in writing", demands [Text];
        ThroughRepresentative = "through_representative", "через представителя", "through the representative", demands [Text];
        Declined = "declined", "отказался высказаться", "declined to speak";
        Unable = "unable", "не может", "unable";
    }

    /// The state of a sitting.
    ConsiliumState in "consilium-states" {
        Planned = "planned", "запланирован", "planned";
        Held = "held", "проведён", "held";
        Closed = "closed", "закрыт", "closed";
        Cancelled = "cancelled", "отменён", "cancelled";
    }

    /// The state of an item.
    ItemState in "consilium-item-states" {
        Open = "open", "открыт", "open";
        Resolved = "resolved", "решён", "resolved";
        Postponed = "postponed", "отложен", "postponed";
    }
}

impl ConsiliumRole {
    /// Whether a member with the role votes.
    pub fn votes(self) -> bool {
        self != Self::Invited
    }
}
