//! Words of monthly records.
use crate::base::word::words;

words! {
    /// The state of a monthly record.
    MonthlyRecordState in "monthly-record-states" {
        Draft = "draft", "черновик", "draft";
        Late = "late", "просрочена", "late";
        Signed = "signed", "подписана", "signed";
    }

    /// The kind of something that happened in a month.
    MonthItemKind in "month-items" {
        MeetingHeld = "meeting_held", "встреча с наставником", "meeting with the mentor";
        MeetingMissed = "meeting_missed", "пропущенная встреча", "missed meeting";
        GroupMeeting = "group_meeting", "групповая встреча", "group meeting";
        Contact = "contact", "контакт специалиста", "contact of a specialist";
        ContactAttempt = "contact_attempt", "попытка связаться", "attempt of a contact";
        Snapshot = "snapshot", "срез жизненной ситуации", "snapshot of the life situation";
        Assessment = "assessment", "оценка", "assessment";
        PlanResult = "plan_result", "результат плана", "result of a plan";
        TaskGiven = "task_given", "поручение дано", "task given";
        TaskDone = "task_done", "поручение выполнено", "task done";
        ProblemNoticed = "problem_noticed", "проблема отмечена", "problem noticed";
        ProblemChanged = "problem_changed", "изменение проблемы", "change of a problem";
        Crisis = "crisis", "кризис", "crisis";
        EmergencyAid = "emergency_aid", "срочная помощь", "urgent aid";
        DocumentReceived = "document_received", "документ получен", "document received";
        Decision = "decision", "решение консилиума", "decision of a consilium";
        CareerActivity = "career_activity", "знакомство с работой", "career activity";
        NeedNoticed = "need_noticed", "потребность записана", "need noticed";
        NeedEnded = "need_ended", "потребность закрыта", "need ended";
        Delivery = "delivery", "услуга оказана", "service delivered";
        Arrival = "arrival", "заселение", "arrival at a place to live";
        Departure = "departure", "выбытие", "departure from a place to live";
    }

    /// The way in which what is on record differs from what was signed.
    LateChange in "late-changes" {
        Added = "added", "внесено позже", "entered later";
        Changed = "changed", "изменено позже", "changed later";
        Removed = "removed", "аннулировано или исключено позже", "annulled or taken away later";
    }

    /// The direction in which a domain of life has changed.
    LifeChange in "life-changes" {
        Better = "better", "лучше", "better";
        Same = "same", "без изменений", "the same";
        Worse = "worse", "хуже", "worse";
    }
}
