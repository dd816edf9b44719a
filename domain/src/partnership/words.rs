//! Vocabularies that several features of the partnership share.
use crate::base::word::words;
pub use crate::region::audiences::{Audience, FEWEST_SHOWN};

words! {
    /// The technology of work (000 L43, L47).
    Technology in "technologies" {
        Mentoring = "mentoring", "наставничество", "mentoring";
        Volunteering = "volunteering", "добровольчество", "volunteering";
        CommunityActivation = "community_activation", "активизация сообщества", "community activation";
        SocialPartnership = "social_partnership", "социальное партнёрство", "social partnership";
        SocialDesign = "social_design", "социальное проектирование", "social design";
        PeerOutreach = "peer_outreach", "равный — равному", "peer outreach";
        ClubWork = "club_work", "клубная работа", "club work";
        GiftEntertainment = "gift_entertainment", "подарочно-развлекательная", "gifts and entertainment";
        Other = "other", "иное", "other";
    }

    /// The level of partnership on which something works (000 L39–53).
    PartnershipLevel in "partnership-levels" {
        Governance = "governance", "организационно-управленческий", "governance";
        Methodological = "methodological", "программно-методический", "methodological";
        Service = "service", "базовый: сопровождение", "service";
    }

    /// The reach of an event, a project or a council.
    ReachLevel in "reach-levels" {
        Institution = "institution", "учреждение", "institution";
        Municipal = "municipal", "муниципальный", "municipal";
        Regional = "regional", "областной", "regional";
        Interregional = "interregional", "межрегиональный", "interregional";
        National = "national", "всероссийский", "national";
        International = "international", "международный", "international";
    }

    /// The kind of an event.
    EventKind in "event-kinds" {
        PedagogicalReadings = "pedagogical_readings", "педагогические чтения", "pedagogical readings";
        Conference = "conference", "конференция", "conference";
        RoundTable = "round_table", "круглый стол", "round table";
        Seminar = "seminar", "обучающий семинар", "seminar";
        PressLunch = "press_lunch", "пресс-ланч", "press lunch";
        Rally = "rally", "слёт наставников", "rally";
        MentorTraining = "mentor_training", "обучение наставников", "training of mentors";
        Lecture = "lecture", "лекция", "lecture";
        VideoLecture = "video_lecture", "видеолекция", "video lecture";
        Talk = "talk", "беседа", "talk";
        Training = "training", "тренинг", "training";
        MasterClass = "master_class", "мастер-класс", "master class";
        Prevention = "prevention", "профилактическое мероприятие", "prevention";
        Campaign = "campaign", "акция", "campaign";
        Collection = "collection", "сбор вещей, средств, продуктов", "collection";
        Tournament = "tournament", "турнир", "tournament";
        CleanUp = "clean_up", "экологический субботник", "clean-up";
        Improvement = "improvement", "благоустройство, монтаж дорожек", "improvement";
        FlashMob = "flash_mob", "флэшмоб", "flash mob";
        PhotoContest = "photo_contest", "фотоконкурс", "photo contest";
        Contest = "contest", "конкурс", "contest";
        Outreach = "outreach", "информирование силами целевой группы (курьеры)", "outreach";
        ThematicCircle = "thematic_circle", "тематический круг", "thematic circle";
        ServiceFair = "service_fair", "знакомство с возможностями служб («Перекрёсток»)", "service fair";
        Charity = "charity", "благотворительная акция", "charity";
        Leisure = "leisure", "досуг", "leisure";
        Excursion = "excursion", "экскурсия", "excursion";
        Commemoration = "commemoration", "возложение цветов, памятная акция", "commemoration";
        Concert = "concert", "праздничный концерт", "concert";
        SeasonalHelp = "seasonal_help", "помощь в подготовке к зиме", "seasonal help";
        Festival = "festival", "фестиваль", "festival";
        ClubMeeting = "club_meeting", "встреча клуба", "club meeting";
        Collegium = "collegium", "коллегия", "collegium";
        SocialExcursion = "social_excursion", "социальная экскурсия", "social excursion";
        CareerExcursion = "career_excursion", "профессиональная экскурсия", "career excursion";
        CareerTrial = "career_trial", "профессиональная проба", "career trial";
        CareerPractice = "career_practice", "практика", "practice";
        CareerRoute = "career_route", "профессиональный маршрут", "career route";
        Internship = "internship", "стажировка", "internship";
        AdvancedCourse = "advanced_course", "курсы повышения квалификации", "advanced course";
        Recruitment = "recruitment", "привлечение наставников (002 §2.2.1)", "recruitment";
        FamilyDay = "family_day", "«Семья помогает семье»", "family day";
        Presentation = "presentation", "презентация опыта", "presentation";
        Other = "other", "иное", "other";
    }
}
