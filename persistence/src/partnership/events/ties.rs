//! Ties of events: an event stands in the figures of a project, an agreement, a council, a club or a package of measures.
//!
//! Invariant: an event is tied newly only to what its own organization belongs to, and for a day on which that is there. Co-organizers tie
//! nothing, for nobody asks them whether they are named.
use crate::engine::failure::Failure;
use crate::entry;
use crate::partnership::{action_packages, agreements, councils};
use crate::sight::sees;
use crate::tx::Tx;
use chrono::NaiveDate;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Entry;
use domain::base::id::{ActionPackageId, AgreementId, ClubId, CouncilId, OrganizationId, ProjectId};
use domain::base::refusal::Reason;
use domain::base::text::REFERENCE;
use domain::partnership::action_packages::ActionPackageForm;
use domain::partnership::agreements::AgreementState;
use domain::partnership::community::clubs::ClubForm;
use domain::partnership::councils::CouncilForm;
use domain::partnership::events::{EventForm, NOT_THERE};
use domain::partnership::projects::ProjectForm;

/// A thing to which an event is tied newly.
#[derive(Debug, Clone, Copy)]
struct Tie {
    /// Whether the organization of the event belongs to it.
    belongs: bool,
    /// Whether it is there on the day of the event.
    is_there: bool,
}

impl Tie {
    fn reasons(self, pointer: &str, day: NaiveDate) -> Vec<Reason> {
        let strange = (!self.belongs).then(|| REFERENCE.reason().at(pointer));
        // Of a stranger's thing no days are told.
        let gone = (self.belongs && !self.is_there).then(|| NOT_THERE.reason().at(pointer).with("day", day));
        strange.into_iter().chain(gone).collect()
    }
}

/// The reasons against the ties that an event has newly, behind those against its place in a project. A tie of before is its own.
pub(crate) async fn against(
    tx: &mut Tx<'_>,
    (form, before): (&EventForm, Option<&EventForm>),
    mut reasons: Vec<Reason>,
) -> Result<Vec<Reason>, Failure> {
    let (owner, day) = (form.organization_id, form.first_day());
    // To an organization that is not there nothing belongs: that one is refused.
    if !sees(tx, Subject::new(SubjectKind::Organization, owner)).await? {
        return Ok(reasons);
    }
    let mut ties: Vec<(&str, Option<Tie>)> = Vec::new();
    if let Some(id) = newly(form, before, |it| it.project_id).filter(|_| reasons.is_empty()) {
        ties.push(("/project_id", to_project(tx, id, day).await?));
    }
    if let Some(id) = newly(form, before, |it| it.club_id) {
        ties.push(("/club_id", to_club(tx, id, owner, day).await?));
    }
    if let Some(id) = newly(form, before, |it| it.agreement_id) {
        ties.push(("/agreement_id", to_agreement(tx, id, owner, day).await?));
    }
    if let Some(id) = newly(form, before, |it| it.council_id) {
        ties.push(("/council_id", to_council(tx, id, owner, day).await?));
    }
    if let Some(id) = newly(form, before, |it| it.package_id) {
        ties.push(("/package_id", to_package(tx, id, owner, day).await?));
    }
    let told = ties.into_iter().filter_map(|(pointer, tie)| Some(tie?.reasons(pointer, day)));
    reasons.extend(told.flatten());
    Ok(reasons)
}

/// The tie of a form that it did not have before.
fn newly<I: PartialEq + Copy>(
    form: &EventForm,
    before: Option<&EventForm>,
    tie: fn(&EventForm) -> Option<I>,
) -> Option<I> {
    tie(form).filter(|it| before.and_then(tie) != Some(*it))
}

/// A thing that was not annulled. Any other one is told as a dangling reference anyway.
async fn standing<F: Entry>(tx: &mut Tx<'_>, id: F::Id) -> Result<Option<F>, Failure> {
    let found = entry::those::<F>(tx, vec![id]).await?;
    Ok(found.into_iter().find(|it| it.annulment.is_none()).map(|it| it.form))
}

/// The tie to a project, to which the organization belongs. What prepares a project comes before its first day.
async fn to_project(tx: &mut Tx<'_>, id: ProjectId, day: NaiveDate) -> Result<Option<Tie>, Failure> {
    let project = standing::<ProjectForm>(tx, id).await?;
    Ok(project.map(|it| Tie { belongs: true, is_there: it.goes_on_after(day) }))
}

async fn to_club(
    tx: &mut Tx<'_>,
    id: ClubId,
    owner: OrganizationId,
    day: NaiveDate,
) -> Result<Option<Tie>, Failure> {
    let club = standing::<ClubForm>(tx, id).await?;
    let belongs = |it: &ClubForm| it.organization_id == owner || it.host_id == owner;
    Ok(club.map(|it| Tie { belongs: belongs(&it), is_there: it.is_open_on(day) }))
}

/// The tie to an agreement: a party is the organization itself, or a council to which it belongs.
async fn to_agreement(
    tx: &mut Tx<'_>,
    id: AgreementId,
    owner: OrganizationId,
    day: NaiveDate,
) -> Result<Option<Tie>, Failure> {
    let Some((parties, days)) = agreements::parties(tx, id).await? else { return Ok(None) };
    let mut belongs = parties.iter().any(|it| it.organization_id == Some(owner));
    for council in parties.iter().filter_map(|it| it.council_id) {
        let tie = to_council(tx, council, owner, day).await?;
        belongs = belongs || tie.is_some_and(|it| it.belongs);
    }
    Ok(Some(Tie { belongs, is_there: AgreementState::on(days, day) == AgreementState::InForce }))
}

/// The tie to a council, which the organization keeps, or in which somebody is a member from it on the day.
async fn to_council(
    tx: &mut Tx<'_>,
    id: CouncilId,
    owner: OrganizationId,
    day: NaiveDate,
) -> Result<Option<Tie>, Failure> {
    let Some(council) = standing::<CouncilForm>(tx, id).await? else { return Ok(None) };
    let members = councils::members(tx, id).await?;
    let is_member = members.iter().any(|(_, it)| it.organization_id == Some(owner) && it.is_there(day));
    let belongs = council.organization_id == owner || is_member;
    Ok(Some(Tie { belongs, is_there: council.against_day(day).is_none() }))
}

/// The tie to a package, which the organization keeps, or in whose measures it stands.
async fn to_package(
    tx: &mut Tx<'_>,
    id: ActionPackageId,
    owner: OrganizationId,
    day: NaiveDate,
) -> Result<Option<Tie>, Failure> {
    let Some(package) = standing::<ActionPackageForm>(tx, id).await? else { return Ok(None) };
    let belongs = package.organization_id == owner || action_packages::takes_part(tx, id, owner).await?;
    Ok(Some(Tie { belongs, is_there: package.is_there(day) }))
}
