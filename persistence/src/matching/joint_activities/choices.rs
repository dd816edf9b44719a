//! Choices in the database. The institution of the activity and the coordinators of its program see them. Choosers
//! see their own. No participant sees choices of the other side, even with other roles.
use super::{Row as ActivityRow, is_staffs, own, whole};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{
    choices, chosen, joint_activities, joint_activity_beneficiaries, joint_activity_mentors,
};
use crate::mentors;
use crate::people;
use crate::region::files::entrust_each;
use crate::scope::{Way, among};
use crate::sight::{all_of, must_refer};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::not;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::matching::joint_activities::choices::{Choice, Naming, Recorder};
use domain::matching::joint_activities::{JointActivity, Participant};
use shape::{card, filter};
use std::collections::HashMap;

/// A choice of a participant of a joint activity, as every endpoint returns it. It never changes.
#[card]
pub struct ChoiceCard {
    /// The id of the choice.
    pub id: ChoiceId,
    /// The activity after which the choice was made.
    pub activity_id: JointActivityId,
    /// The mentor who chose, if it was a mentor.
    pub mentor_id: Option<MentorId>,
    /// The beneficiary who chose, if it was a beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The pairs that the chooser wants, by rank.
    #[schema(max_items = 200)]
    pub ranked: Vec<RankedCard>,
    /// The pairs that the chooser does not want.
    #[schema(max_items = 200)]
    pub vetoed: Vec<VetoedCard>,
    /// The day of the choice.
    pub made_on: NaiveDate,
    /// The account that recorded the choice.
    pub made_by: UserId,
    /// The file of the paper with the choice.
    pub on_paper_file_id: Option<FileId>,
    /// Whether a later choice of the same chooser in the same activity has replaced this one.
    pub superseded: bool,
    /// The moment at which the choice was entered.
    pub created_at: Moment,
}

/// A pair with a rank.
#[card]
pub struct RankedCard {
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The rank; 1 is the most wanted.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    pub rank: i32,
}

/// A pair that the chooser does not want.
#[card]
pub struct VetoedCard {
    /// The mentor of the pair.
    pub mentor_id: MentorId,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
}

impl Card for ChoiceCard {
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/choices/{}", self.id))
    }
    fn personal(&self) -> Vec<Subject> {
        let mentor = self.mentor_id.map(|it| Subject::new(SubjectKind::Mentor, it));
        let beneficiary = self.beneficiary_id.map(|it| Subject::new(SubjectKind::Beneficiary, it));
        mentor.into_iter().chain(beneficiary).collect()
    }
}

/// Filters of the list of choices.
#[filter]
pub struct ChoiceFilter {
    /// Only choices made after this activity.
    pub activity_id: Option<JointActivityId>,
    /// `true`: only choices that a later one has replaced. `false`: only current choices.
    pub superseded: Option<bool>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = choices)]
struct Row {
    id: ChoiceId,
    activity_id: JointActivityId,
    mentor_id: Option<MentorId>,
    beneficiary_id: Option<BeneficiaryId>,
    made_on: NaiveDate,
    made_by: UserId,
    on_paper_file_id: Option<FileId>,
    superseded: bool,
    created_at: Moment,
}

/// The visible choices. Every query begins here. A scope reaches choices after activities of its institutions and
/// programs, and the caller's own. Choices of the other side in an activity with the caller stay hidden.
macro_rules! visible {
    ($scope:expr, $own:expr) => {{
        let mut all = choices::table.inner_join(joint_activities::table).into_boxed();
        if !$scope.everything {
            all = all.filter(
                among(joint_activities::organization_id, &$scope.organizations)
                    .or_by(among(joint_activities::program_id, &$scope.programs))
                    .or_by(among(choices::mentor_id.assume_not_null(), $scope.mentor.as_slice()))
                    .or_by(among(choices::beneficiary_id.assume_not_null(), &$scope.beneficiaries)),
            );
        }
        for it in $own {
            match it {
                Participant::Mentor(id) => {
                    let met = joint_activity_mentors::table
                        .filter(joint_activity_mentors::mentor_id.eq(bind(id)))
                        .select(joint_activity_mentors::activity_id);
                    let is_others = choices::beneficiary_id.is_null();
                    all = all.filter(is_others.or(not(choices::activity_id.eq_any(met))));
                }
                Participant::Beneficiary(id) => {
                    let met = joint_activity_beneficiaries::table
                        .filter(joint_activity_beneficiaries::beneficiary_id.eq(bind(id)))
                        .select(joint_activity_beneficiaries::activity_id);
                    let is_others = choices::mentor_id.is_null();
                    all = all.filter(is_others.or(not(choices::activity_id.eq_any(met))));
                }
            }
        }
        all
    }};
}

fn missing(id: ChoiceId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Choice, id)))
}

/// Whether the right of this transaction reaches the choice.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: ChoiceId) -> Result<bool, Failure> {
    crate::sight::is_found(row(tx, id).await)
}

async fn row(tx: &mut Tx<'_>, id: ChoiceId) -> Result<Row, Failure> {
    let (scope, own) = (tx.scope().clone(), own(tx));
    db!(tx, first, visible!(scope, own).filter(choices::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// The card of one choice.
pub async fn card(tx: &mut Tx<'_>, id: ChoiceId) -> Result<ChoiceCard, Failure> {
    let row = row(tx, id).await?;
    cards(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))
}

type Pairs = HashMap<ChoiceId, Vec<(MentorId, BeneficiaryId, Option<i32>)>>;

async fn pairs(tx: &mut Tx<'_>, ids: &[ChoiceId]) -> Result<Pairs, Failure> {
    let some = chosen::table.filter(chosen::choice_id.eq_any(binds(ids)));
    let rows: Vec<(ChoiceId, MentorId, BeneficiaryId, Option<i32>)> =
        db!(
            tx,
            load,
            some.order((chosen::choice_id, chosen::rank, chosen::mentor_id, chosen::beneficiary_id))
                .select((chosen::choice_id, chosen::mentor_id, chosen::beneficiary_id, chosen::rank))
        )?;
    let mut all = Pairs::new();
    for (id, mentor, beneficiary, rank) in rows {
        all.entry(id).or_default().push((mentor, beneficiary, rank));
    }
    Ok(all)
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<ChoiceCard>, Failure> {
    let ids: Vec<ChoiceId> = rows.iter().map(|it| it.id).collect();
    let mut pairs = pairs(tx, &ids).await?;
    let card = |it: Row| {
        let (mut ranked, mut vetoed) = (Vec::new(), Vec::new());
        for (mentor_id, beneficiary_id, rank) in pairs.remove(&it.id).unwrap_or_default() {
            match rank {
                Some(rank) => ranked.push(RankedCard { mentor_id, beneficiary_id, rank }),
                None => vetoed.push(VetoedCard { mentor_id, beneficiary_id }),
            }
        }
        ChoiceCard {
            id: it.id,
            activity_id: it.activity_id,
            mentor_id: it.mentor_id,
            beneficiary_id: it.beneficiary_id,
            ranked,
            vetoed,
            made_on: it.made_on,
            made_by: it.made_by,
            on_paper_file_id: it.on_paper_file_id,
            superseded: it.superseded,
            created_at: it.created_at,
        }
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Refuses as «not found» a chooser whom the caller knows only as their mentor or recipient.
async fn must_know(tx: &mut Tx<'_>, chooser: Participant) -> Result<(), Failure> {
    let scope = tx.scope().clone();
    let (subject, seen) = match chooser {
        Participant::Mentor(id) => (Subject::new(SubjectKind::Mentor, id), mentors::reaches(tx, id).await?),
        Participant::Beneficiary(id) => {
            let seen = people::reaches_otherwise(tx, id, scope).await?;
            (Subject::new(SubjectKind::Beneficiary, id), seen)
        }
    };
    if seen { Ok(()) } else { Err(Failure::NotFound(Some(subject))) }
}

/// The reason against any choice of a mentor or a beneficiary: the caller sees no activity of theirs that has been held.
pub(crate) async fn against_choosing(tx: &mut Tx<'_>, chooser: Subject) -> Result<Option<Reason>, Failure> {
    let scope = tx.scope_of(Right::ReadJointActivities);
    let (mentor, beneficiary) = match chooser.kind {
        SubjectKind::Mentor => (Some(MentorId::from(chooser.id)), None),
        _ => (None, Some(BeneficiaryId::from(chooser.id))),
    };
    let first = db!(tx, first, {
        let as_mentor = joint_activity_mentors::table
            .filter(joint_activity_mentors::mentor_id.eq_any(binds(mentor.as_slice())))
            .select(joint_activity_mentors::activity_id);
        let as_beneficiary = joint_activity_beneficiaries::table
            .filter(joint_activity_beneficiaries::beneficiary_id.eq_any(binds(beneficiary.as_slice())))
            .select(joint_activity_beneficiaries::activity_id);
        let all = super::visible!(scope);
        let theirs = match mentor {
            Some(_) => all.filter(joint_activities::id.eq_any(as_mentor)),
            None => all.filter(joint_activities::id.eq_any(as_beneficiary)),
        };
        theirs.order(joint_activities::held_on).select(joint_activities::held_on)
    });
    let held_on: Option<NaiveDate> = first.optional()?;
    Ok(domain::matching::joint_activities::choices::against_choosing(held_on, tx.today()))
}

/// The choices of a mentor or a beneficiary, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    of: Participant,
    filter: &ChoiceFilter,
    window: &Window,
) -> Result<Page<ChoiceCard>, Failure> {
    must_know(tx, of).await?;
    let (scope, own) = (tx.scope().clone(), own(tx));
    let rows: Vec<Row> = db!(tx, load, {
        let mut all =
            visible!(scope, own).select(Row::as_select()).order(choices::id.desc()).limit(window.fetch());
        all = match of {
            Participant::Mentor(id) => all.filter(choices::mentor_id.eq(bind(Some(id)))),
            Participant::Beneficiary(id) => all.filter(choices::beneficiary_id.eq(bind(Some(id)))),
        };
        if let Some(after) = window.after_id() {
            all = all.filter(choices::id.lt(bind(after)));
        }
        if let Some(activity) = filter.activity_id {
            all = all.filter(choices::activity_id.eq(bind(activity)));
        }
        if let Some(superseded) = filter.superseded {
            all = all.filter(choices::superseded.eq(superseded));
        }
        all
    })?;
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// The activity that a choice names, and the roles in which the caller may record the choice. The file of the paper
/// then belongs to the institution of the activity. Beside it stands the refusal of a paper that the caller does not see.
pub async fn circumstances(
    tx: &mut Tx<'_>,
    naming: &Naming,
) -> Result<(JointActivity, Recorder, Result<(), Failure>), Failure> {
    must_know(tx, naming.chooser).await?;
    let (id, paper) = (naming.activity_id, naming.on_paper_file_id);
    let seen = must_refer(tx, SubjectKind::JointActivity, Some(id), "/activity_id").await;
    if seen.is_err() {
        all_of([seen, must_refer(tx, SubjectKind::File, paper, "/on_paper_file_id").await])?;
    }
    let one = joint_activities::table.find(bind(id));
    let found: ActivityRow = db!(tx, first, one.select(ActivityRow::as_select()))?;
    let activity = whole(tx, found).await?;
    let (organization, program) = (activity.form.organization_id, activity.form.program_id);
    let given = entrust_each(tx, paper.map(|it| (it, "/on_paper_file_id")), organization).await;
    let is_staff = is_staffs(tx.scope(), organization, program);
    Ok((activity, Recorder { own: own(tx), is_staff }, given))
}

/// The choice of the same chooser in the same activity that stands so far.
async fn standing(tx: &mut Tx<'_>, it: &Choice) -> Result<Vec<ChoiceId>, Failure> {
    let before = choices::table
        .filter(choices::activity_id.eq(bind(it.activity_id)))
        .filter(choices::superseded.eq(false))
        .select(choices::id);
    Ok(match it.chooser {
        Participant::Mentor(id) => db!(tx, load, before.filter(choices::mentor_id.eq(bind(Some(id)))))?,
        Participant::Beneficiary(id) => {
            db!(tx, load, before.filter(choices::beneficiary_id.eq(bind(Some(id)))))?
        }
    })
}

/// Saves a choice. It replaces the chooser's earlier choice in the same activity.
pub async fn save_made(tx: &mut Tx<'_>, change: Changed<Choice>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let by = tx.author()?;
    let (mentor, beneficiary) = match it.chooser {
        Participant::Mentor(id) => (Some(id), None),
        Participant::Beneficiary(id) => (None, Some(id)),
    };
    for earlier in standing(tx, &it).await? {
        let (earlier, records) = it.supersede(earlier).into_parts();
        let one = diesel::update(choices::table.find(bind(earlier.id)));
        let rows = db!(tx, execute, prepared(one.set(choices::superseded.eq(true))))?;
        tx.established(rows, records)?;
    }
    let row = (
        choices::id.eq(bind(it.id)),
        choices::activity_id.eq(bind(it.activity_id)),
        choices::mentor_id.eq(bind(mentor)),
        choices::beneficiary_id.eq(bind(beneficiary)),
        choices::made_on.eq(it.made_on),
        choices::made_by.eq(bind(by)),
        choices::on_paper_file_id.eq(bind(it.on_paper_file_id)),
        choices::superseded.eq(false),
        choices::created_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(choices::table).values(row))?;
    let pair = |pair: &domain::matching::joint_activities::choices::Chosen| {
        (
            chosen::choice_id.eq(bind(it.id)),
            chosen::mentor_id.eq(bind(pair.mentor_id)),
            chosen::beneficiary_id.eq(bind(pair.beneficiary_id)),
            chosen::rank.eq(pair.rank),
        )
    };
    let pairs: Vec<_> = it.chosen.iter().map(pair).collect();
    if !pairs.is_empty() {
        db!(tx, execute, diesel::insert_into(chosen::table).values(pairs))?;
    }
    tx.established(rows, records)
}
