//! The three levels of partnership, and what is counted on each (000 L39–53).
use super::words::{EventKind, PartnershipLevel};
use crate::base::word::words;

words! {
    /// Something that is counted on a level of partnership.
    LevelFigure in "level-figures" {
        Agreements = "agreements", "действующие соглашения", "agreements in force";
        Councils = "councils", "советы", "councils";
        Projects = "projects", "проекты, которые идут", "running projects";
        Replications = "replications", "внедрения практик", "replications of practices";
        Practices = "practices", "практики", "practices";
        Publications = "publications", "публикации", "publications";
        Clubs = "clubs", "клубы", "clubs";
        Events = "events", "состоявшиеся мероприятия", "held events";
    }
}

impl LevelFigure {
    /// The level to which all of them belong; none where each tells its own.
    pub fn level(self) -> Option<PartnershipLevel> {
        match self {
            Self::Councils | Self::Projects | Self::Replications => Some(PartnershipLevel::Governance),
            Self::Practices | Self::Publications => Some(PartnershipLevel::Methodological),
            Self::Clubs => Some(PartnershipLevel::Service),
            Self::Agreements | Self::Events => None,
        }
    }
}

impl EventKind {
    /// The level to which events of the kind belong: experience is presented on the first (L44), specialists learn on the second (L46–48).
    pub fn level(self) -> PartnershipLevel {
        match self {
            Self::PedagogicalReadings
            | Self::Conference
            | Self::RoundTable
            | Self::Collegium
            | Self::Presentation => PartnershipLevel::Governance,
            Self::Seminar
            | Self::PressLunch
            | Self::MentorTraining
            | Self::MasterClass
            | Self::Internship
            | Self::AdvancedCourse => PartnershipLevel::Methodological,
            _ => PartnershipLevel::Service,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_of_the_first_level_seminars_of_the_second_and_outings_of_the_third() {
        let levels =
            [EventKind::PedagogicalReadings, EventKind::Seminar, EventKind::Excursion].map(EventKind::level);
        let all = [PartnershipLevel::Governance, PartnershipLevel::Methodological, PartnershipLevel::Service];
        assert_eq!(levels, all);
    }
}
