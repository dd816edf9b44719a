//! Agreements in the database. Every account of the region reads them; a key of some institutions reads theirs.
//!
//! - this page: a row, its card, and what an order needs. `listing`: the lists and their filters. `saving`: the steps.
//!
//! Invariant: `agreement_parties` has a row for each organization among the parties, so that its directors find the agreement.
//! `agreement_files` has a row for each of its papers, which every party reads.
mod listing;
mod saving;

pub use listing::{AgreementFilter, list};
pub use saving::{save_annulled, save_edited, save_entered, save_extended, save_signed, save_terminated};

pub(crate) use listing::ending;

use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{agreement_parties, agreements};
use crate::region::organizations::must_be_open;
use crate::scope::among;
use crate::sight::{
    all_of, is_found, must_be_own, must_refer, must_refer_each_newly, must_refer_newly, offered,
};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::{AgreementId, CouncilId, FileId, LegalActId, OrganizationId, ProgramId, ProjectId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Oktmo, OrderNumber, Title};
use domain::partnership::agreements::*;
use domain::partnership::words::{Audience, EventKind, PartnershipLevel};
use shape::card;

/// A party of an agreement, as its card shows it.
#[card]
pub struct AgreementPartyCard {
    /// The organization.
    pub organization_id: Option<OrganizationId>,
    /// The council, where a council is the party.
    pub council_id: Option<CouncilId>,
    /// The role of the party.
    pub role: PartyRole,
    /// The official who signs for the party: position and name.
    pub signatory: Option<Title>,
}

impl From<AgreementParty> for AgreementPartyCard {
    fn from(it: AgreementParty) -> Self {
        let AgreementParty { organization_id, council_id, role, signatory } = it;
        Self { organization_id, council_id, role, signatory }
    }
}

/// An agreement, as every endpoint returns it.
#[card]
pub struct AgreementCard {
    /// The id of the agreement.
    pub id: AgreementId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state today.
    pub state: AgreementState,
    /// The organization that keeps the agreement: one of its parties.
    pub organization_id: OrganizationId,
    /// Title.
    pub title: Title,
    /// The subject in words.
    pub subject: Note,
    /// The sphere.
    pub sphere: AgreementSphere,
    /// The level of partnership on which it works.
    pub partnership_level: PartnershipLevel,
    /// The parties.
    #[schema(max_items = 20)]
    pub parties: Vec<AgreementPartyCard>,
    /// The audiences.
    #[schema(max_items = 20)]
    pub audiences: Vec<Audience>,
    /// The kinds of events that the parties have agreed on.
    #[schema(max_items = 20)]
    pub activities: Vec<EventKind>,
    /// The territory.
    pub territory: Option<Oktmo>,
    /// The mentoring program that it serves.
    pub program_id: Option<ProgramId>,
    /// The projects that it serves.
    #[schema(max_items = 20)]
    pub project_ids: Vec<ProjectId>,
    /// The legal acts on which it rests.
    #[schema(max_items = 10)]
    pub act_ids: Vec<LegalActId>,
    /// The number of a signed agreement.
    pub number: Option<OrderNumber>,
    /// The day of the signing.
    pub signed_on: Option<NaiveDate>,
    /// The first day in force.
    pub starts_on: Option<NaiveDate>,
    /// The last day in force, with all extensions. Absent where a signed agreement is indefinite.
    pub ends_on: Option<NaiveDate>,
    /// The file with the signed agreement.
    pub file_id: Option<FileId>,
    /// The extensions, the earliest first.
    #[schema(max_items = 100)]
    pub extensions: Vec<AgreementExtension>,
    /// The termination.
    pub termination: Option<AgreementTermination>,
    /// The annulment.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the agreement now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of entering.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { AgreementCard in "agreements"; }

const REASON: &str = "agreements.annulment_reason";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = agreements)]
struct Row {
    id: AgreementId,
    version: i64,
    organization_id: OrganizationId,
    title: Title,
    subject: Note,
    sphere: AgreementSphere,
    partnership_level: PartnershipLevel,
    parties: Json<Vec<AgreementParty>>,
    audiences: Json<Vec<Audience>>,
    activities: Json<Vec<EventKind>>,
    territory: Option<Oktmo>,
    program_id: Option<ProgramId>,
    project_ids: Json<Vec<ProjectId>>,
    act_ids: Json<Vec<LegalActId>>,
    number: Option<OrderNumber>,
    signed_on: Option<NaiveDate>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    file_id: Option<FileId>,
    extensions: Json<Vec<AgreementExtension>>,
    ended_on: Option<NaiveDate>,
    termination: Option<Json<AgreementTermination>>,
    annulment_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn days(&self) -> AgreementDays {
        AgreementDays { starts_on: self.starts_on, ends_on: self.ends_on, ended_on: self.ended_on }
    }
    fn form(&self) -> AgreementForm {
        AgreementForm {
            organization_id: self.organization_id,
            title: self.title.clone(),
            subject: self.subject.clone(),
            sphere: self.sphere,
            partnership_level: self.partnership_level,
            parties: self.parties.0.clone(),
            audiences: self.audiences.0.clone(),
            activities: self.activities.0.clone(),
            territory: self.territory.clone(),
            program_id: self.program_id,
            project_ids: self.project_ids.0.clone(),
            act_ids: self.act_ids.0.clone(),
        }
    }
    fn whole(&self) -> Agreement {
        let Self { id, ends_on, .. } = *self;
        match (self.signed_on.zip(self.starts_on), self.ended_on, &self.annulment_reason) {
            (.., Some(_)) => Agreement::Annulled,
            (_, Some(_), _) => Agreement::Terminated,
            (None, ..) => Agreement::Planned(Box::new(Planned { id, form: self.form() })),
            (Some((signed_on, starts_on)), ..) => {
                let extensions = self.extensions.0.clone();
                Agreement::Signed(Signed { id, signed_on, starts_on, ends_on, extensions })
            }
        }
    }
    /// The organizations among the parties.
    fn organizations(&self) -> Vec<OrganizationId> {
        self.parties.0.iter().filter_map(|it| it.organization_id).collect()
    }
}

/// The agreements that a scope reaches: those with a party among its organizations. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = agreements::table.into_boxed();
        if !$scope.everything {
            let theirs = agreement_parties::table
                .filter(among(agreement_parties::organization_id, &$scope.organizations))
                .select(agreement_parties::agreement_id);
            all = all.filter(agreements::id.eq_any(theirs));
        }
        all
    }};
}
use visible;

fn missing(id: AgreementId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Agreement, id)))
}

async fn row(tx: &mut Tx<'_>, id: AgreementId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let found: Option<Row> =
        db!(tx, first, visible!(scope).filter(agreements::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    found.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the agreement.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: AgreementId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The titles of those of the agreements that the right of this transaction reaches.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[AgreementId],
) -> Result<Vec<(AgreementId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(AgreementId, Title)> = db!(
        tx,
        load,
        visible!(scope).filter(agreements::id.eq_any(binds(ids))).select((agreements::id, agreements::title))
    )?;
    Ok(found.into_iter().map(|(id, title)| (id, title.into())).collect())
}

fn shown(tx: &Tx<'_>, row: Row) -> Result<AgreementCard, Failure> {
    let reason: Option<Note> = tx.core.keys.open_some(REASON, row.id, row.annulment_reason.as_ref())?;
    Ok(AgreementCard {
        id: row.id,
        version: row.version,
        state: AgreementState::on(row.days(), tx.today()),
        organization_id: row.organization_id,
        title: row.title,
        subject: row.subject,
        sphere: row.sphere,
        partnership_level: row.partnership_level,
        parties: row.parties.0.into_iter().map(Into::into).collect(),
        audiences: row.audiences.0,
        activities: row.activities.0,
        territory: row.territory,
        program_id: row.program_id,
        project_ids: row.project_ids.0,
        act_ids: row.act_ids.0,
        number: row.number,
        signed_on: row.signed_on,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        file_id: row.file_id,
        extensions: row.extensions.0,
        termination: row.termination.map(|it| it.0),
        annulment: reason.map(|reason| Annulment { reason }),
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one agreement.
pub async fn card(tx: &mut Tx<'_>, id: AgreementId) -> Result<AgreementCard, Failure> {
    let row = row(tx, id).await?;
    let (edits, signs) = (tx.scope_of(Right::EditPartnership), tx.scope_of(Right::SignAgreements));
    let state = row.annulment_reason.is_none().then(|| AgreementState::on(row.days(), tx.today()));
    let is_keeper = edits.answers_for(row.organization_id);
    let is_party = row.organizations().into_iter().any(|it| signs.answers_for(it));
    let offers = AgreementOffers {
        state,
        days: row.days(),
        is_keeper,
        signs: signs.answers_for(row.organization_id),
        is_party,
    };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::Agreement, id)).await?;
    Ok(AgreementCard { available_actions: Some(actions), ..shown(tx, row)? })
}

/// Loads an agreement that a party changes, with the organization that keeps it.
pub async fn load(tx: &mut Tx<'_>, id: AgreementId) -> Result<(Agreement, OrganizationId), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok((row.whole(), row.organization_id))
}

/// Loads an agreement that the organization changes which keeps it. Another party does not reach it by this.
pub async fn load_kept(tx: &mut Tx<'_>, id: AgreementId) -> Result<Agreement, Failure> {
    Ok(kept(tx, id).await?.whole())
}

async fn kept(tx: &mut Tx<'_>, id: AgreementId) -> Result<Row, Failure> {
    let row = row(tx, id).await?;
    if !tx.scope().answers_for(row.organization_id) {
        return Err(missing(id));
    }
    tx.expect(row.version)?;
    Ok(row)
}

/// Loads an agreement that the organization annuls which keeps it. Tells whether the caller signs for that organization.
pub async fn load_to_annul(tx: &mut Tx<'_>, id: AgreementId) -> Result<(Agreement, bool), Failure> {
    let row = kept(tx, id).await?;
    let signs = tx.scope_of(Right::SignAgreements).answers_for(row.organization_id);
    Ok((row.whole(), signs))
}

/// Whether an agreement was annulled, in the sight of nobody.
pub(crate) async fn is_annulled(tx: &mut Tx<'_>, id: AgreementId) -> Result<bool, Failure> {
    let annulled = agreements::table
        .filter(agreements::id.eq(bind(id)))
        .filter(agreements::annulment_reason.is_not_null())
        .select(agreements::id);
    let found: Option<AgreementId> = db!(tx, first, annulled).optional()?;
    Ok(found.is_some())
}

/// The parties of an agreement that was not annulled, and its days, in the sight of nobody.
pub(super) async fn parties(
    tx: &mut Tx<'_>,
    id: AgreementId,
) -> Result<Option<(Vec<AgreementParty>, AgreementDays)>, Failure> {
    let standing =
        agreements::table.filter(agreements::id.eq(bind(id))).filter(agreements::annulment_reason.is_null());
    let found: Option<Row> = db!(tx, first, standing.select(Row::as_select())).optional()?;
    Ok(found.map(|it| (it.parties.0.clone(), it.days())))
}

/// Refuses a signing after the last day of a party. An agreement of the days before names it for ever.
pub async fn must_have_open_parties(
    tx: &mut Tx<'_>,
    planned: &Planned,
    signed_on: NaiveDate,
) -> Result<(), Failure> {
    must_be_open(tx, &planned.form.signed_by(signed_on)).await
}

/// Refuses a form that refers to things that the caller does not see, or whose keeper the caller does not answer for. A reference
/// that the form had before is not asked again.
pub async fn must_refer_well(
    tx: &mut Tx<'_>,
    before: Option<&AgreementForm>,
    form: &AgreementForm,
) -> Result<(), Failure> {
    let known = before.map(|it| it.parties.clone()).unwrap_or_default();
    let mut checks = vec![must_be_own(tx, form.organization_id, "/organization_id").await];
    for (n, party) in form.parties.iter().enumerate().filter(|(_, it)| !known.contains(it)) {
        let at = |member: &str| format!("/parties/{n}/{member}");
        let organization = (SubjectKind::Organization, party.organization_id);
        checks.push(must_refer(tx, organization.0, organization.1, &at("organization_id")).await);
        if let Some(council) = party.council_id {
            let council = Subject::new(SubjectKind::Council, council);
            checks.push(must_refer_newly(tx, council, &at("council_id")).await);
        }
    }
    let program = form.program_id.filter(|it| before.is_none_or(|was| was.program_id != Some(*it)));
    checks.push(must_refer(tx, SubjectKind::Program, program, "/program_id").await);
    let known = before.map(|it| it.project_ids.clone()).unwrap_or_default();
    let projects = (known.as_slice(), form.project_ids.as_slice());
    checks.push(must_refer_each_newly(tx, SubjectKind::Project, projects, "/project_ids").await);
    let known = before.map(|it| it.act_ids.clone()).unwrap_or_default();
    let acts = (known.as_slice(), form.act_ids.as_slice());
    checks.push(must_refer_each_newly(tx, SubjectKind::LegalAct, acts, "/act_ids").await);
    all_of(checks)
}
