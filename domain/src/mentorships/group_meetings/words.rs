//! The closed vocabularies of group meetings.
use crate::base::word::words;

words! {
    /// The state of a group meeting.
    GroupMeetingState in "group-meeting-states" {
        Planned = "planned", "запланирована", "planned";
        Held = "held", "состоялась", "held";
        Cancelled = "cancelled", "отменена", "cancelled";
    }

    /// The purpose of a group meeting (002 §5.6).
    GroupPurpose in "group-meeting-purposes" {
        SocialContacts = "social_contacts", "расширение социальных контактов", "social contacts";
        Leisure = "leisure", "досуг и развлечение", "leisure";
        Training = "training", "обучение", "training";
        Experience = "experience", "обмен опытом", "exchange of experience";
        Other = "other", "иное", "other";
    }

    /// The topic of a game (002 §5.7).
    GameTopic in "game-topics" {
        Everyday = "everyday", "социально-бытовые ситуации", "everyday situations";
        Conflict = "conflict", "разрешение конфликтов", "conflict resolution";
        Contact = "contact", "установление контакта", "making contact";
        Other = "other", "иное", "other";
    }

    /// The common feature of the recipients in a group (002 §5.6).
    CommonGround in "group-meeting-grounds" {
        Mentor = "mentor", "один наставник", "one mentor";
        Institution = "institution", "наставники одного учреждения", "mentors of one institution";
        Category = "category", "получатели одной категории", "recipients of one category";
    }
}
