//! Words of teams.
use crate::base::word::{sent, words};

words! {
    /// The role of a member in the team of a case.
    TeamRole in "team-roles" {
        Specialist = "specialist", "специалист сопровождения", "specialist";
        SocialTeacher = "social_teacher", "социальный педагог", "social teacher";
        Psychologist = "psychologist", "педагог-психолог", "psychologist";
        Medic = "medic", "медработник", "medic";
        Lawyer = "lawyer", "юрист", "lawyer";
        Teacher = "teacher", "куратор в ПОО", "teacher";
        Tutor = "tutor", "тьютор", "tutor";
        Mentor = "mentor", "наставник", "mentor";
        Guardianship = "guardianship", "специалист опеки", "guardianship officer";
        Volunteer = "volunteer", "доброволец", "volunteer";
        Other = "other", "иное", "other";
    }

    /// The use that a member of another organization makes of the granted parts.
    GrantLevel in "grant-levels" {
        Read = "read", "чтение", "read";
        Contribute = "contribute", "чтение и свои записи", "read and add";
    }

    /// The state of a membership in a team.
    TeamMemberState in "team-member-states" {
        Running = "running", "действует", "running";
        Expired = "expired", "срок истёк", "expired";
        Ended = "ended", "завершено", "ended";
    }

    /// The reason for which a membership ended before its last day.
    TeamEndReason in "team-end-reasons" {
        NotNeeded = "not_needed", "больше не нужно", "not needed any more";
        Left = "left", "участник вышел", "the member left";
        Mistake = "mistake", "ошибка", "mistake";
        ConsentWithdrawn = "consent_withdrawn", "согласие отозвано", "the consent was withdrawn", by system;
        CaseClosed = "case_closed", "случай закрыт", "the case was closed", by system;
        Other = "other", "иное", "other", demands [Text];
    }
}

sent! {
    SentTeamEndReason of TeamEndReason;
}
