//! All closed vocabularies for frontends: codes with labels, so that a frontend hard-codes none.
use crate::base::word::{CatalogueEntry, Word, entries};
use std::borrow::Cow;
use utoipa::ToSchema;

/// A catalogue, as `GET /catalogues/{name}` serves it.
#[derive(Debug)]
pub struct Catalogue {
    /// The name in the address.
    pub name: &'static str,
    /// The title in Russian.
    pub title_ru: &'static str,
    /// The title in English.
    pub title_en: &'static str,
    /// The entries, in the order in which people see them.
    pub entries: fn() -> Vec<CatalogueEntry>,
    /// The name of the vocabulary in the contract. `None` for a part of another catalogue.
    pub schema: Option<fn() -> Cow<'static, str>>,
}

macro_rules! catalogues {
    (parts { $($name:literal, $entries:path, $part_ru:literal, $part_en:literal;)+ }
     $($words:ty, $ru:literal, $en:literal;)+) => {
        /// Every catalogue.
        static ALL: &[Catalogue] = &[$(Catalogue {
            name: <$words as Word>::CATALOGUE,
            title_ru: $ru,
            title_en: $en,
            entries: entries::<$words>,
            schema: Some(<$words as ToSchema>::name),
        },)+ $(Catalogue {
            name: $name,
            title_ru: $part_ru,
            title_en: $part_en,
            entries: $entries,
            schema: None,
        }),+];
    };
}

catalogues! {
    parts {
        "individual-meeting-methods", crate::mentorships::meetings::individual_methods, "методы индивидуальной работы", "methods of individual work";
        "group-meeting-methods", crate::mentorships::meetings::group_methods, "методы групповой работы", "methods of work with a group";
        "fact-kinds", crate::history::kinds, "виды записей журнала", "kinds of facts";
        "fact-details", crate::base::named::entries, "подробности записей журнала и поля форм", "details of facts and members of forms";
    }
    crate::history::HistoryActor, "кто совершил действие", "actors of events";
    crate::base::access::Role, "роли", "roles";
    crate::base::action::Action, "действия", "orders that a card offers";
    crate::base::word::Demand, "что нужно к основанию или причине", "demands of grounds and reasons";
    crate::base::filters::order::ListOrder, "порядок списков", "orders of lists";
    crate::base::filters::order::MentorshipGrouping, "разрезы подсчёта наставничеств", "groupings of counts of mentorships";
    crate::base::filters::order::MeetingGrouping, "разрезы подсчёта встреч", "groupings of counts of meetings";
    crate::base::filters::order::ApplicationGrouping, "разрезы подсчёта заявлений", "groupings of counts of applications";
    crate::base::filters::order::CaseGrouping, "разрезы подсчёта случаев", "groupings of counts of cases";
    crate::base::filters::order::TaskGrouping, "разрезы подсчёта задач", "groupings of counts of tasks";
    crate::base::filters::order::ReferralGrouping, "разрезы подсчёта направлений", "groupings of counts of referrals";
    crate::base::filters::order::CrisisGrouping, "разрезы подсчёта кризисов", "groupings of counts of crises";
    crate::base::filters::order::IntakeGrouping, "разрезы подсчёта обращений", "groupings of counts of requests for help";
    crate::base::filters::order::StayGrouping, "разрезы подсчёта проживаний", "groupings of counts of stays";
    crate::base::filters::order::RegisterGrouping, "разрезы подсчёта учёта", "groupings of counts of the register";
    crate::base::change::SubjectKind, "предметы записей журнала", "subjects of facts";
    crate::region::organizations::OrganizationKind, "виды организаций", "kinds of organization";
    crate::region::terms::TermKind, "виды сроков", "kinds of term";
    crate::partnership::words::Audience, "аудитории", "audiences";
    crate::partnership::words::Technology, "технологии работы", "technologies of work";
    crate::partnership::words::PartnershipLevel, "уровни партнёрства", "levels of partnership";
    crate::partnership::words::ReachLevel, "уровни охвата", "levels of reach";
    crate::partnership::words::EventKind, "виды мероприятий", "kinds of event";
    crate::partnership::projects::ProjectState, "состояния проектов", "states of projects";
    crate::partnership::projects::partners::ProjectRole, "роли в проекте", "roles in a project";
    crate::partnership::projects::contributions::ContributionKind, "виды вкладов", "kinds of contribution";
    crate::partnership::events::EventState, "состояния мероприятий", "states of events";
    crate::partnership::events::EventRegistration, "запись на мероприятие", "registration for an event";
    crate::partnership::events::participants::ParticipantState, "состояния участников", "states of participants";
    crate::partnership::events::participants::ParticipantRole, "роли участников", "roles of participants";
    crate::partnership::events::volunteer_work::VolunteerWorkState, "состояния часов добровольца", "states of a volunteer's hours";
    crate::partnership::ideas::IdeaState, "состояния идей", "states of ideas";
    crate::partnership::community::clubs::ClubKind, "виды клубов", "kinds of clubs";
    crate::partnership::community::members::CommunityRole, "роли в клубе или отряде", "roles in a club or a group of volunteers";
    crate::partnership::community::volunteer_groups::VolunteerSource, "откуда волонтёры", "sources of volunteers";
    crate::partnership::community::practices::PracticeStage, "этапы практики", "stages of a practice";
    crate::partnership::community::practices::EvidenceLevel, "уровни доказанности", "levels of evidence";
    crate::partnership::community::publications::PublicationKind, "виды публикаций и материалов", "kinds of publications and materials";
    crate::partnership::community::publications::PublicationTopic, "темы публикаций", "topics of publications";
    crate::partnership::community::nominations::NominationSubject, "о ком номинация", "subjects of nominations";
    crate::partnership::community::nominations::NominationState, "состояния номинации", "states of a nomination";
    crate::partnership::community::success_stories::StoryState, "состояния истории успеха", "states of a success story";
    crate::partnership::community::specialist_trainings::SpecialistTrainingKind, "виды обучения специалистов", "kinds of trainings of specialists";
    crate::region::organizations::LegalForm, "организационно-правовые формы", "legal forms";
    crate::region::organizations::UnitKind, "виды подразделений", "kinds of unit";
    crate::region::organizations::UnitFunction, "функции подразделений", "functions of units";
    crate::region::organizations::CharterFooting, "закрепление в уставе", "footings in a charter";
    crate::partnership::levels::LevelFigure, "показатели уровней партнёрства", "figures of levels of partnership";
    crate::partnership::agreements::AgreementSphere, "сферы соглашений", "spheres of agreements";
    crate::partnership::agreements::PartyRole, "роли сторон соглашения", "roles of parties";
    crate::partnership::agreements::AgreementEnd, "основания расторжения соглашений", "grounds to terminate an agreement";
    crate::partnership::agreements::AgreementState, "состояния соглашений", "states of an agreement";
    crate::partnership::legal_acts::ActKind, "виды правовых актов", "kinds of legal act";
    crate::partnership::funding_programs::FundingProgramKind, "виды программ финансирования", "kinds of funding programme";
    crate::partnership::partner_interactions::PartnerInteractionKind, "виды взаимодействия с партнёрами", "kinds of interaction with a partner";
    crate::partnership::action_packages::MeasureCount, "что считается для меры", "things counted for a measure";
    crate::partnership::action_plans::ActionPlanKind, "виды планов действий", "kinds of plan of action";
    crate::region::specialists::SpecialistPosition, "должности специалистов", "positions of specialists";
    crate::region::organizations::FocusArea, "направления работы организаций", "focus areas";
    crate::people::Sex, "пол", "sexes";
    crate::people::likeness::LikenessReason, "за и против того, что это один человек", "reasons for and against one person";
    crate::people::IdentityDocumentKind, "документы, удостоверяющие личность", "identity documents";
    crate::people::HardshipCause, "причины трудной жизненной ситуации", "causes of hardship";
    crate::people::RiskFlag, "признаки риска", "risk flags";
    crate::people::FamilyRole, "роли в семье", "roles in a family";
    crate::people::BeneficiaryKind, "виды получателей", "kinds of beneficiary";
    crate::people::BeneficiaryCategory, "категории получателей", "categories of beneficiary";
    crate::people::Origin, "откуда пришёл получатель", "origins of beneficiaries";
    crate::people::RepresentativeBasis, "основания представительства", "grounds of representation";
    crate::accompaniment::cases::CaseState, "состояния случая", "states of a case";
    crate::accompaniment::cases::CaseClosingReason, "причины закрытия случая", "reasons to close a case";
    crate::accompaniment::cases::grounds::CaseKind, "виды сопровождения", "kinds of accompaniment";
    crate::accompaniment::cases::grounds::CaseStage, "этапы сопровождения", "stages of accompaniment";
    crate::accompaniment::cases::grounds::LegalBasisKind, "виды правовых оснований", "kinds of legal basis";
    crate::accompaniment::cases::reviews::ReviewKind, "виды рассмотрений случая", "kinds of review of a case";
    crate::accompaniment::cases::reviews::ReviewOutcome, "итоги рассмотрения", "outcomes of a review";
    crate::accompaniment::cases::reviews::ContinuationGround, "основания продолжать сопровождение", "grounds to go on with accompaniment";
    crate::accompaniment::case_problems::CaseProblemState, "состояния проблемы", "states of a problem";
    crate::accompaniment::case_problems::CaseProblemOutcome, "что стало с проблемой", "changes of a problem";
    crate::accompaniment::life_periods::LifePeriodKind, "виды периодов жизни", "kinds of period of life";
    crate::accompaniment::life_periods::PlacementForm, "формы устройства", "forms of placement";
    crate::accompaniment::life_periods::EducationLevel, "уровни образования", "levels of education";
    crate::accompaniment::snapshots::SnapshotSource, "источники срезов", "sources of snapshots";
    crate::accompaniment::snapshots::InTouch, "есть ли связь с получателем", "whether a person is in touch";
    crate::accompaniment::snapshots::LifeDomain, "сферы жизни", "domains of life";
    crate::accompaniment::snapshots::WatchLevel, "состояния сферы жизни", "states of a domain of life";
    crate::accompaniment::snapshots::Tenure, "права на жильё", "rights to housing";
    crate::accompaniment::snapshots::ActivityState, "занятость", "occupations";
    crate::accompaniment::case_contacts::ContactMedium, "способы контакта", "ways of a contact";
    crate::accompaniment::case_contacts::ContactWith, "с кем контакт", "others of a contact";
    crate::accompaniment::plan_forms::PlanKind, "виды планов", "kinds of plans";
    crate::accompaniment::plan_forms::PlanApprover, "кто согласует планы", "approvers of plans";
    crate::accompaniment::plans::PlanState, "состояния плана", "states of a plan";
    crate::accompaniment::plans::PlanEndReason, "причины завершения плана", "reasons to end a plan";
    crate::accompaniment::plans::PlanVersionState, "состояния редакции плана", "states of a version of a plan";
    crate::accompaniment::plans::PlanProgress, "ход плана", "progress of a plan";
    crate::accompaniment::plans::PlanPart, "части плана", "parts of a plan";
    crate::accompaniment::plans::PlanChange, "различия редакций плана", "differences between versions of a plan";
    crate::accompaniment::scales::ScaleKind, "виды шкал", "kinds of scale";
    crate::accompaniment::scales::Rater, "кто оценивает", "raters";
    crate::accompaniment::scales::ScoreRule, "правила подсчёта", "rules of a score";
    crate::accompaniment::assessments::AssessmentPoint, "моменты оценки", "points of an assessment";
    crate::accompaniment::assessments::AssessmentState, "состояния оценки", "states of an assessment";
    crate::accompaniment::living::enrolments::ModuleState, "состояния модуля", "states of a module";
    crate::accompaniment::living::enrolments::EnrolmentState, "состояния участия в программе", "states of an enrolment";
    crate::accompaniment::living::enrolments::EnrolmentEndReason, "причины прекращения участия в программе", "reasons to end an enrolment";
    crate::accompaniment::living::activities::CareerActivityKind, "виды знакомства с работой", "kinds of encounter with work";
    crate::accompaniment::team::TeamRole, "роли в команде случая", "roles in the team of a case";
    crate::accompaniment::team::GrantLevel, "уровни участия в команде", "levels of a membership in a team";
    crate::accompaniment::team::TeamMemberState, "состояния участия в команде", "states of a membership in a team";
    crate::accompaniment::consilia::ConsiliumKind, "виды консилиумов", "kinds of consilia";
    crate::accompaniment::consilia::SittingForm, "формы проведения консилиума", "forms of a consilium";
    crate::accompaniment::consilia::ConsiliumRole, "роли в консилиуме", "roles in a consilium";
    crate::accompaniment::consilia::Heard, "как выслушан человек", "ways in which somebody was heard";
    crate::accompaniment::consilia::ConsiliumState, "состояния консилиума", "states of a consilium";
    crate::accompaniment::consilia::ItemState, "состояния вопроса консилиума", "states of an item of a consilium";
    crate::accompaniment::monthly_records::MonthlyRecordState, "состояния ежемесячной записи", "states of a monthly record";
    crate::accompaniment::monthly_records::MonthItemKind, "события месяца", "things that happen in a month";
    crate::accompaniment::monthly_records::LateChange, "поздние изменения месяца", "late changes of a month";
    crate::accompaniment::monthly_records::LifeChange, "изменения за месяц", "changes in a month";
    crate::accompaniment::transfers::TransferReason, "причины передачи случая", "reasons for a transfer of a case";
    crate::accompaniment::transfers::TransferState, "состояния передачи случая", "states of a transfer of a case";
    crate::accompaniment::transfers::AnswerReason, "причины отказа принять", "reasons not to take somebody over";
    crate::help::referrals::ReferralState, "состояния направления", "states of a referral";
    crate::help::referrals::ReferralDirection, "направления входящие и исходящие", "directions of referrals";
    crate::help::referrals::AgeGroup, "возраст получателя", "age groups";
    crate::help::intake_requests::IntakeSource, "откуда обращение", "sources of a request for help";
    crate::help::intake_requests::IntakeState, "состояния обращения", "states of a request for help";
    crate::accompaniment::team::TeamEndReason, "причины завершения участия в команде", "reasons to end a membership in a team";
    crate::help::places::FacilityKind, "виды мест проживания", "kinds of facility";
    crate::help::places::Amenity, "удобства", "amenities";
    crate::help::places::rooms::SexRule, "кого селят в комнату по полу", "sex rules of rooms";
    crate::help::places::rooms::AgeRule, "кого селят в комнату по возрасту", "age rules of rooms";
    crate::help::places::blocks::BlockReason, "причины вывода места из оборота", "reasons to block a bed";
    crate::help::places::blocks::BlockState, "состояния вывода места из оборота", "states of a block of a bed";
    crate::help::documents::due::DocumentMatter, "почему документ в повестке", "matters of documents on an agenda";
    crate::help::stays::StayState, "состояния проживания", "states of a stay";
    crate::help::stays::StayPurpose, "цели проживания", "purposes of a stay";
    crate::help::stays::DepartureReason, "причины выбытия", "reasons for a departure";
    crate::help::place_requests::PlaceRequestState, "состояния заявки на место", "states of a request for a place";
    crate::help::place_requests::OfferEnding, "чем закончилось предложение места", "ends of an offer of a place";
    crate::partnership::councils::CouncilKind, "виды советов", "kinds of council";
    crate::partnership::councils::QuorumRule, "правила кворума", "rules of a quorum";
    crate::partnership::councils::DecisionWay, "способы принятия решений", "ways to decide";
    crate::partnership::councils::members::CouncilRole, "роли в совете", "roles in a council";
    crate::partnership::council_meetings::CouncilMeetingState, "состояния заседания совета", "states of a meeting of a council";
    crate::partnership::council_meetings::AgendaKind, "виды вопросов повестки", "kinds of questions on an agenda";
    crate::partnership::council_meetings::Presence, "участие в заседании", "presence at a meeting";
    crate::partnership::council_meetings::Ballot, "голоса", "votes";
    crate::partnership::decisions::DecisionState, "состояния решения", "states of a decision";
    crate::partnership::decisions::DecisionItemKind, "виды пунктов решения", "kinds of items of a decision";
    crate::accompaniment::tasks::TaskKind, "виды поручений", "kinds of task";
    crate::accompaniment::tasks::TaskState, "состояния поручения", "states of a task";
    crate::accompaniment::tasks::AssigneeKind, "кому дают поручение", "kinds of assignee";
    crate::accompaniment::tasks::TaskPriority, "срочность поручения", "priorities of a task";
    crate::accompaniment::tasks::TaskCancellationReason, "причины отмены поручения", "reasons to cancel a task";
    crate::accompaniment::tasks::TaskStep, "шаги поручения", "steps of a task";
    crate::accompaniment::tasks::TaskSourceKind, "из чего следует поручение", "sources of a task";
    crate::accompaniment::tasks::ReportPeriod, "периоды отчётов о поручении", "periods of reports about a task";
    crate::accompaniment::tasks::TaskAnswerKind, "ответы на поручение", "answers to a task";
    crate::accompaniment::tasks::MyTasks, "мои поручения", "the caller's share in tasks";
    crate::help::needs::NeedState, "состояния потребности", "states of a need";
    crate::help::needs::NeedSource, "источники потребностей", "sources of needs";
    crate::help::needs::NeedUrgency, "срочность потребностей, кризисов, направлений и обращений", "urgencies of needs, crises, referrals and intake";
    crate::help::needs::UnmetReason, "почему потребность не удовлетворена", "reasons why a need was not met";
    crate::help::needs::LineMark, "отметки программы", "marks of an individual programme";
    crate::help::service_standards::ServiceKind, "виды услуг", "kinds of service";
    crate::help::service_standards::ServiceFormat, "формы услуг", "forms of service";
    crate::help::service_standards::StandardState, "состояния стандарта услуги", "states of a service standard";
    crate::help::stock::UrgentAidKind, "виды срочной помощи", "kinds of urgent aid";
    crate::help::stock::StockDirection, "направления движения запаса", "directions of movements of stock";
    crate::help::stock::StockReason, "причины движения запаса", "reasons for movements of stock";
    crate::help::emergency_aids::EmergencyAidState, "состояния срочной помощи", "states of urgent aid";
    crate::help::documents::PersonalDocument, "личные документы", "personal documents";
    crate::help::documents::DocumentState, "состояния помощи с документом", "states of help with a document";
    crate::help::crises::CrisisPlace, "места кризиса", "places of a crisis";
    crate::help::crises::CrisisKind, "виды кризисов", "kinds of crisis";
    crate::help::crises::CrisisConcern, "кого касается кризис", "the ones whom a crisis concerns";
    crate::help::crises::CrisisSeverity, "тяжесть кризиса", "severities of a crisis";
    crate::help::crises::CrisisState, "состояния кризиса", "states of a crisis";
    crate::help::crises::CrisisProgress, "ход кризиса для сообщившего", "progress of a crisis for its reporter";
    crate::help::crises::EmergencyAction, "экстренные действия", "emergency actions";
    crate::help::crises::UrgentMeasure, "срочные меры", "urgent measures";
    crate::help::crises::NoticeAddressee, "кого уведомляют", "addressees of a notice";
    crate::help::crises::NoticeWay, "способы уведомления", "ways of a notice";
    crate::help::crises::CrisisOutcome, "исходы кризиса", "outcomes of a crisis";
    crate::help::crises::contacts::EmergencyContactKind, "виды экстренных контактов", "kinds of emergency contact";
    crate::region::annexes::AnnexKind, "приложения к положению", "annexes of the regulation";
    crate::region::annexes::FieldKind, "виды полей приложения", "kinds of field of an annex";
    crate::region::files::FilePurpose, "назначение файлов", "purposes of files";
    crate::region::files::MediaType, "принимаемые виды файлов", "accepted types of files";
    crate::region::programs::Serves, "кому служит программа", "audiences of programs";
    crate::region::programs::ContactKind, "кому может позвонить наставник", "contacts of a mentor";
    crate::region::programs::WorkKind, "виды деятельности программы", "kinds of work of a program";
    crate::region::programs::CompletionKind, "чем завершается наставничество", "kind of completion of a mentorship";
    crate::mentors::MentorBackground, "кем работают наставники", "backgrounds of mentors";
    crate::mentors::ApplicationState, "состояния заявления", "states of an application";
    crate::mentors::DecisionKind, "решения по заявлению", "decisions on an application";
    crate::mentors::RejectionReason, "причины отказа кандидату", "reasons to reject a candidate";
    crate::mentors::MentorRequirement, "требования к наставнику", "requirements for a mentor";
    crate::mentors::ChecklistState, "состояния документов кандидата", "states of a candidate's documents";
    crate::mentors::RemovalGroundState, "состояния оснований для отстранения", "states of grounds for a removal";
    crate::matching::MatchingMode, "режимы подбора", "modes of matching";
    crate::matching::Barrier, "препятствия к наставничеству", "barriers to a mentorship";
    crate::matching::RoundKind, "виды подбора", "kinds of round";
    crate::matching::RoundState, "состояния подбора", "states of a round";
    crate::matching::AdjustmentKind, "поправки к подбору", "adjustments of a round";
    crate::matching::ProposalOrigin, "как возникло предложение", "origins of a proposal";
    crate::matching::ProposalState, "состояния предложения подбора", "states of a proposal of a round";
    crate::matching::LeftOutReason, "почему подопечный остался без наставника", "reasons why a beneficiary gets no mentor";
    crate::matching::Verdict, "что сказано о другом наставнике", "answers about another mentor";
    crate::matching::RoundCost, "чем подбор стал бы хуже", "measures by which a round would be worse";
    crate::matching::Criterion, "критерии подбора", "criteria of matching";
    crate::matching::Interest, "интересы", "interests";
    crate::matching::SupportNeed, "в чём нужна помощь и в чём помогает наставник", "needs for help and skills of mentors";
    crate::matching::Language, "языки", "languages";
    crate::matching::WeekHour, "часы недели", "hours of the week";
    crate::matching::joint_activities::vetoes::VetoSide, "кто возражает против пары", "sides that object to a pair";
    crate::matching::joint_activities::vetoes::VetoReason, "причины отвода", "reasons of a veto";
    crate::mentorships::MentorshipState, "состояния наставничества", "states of a mentorship";
    crate::mentorships::MentorshipPart, "что показать вместе с наставничеством", "parts that are read with a mentorship";
    crate::mentorships::Party, "стороны наставничества", "parties of a mentorship";
    crate::mentorships::AnsweringParty, "кто отвечает на предложение", "parties that answer a proposal";
    crate::mentorships::VetoScope, "как далеко простирается отказ паре", "ranges of a refusal of a pair";
    crate::mentorships::AnswerKind, "ответы сторон", "answers of a party";
    crate::mentorships::DeclineReason, "причины несогласия", "reasons to decline";
    crate::people::consents::Signatory, "кто подписывает согласие", "signatories of a consent";
    crate::people::consents::ConsentPurpose, "цели согласия", "purposes of a consent";
    crate::people::consents::CasePart, "части случая", "parts of a case";
    crate::people::consents::ConsentData, "данные, на которые дано согласие", "data of a consent";
    crate::people::consents::ConsentState, "состояния согласия", "states of a consent";
    crate::mentorships::Awaited, "чего ждёт наставничество", "what a mentorship waits for";
    crate::mentorships::TerminationGround, "основания прекращения", "grounds of termination";
    crate::mentorships::ReplacementGround, "основания замены наставника", "grounds to replace a mentor";
    crate::mentorships::PauseReason, "причины приостановки", "reasons to pause";
    crate::mentorships::CompletionReason, "чем завершилось наставничество", "reasons of completion";
    crate::mentorships::meetings::Direction, "направления деятельности наставника", "directions of a mentor's work";
    crate::mentorships::meetings::WorkForm, "формы работы наставника", "forms of a mentor's work";
    crate::mentorships::meetings::AidKind, "виды помощи", "kinds of aid";
    crate::mentorships::meetings::MeetingMethod, "методы работы", "methods of work";
    crate::mentorships::meetings::TopicSetBy, "кто определил тему", "authors of a topic";
    crate::mentorships::meetings::MeetingState, "состояния встречи", "states of a meeting";
    crate::mentorships::meetings::HomeworkState, "состояния домашнего задания", "states of homework";
    crate::mentorships::meetings::MissedBy, "кто не пришёл", "sides that missed a meeting";
    crate::mentorships::meetings::CancellationReason, "причины отмены встречи", "reasons to cancel a meeting";
    crate::mentorships::surveys::HousingKind, "виды жилья", "kinds of housing";
    crate::mentorships::surveys::Condition, "состояние условий проживания", "living conditions";
    crate::mentorships::mentor_reports::OutcomeDomain, "на что направлена работа наставника", "fields of the recipient's life that mentoring improves";
    crate::mentorships::mentor_reports::OutcomeChange, "изменения у получателя", "changes for the recipient";
    crate::mentorships::requests::RequestKind, "виды запросов", "kinds of request";
    crate::mentorships::requests::RequestState, "состояния запроса", "states of a request";
    crate::mentorships::group_meetings::GroupMeetingState, "состояния групповой встречи", "states of a group meeting";
    crate::mentorships::group_meetings::GroupPurpose, "цели групповых встреч", "purposes of group meetings";
    crate::mentorships::group_meetings::GameTopic, "темы игр", "topics of games";
    crate::mentorships::group_meetings::CommonGround, "что объединяет группу", "common features of a group";
    crate::people::register::RegisterState, "состояния записи единого учёта", "states of an entry of the register";
    crate::people::register::RegisterRemovalReason, "причины снятия с учёта", "reasons for a removal from the register";
    crate::people::register::merges::RegisterMergeState, "состояния объединения записей", "states of a merge of entries";
    crate::people::register::candidates::RegisterCandidateState, "состояния пары похожих записей", "states of a pair of entries";
    crate::people::register::scans::RegisterScanState, "состояния поиска похожих записей", "states of a scan of the register";
    crate::people::register::searches::RegisterSearchPurpose, "цели поиска в едином учёте", "purposes of a search of the register";
    crate::people::access_requests::AccessRequestState, "состояния запроса доступа", "states of an access request";
    crate::people::access_requests::AccessDecisionKind, "решения по запросу доступа", "decisions on an access request";
    crate::region::jobs::JobKind, "виды задач", "kinds of job";
    crate::region::jobs::JobLane, "очереди задач", "lanes of jobs";
    crate::region::jobs::JobState, "состояния задачи", "states of a job";
}

/// Every catalogue, in the order of the areas.
pub fn all() -> &'static [Catalogue] {
    ALL
}

/// The catalogue with this name.
pub fn find(name: &str) -> Option<&'static Catalogue> {
    ALL.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_catalogues_share_a_name_and_no_two_entries_a_code() {
        let names: HashSet<&str> = all().iter().map(|it| it.name).collect();
        assert_eq!(names.len(), all().len());
        for catalogue in all() {
            let entries = (catalogue.entries)();
            let codes: HashSet<&str> = entries.iter().map(|it| it.code).collect();
            assert_eq!(codes.len(), entries.len(), "{}", catalogue.name);
        }
    }

    #[test]
    fn everything_has_a_label_in_both_languages_within_the_bounds_of_the_contract() {
        let fits = |text: &str, max: usize| (1..=max).contains(&text.chars().count());
        for it in all() {
            assert!(fits(it.name, 64) && fits(it.title_ru, 300) && fits(it.title_en, 300), "{}", it.name);
            for entry in (it.entries)() {
                assert!(fits(entry.code, 64) && fits(entry.ru, 300) && fits(entry.en, 300), "{}", entry.code);
            }
        }
    }

    #[test]
    fn the_contract_lists_the_very_codes_that_are_sent() {
        fn listed<T: utoipa::PartialSchema>() -> serde_json::Value {
            serde_json::to_value(T::schema()).unwrap()["enum"].clone()
        }
        assert_eq!(listed::<crate::people::Sex>(), serde_json::json!(["male", "female", "unknown"]));
        let rights: Vec<&str> = crate::base::access::Right::ALL.iter().map(|it| it.code()).collect();
        assert_eq!(listed::<crate::base::access::Right>(), serde_json::json!(rights));
    }

    #[test]
    fn a_catalogue_is_found_by_its_name() {
        assert_eq!(find("roles").map(|it| (it.entries)().len()), Some(11));
        assert!(find("nothing").is_none());
    }
}
