//! Joining: who is let into a club or a group of volunteers, and what the rule needs to know of other rows.
use super::{CommunityMemberCard, is_own, life, member_card, subject};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, cases, community_members as rows, mentors, removals};
use crate::entry;
use crate::partnership::community::disclosures::volunteer_consent;
use crate::people::{records_behind, selves};
use crate::sight::{all_of, apart, dangling, must_be_own, must_refer, sees};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::cases::grounds::CaseKind;
use domain::base::access::NOT_YOURS;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::refusal::Refused;
use domain::partnership::community::clubs::{ClubForm, ClubKind};
use domain::partnership::community::members::{
    Community, CommunityMember, CommunityRole, JoiningFacts, against_day,
};
use domain::partnership::community::volunteer_groups::VolunteerGroupForm;
use domain::people::BeneficiaryCategory;

/// The club or the group that somebody joins.
struct Joined {
    organization_id: OrganizationId,
    exists_from: NaiveDate,
    exists_until: Option<NaiveDate>,
    /// The kind of a club.
    kind: Option<ClubKind>,
}

async fn joined(tx: &mut Tx<'_>, of: Community) -> Result<Joined, Failure> {
    match of {
        Community::Club(id) => {
            let it = entry::found::<ClubForm>(tx, id).await?;
            it.must_stand()?;
            Ok(Joined {
                organization_id: it.form.organization_id,
                exists_from: it.form.opened_on,
                exists_until: it.form.closed_on,
                kind: Some(it.form.kind),
            })
        }
        Community::VolunteerGroup(id) => {
            let it = entry::found::<VolunteerGroupForm>(tx, id).await?;
            it.must_stand()?;
            Ok(Joined {
                organization_id: it.form.organization_id,
                exists_from: it.form.formed_on,
                exists_until: it.form.disbanded_on,
                kind: None,
            })
        }
    }
}

/// Enters a member, in the name of the organization. A signed paper stands for the consent of a minor who is no beneficiary.
pub async fn enter(
    tx: &mut Tx<'_>,
    of: Community,
    (person, role, on): (PersonId, CommunityRole, NaiveDate),
    consent_file_id: Option<FileId>,
) -> Result<CommunityMemberCard, Failure> {
    let pointer = match of {
        Community::Club(_) => "/club_id",
        Community::VolunteerGroup(_) => "/volunteer_group_id",
    };
    let (place, refused) = apart(own_place(tx, of, pointer).await);
    let seen = must_refer(tx, SubjectKind::Person, Some(person), "/person_id").await;
    let paper = must_refer(tx, SubjectKind::File, consent_file_id, "/consent_file_id").await;
    let days = match refused.is_ok() && seen.is_ok() && paper.is_ok() {
        // The whole rule judges them.
        true => Vec::new(),
        false => against_day(place.as_ref().map(|it| (it.exists_from, it.exists_until)), on, tx.today()),
    };
    all_of([refused, seen, paper, Refused::unless_empty(days).map_err(Failure::from)])?;
    let Some(place) = place else { return Err(dangling(pointer)) };
    let kind = match of {
        Community::Club(_) => SubjectKind::ClubMember,
        Community::VolunteerGroup(_) => SubjectKind::VolunteerGroupMember,
    };
    let id = save_joined(tx, of, place, (person, role, on), consent_file_id).await?;
    member_card(tx, kind, id).await
}

/// The club or the group, if the caller answers for its organization.
async fn own_place(tx: &mut Tx<'_>, of: Community, pointer: &str) -> Result<Joined, Failure> {
    let subject = subject(of);
    must_refer(tx, subject.kind, Some(subject.id), pointer).await?;
    let place = joined(tx, of).await?;
    must_be_own(tx, place.organization_id, pointer).await?;
    Ok(place)
}

/// Lets the caller into a club, as a member from today on.
pub async fn join_oneself(tx: &mut Tx<'_>, club: ClubId) -> Result<CommunityMemberCard, Failure> {
    must_refer(tx, SubjectKind::Club, Some(club), "/club_id").await?;
    let Some(person) = tx.caller().and_then(|it| it.person) else { return Err(NOT_YOURS.refuse().into()) };
    let of = Community::Club(club);
    let (place, today) = (joined(tx, of).await?, tx.today());
    let id = save_joined(tx, of, place, (person, CommunityRole::Member, today), None).await?;
    member_card(tx, SubjectKind::ClubMember, id).await
}

async fn save_joined(
    tx: &mut Tx<'_>,
    of: Community,
    place: Joined,
    (person_id, role, joined_on): (PersonId, CommunityRole, NaiveDate),
    consent_file_id: Option<FileId>,
) -> Result<CommunityMemberId, Failure> {
    let today = tx.today();
    // Somebody let in by an earlier day is a member today: a consent that was withdrawn meanwhile lets nobody in.
    let consent = volunteer_consent(tx, person_id, (joined_on, today)).await?;
    let facts = JoiningFacts {
        exists_from: place.exists_from,
        exists_until: place.exists_until,
        is_member: is_member(tx, of, person_id, joined_on).await?,
        is_taken: is_taken(tx, place.kind, person_id, joined_on).await?,
        life: life(tx, person_id).await?,
        consent,
        today,
    };
    let organization_id = place.organization_id;
    let id: CommunityMemberId = tx.mint();
    let (left_on, reason, annulment) = (None, None, None);
    let it = CommunityMember {
        id,
        of,
        organization_id,
        person_id,
        role,
        joined_on,
        left_on,
        reason,
        consent_file_id,
        annulment,
    };
    let (it, records) = it.join(&facts)?.into_parts();
    let (club_id, volunteer_group_id) = match it.of {
        Community::Club(id) => (Some(id), None),
        Community::VolunteerGroup(id) => (None, Some(id)),
    };
    let row = (
        rows::id.eq(bind(it.id)),
        rows::version.eq(1),
        rows::club_id.eq(bind(club_id)),
        rows::volunteer_group_id.eq(bind(volunteer_group_id)),
        rows::organization_id.eq(bind(it.organization_id)),
        rows::person_id.eq(bind(it.person_id)),
        rows::role.eq(bind(it.role)),
        rows::joined_on.eq(it.joined_on),
        rows::consent_file_id.eq(bind(it.consent_file_id)),
        rows::created_at.eq(bind(tx.now())),
        rows::updated_at.eq(bind(tx.now())),
    );
    let inserted = db!(tx, execute, diesel::insert_into(rows::table).values(row))?;
    tx.established(inserted, records)?;
    Ok(id)
}

/// Whether somebody is a member on a day or later, under any record.
pub(crate) async fn is_member(
    tx: &mut Tx<'_>,
    of: Community,
    person: PersonId,
    on: NaiveDate,
) -> Result<bool, Failure> {
    let people = selves(tx, person).await?;
    let theirs = || {
        rows::table
            .filter(rows::person_id.eq_any(binds(&people)))
            .filter(rows::left_on.is_null().or(rows::left_on.assume_not_null().ge(on)))
            .filter(rows::annulment_reason.is_null())
            .select(rows::id)
    };
    let found: Option<CommunityMemberId> = match of {
        Community::Club(id) => {
            db!(tx, first, theirs().filter(rows::club_id.assume_not_null().eq(bind(id)))).optional()?
        }
        Community::VolunteerGroup(id) => {
            let there = rows::volunteer_group_id.assume_not_null().eq(bind(id));
            db!(tx, first, theirs().filter(there)).optional()?
        }
    };
    Ok(found.is_some())
}

/// Whether the kind of a club takes somebody on a day, by records that the caller sees: a refusal tells nothing of others. Groups of
/// volunteers, and clubs of other kinds, take everybody.
async fn is_taken(
    tx: &mut Tx<'_>,
    kind: Option<ClubKind>,
    person: PersonId,
    on: NaiveDate,
) -> Result<bool, Failure> {
    match kind {
        Some(ClubKind::Mentors) => is_approved_mentor(tx, person, on).await,
        Some(ClubKind::CareLeavers) => is_care_leaver(tx, person).await,
        _ => Ok(true),
    }
}

/// Whether the approval of somebody as a mentor is in force on a day: no removal stands.
async fn is_approved_mentor(tx: &mut Tx<'_>, person: PersonId, on: NaiveDate) -> Result<bool, Failure> {
    let approved = mentors::table
        .filter(mentors::person_id.eq(bind(person)))
        .filter(mentors::approved_on.le(on))
        .select(mentors::id);
    let found: Option<MentorId> = db!(tx, first, approved).optional()?;
    let Some(mentor) = found else { return Ok(false) };
    if !is_open(tx, person, Subject::new(SubjectKind::Mentor, mentor)).await? {
        return Ok(false);
    }
    let removed = removals::table
        .filter(removals::mentor_id.eq(bind(mentor)))
        .filter(removals::removed_on.le(on))
        .filter(removals::lifted_on.is_null().or(removals::lifted_on.assume_not_null().gt(on)))
        .select(removals::id);
    let removed: Option<RemovalId> = db!(tx, first, removed).optional()?;
    Ok(removed.is_none())
}

/// Whether the caller may learn of a record of somebody: it is in sight, or their own.
async fn is_open(tx: &mut Tx<'_>, person: PersonId, record: Subject) -> Result<bool, Failure> {
    Ok(is_own(tx, person) || sees(tx, record).await?)
}

/// Whether somebody grew up in care and has left it: by the category of a record, or accompanied as a care leaver.
async fn is_care_leaver(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, Failure> {
    let mut records = Vec::new();
    for it in records_behind(tx, person).await? {
        if is_open(tx, person, Subject::new(SubjectKind::Beneficiary, it)).await? {
            records.push(it);
        }
    }
    let grown = beneficiaries::table
        .filter(beneficiaries::id.eq_any(binds(&records)))
        .filter(beneficiaries::category.eq(bind(BeneficiaryCategory::FormerCareAdult)))
        .select(beneficiaries::id);
    let grown: Option<BeneficiaryId> = db!(tx, first, grown).optional()?;
    if grown.is_some() {
        return Ok(true);
    }
    let accompanied = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&records)))
        .filter(cases::kind.eq(bind(CaseKind::Aftercare)))
        .select(cases::id);
    let accompanied: Option<CaseId> = db!(tx, first, accompanied).optional()?;
    Ok(accompanied.is_some())
}
