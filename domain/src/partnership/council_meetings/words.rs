//! Words of meetings of councils.
use crate::base::word::words;

words! {
    /// The state of a meeting of a council.
    CouncilMeetingState in "council-meeting-states" {
        Planned = "planned", "запланировано", "planned";
        Held = "held", "состоялось", "held";
        Closed = "closed", "протокол подписан", "closed";
        Cancelled = "cancelled", "отменено", "cancelled";
    }

    /// The kind of a question on the agenda.
    AgendaKind in "agenda-kinds" {
        Report = "report", "доклад", "report";
        CoReport = "co_report", "содоклад", "co-report";
        Decision = "decision", "вопрос на решение", "for decision";
        Information = "information", "информация", "information";
    }

    /// The way in which a member took part in a meeting.
    Presence in "presences" {
        Present = "present", "присутствовал", "present";
        Online = "online", "дистанционно", "online";
        Represented = "represented", "через представителя", "represented";
        Excused = "excused", "уважительная причина", "excused";
        Absent = "absent", "отсутствовал", "absent";
    }

    /// A vote.
    Ballot in "ballots" {
        For = "for", "за", "for";
        Against = "against", "против", "against";
        Abstained = "abstained", "воздержался", "abstained";
        Recused = "recused", "самоотвод", "recused";
    }
}

impl Presence {
    /// Whether the member took part.
    pub fn is_there(self) -> bool {
        matches!(self, Self::Present | Self::Online | Self::Represented)
    }
}
