//! Profiles and needs over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::order::Edit;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, put};
use domain::base::access::may;
use domain::base::id::{BeneficiaryId, MentorId};
use domain::matching::{BeneficiaryProfileForm, MatchingNeedsForm, MentorProfileForm};
use persistence::matching::needs::{self, MatchingNeedsCard};
use persistence::matching::profiles::{self, BeneficiaryProfileCard, MentorProfileCard};
use persistence::mentors::{self, courses};
use persistence::people;
use persistence::sight::ruled_after;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_mentor_profile).service(replace_mentor_profile);
    config.service(get_beneficiary_profile).service(replace_beneficiary_profile);
    config.service(get_matching_needs).service(replace_matching_needs);
}

/// Get a mentor's profile for matching
///
/// Interests, skills, hours, languages and wishes. Every mentor has a profile; before the first change it has version
/// 0.
#[utoipa::path(tag = "matching", params(("id" = MentorId, Path)), responses((status = 200, body = MentorProfileCard)))]
#[get("/mentors/{id}/matching-profile")]
async fn get_mentor_profile(
    db: Guarded<may::ReadMentorProfiles>,
    id: Id<MentorId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| profiles::mentor_card(tx, id.0).await).await
}

/// Replace a mentor's profile for matching
///
/// Replaces the whole form; needs the version in `If-Match`, `"0"` for the first time. The mentor may do it, and
/// staff of the institution or the program that approved the mentor.
#[utoipa::path(tag = "matching", params(("id" = MentorId, Path)), request_body = MentorProfileForm, responses((status = 200, body = MentorProfileCard)))]
#[put("/mentors/{id}/matching-profile")]
async fn replace_mentor_profile(
    db: Guarded<may::EditMentorProfiles>,
    id: Id<MentorId>,
    edit: Edit<MentorProfileForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let profile = profiles::load_mentor(tx, id.0).await?;
        let form = edit.of(&profile.form)?;
        let person_id = mentors::found(tx, id.0).await?.person_id;
        let life = people::life_of(tx, person_id).await?;
        let edited = life.judge(form.away_from.map(|it| ("/away_from", it)), profile.edit(&form))?;
        profiles::save_mentor(tx, edited).await?;
        profiles::mentor_card(tx, id.0).await
    })
    .await
}

/// Get a beneficiary's profile for matching
///
/// Interests, hours, languages and wishes. Every beneficiary has a profile; before the first change it has version 0.
/// Mentors do not see it.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = BeneficiaryProfileCard)))]
#[get("/beneficiaries/{id}/matching-profile")]
async fn get_beneficiary_profile(
    db: Guarded<may::ReadBeneficiaryProfiles>,
    id: Id<BeneficiaryId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| profiles::beneficiary_card(tx, id.0).await).await
}

/// Replace a beneficiary's profile for matching
///
/// Replaces the whole form; needs the version in `If-Match`, `"0"` for the first time. The beneficiary may do it, and
/// staff of the institution responsible.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path)), request_body = BeneficiaryProfileForm, responses((status = 200, body = BeneficiaryProfileCard)))]
#[put("/beneficiaries/{id}/matching-profile")]
async fn replace_beneficiary_profile(
    db: Guarded<may::EditBeneficiaryProfiles>,
    id: Id<BeneficiaryId>,
    edit: Edit<BeneficiaryProfileForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let profile = profiles::load_beneficiary(tx, id.0).await?;
        let form = edit.of(&profile.form)?;
        profiles::save_beneficiary(tx, profile.edit(&form)?).await?;
        profiles::beneficiary_card(tx, id.0).await
    })
    .await
}

/// Get the needs of a beneficiary
///
/// Needs, special training that the mentor must have, the risk level of the case, the consent to matching, and the
/// programs with a wait. Only staff see them; the beneficiary and mentors do not.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = MatchingNeedsCard)))]
#[get("/beneficiaries/{id}/matching-needs")]
async fn get_matching_needs(db: Guarded<may::ReadNeeds>, id: Id<BeneficiaryId>) -> Result<Answer, Problem> {
    db.read(async |tx| needs::card(tx, id.0).await).await
}

/// Replace the needs of a beneficiary
///
/// Replaces the whole form; needs the version in `If-Match`, `"0"` for the first time. The coordinator of a program
/// sees the beneficiaries who wait for it.
#[utoipa::path(tag = "matching", params(("id" = BeneficiaryId, Path)), request_body = MatchingNeedsForm, responses((status = 200, body = MatchingNeedsCard)))]
#[put("/beneficiaries/{id}/matching-needs")]
async fn replace_matching_needs(
    db: Guarded<may::EditNeeds>,
    id: Id<BeneficiaryId>,
    edit: Edit<MatchingNeedsForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let needs = needs::load(tx, id.0).await?;
        let form = edit.of(&needs.form)?;
        let codes = form.special_course_codes.as_slice();
        let taught = courses::must_be_there(tx, codes, "/special_course_codes").await;
        let (serving, programs) = needs::serving(tx, &form, needs.kind).await?;
        let edited = needs.edit(&form, &serving, tx.today());
        let edited = people::lives_of(tx, id.0).await?.judge(form.days(), edited);
        needs::save(tx, ruled_after([taught, programs], edited)?).await?;
        needs::card(tx, id.0).await
    })
    .await
}
