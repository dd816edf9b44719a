//! Words of plan forms: kinds of plans and approvers.
use crate::base::word::words;

words! {
    /// The kind of a plan.
    PlanKind in "plan-kinds" {
        Route = "route", "индивидуальный маршрут сопровождения", "route";
        DevelopmentPlacement = "development_placement", "индивидуальный план развития и жизнеустройства", "development and placement plan";
        Corrective = "corrective", "индивидуальная корректирующая программа", "corrective programme";
        Trajectory = "trajectory", "траектория развития, занятости", "trajectory";
        EducationRoute = "education_route", "индивидуальный образовательный маршрут", "education route";
        LifePlan = "life_plan", "жизненный план", "life plan";
        Prevention = "prevention", "программа индивидуальной профилактической работы", "prevention programme";
    }

    /// Somebody who approves the versions of a plan.
    PlanApprover in "plan-approvers" {
        Specialist = "specialist", "специалист", "specialist";
        UnitHead = "unit_head", "заведующий отделением", "head of a unit";
        Director = "director", "директор", "director";
        Consilium = "consilium", "консилиум", "consilium";
        Guardianship = "guardianship", "орган опеки", "guardianship authority";
        Person = "person", "получатель", "person";
        Representative = "representative", "представитель", "representative";
        Commission = "commission", "КДНиЗП", "commission on minors";
    }
}

impl PlanKind {
    /// Whether the plan belongs to the beneficiary, who has one of it in the region. Any other plan belongs to a case.
    pub fn is_of_beneficiary(self) -> bool {
        matches!(self, Self::LifePlan | Self::EducationRoute)
    }
}
