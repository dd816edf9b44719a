//! The ledger of consents in the database. Those who may see a beneficiary under the right see its consents.
//!
//! - `lines`: the rows of the ledger. The consents of mentorships (annex 3) are among them: they are signed and withdrawn with the
//!   mentorship, and only read here.
//! - `holding`: whether somebody has consented to a purpose on a day. Everything that tells about a person asks it.
//! - `saving`: a new consent, a further signature, a withdrawal.
//!
//! Invariant: whether a consent holds is computed at each read from signatures, ages and days, and is stored nowhere.
mod holding;
mod lines;
mod saving;

pub use lines::{ConsentFilter, consents_to_sign, list_personal_consents};
pub use saving::{save_consent_recorded, save_consent_signed, save_consent_withdrawn};

pub(crate) use holding::{
    DataUse, beneficiary_has_consented, consented_until, has_consented, records_behind,
};
pub(crate) use lines::{consent_names, reaches_consent};

use super::{beneficiary, life_of_each, lives_of, one_person, people_in, people_of, representatives_of};
use crate::engine::card::cards;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, consent_signatures};
use crate::sight::{offered, under};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::people::consents::*;
use domain::people::{BeneficiaryKind, Lives};
use domain::region::programs::ConsentRules;
use lines::Line;
use shape::card;

/// A signature under a consent.
#[card]
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = consent_signatures)]
pub struct ConsentSignatureCard {
    /// The capacity of the signatory.
    pub signatory: Signatory,
    /// The person who signed.
    pub person_id: PersonId,
    /// The authority by which a representative signed.
    pub representative_id: Option<RepresentativeId>,
    /// The day of signing.
    pub signed_on: NaiveDate,
    /// The file of the signed paper, if somebody else recorded the signature.
    pub file_id: Option<FileId>,
    /// The moment at which the signature was recorded.
    pub recorded_at: Moment,
}

/// An organization that gets data by a consent.
#[card]
pub struct ConsentReceiver {
    /// The organization.
    pub organization_id: OrganizationId,
}

/// A consent of the ledger, as every endpoint returns it.
#[card]
pub struct PersonalConsentCard {
    /// The id of the consent.
    pub id: ConsentId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The beneficiary who consents.
    pub beneficiary_id: BeneficiaryId,
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// The mentorship, if the purpose is `mentorship`. Its consent is signed and withdrawn there.
    pub mentorship_id: Option<MentorshipId>,
    /// The state of the consent today.
    pub state: ConsentState,
    /// The organizations that get the data.
    #[schema(max_items = 10)]
    pub organizations: Vec<ConsentReceiver>,
    /// The parts of a case that they get.
    #[schema(max_items = 8)]
    pub parts: Vec<CasePart>,
    /// The data that may be used.
    #[schema(max_items = 7)]
    pub data: Vec<ConsentData>,
    /// The media or places where the data may appear.
    #[schema(max_items = 10)]
    pub channels: Vec<Title>,
    /// The last day that the consent names.
    pub valid_until: Option<NaiveDate>,
    /// The first day on which the signatures suffice. Absent while one is missing.
    pub holds_from: Option<NaiveDate>,
    /// The last day on which the consent holds: at most `valid_until`. By a representative alone it holds until the eve of the 18th
    /// birthday.
    pub holds_until: Option<NaiveDate>,
    /// The first day on which the consent no longer holds, because it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
    /// The person who withdrew it.
    pub withdrawn_by_person_id: Option<PersonId>,
    /// The file of the signed withdrawal.
    pub withdrawal_file_id: Option<FileId>,
    /// The signatures, the representative's last.
    #[schema(max_items = 2)]
    pub signatures: Vec<ConsentSignatureCard>,
    /// The signatures that are still missing.
    #[schema(max_items = 2)]
    pub signatures_missing: Vec<Signatory>,
    /// Orders that this caller may send to the consent now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which the consent was put on record.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { PersonalConsentCard in "consents" about Consent; }

/// Those who may sign for a beneficiary by the law. They decide, and are shown to nobody: the scope of the caller does not bound them. An
/// authority under another record of the person is one under this record too, so that its holder may withdraw what was granted here. A death
/// under another record ends what was granted under this one. The person signs under any record, and has one birthday: that of this record.
pub(crate) async fn signers_of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Signers, Failure> {
    let one = beneficiaries::table.find(bind(of)).select(beneficiaries::kind);
    let kind: BeneficiaryKind = db!(tx, first, one)?;
    let ids = people_of(tx, of).await?;
    let mut all = life_of_each(tx, &ids).await?;
    all.sort_unstable_by_key(|it| it.0);
    let died_on = Lives(all.iter().map(|it| it.1).collect()).died_on();
    let people = all.into_iter().filter(|it| kind == BeneficiaryKind::Person || it.1.died_on.is_none());
    let mut people: Vec<HumanFacts> =
        people.map(|(person_id, it)| HumanFacts { person_id, birth_date: it.born_on }).collect();
    let others = one_person::of(tx, of).await?.others();
    if let Some(birth_date) = people.first().map(|it| it.birth_date).filter(|_| !others.is_empty()) {
        let selves = people_in(tx, &others).await?;
        people.extend(selves.into_iter().map(|person_id| HumanFacts { person_id, birth_date }));
    }
    let representatives = representatives_of(tx, of).await?;
    Ok(Signers { kind, people, representatives, ages: ConsentRules::default(), died_on })
}

/// A beneficiary who consents, with the data that the rules check.
#[derive(Debug)]
pub struct Consenting {
    /// Those who may sign.
    pub signers: Signers,
    /// The person who signs in the system, where the caller is the beneficiary. Others record signed papers.
    pub by: Option<PersonId>,
    /// The institution responsible, which gets the papers.
    pub organization_id: OrganizationId,
    /// The lives behind the beneficiary.
    pub lives: Lives,
}

/// The visible beneficiary whose consent an order is about.
pub async fn consenting(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Consenting, Failure> {
    let organization_id = beneficiary(tx, of).await?.form.organization_id;
    let (signers, lives) = (signers_of(tx, of).await?, lives_of(tx, of).await?);
    Ok(Consenting { signers, by: signer_in(tx, of), organization_id, lives })
}

fn signer_in(tx: &Tx<'_>, of: BeneficiaryId) -> Option<PersonId> {
    let caller = tx.caller()?;
    caller.person.filter(|_| caller.beneficiaries.contains(&of))
}

/// The card of one consent.
pub async fn personal_consent_card(tx: &mut Tx<'_>, id: ConsentId) -> Result<PersonalConsentCard, Failure> {
    let line = lines::line(tx, id).await?;
    let signers = signers_of(tx, line.beneficiary_id()).await?;
    let by = signer_in(tx, line.beneficiary_id());
    let subject = Subject::new(SubjectKind::Consent, id);
    let actions = match &line {
        Line::Own(row, signatures) => {
            let it = row.whole(signatures);
            let offers = ConsentOffers { it: &it, signers: &signers, by, today: tx.today() };
            offered(tx, &offers, subject).await?
        }
        Line::OfMentorship(_) => Vec::new(),
    };
    Ok(PersonalConsentCard { available_actions: Some(actions), ..line.card(&signers, tx.today()) })
}

/// A consent by which something is granted, with its state today and the last day on which it holds. `None`: the caller's right to
/// read consents does not reach it, or it is the consent of a mentorship.
pub(crate) async fn granting_consent(
    tx: &mut Tx<'_>,
    id: ConsentId,
) -> Result<Option<(PersonalConsent, ConsentState, NaiveDate)>, Failure> {
    match under(tx, Right::ReadConsents, async |tx| lines::line(tx, id).await).await? {
        Some(_) => consent_today(tx, id).await,
        None => Ok(None),
    }
}

/// The same for what was granted by it before: the scope of the caller does not bound it.
pub(crate) async fn consent_today(
    tx: &mut Tx<'_>,
    id: ConsentId,
) -> Result<Option<(PersonalConsent, ConsentState, NaiveDate)>, Failure> {
    let Some(it) = lines::own_consent(tx, id).await? else { return Ok(None) };
    let signers = signers_of(tx, it.beneficiary_id).await?;
    let (state, holds_until) = (it.state(&signers, tx.today()), it.holds_until(&signers));
    Ok(Some((it, state, holds_until)))
}

/// Loads a consent that a rule will change, with the beneficiary who consents.
pub async fn load_personal_consent(
    tx: &mut Tx<'_>,
    id: ConsentId,
) -> Result<(PersonalConsent, Consenting), Failure> {
    let Line::Own(row, signatures) = lines::line(tx, id).await? else {
        return Err(OF_MENTORSHIP.refuse().into());
    };
    tx.expect(row.version)?;
    let it = row.whole(&signatures);
    let at = consenting(tx, it.beneficiary_id).await?;
    Ok((it, at))
}
