//! Audiences: the groups of people for whom organizations, events and projects are.
use crate::base::word::words;

words! {
    /// The audience of an organization, an event, a project or a practice.
    Audience in "audiences" {
        Minors = "minors", "несовершеннолетние", "minors";
        ChildrenInCare = "children_in_care", "воспитанники организаций для детей-сирот", "children in care";
        CareLeavers = "care_leavers", "выпускники", "care leavers";
        FosterFamilies = "foster_families", "замещающие семьи", "foster families";
        Parents = "parents", "родители", "parents";
        HardshipFamilies = "hardship_families", "семьи в ТЖС", "families in hardship";
        MinorsInConflict = "minors_in_conflict", "несовершеннолетние в конфликте с законом", "minors in conflict with the law";
        Students = "students", "учащиеся и студенты", "students";
        WorkSquad = "work_squad", "трудовой отряд", "work squad";
        Specialists = "specialists", "специалисты", "specialists";
        Managers = "managers", "руководители", "managers";
        Mentors = "mentors", "наставники", "mentors";
        Volunteers = "volunteers", "волонтёры", "volunteers";
        Elderly = "elderly", "пожилые", "elderly";
        Veterans = "veterans", "ветераны", "veterans";
        WarOrphans = "war_orphans", "«сироты войны»", "war orphans";
        Disabled = "disabled", "инвалиды", "disabled people";
        Homeless = "homeless", "лица БОМЖ", "homeless";
        Maladjusted = "maladjusted", "дезадаптированные граждане", "maladjusted citizens";
        Addicted = "addicted", "люди с зависимостью", "people with an addiction";
        NgoLeaders = "ngo_leaders", "руководители СО НКО", "heads of НКО";
        Executives = "executives", "исполнительная власть", "executive authorities";
        Legislators = "legislators", "законодательная власть", "legislators";
        Employers = "employers", "работодатели", "employers";
        SelfGovernment = "self_government", "комитеты ТОС", "self-government";
        Trustees = "trustees", "попечители", "trustees";
        Media = "media", "СМИ", "media";
        Residents = "residents", "жители", "residents";
        Other = "other", "иное", "other";
    }
}

/// People below which the number of a sensitive audience, and of the members of any group of volunteers, is told to the owner only.
pub const FEWEST_SHOWN: i32 = 5;

impl Audience {
    /// Whether to belong to it tells of an offence, an illness or the lack of a home. Counts of such people are hidden below 5.
    pub fn is_sensitive(self) -> bool {
        matches!(self, Self::MinorsInConflict | Self::Homeless | Self::Maladjusted | Self::Addicted)
    }
    /// Whether it is made of minors.
    pub fn is_of_minors(self) -> bool {
        matches!(self, Self::Minors | Self::ChildrenInCare | Self::MinorsInConflict)
    }
}
