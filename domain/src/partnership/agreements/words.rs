//! Words of agreements.
use crate::base::word::words;
use chrono::NaiveDate;

words! {
    /// The sphere of an agreement.
    AgreementSphere in "agreement-spheres" {
        SocialServices = "social_services", "социальное обслуживание", "social services";
        Mentoring = "mentoring", "наставничество", "mentoring";
        Aftercare = "aftercare", "постинтернатное сопровождение", "aftercare";
        AddictionPrevention = "addiction_prevention", "профилактика зависимостей", "addiction prevention";
        HealthyLife = "healthy_life", "здоровый образ жизни", "healthy life";
        Resocialisation = "resocialisation", "ресоциализация", "resocialisation";
        Education = "education", "образование и профориентация", "education";
        Employment = "employment", "трудоустройство", "employment";
        CultureSport = "culture_sport", "культура, досуг, спорт", "culture and sport";
        Volunteering = "volunteering", "добровольчество", "volunteering";
        LegalAid = "legal_aid", "правовая помощь", "legal aid";
        Methodology = "methodology", "методология и практики", "methodology";
        Information = "information", "информирование", "information";
        Other = "other", "иное", "other";
    }

    /// The role of a party in an agreement.
    PartyRole in "party-roles" {
        Authority = "authority", "орган власти", "authority";
        Institution = "institution", "учреждение", "institution";
        Partner = "partner", "партнёр", "partner";
        Coordinator = "coordinator", "координатор", "coordinator";
        Scientific = "scientific", "научный партнёр", "scientific partner";
    }

    /// The ground on which an agreement ends before its last day.
    AgreementEnd in "agreement-ends" {
        Mutual = "mutual", "по соглашению сторон", "mutual";
        OneSide = "one_side", "по инициативе стороны", "by one side";
        Breach = "breach", "нарушение условий", "breach";
        Reorganised = "reorganised", "реорганизация", "reorganised";
        Other = "other", "иное", "other", demands [Text];
    }

    /// The state of an agreement on a day.
    AgreementState in "agreement-states" {
        Planned = "planned", "готовится", "planned";
        Upcoming = "upcoming", "вступит в силу", "upcoming";
        InForce = "in_force", "действует", "in force";
        Expired = "expired", "истекло", "expired";
        Terminated = "terminated", "расторгнуто", "terminated";
    }
}

/// The days of an agreement. A planned one has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgreementDays {
    /// The first day in force. Only a signed agreement has one.
    pub starts_on: Option<NaiveDate>,
    /// The last day in force, with all extensions; none where the agreement is indefinite.
    pub ends_on: Option<NaiveDate>,
    /// The last day in force of a terminated agreement.
    pub ended_on: Option<NaiveDate>,
}

impl AgreementState {
    /// The state on a day of an agreement with these days.
    pub fn on(days: AgreementDays, today: NaiveDate) -> Self {
        match days {
            AgreementDays { ended_on: Some(last), .. } if last < today => Self::Terminated,
            AgreementDays { starts_on: None, .. } => Self::Planned,
            AgreementDays { ends_on: Some(last), .. } if last < today => Self::Expired,
            AgreementDays { starts_on: Some(first), .. } if today < first => Self::Upcoming,
            AgreementDays { .. } => Self::InForce,
        }
    }
}
