//! The card of a crisis: whole for staff, and the progress alone for its reporter.
use super::seen::{self, Seen};
use super::*;
use crate::engine::card::Card;
use crate::engine::schema::{emergency_contacts, users};
use crate::region::users::work_phone;
use crate::sight::offered;
use chrono::TimeDelta;
use domain::accompaniment::rules::AccompanimentRulesForm;
use domain::base::action::{AvailableAction, Judged};
use domain::base::text::Phone;
use domain::help::crises::contacts::{EmergencyPhone, shipped};
use shape::card;

/// An account that was called, with its level.
#[card]
pub struct CrisisCallCard {
    /// The level: 1 the specialists in charge, 2 the heads, 3 the directors, 4 the administrators.
    #[schema(minimum = 1, maximum = 4, example = 2)]
    pub level: i32,
    /// The account.
    pub user_id: UserId,
    /// The moment from which on it is called.
    pub since: Moment,
}

/// An emergency action on record.
#[card]
pub struct CrisisActionCard {
    /// The id of the action.
    pub id: CrisisActionId,
    /// The kind of the action.
    pub kind: EmergencyAction,
    /// The measure.
    pub measure: Option<UrgentMeasure>,
    /// The moment of the action.
    pub at: Moment,
    /// Whether the person was reached.
    #[schema(example = true)]
    pub reached: bool,
    /// A description.
    pub text: Note,
    /// The account that recorded it.
    pub made_by_user_id: UserId,
    /// The moment of the record.
    pub recorded_at: Moment,
}

/// A finding: learned about a crisis after its report.
#[card]
pub struct CrisisFindingCard {
    /// The id of the finding.
    pub id: CrisisFindingId,
    /// The kind that it was found to be as well.
    pub kind: Option<CrisisKind>,
    /// Whether a child is in danger.
    #[schema(example = true)]
    pub danger_to_child: bool,
    /// The one whom it concerns as its cause.
    pub concerns: Option<CrisisConcern>,
    /// The account of that one.
    pub concerned_user_id: Option<UserId>,
    /// The person.
    pub concerned_person_id: Option<PersonId>,
    /// The account that recorded it.
    pub made_by_user_id: UserId,
    /// The moment of the record.
    pub recorded_at: Moment,
}

/// A notice to an authority on record.
#[card]
pub struct CrisisNoticeCard {
    /// The id of the notice.
    pub id: CrisisNoticeId,
    /// The addressee.
    pub to: NoticeAddressee,
    /// The moment of the notice.
    pub at: Moment,
    /// The way of the notice.
    pub how: NoticeWay,
    /// The number under which it was sent.
    pub number: Option<OrderNumber>,
    /// The answer of the authority.
    pub answer: Option<Note>,
    /// The account that recorded it. Absent: the program did.
    pub made_by_user_id: Option<UserId>,
    /// The moment of the record.
    pub recorded_at: Moment,
}

/// A crisis. Its reporter reads the progress, who has taken it up, and the telephones; everything else is for those who may act.
#[card]
pub struct CrisisCard {
    /// The id of the crisis.
    pub id: CrisisId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header. For a reporter it counts the
    /// progress alone.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary who needs help.
    pub beneficiary_id: BeneficiaryId,
    /// The progress.
    pub progress: CrisisProgress,
    /// The moment of the report.
    pub reported_at: Moment,
    /// The account that has taken the crisis up and is responsible for it.
    pub acknowledged_by_user_id: Option<UserId>,
    /// The name of that account.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub acknowledged_by_user_name: Option<String>,
    /// The work telephone of that account.
    pub responsible_phone: Option<Phone>,
    /// Telephones for help at once; absent in lists.
    #[schema(max_items = 20)]
    pub emergency_contacts: Option<Vec<EmergencyPhone>>,
    /// The state.
    pub state: Option<CrisisState>,
    /// The organization that answers for the beneficiary.
    pub organization_id: Option<OrganizationId>,
    /// The place.
    pub place: Option<CrisisPlace>,
    /// The kind.
    pub kind: Option<CrisisKind>,
    /// The urgency, as the reporter saw it.
    pub urgency: Option<NeedUrgency>,
    /// The severity.
    pub severity: Option<CrisisSeverity>,
    /// The crisis in words.
    pub text: Option<Note>,
    /// The moment at which it happened.
    pub happened_at: Option<Moment>,
    /// Whether a child was reported to be in danger.
    #[schema(example = false)]
    pub danger_to_child: Option<bool>,
    /// The one whom it concerns as its cause.
    pub concerns: Option<CrisisConcern>,
    /// The account of that one.
    pub concerned_user_id: Option<UserId>,
    /// The person.
    pub concerned_person_id: Option<PersonId>,
    /// A safe way to reach the reporter.
    pub reach_me: Option<Title>,
    /// The account of the reporter.
    pub reported_by_user_id: Option<UserId>,
    /// The moment until which the first level answers.
    pub acknowledge_by: Option<Moment>,
    /// The moment at which it was taken up.
    pub acknowledged_at: Option<Moment>,
    /// The moment until which something is done, while nothing is done since somebody has it. Then the next level is called.
    pub act_by: Option<Moment>,
    /// The findings after the report, in the order of their entry.
    #[schema(max_items = 1000)]
    pub findings: Option<Vec<CrisisFindingCard>>,
    /// The accounts that were called, level by level.
    #[schema(max_items = 1000)]
    pub calls: Option<Vec<CrisisCallCard>>,
    /// Emergency actions in the order of their entry.
    #[schema(max_items = 1000)]
    pub actions: Option<Vec<CrisisActionCard>>,
    /// Notices to authorities in the order of their entry.
    #[schema(max_items = 1000)]
    pub notices: Option<Vec<CrisisNoticeCard>>,
    /// Authorities that still have to be told in writing, with a number; absent in lists.
    #[schema(max_items = 10)]
    pub notices_due: Option<Vec<NoticeAddressee>>,
    /// The moment until which they are told.
    pub notice_due_at: Option<Moment>,
    /// The day until which guardianship surveys the living conditions.
    pub survey_due_on: Option<NaiveDate>,
    /// The day of that survey.
    pub surveyed_on: Option<NaiveDate>,
    /// The result of that survey.
    pub survey_result: Option<Note>,
    /// The outcome of a resolved crisis.
    pub outcome: Option<CrisisOutcome>,
    /// The end in words.
    pub end_note: Option<Note>,
    /// The moment of the end.
    pub ended_at: Option<Moment>,
    /// The account that has to see to the follow-up, after a grave crisis that concerns somebody.
    pub follow_up_user_id: Option<UserId>,
    /// The last day for the follow-up.
    pub follow_up_due_on: Option<NaiveDate>,
    /// The day on which it was recorded.
    pub followed_up_on: Option<NaiveDate>,
    /// The result of the follow-up.
    pub follow_up_result: Option<Note>,
    /// The moment of the last change.
    pub updated_at: Option<Moment>,
    /// Orders that this caller may send to the crisis now; absent in lists and for a reporter.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
}

impl Card for CrisisCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/crises/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let of = Subject::new(SubjectKind::Beneficiary, self.beneficiary_id);
        vec![Subject::new(SubjectKind::Crisis, self.id), of]
    }
}

/// Rows that cards need beside the crises themselves.
struct Beside {
    around: Around,
    actions: HashMap<CrisisId, Vec<ActionRow>>,
    notices: HashMap<CrisisId, Vec<NoticeRow>>,
    responsible: HashMap<UserId, Responsible>,
    /// Whether the beneficiary of a single card is a child, or a family with one.
    has_child: Option<bool>,
    contacts: Option<Vec<EmergencyPhone>>,
    rules: AccompanimentRulesForm,
}

impl Beside {
    async fn of(tx: &mut Tx<'_>, rows: &[(Row, bool)], judged: Judged) -> Result<Self, Failure> {
        let whole: Vec<&Row> = rows.iter().filter(|it| it.1).map(|it| &it.0).collect();
        let ids: Vec<CrisisId> = whole.iter().map(|it| it.id).collect();
        let users: Vec<UserId> = rows.iter().filter_map(|it| it.0.acknowledged_by).collect();
        let (mut has_child, mut contacts) = (None, None);
        if judged == Judged::Whole {
            contacts = Some(phones(tx).await?);
            if let Some(row) = whole.first() {
                has_child = Some(super::has_child(tx, &row.signal()).await?);
            }
        }
        Ok(Self {
            around: Around::rows(tx, &whole).await?,
            actions: actions(tx, &ids).await?,
            notices: notices(tx, &ids).await?,
            responsible: named(tx, &users).await?,
            has_child,
            contacts,
            rules: crate::accompaniment::rules::in_force(tx).await?,
        })
    }
}

/// The name and the sealed work telephone of an account. A closed account is no contact.
type Responsible = (String, Option<String>);

/// The names and the telephones of these accounts.
async fn named(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<HashMap<UserId, Responsible>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let all = users::table.filter(users::id.eq_any(binds(ids))).select((
        users::id,
        users::name,
        users::work_phone,
        users::active,
    ));
    let all: Vec<(UserId, String, Option<String>, bool)> = db!(tx, load, all)?;
    let line = |(id, name, phone, is_open): (UserId, String, Option<String>, bool)| {
        (id, (name, phone.filter(|_| is_open)))
    };
    Ok(all.into_iter().map(line).collect())
}

/// The emergency contacts of the region, or those that the program ships.
async fn phones(tx: &mut Tx<'_>) -> Result<Vec<EmergencyPhone>, Failure> {
    let all = emergency_contacts::table
        .filter(emergency_contacts::annulment_reason.is_null())
        .order((emergency_contacts::kind, emergency_contacts::id))
        .limit(20)
        .select((emergency_contacts::name, emergency_contacts::kind, emergency_contacts::phone));
    let all: Vec<(Title, contacts::EmergencyContactKind, OrderNumber)> = db!(tx, load, all)?;
    let phone = |(name, kind, phone)| EmergencyPhone { name, kind, phone };
    let own: Vec<EmergencyPhone> = all.into_iter().map(phone).collect();
    let lacking = shipped().into_iter().filter(|it| own.iter().all(|own| own.kind != it.kind));
    let lacking: Vec<EmergencyPhone> = lacking.collect();
    Ok(own.into_iter().chain(lacking).collect())
}

/// The card of one crisis.
pub async fn card(tx: &mut Tx<'_>, id: CrisisId) -> Result<CrisisCard, Failure> {
    let seen = Seen::reporting(tx).await?;
    let found = seen::found(tx, &seen, id).await?.ok_or_else(|| missing(id))?;
    shown(tx, vec![found], Judged::Whole).await?.pop().ok_or_else(|| missing(id))
}

/// The cards of crises, each with the answer whether the caller sees it whole.
pub(super) async fn shown(
    tx: &mut Tx<'_>,
    rows: Vec<(Row, bool)>,
    judged: Judged,
) -> Result<Vec<CrisisCard>, Failure> {
    let mut beside = Beside::of(tx, &rows, judged).await?;
    let mut cards = Vec::with_capacity(rows.len());
    for (row, is_whole) in rows {
        let mut progress = progress_of(tx, &row, &beside)?;
        if is_whole && judged == Judged::Whole {
            progress.available_actions = Some(actions_now(tx, &row, &beside).await?);
        }
        cards.push(if is_whole { whole(tx, row, progress, &mut beside) } else { Ok(progress) });
    }
    tx.readable(cards.into_iter())
}

/// The card of a crisis for its reporter.
fn progress_of(tx: &Tx<'_>, row: &Row, beside: &Beside) -> Result<CrisisCard, Failure> {
    let by = row.acknowledged_by.and_then(|it| Some((it, beside.responsible.get(&it)?)));
    let responsible_phone = match by {
        Some((user, (_, sealed))) => tx.legible(work_phone(tx, user, sealed.as_deref()))?,
        None => None,
    };
    let progress = row.state.progress();
    Ok(CrisisCard {
        id: row.id,
        version: match progress {
            CrisisProgress::Heard => 1,
            CrisisProgress::TakenUp => 2,
            CrisisProgress::Ended => 3,
        },
        beneficiary_id: row.beneficiary_id,
        progress,
        reported_at: row.reported_at,
        acknowledged_by_user_id: row.acknowledged_by,
        acknowledged_by_user_name: by.map(|(_, (name, _))| name.clone()),
        responsible_phone,
        emergency_contacts: beside.contacts.clone(),
        state: None,
        organization_id: None,
        place: None,
        kind: None,
        urgency: None,
        severity: None,
        text: None,
        happened_at: None,
        danger_to_child: None,
        concerns: None,
        concerned_user_id: None,
        concerned_person_id: None,
        reach_me: None,
        reported_by_user_id: None,
        acknowledge_by: None,
        acknowledged_at: None,
        act_by: None,
        findings: None,
        calls: None,
        actions: None,
        notices: None,
        notices_due: None,
        notice_due_at: None,
        survey_due_on: None,
        surveyed_on: None,
        survey_result: None,
        outcome: None,
        end_note: None,
        ended_at: None,
        follow_up_user_id: None,
        follow_up_due_on: None,
        followed_up_on: None,
        follow_up_result: None,
        updated_at: None,
        available_actions: None,
    })
}

/// The card of a crisis for those who may act.
fn whole(tx: &Tx<'_>, row: Row, progress: CrisisCard, beside: &mut Beside) -> Result<CrisisCard, Failure> {
    let actions = beside.actions.remove(&row.id).unwrap_or_default();
    let notices = beside.notices.remove(&row.id).unwrap_or_default();
    let (signal, chain) = (beside.around.signal(&row), beside.around.chain(&row));
    let handled = beside.has_child.map(|it| handled_by(&signal, it, &actions, &notices));
    let missing = handled.filter(|_| row.state.is_unended()).map(|it| it.missing());
    let hours = TimeDelta::hours(beside.rules.notice_hours.into());
    let due_at = row.course.notice_due_at.unwrap_or(row.reported_at.plus(hours));
    let notice_due_at = missing.as_ref().filter(|it| !it.is_empty()).map(|_| due_at);
    let words: Words = tx.core.keys.open(WORDS, row.id.into(), &row.words)?;
    Ok(CrisisCard {
        version: row.version,
        state: Some(row.state),
        organization_id: Some(row.organization_id),
        place: Some(row.place),
        kind: Some(row.kind),
        urgency: Some(row.urgency),
        severity: Some(row.severity),
        text: words.text,
        happened_at: row.happened_at,
        danger_to_child: Some(row.danger_to_child),
        concerns: Some(row.concerns),
        concerned_user_id: row.concerned_user_id,
        concerned_person_id: row.concerned_person_id,
        reach_me: words.reach_me,
        reported_by_user_id: Some(row.reported_by),
        acknowledge_by: Some(row.acknowledge_by),
        acknowledged_at: row.acknowledged_at,
        act_by: row.act_by(),
        findings: Some(beside.around.findings(row.id).iter().map(finding_card).collect()),
        calls: Some(calls(beside.around.recorded(row.id), &chain, tx.now())),
        actions: Some(actions.into_iter().map(|it| action_card(tx, it)).collect::<Result<_, _>>()?),
        notices: Some(notices.into_iter().map(|it| notice_card(tx, it)).collect::<Result<_, _>>()?),
        notices_due: missing,
        notice_due_at,
        survey_due_on: row.survey_due_on,
        surveyed_on: row.surveyed_on,
        survey_result: tx.core.keys.open_some(SURVEY_RESULT, row.id, row.survey_result.as_ref())?,
        outcome: row.outcome,
        end_note: tx.core.keys.open_some(END_NOTE, row.id, row.end_note.as_ref())?,
        ended_at: row.ended_at,
        follow_up_user_id: row.course.follow_up_by,
        follow_up_due_on: row.course.follow_up_due_on,
        followed_up_on: row.course.followed_up_on,
        follow_up_result: tx.core.keys.open_some(
            FOLLOW_UP_RESULT,
            row.id,
            row.course.follow_up_result.as_ref(),
        )?,
        updated_at: Some(row.updated_at),
        ..progress
    })
}

/// The orders that the caller may send to a crisis that it sees whole.
async fn actions_now(tx: &mut Tx<'_>, row: &Row, beside: &Beside) -> Result<Vec<AvailableAction>, Failure> {
    let by = beside.around.standing(tx, row, &beside.around.chain(row));
    let (actions, notices) = (of(&beside.actions, row.id), of(&beside.notices, row.id));
    let facts =
        handled_by(&beside.around.signal(row), beside.has_child.unwrap_or_default(), actions, notices);
    let (is_survey_due, is_follow_up_due) = (row.is_survey_due(), row.is_follow_up_due());
    let it = &beside.around.whole(row);
    let offers = CrisisOffers { it, by: &by, facts: Some(&facts), is_survey_due, is_follow_up_due };
    offered(tx, &offers, Subject::new(SubjectKind::Crisis, row.id)).await
}

/// The accounts that were called: those on record, and those whom the clock has not written down yet.
fn calls(recorded: &[(i32, UserId, Moment)], chain: &Chain, now: Moment) -> Vec<CrisisCallCard> {
    let card = |level, user_id, since| CrisisCallCard { level, user_id, since };
    let mut all: Vec<CrisisCallCard> = recorded.iter().map(|it| card(it.0, it.1, it.2)).collect();
    let new = chain.called_anew(now).flat_map(|call| call.users.iter().map(move |user| (call, *user)));
    let new = new.filter(|(_, user)| recorded.iter().all(|it| it.1 != *user));
    all.extend(new.map(|(call, user)| card(call.level, user, call.since)));
    all
}

fn action_card(tx: &Tx<'_>, it: ActionRow) -> Result<CrisisActionCard, Failure> {
    Ok(CrisisActionCard {
        id: it.id,
        kind: it.kind,
        measure: it.measure,
        at: it.acted_at,
        reached: it.reached,
        text: tx.core.keys.open(ACTION_TEXT, it.id.into(), &it.text)?,
        made_by_user_id: it.made_by,
        recorded_at: it.recorded_at,
    })
}

fn finding_card(it: &FindingRow) -> CrisisFindingCard {
    CrisisFindingCard {
        id: it.id,
        kind: it.kind,
        danger_to_child: it.danger_to_child,
        concerns: it.concerns,
        concerned_user_id: it.concerned_user_id,
        concerned_person_id: it.concerned_person_id,
        made_by_user_id: it.made_by,
        recorded_at: it.recorded_at,
    }
}

fn notice_card(tx: &Tx<'_>, it: NoticeRow) -> Result<CrisisNoticeCard, Failure> {
    Ok(CrisisNoticeCard {
        id: it.id,
        to: it.addressee,
        at: it.noticed_at,
        how: it.way,
        number: it.number,
        answer: tx.core.keys.open_some(NOTICE_ANSWER, it.id, it.answer.as_ref())?,
        made_by_user_id: it.made_by,
        recorded_at: it.recorded_at,
    })
}
