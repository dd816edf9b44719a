//! Actions: the orders that a card offers to its caller, and the rules that refuse each of them now.
//!
//! A resource names its orders once ([`Offers::OFFERS`]), and judges each by the functions that the order itself uses. A
//! new resource gets its `available_actions` by that, and nothing else.
use super::access::Right;
use super::refusal::{Kind, Reason, Refused, Rule};
use super::word::{Word, words};
use shape::card;
use std::fmt::Display;

words! {
    /// An order that a card offers to its caller.
    Action in "actions" {
        Edit = "edit", "изменить", "edit";
        Annul = "annul", "аннулировать", "annul";
        Add = "add", "добавить", "add";
        AnnulEnd = "annul_end", "аннулировать окончание", "annul the end";
        Accept = "accept", "принять", "accept";
        Decline = "decline", "отказаться", "decline";
        Consent = "consent", "подписать согласие", "sign the consent";
        GiveConsent = "give_consent", "внести согласие", "record a consent";
        Sign = "sign", "подписать", "sign";
        Confirm = "confirm", "утвердить", "confirm";
        Extend = "extend", "продлить", "extend";
        Pause = "pause", "приостановить", "pause";
        Resume = "resume", "возобновить", "resume";
        Replace = "replace", "заменить наставника", "replace the mentor";
        Withdraw = "withdraw", "отозвать", "withdraw";
        Terminate = "terminate", "прекратить", "terminate";
        PlanMeeting = "plan_meeting", "запланировать встречу", "plan a meeting";
        RecordMeeting = "record_meeting", "записать состоявшуюся встречу", "record a held meeting";
        MakeRequest = "make_request", "подать запрос", "make a request";
        MakeSurvey = "make_survey", "записать обследование", "record a survey";
        MakeReport = "make_report", "подать отчёт наставника", "make a report of the mentor";
        Hold = "hold", "записать как состоявшуюся", "record as held";
        Miss = "miss", "записать как пропущенную", "record as missed";
        Cancel = "cancel", "отменить", "cancel";
        ReportHomework = "report_homework", "рассказать о домашнем задании", "report on the homework";
        Rate = "rate", "оценить встречу", "rate the meeting";
        Answer = "answer", "ответить", "answer";
        Submit = "submit", "подать", "submit";
        Review = "review", "взять на рассмотрение", "open the review";
        Assess = "assess", "оценить", "assess";
        Approve = "approve", "одобрить", "approve";
        Reject = "reject", "отклонить", "reject";
        Remove = "remove", "отстранить", "remove";
        LiftRemoval = "lift_removal", "снять отстранение", "lift the removal";
        OpenGround = "open_ground", "сообщить об основании для отстранения", "report a ground for the removal";
        RecordTraining = "record_training", "записать обучение", "record a training";
        Dismiss = "dismiss", "отклонить", "dismiss";
        Restore = "restore", "восстановить", "restore";
        Merge = "merge", "объединить", "merge";
        Reverse = "reverse", "отменить объединение", "reverse the merge";
        Lift = "lift", "снять", "lift";
        Assign = "assign", "назначить специалиста", "assign a specialist";
        AssignTutor = "assign_tutor", "назначить или сменить тьютора", "name or change the tutor";
        Close = "close", "закрыть", "close";
        AddSpecialist = "add_specialist", "внести специалиста", "add a specialist";
        AddCouncilMember = "add_council_member", "внести члена совета", "add a member of the council";
        SignProtocol = "sign_protocol", "подписать протокол", "sign the protocol";
        TakeSnapshot = "take_snapshot", "внести срез жизненной ситуации", "take a snapshot";
        RecordContact = "record_contact", "записать контакт", "record a contact";
        AddNeed = "add_need", "внести потребность", "add a need";
        RecordDelivery = "record_delivery", "записать услугу", "record a delivery of a service";
        Start = "start", "взять в работу", "take into work";
        Introduce = "introduce", "ввести в действие", "introduce";
        Retire = "retire", "отменить", "retire";
        AddLifePeriod = "add_life_period", "внести период жизни", "add a period of life";
        AddCareerActivity = "add_career_activity", "внести знакомство с работой", "add a career activity";
        AddStockItem = "add_stock_item", "внести запас", "add a stock item";
        AddDocument = "add_document", "внести помощь с документом", "add help with a document";
        Progress = "progress", "записать ход", "record the progress";
        StartAssessment = "start_assessment", "начать оценку", "begin an assessment";
        Complete = "complete", "завершить", "complete";
        Enrol = "enrol", "зачислить в программу", "enrol into a programme";
        RecordResult = "record_result", "записать результат", "record a result";
        End = "end", "прекратить участие", "end before the completion";
        Invite = "invite", "взять в команду", "take into the team";
        Leave = "leave", "завершить участие в команде", "end the membership in the team";
        Transfer = "transfer", "передать другой организации", "transfer to another organization";
        Direct = "direct", "направить в организацию", "direct to an organization";
        Refer = "refer", "направить в другую организацию", "refer to another organization";
        Check = "check", "взять на проверку", "take up the check";
        Release = "release", "вернуть, не проверив", "give back unchecked";
        AddItem = "add_item", "внести случай в повестку", "put a case on the agenda";
        Decide = "decide", "записать решение", "record the resolution";
        Correct = "correct", "исправить", "correct";
        Dissent = "dissent", "записать особое мнение", "record a dissent";
        NoticeProblem = "notice_problem", "записать проблему", "notice a problem";
        CompleteReview = "complete_review", "провести рассмотрение", "complete a review";
        Resolve = "resolve", "записать, что изменилось", "record a change";
        Report = "report", "сообщить о выполнении", "report the result";
        AddRoom = "add_room", "внести комнату", "add a room";
        AddBed = "add_bed", "внести спальное место", "add a bed";
        IssueHouseRules = "issue_house_rules", "ввести правила проживания", "issue house rules";
        EndBlock = "end_block", "вернуть место в оборот", "give the bed back";
        Arrive = "arrive", "записать прибытие", "record the arrival";
        Move = "move", "переместить", "move";
        Depart = "depart", "записать выбытие", "record the departure";
        OfferPlace = "offer_place", "предложить место", "offer a place";
        RefuseOffer = "refuse_offer", "записать отказ от места", "record that the place was refused";
        Acknowledge = "acknowledge", "взять в работу", "take up";
        SetSeverity = "set_severity", "установить тяжесть", "set the severity";
        RecordAction = "record_action", "записать действие", "record an action";
        RecordNotice = "record_notice", "записать уведомление", "record a notice";
        RecordFinding = "record_finding", "записать, что стало известно", "record what was learned";
        RecordFollowUp = "record_follow_up", "записать, что сделано после кризиса", "record the follow-up";
        RecordCrisisSurvey = "record_crisis_survey", "записать обследование опеки", "record the survey of guardianship";
        TakeOver = "take_over", "взять у ответственного", "take over";
        ResolveCrisis = "resolve_crisis", "завершить кризис", "resolve the crisis";
        CallFalseAlarm = "call_false_alarm", "признать ложной тревогой", "call it a false alarm";
        OpenPlan = "open_plan", "открыть план", "open a plan";
        DraftVersion = "draft_version", "начать новую редакцию", "draft the next version";
        EndPlan = "end_plan", "завершить план", "end the plan";
        ApprovePlan = "approve_plan", "согласовать", "approve";
        Return = "return", "вернуть на доработку", "return to the assignee";
        Postpone = "postpone", "перенести срок", "postpone";
        Adjust = "adjust", "поправить", "adjust";
        Run = "run", "посчитать заново", "compute again";
        Publish = "publish", "опубликовать", "publish";
        RecordDeath = "record_death", "внести запись о смерти", "record the death";
        AnnulDeath = "annul_death", "аннулировать запись о смерти", "annul the record of the death";
        AddRepresentative = "add_representative", "внести представителя", "add a representative";
        EditProfile = "edit_profile", "изменить профиль для подбора", "edit the profile for matching";
        EditNeeds = "edit_needs", "изменить потребности", "edit the needs";
        Choose = "choose", "записать выбор после мероприятия", "record a choice after an activity";
        MakeVeto = "make_veto", "записать отвод", "record a veto";
        Grant = "grant", "дать доступ", "grant access";
        Refuse = "refuse", "отказать в доступе", "refuse access";
        Open = "open", "открыть", "open";
        IssueOneTimePassword = "issue_one_time_password", "выдать одноразовый пароль", "issue a one-time password";
        Revoke = "revoke", "отозвать ключ", "revoke the key";
        IssueEdition = "issue_edition", "выпустить редакцию", "issue an edition";
        IssueRules = "issue_rules", "выпустить правила подбора", "issue rules of matching";
        Stop = "stop", "прекратить", "stop";
        Adopt = "adopt", "принять", "adopt";
        AddPartner = "add_partner", "внести партнёра", "add a partner";
        AddContribution = "add_contribution", "внести вклад", "add a contribution";
        AddTarget = "add_target", "внести показатель", "add a target";
        RecordAttendance = "record_attendance", "исправить число людей", "correct the numbers of people";
        RecordVolunteerWork = "record_volunteer_work", "записать часы добровольца", "record hours of a volunteer";
        RecordPresence = "record_presence", "отметить присутствие", "record the presence";
    }
}

/// An order that the caller may send to this thing.
#[card]
#[derive(Clone, PartialEq)]
pub struct AvailableAction {
    /// The order.
    pub code: Action,
    /// The method of the request.
    #[schema(max_length = 8, example = "POST")]
    pub method: &'static str,
    /// The address of the request.
    #[schema(
        max_length = 200,
        example = "/api/v1/mentorships/01980000-0000-7000-8000-000000000011/extensions"
    )]
    pub path: String,
    /// The codes of the rules that would refuse the order now, however it is filled in; empty if it would be carried out. A rule
    /// whose basis the caller may not read is told as `blocked`. Absent in lists, where no rule is judged.
    #[schema(max_items = 50, value_type = Option<Vec<crate::base::refusal::RefusalCode>>, example = json!(["mentorship.removal_open"]))]
    pub blocked_by: Option<Vec<&'static str>>,
    /// The members whose words are limited for this caller now. Absent in lists.
    #[schema(max_items = 10)]
    pub takes: Option<Vec<TakenWords>>,
}

/// A member of an order, and the words that it takes from this caller now.
#[card]
#[derive(Clone, PartialEq)]
pub struct TakenWords {
    /// The pointer to the member in the body.
    #[schema(max_length = 64, example = "/ground")]
    pub pointer: &'static str,
    /// The words. Every other word of the catalogue would be refused.
    #[schema(max_items = 50, max_length = 64, example = json!(["written_refusal"]))]
    pub words: Vec<&'static str>,
}

/// The word that stands for a rule whose basis the caller may not read.
pub const BLOCKED: &str = "blocked";

/// An order of a resource: its address, and the right that it takes.
#[derive(Debug, Clone, Copy)]
pub struct Offer {
    action: Action,
    method: &'static str,
    at: &'static str,
    right: Right,
}

impl Offer {
    /// A step: an order with an address of its own under the thing.
    pub const fn step(action: Action, at: &'static str, right: Right) -> Self {
        Self { action, method: "POST", at, right }
    }
    /// An edit: the whole form is replaced.
    pub const fn edit(right: Right) -> Self {
        Self { action: Action::Edit, method: "PUT", at: "", right }
    }
    /// An edit of a part that has an address of its own, or an edit with a name of its own.
    pub const fn edit_at(action: Action, at: &'static str, right: Right) -> Self {
        Self { action, method: "PUT", at, right }
    }
    /// The method of its request.
    pub fn method(&self) -> &'static str {
        self.method
    }
    /// The end of its address under the thing; empty for the thing itself.
    pub fn at(&self) -> &'static str {
        self.at
    }
    /// The right that it takes.
    pub fn right(&self) -> Right {
        self.right
    }
}

/// The judgement of an action before anybody sends it: the reasons against it, and the words that it takes.
#[derive(Debug, Default)]
pub struct Verdict {
    against: Vec<Reason>,
    takes: Vec<TakenWords>,
}

impl Verdict {
    /// Limits a member to these words.
    #[must_use]
    pub fn takes<W: Word>(mut self, pointer: &'static str, words: impl IntoIterator<Item = W>) -> Self {
        let words = words.into_iter().map(Word::code).collect();
        self.takes.push(TakenWords { pointer, words });
        self
    }
    /// Adds reasons.
    #[must_use]
    pub fn against(mut self, reasons: impl IntoIterator<Item = Reason>) -> Self {
        self.against.extend(reasons);
        self
    }
    /// Adds the reasons of a refusal, if there is one.
    #[must_use]
    pub fn unless<T>(self, judged: Result<T, Refused>) -> Self {
        match judged {
            Ok(_) => self,
            Err(refused) => self.against(refused.reasons().iter().cloned()),
        }
    }
}

/// A resource with orders, as one caller sees it.
pub trait Offers {
    /// The collection in addresses.
    const AT: &'static str = "";
    /// Its orders.
    const OFFERS: &'static [Offer] = &[];
    /// The collection, where one type serves several.
    fn at(&self) -> &'static str {
        Self::AT
    }
    /// The orders, where one type serves several collections.
    fn offers(&self) -> Vec<Offer> {
        Self::OFFERS.to_vec()
    }
    /// Judges an order by the functions that the order uses. `None` if the state, or the caller's part in it, leaves no room
    /// for it.
    fn judge(&self, action: Action) -> Option<Verdict>;
    /// The right without which the caller may not read what a rule rests on.
    fn basis(_: &Rule) -> Option<Right> {
        None
    }
}

/// Whether rules were judged, for a single card, or only what the row itself tells, for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// All rules.
    Whole,
    /// The state alone.
    State,
}

/// The actions of a thing for one caller: `may` tells the rights over this thing, `reads` those over any.
pub fn available<T: Offers>(
    it: &T,
    id: impl Display,
    judged: Judged,
    may: impl Fn(Right) -> bool,
    reads: impl Fn(Right) -> bool,
) -> Vec<AvailableAction> {
    let orders = it.offers();
    let offered = orders.iter().filter(|order| may(order.right));
    let offered = offered.filter_map(|order| Some((order, it.judge(order.action)?)));
    let told = |reason: &Reason| match T::basis(reason.rule) {
        Some(basis) if !reads(basis) => BLOCKED,
        _ => reason.rule.code,
    };
    let is_theirs = |it: &Verdict| it.against.iter().all(|reason| reason.rule.kind != Kind::Forbidden);
    offered
        .filter(|(_, verdict)| is_theirs(verdict))
        .map(|(order, verdict)| {
            let mut codes: Vec<&'static str> = Vec::new();
            for code in verdict.against.iter().map(told) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            let whole = judged == Judged::Whole;
            AvailableAction {
                code: order.action,
                method: order.method,
                path: path(it.at(), &id, order.at),
                blocked_by: whole.then_some(codes),
                takes: whole.then_some(verdict.takes),
            }
        })
        .collect()
}

/// The address of a thing, or of a step under it.
pub fn path(collection: &str, id: impl Display, step: &str) -> String {
    match step {
        "" => format!("/api/v1/{collection}/{id}"),
        step => format!("/api/v1/{collection}/{id}/{step}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::access::{NOT_YOURS, OWN};
    use super::super::entry::ANNULLED;
    use super::*;

    struct Thing(Vec<Reason>);
    impl Offers for Thing {
        const AT: &'static str = "things";
        const OFFERS: &'static [Offer] =
            &[Offer::edit(Right::EditPeople), Offer::step(Action::Annul, "annulment", Right::AnnulRecords)];
        fn judge(&self, action: Action) -> Option<Verdict> {
            (action == Action::Annul).then(|| Verdict::default().against(self.0.clone()))
        }
        fn basis(rule: &Rule) -> Option<Right> {
            (rule.code == ANNULLED.code).then_some(Right::ReadRemovals)
        }
    }
    fn offered(reasons: Vec<Reason>, judged: Judged, reads: bool) -> Vec<AvailableAction> {
        available(&Thing(reasons), "1", judged, |right| right == Right::AnnulRecords, |_| reads)
    }

    #[test]
    fn an_action_tells_its_address_and_each_code_once() {
        let twice = vec![ANNULLED.reason(), ANNULLED.reason().at("/reason")];
        let [annul] = offered(twice, Judged::Whole, true).try_into().unwrap();
        assert_eq!((annul.method, annul.path.as_str()), ("POST", "/api/v1/things/1/annulment"));
        assert_eq!(annul.blocked_by, Some(vec!["entry.annulled"]));
        assert_eq!(path(Thing::AT, 2, ""), "/api/v1/things/2");
    }

    #[test]
    fn a_rule_with_a_hidden_basis_is_told_as_blocked_and_a_list_tells_no_rule() {
        let [hidden] = offered(vec![ANNULLED.reason()], Judged::Whole, false).try_into().unwrap();
        assert_eq!(hidden.blocked_by, Some(vec!["blocked"]));
        let [listed] = offered(vec![ANNULLED.reason()], Judged::State, true).try_into().unwrap();
        assert_eq!((listed.blocked_by, listed.takes), (None, None));
    }

    #[test]
    fn what_is_forbidden_to_the_caller_is_not_offered() {
        for rule in [&OWN, &NOT_YOURS] {
            assert_eq!(offered(vec![rule.reason()], Judged::Whole, true), []);
        }
    }
}
