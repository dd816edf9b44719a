//! Disclosures: the consents without which nothing about a person is told, and what their withdrawal takes back.
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{family_members, mentors, mentorships, nominations, people, success_stories};
use crate::entry::{self, EntryCard};
use crate::people::{
    DataUse, beneficiary_has_consented, consent_today, consented_until, has_consented, one_person,
    people_under_all_records, records_behind,
};
use crate::sight::sees;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Step;
use domain::base::id::*;
use domain::base::refusal::{Reason, Rule};
use domain::base::text::Name;
use domain::partnership::community::names_left::names_left;
use domain::partnership::community::nominations::{
    self as nomination, NominationForm, NominationState, NominationWithdrawal,
};
use domain::partnership::community::success_stories::{
    self as story, StoryState, StoryWithdrawal, SuccessStoryForm,
};
use domain::partnership::community::volunteer_groups::VolunteerConsent;
use domain::people::consents::{ConsentData, ConsentPurpose, Medium, SCOPE};
use std::any::Any;
use std::collections::BTreeSet;

/// The reasons against a new form or a change of it that need consents and names of other rows.
pub(crate) async fn against_change(
    tx: &mut Tx<'_>,
    before: Option<&dyn Any>,
    form: &dyn Any,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = form.downcast_ref::<NominationForm>() {
        return match form.discloses_after(before.and_then(|it| it.downcast_ref())) {
            true => Ok(against_nomination(tx, form).await?.into_iter().collect()),
            false => Ok(Vec::new()),
        };
    }
    let Some(form) = form.downcast_ref::<SuccessStoryForm>() else { return Ok(Vec::new()) };
    if form.anonymous && form.state != StoryState::Withdrawn {
        return against_names(tx, form).await;
    }
    match form.discloses_after(before.and_then(|it| it.downcast_ref())) {
        true => against_story(tx, form).await,
        false => Ok(Vec::new()),
    }
}

/// The reason against telling of the people of a nomination who have not consented to it. A nomination of nobody needs no consent.
async fn against_nomination(tx: &mut Tx<'_>, form: &NominationForm) -> Result<Option<Reason>, Failure> {
    let (purpose, data, by) = (ConsentPurpose::Award, &[ConsentData::FullName], Some(form.organization_id));
    // It goes to the giver of the award, and appears in no medium.
    let asked = DataUse { purpose, by, data, medium: Medium::NotAsked, on: tx.today() };
    if let Some(person) = form.person_id
        && consented_until(tx, person, asked).await?.is_none()
        && !is_on_paper(tx, person, form.consent_file_id).await?
    {
        return Ok(Some(lack(tx, person, asked, &nomination::NO_CONSENT).await?));
    }
    let lacks = match form.beneficiary_id {
        Some(of) => !beneficiary_has_consented(tx, of, asked).await?,
        None => false,
    };
    Ok(lacks.then(|| nomination::NO_CONSENT.reason()))
}

/// The reason where no consent covers a use: there is none at all, or one to other data, for other organizations or for other channels.
async fn lack(
    tx: &mut Tx<'_>,
    person: PersonId,
    asked: DataUse<'_>,
    none: &'static Rule,
) -> Result<Reason, Failure> {
    let elsewhere = DataUse { medium: Medium::NotAsked, ..asked };
    if asked.medium != Medium::NotAsked && consented_until(tx, person, elsewhere).await?.is_some() {
        return Ok(SCOPE.reason().at("/channel"));
    }
    let has_other = has_consented(tx, person, asked.purpose, asked.on).await?;
    Ok(if has_other { SCOPE.reason() } else { none.reason() })
}

/// Whether a signed paper stands for the consent: only of somebody who is no beneficiary.
async fn is_on_paper(tx: &mut Tx<'_>, person: PersonId, paper: Option<FileId>) -> Result<bool, Failure> {
    Ok(paper.is_some() && records_behind(tx, person).await?.is_empty())
}

/// The consent of somebody to volunteering, as the ledger has it on both days.
pub(crate) async fn volunteer_consent(
    tx: &mut Tx<'_>,
    person: PersonId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<VolunteerConsent, Failure> {
    let purpose = ConsentPurpose::Volunteering;
    let has_records = !records_behind(tx, person).await?.is_empty();
    // The ledger has consents of records alone.
    let is_in_ledger = has_records
        && has_consented(tx, person, purpose, first).await?
        && (first == last || has_consented(tx, person, purpose, last).await?);
    Ok(VolunteerConsent { is_in_ledger, has_records })
}

/// The reasons against a story that names its person: consents are missing, are for other channels, or end before it is shown no longer.
pub(super) async fn against_story(tx: &mut Tx<'_>, form: &SuccessStoryForm) -> Result<Vec<Reason>, Failure> {
    let Some(person) = form.person_id.filter(|_| !form.anonymous) else { return Ok(Vec::new()) };
    let mut reasons = Vec::new();
    let uses: [(ConsentPurpose, &'static [ConsentData], &'static Rule); 2] = [
        (ConsentPurpose::Story, &[ConsentData::Story, ConsentData::FullName], &story::NO_CONSENT),
        (ConsentPurpose::Image, &[ConsentData::Image], &story::NO_IMAGE_CONSENT),
    ];
    for (purpose, data, rule) in uses {
        if purpose == ConsentPurpose::Image && form.photo_ids.is_empty() {
            continue;
        }
        let (by, medium) = (Some(form.organization_id), form.medium());
        let asked = DataUse { purpose, by, data, medium, on: tx.today() };
        match consented_until(tx, person, asked).await? {
            Some(until) => reasons.extend(form.against_term(until)),
            None if is_on_paper(tx, person, form.consent_file_id).await? => {}
            None => reasons.push(lack(tx, person, asked, rule).await?),
        }
    }
    Ok(reasons)
}

/// The reasons against an anonymous story: names of the person, the family or the mentor stand in it.
async fn against_names(tx: &mut Tx<'_>, form: &SuccessStoryForm) -> Result<Vec<Reason>, Failure> {
    let Some(person) = form.person_id else { return Ok(Vec::new()) };
    let names = names_around(tx, person).await?;
    let parts = [("/title", form.title.as_str()), ("/text", form.text.as_str())];
    let reason = |(pointer, text)| {
        let left = names_left(text, names.iter().map(Name::as_str));
        (!left.is_empty()).then(|| story::NAMES_LEFT.reason().at(pointer))
    };
    Ok(parts.into_iter().filter_map(reason).collect())
}

/// The names of a person, and of those of the person's families and mentors whom the caller sees: a refusal tells of nobody else.
async fn names_around(tx: &mut Tx<'_>, person: PersonId) -> Result<BTreeSet<Name>, Failure> {
    let own = family_members::table
        .filter(family_members::person_id.eq(bind(person)))
        .select(family_members::family_id);
    let families: Vec<FamilyId> = db!(tx, load, own)?;
    let kin = family_members::table
        .filter(family_members::family_id.eq_any(binds(&families)))
        .select(family_members::person_id);
    let mut near: Vec<PersonId> = db!(tx, load, kin)?;
    let records = records_behind(tx, person).await?;
    let theirs = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(&records)))
        .select(mentorships::mentor_id);
    let mentors: Vec<PersonId> =
        db!(tx, load, mentors::table.filter(mentors::id.eq_any(theirs)).select(mentors::person_id))?;
    near.extend(mentors);
    let mut around = vec![person];
    for it in near {
        if sees(tx, Subject::new(SubjectKind::Person, it)).await? {
            around.push(it);
        }
    }
    let all = people::table.filter(people::id.eq_any(binds(&around)));
    let rows: Vec<(Name, Name, Option<Name>)> =
        db!(tx, load, all.select((people::family_name, people::given_name, people::patronymic)))?;
    Ok(rows.into_iter().flat_map(|it| [Some(it.0), Some(it.1), it.2]).flatten().collect())
}

/// Takes back what was told by a consent that is withdrawn: stories that are ready or published, nominations that are not decided. Another
/// consent that is in force keeps them. The work that a minor has volunteered for stays on record.
pub(crate) async fn take_back(tx: &mut Tx<'_>, consent: ConsentId) -> Result<(), Failure> {
    let Some((it, _, _)) = consent_today(tx, consent).await? else { return Ok(()) };
    match it.form.purpose {
        ConsentPurpose::Story | ConsentPurpose::Image => take_stories_back(tx, it.beneficiary_id).await,
        ConsentPurpose::Award => take_nominations_back(tx, it.beneficiary_id).await,
        _ => Ok(()),
    }
}

/// Takes the stories of the dead back, for a death ends a consent.
pub(crate) async fn take_back_by_death(tx: &mut Tx<'_>, over: &[BeneficiaryId]) -> Result<(), Failure> {
    for of in over {
        take_stories_back(tx, *of).await?;
    }
    Ok(())
}

async fn take_stories_back(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(), Failure> {
    let (people, today) = (people_under_all_records(tx, of).await?, tx.today());
    let told = success_stories::table
        .filter(success_stories::person_id.assume_not_null().eq_any(binds(&people)))
        .filter(success_stories::state.eq_any(any_of(&[StoryState::Ready, StoryState::Published])))
        .filter(success_stories::annulment_reason.is_null())
        .order(success_stories::id);
    let ids: Vec<SuccessStoryId> = db!(tx, load, told.select(success_stories::id))?;
    for it in entry::those::<SuccessStoryForm>(tx, ids).await?.into_iter().map(EntryCard::entered) {
        if !against_story(tx, &it.form).await?.is_empty() {
            entry::save_changed(tx, StoryWithdrawal {}.take(it, today)?).await?;
        }
    }
    Ok(())
}

async fn take_nominations_back(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(), Failure> {
    let today = tx.today();
    for it in open_nominations(tx, of).await? {
        if against_nomination(tx, &it.form).await?.is_some() {
            entry::save_changed(tx, NominationWithdrawal {}.take(it.entered(), today)?).await?;
        }
    }
    Ok(())
}

/// The nominations of a beneficiary that are not decided. Each half has an index of its own.
async fn open_nominations(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
) -> Result<Vec<EntryCard<NominationForm>>, Failure> {
    let people = people_under_all_records(tx, of).await?;
    let records = one_person::of(tx, of).await?.records();
    let open = || {
        nominations::table
            .filter(nominations::state.eq_any(any_of(&[NominationState::Draft, NominationState::Sent])))
            .filter(nominations::annulment_reason.is_null())
            .select(nominations::id)
    };
    let by_people = open().filter(nominations::person_id.assume_not_null().eq_any(binds(&people)));
    let by_records = open().filter(nominations::beneficiary_id.assume_not_null().eq_any(binds(&records)));
    let mut ids: Vec<NominationId> = db!(tx, load, by_people)?;
    let of_records: Vec<NominationId> = db!(tx, load, by_records)?;
    ids.extend(of_records);
    ids.sort_unstable();
    ids.dedup();
    entry::those::<NominationForm>(tx, ids).await
}
