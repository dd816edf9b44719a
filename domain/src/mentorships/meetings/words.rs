//! The closed vocabularies of meetings.
use crate::base::word::{CatalogueEntry, sent, words};

words! {
    /// A direction of a mentor's work with a recipient (002 §4.1).
    Direction in "mentoring-directions" {
        D01 = "d01", "установление контакта, доверительных отношений с получателем социальных услуг, налаживание партнерских отношений", "contact, trust and partnership";
        D02 = "d02", "изучение условий проживания получателей социальных услуг и семейного воспитания несовершеннолетних", "living conditions and upbringing";
        D03 = "d03", "изучение личностных качеств получателя социальных услуг, образа жизни и поведения, определение круга предполагаемых интересов и увлечений, формирование дальнейшей индивидуальной корректирующей программы, разработка индивидуальной траектории развития, занятости получателя социальных услуг", "personality, interests, corrective programme and trajectory";
        D04 = "d04", "взаимодействие с получателем социальных услуг, с различными специалистами по вопросам реализации целей своей деятельности", "work with the recipient and specialists";
        D05 = "d05", "осуществление социального сопровождения, организация эффективной профилактической работы, социализации, реабилитации, адаптации и личностного саморазвития получателя социальных услуг", "accompaniment, prevention and adaptation";
        D06 = "d06", "проведение индивидуальных консультаций, содействие в оказании психологической, социальной помощи и т.д.", "individual consultations and aid";
        D07 = "d07", "проведение бесед, лекций и акций, направленных в том числе, на профилактику правонарушений и преступлений, ведение здорового образа жизни и т.д.", "talks and lectures on prevention and health";
        D08 = "d08", "применение различных механизмов и инструментов воспитательного воздействия с учетом потребностей, возраста, индивидуальных особенностей, семейных условий получателя социальных услуг", "upbringing by needs, age and family conditions";
        D09 = "d09", "передача знаний о социально-правовых нормах, опыта самостоятельной социально значимой деятельности, обучение социальным и практическим навыкам, воздействие на получателя социальных услуг личным примером, убеждением, разъяснением, дружеским советом", "norms, skills and personal example";
        D10 = "d10", "содействие в организации досуговой деятельности, занятости в кружках и секциях по интересам, различных мероприятий, акций, вовлечение в социально значимую деятельность, развитие кругозора и т.д.", "leisure, clubs and social activity";
        D11 = "d11", "присутствие при необходимости на заседаниях комиссий, советов учреждения при рассмотрении дела в отношении получателей социальных услуг, предоставление информации о проделанной работе, о сложных ситуациях, возникающих у получателей социальных услуг", "attendance at commissions and councils";
    }

    /// The form of work: with one recipient or with a group (002 §5.2).
    WorkForm in "work-forms" {
        Individual = "individual", "индивидуальная", "individual";
        Group = "group", "групповая", "group";
    }

    /// The method of a meeting (002 §5.3, §5.5). [`WorkForm::methods`] lists the methods of each form of work.
    MeetingMethod in "meeting-methods" {
        Consultation = "consultation", "консультация", "consultation";
        Talk = "talk", "беседа", "talk";
        Practical = "practical", "практическое занятие", "practical lesson";
        Aid = "aid", "помощь", "aid";
        Discussion = "discussion", "дискуссия", "discussion";
        Game = "game", "игра", "game";
    }

    /// The kind of aid that a mentor gives (002 §2.2.4).
    AidKind in "aid-kinds" {
        Pedagogical = "pedagogical", "педагогическая", "pedagogical";
        Psychological = "psychological", "психологическая", "psychological";
        Social = "social", "социальная", "social";
    }

    /// The author of the topic of a meeting (002 §5.4).
    TopicSetBy in "topic-authors" {
        Mentor = "mentor", "наставник", "mentor";
        Together = "together", "совместно", "together";
        Recipient = "recipient", "получатель социальных услуг", "recipient";
        Specialist = "specialist", "специалист", "specialist";
    }

    /// The state of a meeting.
    MeetingState in "meeting-states" {
        Planned = "planned", "запланирована", "planned";
        Held = "held", "состоялась", "held";
        Missed = "missed", "не состоялась", "missed";
        Cancelled = "cancelled", "отменена", "cancelled";
    }

    /// The state of the homework of a meeting.
    HomeworkState in "homework-states" {
        Open = "open", "задано", "open";
        Overdue = "overdue", "просрочено", "overdue";
        Done = "done", "выполнено", "done";
    }

    /// The side that did not come to a meeting.
    MissedBy in "meeting-absentees" {
        Mentor = "mentor", "наставник", "mentor";
        Recipient = "recipient", "получатель социальных услуг", "recipient";
        Both = "both", "обе стороны", "both sides";
    }

    /// The reason for cancelling a meeting.
    CancellationReason in "meeting-cancellation-reasons" {
        ByMentor = "by_mentor", "по просьбе наставника", "at the mentor's request";
        ByRecipient = "by_recipient", "по просьбе получателя", "at the recipient's request";
        Illness = "illness", "болезнь", "illness";
        Circumstances = "circumstances", "внешние обстоятельства", "external circumstances";
        MentorshipEnded = "mentorship_ended", "наставничество закончилось", "the mentorship ended", by system;
        Other = "other", "иное", "other", demands [Text];
    }
}

sent! { SentCancellationReason of CancellationReason; }

impl WorkForm {
    /// The methods of this form: 002 §5.3 for individual work, §5.5 for work with a group.
    pub fn methods(self) -> &'static [MeetingMethod] {
        use MeetingMethod as Method;
        match self {
            Self::Individual => &[Method::Consultation, Method::Talk, Method::Practical, Method::Aid],
            Self::Group => &[Method::Consultation, Method::Discussion, Method::Game, Method::Practical],
        }
    }
    /// Whether this form of work uses the method.
    pub fn suits(self, method: MeetingMethod) -> bool {
        self.methods().contains(&method)
    }
    fn entries(self) -> Vec<CatalogueEntry> {
        self.methods().iter().copied().map(CatalogueEntry::of).collect()
    }
}

/// The methods of individual work, for their catalogue.
pub fn individual_methods() -> Vec<CatalogueEntry> {
    WorkForm::Individual.entries()
}

/// The methods of work with a group, for their catalogue.
pub fn group_methods() -> Vec<CatalogueEntry> {
    WorkForm::Group.entries()
}
