//! Words of crises.
use crate::base::word::{sent, words};

words! {
    /// The place of a crisis.
    CrisisPlace in "crisis-places" {
        Unknown = "unknown", "неизвестно", "unknown";
        Institution = "institution", "в учреждении", "institution";
        Community = "community", "в социуме", "community";
        Home = "home", "дома", "home";
        Online = "online", "в сети", "online";
    }

    /// The kind of a crisis.
    CrisisKind in "crisis-kinds" {
        Violence = "violence", "насилие", "violence";
        SelfHarm = "self_harm", "риск причинения вреда себе", "self-harm";
        Neglect = "neglect", "пренебрежение нуждами", "neglect";
        Runaway = "runaway", "самовольный уход", "runaway";
        Homeless = "homeless", "негде жить", "no housing";
        NoFood = "no_food", "нечего есть", "no food";
        Health = "health", "здоровье", "health";
        Substance = "substance", "вещества", "substances";
        Conflict = "conflict", "конфликт", "conflict";
        Bullying = "bullying", "травля", "bullying";
        Police = "police", "полиция, суд", "police";
        Loss = "loss", "утрата", "loss";
        Exploitation = "exploitation", "вовлечение, эксплуатация", "exploitation";
        Pregnancy = "pregnancy", "беременность", "pregnancy";
        Money = "money", "деньги, долги", "money";
        Other = "other", "иное", "other";
    }

    /// The one whom a crisis concerns as its cause.
    CrisisConcern in "crisis-concerns" {
        Nobody = "nobody", "никто", "nobody";
        Mentor = "mentor", "наставник", "mentor";
        Specialist = "specialist", "специалист", "specialist";
        Staff = "staff", "сотрудник", "staff";
        Relative = "relative", "родственник", "relative";
        Peer = "peer", "сверстник", "peer";
        Other = "other", "иной", "other";
    }

    /// The severity of a crisis.
    CrisisSeverity in "crisis-severities" {
        Critical = "critical", "угроза жизни", "critical";
        High = "high", "высокая", "high";
        Moderate = "moderate", "средняя", "moderate";
        Low = "low", "низкая", "low";
    }

    /// The state of a crisis.
    CrisisState in "crisis-states" {
        Reported = "reported", "сообщено", "reported";
        Acknowledged = "acknowledged", "взят в работу", "acknowledged";
        Resolved = "resolved", "решён", "resolved";
        FalseAlarm = "false_alarm", "ложная тревога", "false alarm";
    }

    /// The progress of a crisis, as its reporter learns it.
    CrisisProgress in "crisis-progress" {
        Heard = "heard", "услышано", "heard";
        TakenUp = "taken_up", "взято в работу", "taken up";
        Ended = "ended", "завершено", "ended";
    }

    /// An emergency action (001 L22).
    EmergencyAction in "emergency-actions" {
        Listen = "listen", "выслушать", "listen";
        Clarify = "clarify", "помочь разобраться", "clarify";
        UrgentAction = "urgent_action", "срочные действия", "urgent action";
    }

    /// An urgent measure.
    UrgentMeasure in "urgent-measures" {
        Ambulance = "ambulance", "скорая", "ambulance";
        Police = "police", "полиция", "police";
        MovedAway = "moved_away", "вывели в безопасное место", "moved to safety";
        Psychologist = "psychologist", "психолог", "psychologist";
        Housing = "housing", "временное жильё", "housing";
        Aid = "aid", "срочная помощь", "aid";
        Guardianship = "guardianship", "опека", "guardianship";
        Other = "other", "иное", "other";
    }

    /// The addressee of a notice (120-ФЗ ст. 9).
    NoticeAddressee in "notice-addressees" {
        Guardianship = "guardianship", "опека", "guardianship";
        Prosecutor = "prosecutor", "прокуратура", "prosecutor";
        Commission = "commission", "КДНиЗП", "commission";
        Police = "police", "полиция", "police";
        Health = "health", "здравоохранение", "health care";
        Education = "education", "образование", "education";
        SocialProtection = "social_protection", "соцзащита", "social protection";
    }

    /// The way of a notice.
    NoticeWay in "notice-ways" {
        System = "system", "система", "the system", by system;
        Letter = "letter", "письмо", "letter";
        Exchange = "exchange", "электронный документооборот", "electronic exchange of documents";
        Phone = "phone", "телефон", "telephone";
        InPerson = "in_person", "лично", "in person";
    }

    /// The outcome of a crisis.
    CrisisOutcome in "crisis-outcomes" {
        Safe = "safe", "безопасен", "safe";
        SupportPlan = "support_plan", "нужна помощь по плану", "support by plan";
        Placed = "placed", "помещён", "placed";
        HandedOver = "handed_over", "передан ведомству", "handed over";
        Referred = "referred", "направлен", "referred";
        Died = "died", "смерть", "died";
        NotFound = "not_found", "не найден", "not found";
    }
}

sent! {
    SentNoticeWay of NoticeWay;
}

impl CrisisKind {
    /// Whether the kind is a danger to a child by itself, also where the reporter did not say so.
    pub fn is_danger(self) -> bool {
        matches!(self, Self::Violence | Self::SelfHarm | Self::Neglect | Self::Runaway | Self::Exploitation)
    }
}

impl CrisisConcern {
    /// Whether the specialists in charge may be concerned, so that the first level of the chain is left out.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Specialist | Self::Staff)
    }
}

impl CrisisState {
    /// Whether somebody has still to act.
    pub fn is_unended(self) -> bool {
        matches!(self, Self::Reported | Self::Acknowledged)
    }
    /// The progress, as the reporter learns it: never which end it was.
    pub fn progress(self) -> CrisisProgress {
        match self {
            Self::Reported => CrisisProgress::Heard,
            Self::Acknowledged => CrisisProgress::TakenUp,
            Self::Resolved | Self::FalseAlarm => CrisisProgress::Ended,
        }
    }
}

impl CrisisOutcome {
    /// Whether somebody must have talked with the person before. It is asked of nobody who is dead, gone or handed over.
    pub fn needs_talk(self) -> bool {
        !matches!(self, Self::Died | Self::HandedOver | Self::NotFound)
    }
}
