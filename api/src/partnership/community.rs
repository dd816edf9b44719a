//! The community over HTTP: the people in clubs and groups of volunteers, and what of the community is open to every account.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::entry::Annulment;
use domain::base::id::{ClubId, CommunityMemberId, VolunteerGroupId};
use domain::partnership::community::members::{
    ClubJoining, ClubMemberForm, ClubWithdrawal, Community, CommunityLeaving, VolunteerGroupMemberForm,
};
use persistence::partnership::community::{
    self, AwardCard, AwardFilter, CommunityMemberCard, CommunityMemberFilter, PublishedStory,
    PublishedStoryFilter, VolunteerGroupStrength,
};

crate::http::page::pages! {
    CommunityMemberPage of CommunityMemberCard;
    PublishedStoryPage of PublishedStory;
    AwardPage of AwardCard;
}

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_club_members).service(add_club_member).service(join_club).service(get_club_member);
    config.service(leave_club).service(withdraw_club_member).service(annul_club_member);
    config.service(get_club_member_history);
    config.service(list_volunteer_group_members).service(add_volunteer_group_member);
    config.service(get_volunteer_group_member).service(leave_volunteer_group);
    config.service(annul_volunteer_group_member).service(get_volunteer_group_member_history);
    config.service(get_volunteer_group_strength);
    config.service(list_published_stories).service(list_awards);
}

const OF_CLUB: SubjectKind = SubjectKind::ClubMember;
const OF_GROUP: SubjectKind = SubjectKind::VolunteerGroupMember;

/// List the members of a club
///
/// Those whom the caller sees, the newest first: staff of the organization all of them, guardianship those of its territory, a mentor or a
/// mentee the own membership.
#[utoipa::path(tag = "partnership", params(("id" = ClubId, Path), CommunityMemberFilter), responses((status = 200, body = CommunityMemberPage)))]
#[get("/clubs/{id}/members")]
async fn list_club_members(
    db: Guarded<may::ReadParticipants>,
    id: Id<ClubId>,
    query: Query<CommunityMemberFilter>,
) -> Result<Answer, Problem> {
    let of = Community::Club(id.0);
    db.list(query, async move |tx, filter, window| community::list(tx, of, filter, window).await).await
}

/// Enter a member of a club
///
/// Enters somebody in a club of an organization of the caller. A club of mentors takes those whose approval is in force, a club of care
/// leavers takes care leavers.
#[utoipa::path(tag = "partnership", request_body = ClubMemberForm, responses((status = 201, body = CommunityMemberCard)))]
#[post("/club-members")]
async fn add_club_member(
    db: Guarded<may::EditParticipants>,
    form: Order<ClubMemberForm>,
) -> Result<Answer, Problem> {
    let of = Community::Club(form.club_id);
    let who = (form.person_id, form.role, form.joined_on);
    db.create(async move |tx| community::enter(tx, of, who, None).await).await
}

/// Join a club
///
/// A mentor or a mentee becomes a member of a club by the own wish, from today on. No consent is asked for.
#[utoipa::path(tag = "partnership", request_body = ClubJoining, responses((status = 201, body = CommunityMemberCard)))]
#[post("/club-joinings")]
async fn join_club(db: Guarded<may::JoinCommunity>, form: Order<ClubJoining>) -> Result<Answer, Problem> {
    db.create(async move |tx| community::join_oneself(tx, form.club_id).await).await
}

/// Get a member of a club
///
/// One membership, and the actions that the caller may take.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), responses((status = 200, body = CommunityMemberCard)))]
#[get("/club-members/{id}")]
async fn get_club_member(
    db: Guarded<may::ReadParticipants>,
    id: Id<CommunityMemberId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| community::member_card(tx, OF_CLUB, id.0).await).await
}

/// Record that a member has left a club
///
/// The membership stays on record with its last day.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), request_body = CommunityLeaving, responses((status = 200, body = CommunityMemberCard)))]
#[post("/club-members/{id}/leaving")]
async fn leave_club(
    db: Guarded<may::EditParticipants>,
    id: Id<CommunityMemberId>,
    order: Order<CommunityLeaving>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| community::leave(tx, OF_CLUB, id.0, &order).await).await
}

/// Leave a club
///
/// A mentor or a mentee leaves a club by the own wish. Today is the last day.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), request_body = ClubWithdrawal, responses((status = 200, body = CommunityMemberCard)))]
#[post("/club-members/{id}/withdrawal")]
async fn withdraw_club_member(
    db: Guarded<may::JoinCommunity>,
    id: Id<CommunityMemberId>,
    _order: Order<ClubWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| community::withdraw(tx, id.0).await).await
}

/// Annul the record of a member of a club
///
/// Annuls a membership that was entered by mistake, also of somebody who has left. It stays readable with the reason, leaves the lists, and
/// the person may be entered anew.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), request_body = Annulment, responses((status = 200, body = CommunityMemberCard)))]
#[post("/club-members/{id}/annulment")]
async fn annul_club_member(
    db: Guarded<may::EditParticipants>,
    id: Id<CommunityMemberId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| community::annul_member(tx, OF_CLUB, id.0, &order).await).await
}

/// Get the history of a member of a club
///
/// Changes of the membership, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/club-members/{id}/history")]
async fn get_club_member_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CommunityMemberId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, OF_CLUB, id.0, query).await
}

/// List the members of a group of volunteers
///
/// Only staff of the organization reads them, and administrators: to be in such a group may tell of an offence.
#[utoipa::path(tag = "partnership", params(("id" = VolunteerGroupId, Path), CommunityMemberFilter), responses((status = 200, body = CommunityMemberPage)))]
#[get("/volunteer-groups/{id}/members")]
async fn list_volunteer_group_members(
    db: Guarded<may::ReadPartnershipInside>,
    id: Id<VolunteerGroupId>,
    query: Query<CommunityMemberFilter>,
) -> Result<Answer, Problem> {
    let of = Community::VolunteerGroup(id.0);
    db.list(query, async move |tx, filter, window| community::list(tx, of, filter, window).await).await
}

/// Enter a member of a group of volunteers
///
/// Enters somebody from the age of 14 on. A minor has a consent of the ledger for the purpose `volunteering` that is in force on the day. One
/// who is no beneficiary has signed a paper, `consent_file_id`.
#[utoipa::path(tag = "partnership", request_body = VolunteerGroupMemberForm, responses((status = 201, body = CommunityMemberCard)))]
#[post("/volunteer-group-members")]
async fn add_volunteer_group_member(
    db: Guarded<may::EditPartnershipInside>,
    form: Order<VolunteerGroupMemberForm>,
) -> Result<Answer, Problem> {
    let of = Community::VolunteerGroup(form.volunteer_group_id);
    let (who, paper) = ((form.person_id, form.role, form.joined_on), form.consent_file_id);
    db.create(async move |tx| community::enter(tx, of, who, paper).await).await
}

/// Get a member of a group of volunteers
///
/// One membership, and the actions that the caller may take. Of a minor it tells whether the consent is in force.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), responses((status = 200, body = CommunityMemberCard)))]
#[get("/volunteer-group-members/{id}")]
async fn get_volunteer_group_member(
    db: Guarded<may::ReadPartnershipInside>,
    id: Id<CommunityMemberId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| community::member_card(tx, OF_GROUP, id.0).await).await
}

/// Record that a member has left a group of volunteers
///
/// The membership stays on record with its last day.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), request_body = CommunityLeaving, responses((status = 200, body = CommunityMemberCard)))]
#[post("/volunteer-group-members/{id}/leaving")]
async fn leave_volunteer_group(
    db: Guarded<may::EditPartnershipInside>,
    id: Id<CommunityMemberId>,
    order: Order<CommunityLeaving>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| community::leave(tx, OF_GROUP, id.0, &order).await).await
}

/// Annul the record of a member of a group of volunteers
///
/// Annuls a membership that was entered by mistake, also of somebody who has left. It stays readable with the reason, leaves the lists and the
/// strength of the group, and the person may be entered anew.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), request_body = Annulment, responses((status = 200, body = CommunityMemberCard)))]
#[post("/volunteer-group-members/{id}/annulment")]
async fn annul_volunteer_group_member(
    db: Guarded<may::EditPartnershipInside>,
    id: Id<CommunityMemberId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| community::annul_member(tx, OF_GROUP, id.0, &order).await).await
}

/// Get the history of a member of a group of volunteers
///
/// Changes of the membership, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = CommunityMemberId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/volunteer-group-members/{id}/history")]
async fn get_volunteer_group_member_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CommunityMemberId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, OF_GROUP, id.0, query).await
}

/// Get the strength of a group of volunteers
///
/// The number of members today. Fewer than five are told to the owner only, of every group: otherwise the hiding would tell which one is sensitive.
#[utoipa::path(tag = "partnership", params(("id" = VolunteerGroupId, Path)), responses((status = 200, body = VolunteerGroupStrength)))]
#[get("/volunteer-groups/{id}/strength")]
async fn get_volunteer_group_strength(
    db: Guarded<may::ReadPartnership>,
    id: Id<VolunteerGroupId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| community::strength(tx, id.0).await).await
}

/// List published stories
///
/// Success stories that are published today, without the person, the newest first.
#[utoipa::path(tag = "partnership", params(PublishedStoryFilter), responses((status = 200, body = PublishedStoryPage)))]
#[get("/published-stories")]
async fn list_published_stories(
    db: Guarded<may::ReadPartnership>,
    query: Query<PublishedStoryFilter>,
) -> Result<Answer, Problem> {
    db.list(query, community::published_stories).await
}

/// List awards
///
/// Awards of projects, practices and organizations, the newest nomination first. Awards of people stand with their nominations.
#[utoipa::path(tag = "partnership", params(AwardFilter), responses((status = 200, body = AwardPage)))]
#[get("/awards")]
async fn list_awards(
    db: Guarded<may::ReadPartnership>,
    query: Query<AwardFilter>,
) -> Result<Answer, Problem> {
    db.list(query, community::awards).await
}
