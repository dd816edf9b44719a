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

    /// The member by which people on the register are counted.
    RegisterGrouping in "register-groupings" {
        Category = "category", "по категории", "by category";
        Origin = "origin", "по месту, откуда пришли", "by origin";
        Organization = "organization_id", "по учреждению", "by institution";
        OrganizationKind = "organization_kind", "по виду учреждения", "by kind of institution";
    }
}
