//! Teams of cases over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::case_contacts::CaseContactForm;
use domain::accompaniment::team::{TeamEnding, TeamInvitation, TeamMember};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, TeamMemberId};
use persistence::accompaniment::cases;
use persistence::accompaniment::contributions::{self, ContributionCard};
use persistence::accompaniment::shared_cases::{self, SharedCaseCard};
use persistence::accompaniment::team::{self, TeamFilter, TeamMemberCard};
use persistence::people::must_be_no_relative;
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_work;
use persistence::sight::ruled;

crate::http::page::pages! { TeamMemberPage of TeamMemberCard; ContributionPage of ContributionCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_team_members).service(invite_team_member).service(list_own_memberships);
    config
        .service(get_team_member)
        .service(get_shared_case)
        .service(list_contributions)
        .service(add_contribution)
        .service(end_team_membership)
        .service(get_team_member_history);
}

/// List the team of a case
///
/// Members of this and of other organizations, former ones too, the newest first.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path), TeamFilter), responses((status = 200, body = TeamMemberPage)))]
#[get("/cases/{id}/team-members")]
async fn list_team_members(
    db: Guarded<may::ReadCases>,
    id: Id<CaseId>,
    query: Query<TeamFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| team::of_case(tx, id.0, filter, window).await).await
}

/// Take an account into the team of a case
///
/// An account of another organization sees the parts that are granted, by a consent or by a ground of law, for a year at most. The
/// grant ends with its term, its consent or the case, at once. It rests while the account is closed or serves the organization no more.
/// Nobody is in the team of a relative, nor for an organization that was closed.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = TeamInvitation, responses((status = 201, body = TeamMemberCard)))]
#[post("/cases/{id}/team-members")]
async fn invite_team_member(
    db: Guarded<may::ManageTeam>,
    id: Id<CaseId>,
    form: Order<TeamInvitation>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let facts = team::facts(tx, (case.beneficiary_id, case.organization_id), id.0, &form).await?;
        let file = form.ground_file_id.map(|it| (it, "/ground_file_id"));
        let checks = [
            entrust_each(tx, file, case.organization_id).await,
            must_be_no_relative(tx, Some(form.user_id), case.beneficiary_id, "/user_id").await,
            must_work(tx, form.reader(&facts), "/user_id").await,
        ];
        let invited = TeamMember::invite(tx.mint(), id.0, &form, &facts, tx.today());
        let invited = ruled(invited, checks)?;
        let member_id = invited.value().id;
        team::save_invited(tx, invited).await?;
        team::card(tx, member_id).await
    })
    .await
}

/// List the caller's memberships in teams
///
/// Cases on whose team the caller is, the newest first. `GET /case-team-members/{id}/shared-case` shows the parts that are granted.
#[utoipa::path(tag = "cases", params(TeamFilter), responses((status = 200, body = TeamMemberPage)))]
#[get("/case-team-members")]
async fn list_own_memberships(
    db: Guarded<may::ReadCases>,
    query: Query<TeamFilter>,
) -> Result<Answer, Problem> {
    db.list(query, team::own).await
}

/// Get a membership in a team
///
/// One membership, and the actions that the caller may take.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), responses((status = 200, body = TeamMemberCard)))]
#[get("/case-team-members/{id}")]
async fn get_team_member(db: Guarded<may::ReadCases>, id: Id<TeamMemberId>) -> Result<Answer, Problem> {
    db.read(async |tx| team::card(tx, id.0).await).await
}

/// Get the shared case of a membership
///
/// The case as a member of another organization sees it: the parts that are granted today, and nothing else. Each read is journaled.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), responses((status = 200, body = SharedCaseCard)))]
#[get("/case-team-members/{id}/shared-case")]
async fn get_shared_case(db: Guarded<may::ReadCases>, id: Id<TeamMemberId>) -> Result<Answer, Problem> {
    db.read(async |tx| shared_cases::shared_case(tx, id.0).await).await
}

/// List the contacts that the caller has added by a membership
///
/// They stay readable after the end of the membership. They name nobody.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), responses((status = 200, body = ContributionPage)))]
#[get("/case-team-members/{id}/case-contacts")]
async fn list_contributions(
    db: Guarded<may::ReadCases>,
    id: Id<TeamMemberId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| contributions::list(tx, id.0, window).await).await
}

/// Add a contact to the case of a membership
///
/// For a member of another organization with the level `contribute`, while the part `records` is granted. It is a contact of the case
/// as all others.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), request_body = CaseContactForm, responses((status = 201, body = ContributionCard)))]
#[post("/case-team-members/{id}/case-contacts")]
async fn add_contribution(
    db: Guarded<may::EditCases>,
    id: Id<TeamMemberId>,
    form: Order<CaseContactForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| contributions::add(tx, id.0, form.clone()).await).await
}

/// End a membership in a team
///
/// The organization that accompanies ends it, or the member. It works at once.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), request_body = TeamEnding, responses((status = 200, body = TeamMemberCard)))]
#[post("/case-team-members/{id}/ending")]
async fn end_team_membership(
    db: Guarded<may::ManageTeam>,
    id: Id<TeamMemberId>,
    order: Order<TeamEnding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (member, is_theirs) = team::load(tx, id.0).await?;
        team::save_ended(tx, member.leave(&order, is_theirs, tx.today())?).await?;
        team::card(tx, id.0).await
    })
    .await
}

/// Get the history of a membership in a team
///
/// Changes of the membership, the latest first.
#[utoipa::path(tag = "cases", params(("id" = TeamMemberId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/case-team-members/{id}/history")]
async fn get_team_member_history(
    db: Guarded<may::ReadHistory>,
    id: Id<TeamMemberId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::TeamMember, id.0, query).await
}
