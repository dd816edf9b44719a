//! Words by which lists are ordered and rows are counted.
use crate::base::word::words;

words! {
    /// The order of a list by time.
    ListOrder in "list-orders" {
        LatestFirst = "latest_first", "сначала поздние", "the latest first";
        EarliestFirst = "earliest_first", "сначала ранние", "the earliest first";
    }

    /// The member by which mentorships are counted.
    MentorshipGrouping in "mentorship-groupings" {
        State = "state", "по состоянию", "by state";
        Program = "program_id", "по программе", "by program";
        Organization = "organization_id", "по учреждению", "by institution";
        Tutor = "tutor_user_id", "по куратору", "by tutor";
    }

    /// The member by which meetings are counted.
    MeetingGrouping in "meeting-groupings" {
        State = "state", "по состоянию", "by state";
        Method = "method", "по методу", "by method";
    }

    /// The member by which applications are counted.
    ApplicationGrouping in "application-groupings" {
        State = "state", "по состоянию", "by state";
        Program = "program_id", "по программе", "by program";
        Organization = "organization_id", "по учреждению", "by institution";
    }

    /// The member by which cases are counted.
    CaseGrouping in "case-groupings" {
        State = "state", "по состоянию", "by state";
        Organization = "organization_id", "по учреждению", "by institution";
        Specialist = "specialist_user_id", "по специалисту", "by specialist";
    }

    /// The member by which tasks are counted.
    TaskGrouping in "task-groupings" {
        State = "state", "по состоянию", "by state";
        Controller = "controller_user_id", "по контролёру", "by controller";
    }

    /// The member by which referrals are counted.
    ReferralGrouping in "referral-groupings" {
        State = "state", "по состоянию", "by state";
        From = "from_organization_id", "по направившей организации", "by organization that sends";
        To = "to_organization_id", "по принимающей организации", "by organization that answers";
    }

    /// The member by which crises are counted.
    CrisisGrouping in "crisis-groupings" {
        State = "state", "по состоянию", "by state";
        Severity = "severity", "по тяжести", "by severity";
    }

    /// The member by which requests for help are counted.
    IntakeGrouping in "intake-groupings" {
        State = "state", "по состоянию", "by state";
        Urgency = "urgency", "по срочности", "by urgency";
    }

    /// The member by which stays are counted.
    StayGrouping in "stay-groupings" {
        State = "state", "по состоянию", "by state";
        Organization = "organization_id", "по учреждению", "by institution";
        Facility = "facility_id", "по месту проживания", "by facility";
    }

    /// The member by which people on the register are counted.
    RegisterGrouping in "register-groupings" {
        Category = "category", "по категории", "by category";
        Origin = "origin", "по месту, откуда пришли", "by origin";
        Organization = "organization_id", "по учреждению", "by institution";
        OrganizationKind = "organization_kind", "по виду учреждения", "by kind of institution";
    }
}
