//! Names of details of facts and of members of forms, with their labels, so that a history can be told in words.
#![expect(
    non_upper_case_globals,
    reason = "each constant has the name of the member, so that a fact without a label does not compile"
)]
use crate::base::telling::Named;
use crate::base::word::CatalogueEntry;

macro_rules! named {
    ($($name:ident $ru:literal $en:literal;)+) => {
        $(#[doc = $en] pub const $name: Named = Named { code: stringify!($name), ru: $ru, en: $en };)+
        /// Every name.
        static ALL: &[Named] = &[$($name),+];
    };
}

named! {
    plan_id "план" "plan";
    key "ключ" "key";
    opinion "мнение получателя" "opinion of the person";
    goals "цели" "goals";
    answers "ответы" "answers";
    approver "кто согласует" "approver";
    since "с какого дня" "since";
    proposed "предложено пар" "proposed pairs";
    access_request_id "запрос доступа" "access request";
    network "сеть" "network";
    organization_ids "учреждения" "institutions";
    program_ids "программы" "programs";
    territories "территории" "territories";
    later_id "более поздний выбор" "later choice";
    next_id "следующее наставничество" "next mentorship";
    removal_id "отстранение" "removal";
    removed_on "день отстранения" "day of the removal";
    lifted_on "день снятия отстранения" "day of the lifting";
    mentor_id "наставник" "mentor";
    state "состояние" "state";
    stage "этап" "stage";
    outcome "итог" "outcome";
    completed_on "день рассмотрения" "day of the review";
    medium "способ" "way";
    reached "связь была" "reached";
    taken_on "день среза" "day of the snapshot";
    source "источник" "source";
    in_touch "на связи" "in touch";
    placement "форма устройства" "form of placement";
    level "уровень" "level";
    occupation "специальность или должность" "speciality or post";
    course "курс" "course";
    official "официально" "by contract";
    tenure "право на жильё" "right to housing";
    contract_until "договор до" "contract until";
    activity "занятость" "occupation of the person";
    domains "сферы жизни" "domains of life";
    conclusion "заключение" "conclusion";
    talked_with "с кем" "with";
    minutes "минут" "minutes";
    topics "темы" "topics";
    next_on "следующий контакт" "next contact";
    unit_id "отделение" "unit";
    legal_bases "правовые основания" "legal bases";
    course_id "курс" "course";
    organization_id "учреждение" "institution";
    consilium_id "консилиум" "consilium";
    continues_id "прежний случай" "former case";
    next_case_id "следующий случай" "next case";
    to_organization_id "принимающая организация" "organization that takes over";
    program_id "программа" "program";
    fields "что изменено" "changed members";
    decide_by "решить не позднее" "decision due";
    reason "причина" "reason";
    application_id "заявление" "application";
    number "номер" "number";
    effective_from "действует с" "in force from";
    days "срок в днях" "term in days";
    kind "вид" "kind";
    mode "режим" "mode";
    as_of "на день" "as of";
    run "номер расчёта" "computation";
    waiting "ожидают наставника" "people who wait";
    covered "получают наставника" "people who get a mentor";
    beneficiary_id "получатель социальных услуг" "beneficiary";
    starts_on "первый день" "first day";
    published "предложено наставничеств" "proposed mentorships";
    refused "отклонено правилами" "refused by rules";
    activity_id "мероприятие" "activity";
    ranked "названо желаемых" "ranked people";
    vetoed "названо нежелательных" "vetoed people";
    made_by "от кого" "made by";
    held_on "день проведения" "day";
    mentors "наставников" "mentors";
    beneficiaries "получателей" "beneficiaries";
    mentors_joined "добавленные наставники" "mentors added";
    mentors_left "убранные наставники" "mentors removed";
    beneficiaries_joined "добавленные получатели" "beneficiaries added";
    beneficiaries_left "убранные получатели" "beneficiaries removed";
    opened_on "день открытия" "opening day";
    specialist_user_id "ответственный специалист" "specialist in charge";
    closed_on "день закрытия" "closing day";
    due_on "срок" "last day";
    case_id "случай сопровождения" "case";
    mentorship_id "наставничество" "mentorship";
    directions "направления работы" "directions of work";
    by "сторона" "side";
    done "выполнено" "done";
    party "сторона" "side";
    visited_on "день посещения" "day of the visit";
    ground "основание" "ground";
    participants "участников" "participants";
    joined "добавленные наставничества" "mentorships added";
    left "убранные наставничества" "mentorships taken out";
    attended "пришло получателей" "recipients who came";
    edition_id "редакция программы" "program edition";
    by_all "приняли все стороны" "accepted by all";
    consent_id "согласие" "consent";
    role "роль" "role";
    signatory "кто подписал" "signatory";
    whole "подписано всеми" "signed by all";
    ends_on "последний день" "last day";
    meeting_id "встреча" "meeting";
    period_from "начало периода" "period from";
    period_to "конец периода" "period to";
    for_commission "для комиссии" "for a commission";
    ended_on "день окончания" "day of the end";
    withdrawn_on "день отзыва" "day of the withdrawal";
    extension_id "продление" "extension";
    pause_id "приостановка" "pause";
    paused_on "приостановлено с" "paused from";
    resumed_on "возобновлено с" "resumed from";
    code "код" "code";
    user_id "учётная запись" "account";
    rights "права" "rights";
    expires_on "действует до" "valid until";
    roles "роли" "roles";
    active "может войти" "may log in";
    expires_at "действует до" "valid until";
    subject_kind "предмет" "subject";
    subject_id "предмет" "subject";
    problem_code "код ошибки" "problem code";
    purpose "назначение" "purpose";
    media_type "вид файла" "type of file";
    size_bytes "размер в байтах" "size in bytes";
    died_on "день смерти" "day of death";
    basis "основание представительства" "ground of representation";
    agrees_to_matching "согласие на подбор" "agreement to matching";
    aid_kind "вид помощи" "kind of aid";
    away_from "отсутствует с" "away from";
    away_until "отсутствует до" "away until";
    backgrounds "кем работает" "backgrounds";
    beneficiary_age_max_years "наибольший возраст подопечного" "greatest age of the mentee";
    beneficiary_age_min_years "наименьший возраст подопечного" "least age of the mentee";
    beneficiary_ids "получатели" "beneficiaries";
    beneficiary_sex "пол подопечного" "sex of the mentee";
    birth_date "дата рождения" "date of birth";
    capacity "число подопечных" "capacity";
    category "категория" "category";
    category_text "категория словами" "category in words";
    contacts "контакты" "contacts";
    description "описание" "description";
    disability "инвалидность или ОВЗ" "disability";
    dislikes "что не нравится" "dislikes";
    document "документ" "document";
    document_file_id "файл документа" "file of the document";
    documents "документы" "documents";
    family_id "семья" "family";
    family_name "фамилия" "family name";
    focus_areas "направления работы" "focus areas";
    game_topic "тема игры" "topic of the game";
    given_name "имя" "given name";
    grants "роли" "roles";
    guardianship_authority_id "орган опеки" "guardianship authority";
    hardship_causes "причины трудной ситуации" "causes of hardship";
    has_minor_children "есть несовершеннолетние дети" "has minor children";
    head_name "заведующий" "head";
    head_user_id "учётная запись заведующего" "account of the head";
    hours "часы" "hours";
    inn "ИНН" "ИНН";
    interests "интересы" "interests";
    languages "языки" "languages";
    latitude "широта" "latitude";
    led_by "ведущий" "leader";
    login "логин" "login";
    longitude "долгота" "longitude";
    members "члены семьи" "members";
    mentor_age_max_years "наибольший возраст наставника" "greatest age of the mentor";
    mentor_age_min_years "наименьший возраст наставника" "least age of the mentor";
    mentor_ids "наставники" "mentors";
    mentor_sex "пол наставника" "sex of the mentor";
    mentorship_ids "наставничества" "mentorships";
    method "метод" "method";
    name "наименование" "name";
    needs "в чём нужна помощь" "needs";
    ngo_id "представляемая организация" "represented organization";
    ngo_register_number "номер в реестре СО НКО" "number in the register of НКО";
    note "примечание" "note";
    ogrn "ОГРН" "ОГРН";
    online "дистанционно" "online";
    origin "откуда пришёл" "origin";
    parent_id "вышестоящая организация" "parent organization";
    patronymic "отчество" "patronymic";
    person_id "человек" "person";
    place "место" "place";
    planned_at "запланированное время" "planned time";
    primary_contact_id "основное контактное лицо" "primary contact";
    qualified_risk_level "уровень риска, с которым может работать" "qualified risk level";
    questionnaire "анкета" "questionnaire";
    request_id "запрос" "request";
    requirements "требования" "requirements";
    residence "место жительства" "residence";
    risk_flags "признаки риска" "risk flags";
    risk_level "уровень риска" "risk level";
    sex "пол" "sex";
    skills "умения" "skills";
    snils "СНИЛС" "СНИЛС";
    special_course_codes "нужные курсы" "required courses";
    statement "заявление" "statement";
    territory "территория" "territory";
    name_en "название на английском" "name in English";
    topic "тема" "topic";
    topic_set_by "кто определил тему" "author of the topic";
    travel_radius_km "радиус поездок, км" "travel radius, km";
    valid_from "действует с" "valid from";
    valid_months "срок действия, месяцев" "months of validity";
    valid_until "действует до" "valid until";
    waits "чего ожидает" "programs waited for";
    works_remotely "работает дистанционно" "works remotely";
}

/// The name with this code.
pub fn find(asked: &str) -> Option<&'static Named> {
    ALL.iter().find(|it| it.code == asked)
}

/// The catalogue of the names.
pub fn entries() -> Vec<CatalogueEntry> {
    ALL.iter().map(|it| CatalogueEntry::labelled(it.code, it.ru, it.en)).collect()
}
