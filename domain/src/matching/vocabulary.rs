//! The vocabularies of the profiles for matching. Each has at most 64 words, because a set of words is one number: see
//! [`Tags`](super::Tags).
use crate::base::word::words;

words! {
    /// An activity that a person likes or dislikes.
    Interest in "interests" {
        Football = "football", "футбол", "football";
        Basketball = "basketball", "баскетбол", "basketball";
        Volleyball = "volleyball", "волейбол", "volleyball";
        Hockey = "hockey", "хоккей", "ice hockey";
        MartialArts = "martial_arts", "единоборства", "martial arts";
        Swimming = "swimming", "плавание", "swimming";
        Athletics = "athletics", "лёгкая атлетика, бег", "athletics and running";
        Gymnastics = "gymnastics", "гимнастика, акробатика", "gymnastics and acrobatics";
        Skiing = "skiing", "лыжи, коньки", "skiing and skating";
        Cycling = "cycling", "велосипед, самокат", "cycling";
        Fitness = "fitness", "фитнес, силовые тренировки", "fitness and strength training";
        TableTennis = "table_tennis", "настольный теннис", "table tennis";
        Chess = "chess", "шахматы, шашки", "chess and draughts";
        BoardGames = "board_games", "настольные игры, головоломки", "board games and puzzles";
        VideoGames = "video_games", "компьютерные игры", "video games";
        Singing = "singing", "пение", "singing";
        MusicalInstruments = "musical_instruments", "игра на музыкальных инструментах", "musical instruments";
        ListeningToMusic = "listening_to_music", "музыка, концерты", "listening to music";
        Dancing = "dancing", "танцы", "dancing";
        Drawing = "drawing", "рисование, живопись", "drawing and painting";
        Sculpture = "sculpture", "лепка, керамика", "modelling and ceramics";
        Handicraft = "handicraft", "рукоделие, вязание", "handicraft and knitting";
        Sewing = "sewing", "шитьё, мода", "sewing and fashion";
        Woodwork = "woodwork", "работа с деревом", "woodwork";
        Cooking = "cooking", "кулинария, выпечка", "cooking and baking";
        Pets = "pets", "домашние животные", "pets";
        Horses = "horses", "лошади", "horses";
        Gardening = "gardening", "растения, сад и огород", "plants and gardening";
        Fishing = "fishing", "рыбалка", "fishing";
        Mushrooming = "mushrooming", "грибы и ягоды", "gathering mushrooms and berries";
        Hiking = "hiking", "походы, туризм", "hiking";
        Travel = "travel", "путешествия, экскурсии", "travel and excursions";
        Technics = "technics", "техника, конструирование", "technics and construction";
        Robotics = "robotics", "робототехника, электроника", "robotics and electronics";
        Programming = "programming", "программирование", "programming";
        Cars = "cars", "автомобили, мотоциклы", "cars and motorcycles";
        Repair = "repair", "ремонт, мастерство по дому", "repair and do-it-yourself";
        Science = "science", "наука, опыты", "science and experiments";
        Astronomy = "astronomy", "космос, астрономия", "space and astronomy";
        Reading = "reading", "чтение", "reading";
        Writing = "writing", "стихи, рассказы, журналистика", "writing and journalism";
        Theatre = "theatre", "театр", "theatre";
        Cinema = "cinema", "кино, мультфильмы", "cinema and cartoons";
        Photography = "photography", "фотография, видео, блог", "photography, video and blogging";
        LocalHistory = "local_history", "краеведение, история", "local history";
        Folklore = "folklore", "народные традиции", "folk traditions";
        ForeignLanguages = "foreign_languages", "иностранные языки", "foreign languages";
        Volunteering = "volunteering", "волонтёрство", "volunteering";
        Patriotic = "patriotic", "поисковое движение, юнармия", "patriotic and search movements";
        Business = "business", "предпринимательство", "business";
        Beauty = "beauty", "красота, причёски, уход за собой", "beauty and hairdressing";
        Collecting = "collecting", "коллекционирование", "collecting";
    }

    /// A kind of help: a need of a beneficiary, or a skill of a mentor.
    SupportNeed in "support-needs" {
        Humanities = "humanities", "русский язык, литература, история", "Russian, literature, history";
        ExactSciences = "exact_sciences", "математика, физика, информатика", "mathematics, physics, computer science";
        NaturalSciences = "natural_sciences", "биология, химия, география", "biology, chemistry, geography";
        ForeignLanguage = "foreign_language", "иностранный язык", "a foreign language";
        Exams = "exams", "подготовка к экзаменам", "preparing for examinations";
        LearningMotivation = "learning_motivation", "интерес к учёбе, посещаемость", "motivation to learn, attendance";
        ChoosingProfession = "choosing_profession", "выбор профессии", "choosing a profession";
        Admission = "admission", "поступление на учёбу", "admission to a college or university";
        JobSearch = "job_search", "поиск работы", "job search";
        Documents = "documents", "оформление документов, пособий и льгот", "documents, benefits and allowances";
        Budget = "budget", "деньги, бюджет, долги", "money, budget, debts";
        Housing = "housing", "получение и содержание жилья", "getting and keeping housing";
        Household = "household", "готовка и ведение хозяйства", "cooking and household";
        Health = "health", "забота о здоровье, режим дня", "health habits and daily routine";
        ChildDevelopment = "child_development", "уход за ребёнком и его развитие", "care and development of a child";
        Parenting = "parenting", "воспитание детей", "parenting";
        FamilyConflict = "family_conflict", "конфликты в семье", "conflict in the family";
        KinshipTies = "kinship_ties", "связь с родными", "ties with relatives";
        Communication = "communication", "общение, друзья", "communication and friends";
        SelfConfidence = "self_confidence", "уверенность в себе", "self-confidence";
        EmotionalSupport = "emotional_support", "тревога, управление чувствами", "anxiety and handling emotions";
        Grief = "grief", "горе и утрата", "grief and loss";
        Addiction = "addiction", "зависимость в семье", "addiction in the family";
        OffencePrevention = "offence_prevention", "предупреждение правонарушений", "prevention of offences";
        Leisure = "leisure", "досуг, кружки и секции", "leisure, clubs and sport";
        Legal = "legal", "правовые вопросы", "legal questions";
        Digital = "digital", "цифровые навыки и безопасность в сети", "digital skills and safety online";
        DrivingLicence = "driving_licence", "водительские права", "a driving licence";
        Disability = "disability", "жизнь с инвалидностью", "living with a disability";
    }

    /// A language for meetings: ISO 639 codes, the shortest one of each language.
    Language in "languages" {
        Russian = "ru", "русский", "Russian";
        RussianSign = "rsl", "русский жестовый", "Russian Sign Language";
        Tatar = "tt", "татарский", "Tatar";
        Bashkir = "ba", "башкирский", "Bashkir";
        Chuvash = "cv", "чувашский", "Chuvash";
        Chechen = "ce", "чеченский", "Chechen";
        Ingush = "inh", "ингушский", "Ingush";
        Avar = "av", "аварский", "Avar";
        Ossetian = "os", "осетинский", "Ossetian";
        Buryat = "bua", "бурятский", "Buryat";
        Tuvan = "tyv", "тувинский", "Tuvan";
        Yakut = "sah", "якутский", "Yakut";
        Kalmyk = "xal", "калмыцкий", "Kalmyk";
        Komi = "kv", "коми", "Komi";
        Mari = "chm", "марийский", "Mari";
        Udmurt = "udm", "удмуртский", "Udmurt";
        Erzya = "myv", "мордовский (эрзянский)", "Erzya Mordvin";
        Moksha = "mdf", "мордовский (мокшанский)", "Moksha Mordvin";
        Ukrainian = "uk", "украинский", "Ukrainian";
        Belarusian = "be", "белорусский", "Belarusian";
        Kazakh = "kk", "казахский", "Kazakh";
        Uzbek = "uz", "узбекский", "Uzbek";
        Tajik = "tg", "таджикский", "Tajik";
        Kyrgyz = "ky", "киргизский", "Kyrgyz";
        Azerbaijani = "az", "азербайджанский", "Azerbaijani";
        Armenian = "hy", "армянский", "Armenian";
        Georgian = "ka", "грузинский", "Georgian";
        Romani = "rom", "цыганский", "Romani";
        English = "en", "английский", "English";
    }

    /// A part of a day of the week: morning, afternoon or evening.
    WeekHour in "week-hours" {
        MonMorning = "mon_morning", "понедельник, утро", "Monday morning";
        MonAfternoon = "mon_afternoon", "понедельник, день", "Monday afternoon";
        MonEvening = "mon_evening", "понедельник, вечер", "Monday evening";
        TueMorning = "tue_morning", "вторник, утро", "Tuesday morning";
        TueAfternoon = "tue_afternoon", "вторник, день", "Tuesday afternoon";
        TueEvening = "tue_evening", "вторник, вечер", "Tuesday evening";
        WedMorning = "wed_morning", "среда, утро", "Wednesday morning";
        WedAfternoon = "wed_afternoon", "среда, день", "Wednesday afternoon";
        WedEvening = "wed_evening", "среда, вечер", "Wednesday evening";
        ThuMorning = "thu_morning", "четверг, утро", "Thursday morning";
        ThuAfternoon = "thu_afternoon", "четверг, день", "Thursday afternoon";
        ThuEvening = "thu_evening", "четверг, вечер", "Thursday evening";
        FriMorning = "fri_morning", "пятница, утро", "Friday morning";
        FriAfternoon = "fri_afternoon", "пятница, день", "Friday afternoon";
        FriEvening = "fri_evening", "пятница, вечер", "Friday evening";
        SatMorning = "sat_morning", "суббота, утро", "Saturday morning";
        SatAfternoon = "sat_afternoon", "суббота, день", "Saturday afternoon";
        SatEvening = "sat_evening", "суббота, вечер", "Saturday evening";
        SunMorning = "sun_morning", "воскресенье, утро", "Sunday morning";
        SunAfternoon = "sun_afternoon", "воскресенье, день", "Sunday afternoon";
        SunEvening = "sun_evening", "воскресенье, вечер", "Sunday evening";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::Word;

    #[test]
    fn a_set_of_words_fits_one_number() {
        let counts = [Interest::ALL.len(), SupportNeed::ALL.len(), Language::ALL.len(), WeekHour::ALL.len()];
        assert!(counts.iter().all(|it| *it <= 64), "{counts:?}");
        assert_eq!(WeekHour::ALL.len(), 7 * 3);
    }
}
