//! The closed vocabularies of mentorships.
use crate::base::word::{sent, words};

words! {
    /// The state of a mentorship.
    MentorshipState in "mentorship-states" {
        Proposed = "proposed", "предложено", "proposed";
        Accepted = "accepted", "принято обеими сторонами", "accepted by both sides";
        Consented = "consented", "согласие получено", "consented";
        Active = "active", "действует", "active";
        Paused = "paused", "приостановлено", "paused";
        Completed = "completed", "завершено", "completed";
        Replaced = "replaced", "наставник заменён", "the mentor was replaced";
        Terminated = "terminated", "прекращено", "terminated";
        Declined = "declined", "отклонено стороной", "declined by a side";
        Lapsed = "lapsed", "срок предложения истёк", "lapsed";
    }

    /// A part that can be read together with a mentorship.
    MentorshipPart in "mentorship-parts" {
        Beneficiary = "beneficiary", "получатель", "recipient";
        Mentor = "mentor", "наставник", "mentor";
        Meetings = "meetings", "встречи", "meetings";
        Requests = "requests", "запросы", "requests";
        MentorReports = "mentor_reports", "отчёты наставника", "reports of the mentor";
        Surveys = "surveys", "обследования условий проживания", "surveys of living conditions";
        History = "history", "история", "history";
    }

    /// A side of a mentorship.
    Party in "mentorship-parties" {
        Mentor = "mentor", "наставник", "mentor";
        Recipient = "recipient", "получатель социальных услуг", "recipient";
    }

    /// The party that answers a proposal: a side, or the specialist if the rules of matching ask for one.
    AnsweringParty in "answering-parties" {
        Mentor = "mentor", "наставник", "mentor";
        Recipient = "recipient", "получатель социальных услуг", "recipient";
        Specialist = "specialist", "специалист", "specialist";
    }

    /// The range of a refusal of a pair.
    VetoScope in "veto-scopes" {
        Round = "round", "в этом подборе", "in this round";
        Pair = "pair", "впредь, пока отвод не снят", "until the veto is lifted";
    }

    /// The answer of a side to a proposal.
    AnswerKind in "mentorship-answers" {
        Accept = "accept", "принять", "accept";
        Decline = "decline", "отказаться", "decline";
    }

    /// The reason for declining. It is optional.
    DeclineReason in "decline-reasons" {
        NoTime = "no_time", "нет времени", "no time";
        TooFar = "too_far", "слишком далеко", "too far away";
        OtherChoice = "other_choice", "предпочтение другому", "another choice preferred";
        NotNeeded = "not_needed", "наставник не нужен", "no mentor is needed";
        Circumstances = "circumstances", "личные обстоятельства", "personal circumstances";
        Withdrawn = "withdrawn", "согласие отозвано", "the agreement was withdrawn", by system;
        MentorRemoved = "mentor_removed", "наставник отстранён", "the mentor was removed", by system;
        Died = "died", "смерть", "died", by system;
        Other = "other", "иное", "other";
    }

    /// The ground for terminating a mentorship (002 §3.11).
    TerminationGround in "termination-grounds" {
        WrittenRefusal = "written_refusal", "письменный отказ наставника", "the mentor's written refusal", demands [Document];
        RemovedByDirector = "removed_by_director", "отстранение наставника директором", "the mentor removed by the director", demands [Decree];
        OtherObjective = "other_objective", "иная объективная причина", "another objective cause", demands [Text];
        ConsentWithdrawn = "consent_withdrawn", "получатель отозвал согласие", "the recipient withdrew the consent", by system;
        MeetingsNotHeld = "meetings_not_held", "срок истёк, а встречи программы не состоялись", "the term ended before the program's meetings were held", by system;
        LifePlanMissing = "life_plan_missing", "жизненный план не обновлён", "life plan not updated", by system;
        RecipientDied = "recipient_died", "смерть получателя", "the recipient died", by system;
    }

    /// The ground for replacing the mentor (002 §3.10).
    ReplacementGround in "replacement-grounds" {
        EmploymentEnded = "employment_ended", "прекращение трудовой деятельности наставника", "the mentor's employment ended", demands [DocumentOrText];
        PositionChanged = "position_changed", "перевод на иную должность или смена работы", "the mentor's position or work changed", demands [DocumentOrText];
        LongAbsence = "long_absence", "продолжительное отсутствие наставника", "long absence of the mentor", demands [Absence];
        RequestedByMentor = "requested_by_mentor", "по просьбе наставника", "at the mentor's request", demands [Request];
        RequestedByRecipient = "requested_by_recipient", "по просьбе получателя социальных услуг", "at the recipient's request", demands [Request];
        OtherObstacle = "other_obstacle", "иные обстоятельства, препятствующие наставничеству", "another obstacle", demands [Text];
        MentorDied = "mentor_died", "смерть наставника", "the mentor died", by system;
    }

    /// The reason for pausing a mentorship.
    PauseReason in "pause-reasons" {
        Illness = "illness", "болезнь", "illness";
        Travel = "travel", "отъезд", "travel";
        Holidays = "holidays", "каникулы или отпуск", "holidays";
        Circumstances = "circumstances", "обстоятельства одной из сторон", "circumstances of a side";
        Other = "other", "иное", "other";
    }

    /// The reason for the regular end of a mentorship.
    CompletionReason in "mentorship-completion-reasons" {
        MeetingsHeld = "meetings_held", "состоялись все встречи программы", "all meetings of the program held";
        TermEnded = "term_ended", "истёк срок", "the term ended";
    }
}

sent! {
    SentDeclineReason of DeclineReason;
    SentTerminationGround of TerminationGround;
    SentReplacementGround of ReplacementGround;
}

impl From<Party> for AnsweringParty {
    fn from(it: Party) -> Self {
        match it {
            Party::Mentor => Self::Mentor,
            Party::Recipient => Self::Recipient,
        }
    }
}
