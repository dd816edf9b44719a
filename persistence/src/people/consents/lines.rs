//! The lines of the ledger: consents of its own table, and the signatures under consents of mentorships.
use super::{ConsentReceiver, ConsentSignatureCard, PersonalConsentCard, signers_of};
use crate::engine::column::{Json, any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{consent_signatures, consents, mentorships, personal_consents};
use crate::people::{beneficiary, one_person, reached_beneficiaries, reaches_beneficiary};
use crate::scope::mentorships::visible_ids;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::base::word::Word;
use domain::mentorships::MentorshipState;
use domain::people::consents::*;
use shape::filter;
use std::collections::HashMap;

/// The signatures under consents of mentorships, with the recipient and the end of each mentorship.
macro_rules! of_mentorships {
    () => {
        consents::table.inner_join(mentorships::table).select((
            consents::id,
            consents::mentorship_id,
            consents::signatory,
            consents::person_id,
            consents::representative_id,
            consents::signed_on,
            consents::file_id,
            consents::recorded_at,
            consents::withdrawn_on,
            mentorships::beneficiary_id,
            mentorships::ended_on,
            mentorships::state,
        ))
    };
}

/// Filters of the list of consents.
#[filter]
pub struct ConsentFilter {
    /// Only consents for this purpose.
    pub purpose: Option<AnyOf<ConsentPurpose>>,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = personal_consents)]
pub(super) struct Row {
    id: ConsentId,
    pub(super) version: i64,
    beneficiary_id: BeneficiaryId,
    purpose: ConsentPurpose,
    organization_ids: Json<Vec<OrganizationId>>,
    parts: Json<Vec<CasePart>>,
    data: Json<Vec<ConsentData>>,
    channels: Json<Vec<Title>>,
    valid_until: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
    withdrawn_by: Option<PersonId>,
    withdrawal_file_id: Option<FileId>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    pub(super) fn whole(&self, signatures: &[ConsentSignatureCard]) -> PersonalConsent {
        let form = PersonalConsentForm {
            purpose: self.purpose,
            organization_ids: self.organization_ids.0.clone(),
            parts: self.parts.0.clone(),
            data: self.data.0.clone(),
            channels: self.channels.0.clone(),
            valid_until: self.valid_until,
            signatures: signatures.iter().map(ConsentSignatureCard::signature).collect(),
        };
        let (beneficiary_id, withdrawn_on) = (self.beneficiary_id, self.withdrawn_on);
        PersonalConsent { id: self.id, beneficiary_id, form, withdrawn_on }
    }
}

impl ConsentSignatureCard {
    fn signature(&self) -> ConsentSignature {
        let Self { signatory, person_id, representative_id, signed_on, file_id, .. } = *self;
        ConsentSignature { signatory, person_id, representative_id, signed_on, file_id }
    }
}

/// The signature under the consent of a mentorship.
#[derive(Debug, Queryable)]
pub(super) struct OfMentorship {
    id: ConsentId,
    mentorship_id: MentorshipId,
    signatory: Signatory,
    person_id: PersonId,
    representative_id: Option<RepresentativeId>,
    signed_on: NaiveDate,
    file_id: Option<FileId>,
    recorded_at: Moment,
    withdrawn_on: Option<NaiveDate>,
    beneficiary_id: BeneficiaryId,
    ended_on: Option<NaiveDate>,
    mentorship_state: MentorshipState,
}

impl OfMentorship {
    /// The consent holds while the mentorship goes on. Until all signatures are there, the mentorship is not consented.
    fn state(&self, on: NaiveDate) -> ConsentState {
        if self.withdrawn_on.is_some_and(|it| it <= on) {
            ConsentState::Withdrawn
        } else if self.ended_on.is_some_and(|it| it < on) {
            ConsentState::Expired
        } else if matches!(self.mentorship_state, MentorshipState::Proposed | MentorshipState::Accepted) {
            ConsentState::Awaiting
        } else {
            ConsentState::InForce
        }
    }
    fn card(self, today: NaiveDate) -> PersonalConsentCard {
        let Self { signatory, person_id, representative_id, signed_on, file_id, recorded_at, .. } = self;
        PersonalConsentCard {
            id: self.id,
            version: 1,
            beneficiary_id: self.beneficiary_id,
            purpose: ConsentPurpose::Mentorship,
            mentorship_id: Some(self.mentorship_id),
            state: self.state(today),
            organizations: Vec::new(),
            parts: Vec::new(),
            data: Vec::new(),
            channels: Vec::new(),
            valid_until: None,
            holds_from: Some(signed_on).filter(|_| self.state(today) != ConsentState::Awaiting),
            holds_until: self.ended_on,
            withdrawn_on: self.withdrawn_on,
            withdrawn_by_person_id: None,
            withdrawal_file_id: None,
            signatures: vec![ConsentSignatureCard {
                signatory,
                person_id,
                representative_id,
                signed_on,
                file_id,
                recorded_at,
            }],
            signatures_missing: Vec::new(),
            available_actions: None,
            created_at: recorded_at,
            updated_at: recorded_at,
        }
    }
}

/// A line of the ledger.
pub(super) enum Line {
    /// A consent with its signatures.
    Own(Row, Vec<ConsentSignatureCard>),
    /// The signature under the consent of a mentorship.
    OfMentorship(OfMentorship),
}

impl Line {
    fn id(&self) -> ConsentId {
        match self {
            Self::Own(it, _) => it.id,
            Self::OfMentorship(it) => it.id,
        }
    }
    pub(super) fn beneficiary_id(&self) -> BeneficiaryId {
        match self {
            Self::Own(it, _) => it.beneficiary_id,
            Self::OfMentorship(it) => it.beneficiary_id,
        }
    }
    /// Whether the person has signed: nobody signs twice, also where that signature does not count.
    fn has_own_signature(&self) -> bool {
        match self {
            Self::Own(_, given) => given.iter().any(|it| it.signatory == Signatory::Recipient),
            Self::OfMentorship(it) => it.signatory == Signatory::Recipient,
        }
    }
    pub(super) fn card(self, signers: &Signers, today: NaiveDate) -> PersonalConsentCard {
        let (row, signatures) = match self {
            Self::Own(row, signatures) => (row, signatures),
            Self::OfMentorship(it) => return it.card(today),
        };
        let it = row.whole(&signatures);
        let state = it.state(signers, today);
        let receiver = |organization_id| ConsentReceiver { organization_id };
        PersonalConsentCard {
            id: row.id,
            version: row.version,
            beneficiary_id: row.beneficiary_id,
            purpose: row.purpose,
            mentorship_id: None,
            state,
            organizations: row.organization_ids.0.into_iter().map(receiver).collect(),
            parts: row.parts.0,
            data: row.data.0,
            channels: row.channels.0,
            valid_until: Some(row.valid_until),
            holds_from: signers.holds_from(&it.form.signatures),
            holds_until: Some(it.holds_until(signers)),
            withdrawn_on: row.withdrawn_on,
            withdrawn_by_person_id: row.withdrawn_by,
            withdrawal_file_id: row.withdrawal_file_id,
            signatures_missing: match state {
                ConsentState::Awaiting => signers.missing(&it.form.signatures, today),
                _ => Vec::new(),
            },
            signatures,
            available_actions: None,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

pub(super) fn missing(id: ConsentId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Consent, id)))
}

/// The line with this id, if its beneficiary is in reach.
pub(super) async fn line(tx: &mut Tx<'_>, id: ConsentId) -> Result<Line, Failure> {
    let one = personal_consents::table.find(bind(id));
    let line = match db!(tx, first, one.select(Row::as_select())).optional()? {
        Some(row) => own(tx, vec![row]).await?.pop(),
        None => {
            let scope = tx.scope().clone();
            let row = db!(tx, first, {
                let seen = mentorships::id.eq_any(visible_ids!(scope));
                of_mentorships!().filter(consents::id.eq(bind(id))).filter(seen)
            });
            row.optional()?.map(Line::OfMentorship)
        }
    };
    let line = line.ok_or_else(|| missing(id))?;
    if reaches_beneficiary(tx, line.beneficiary_id()).await? { Ok(line) } else { Err(missing(id)) }
}

/// A consent of the ledger's own table, in the sight of nobody.
pub(super) async fn own_consent(tx: &mut Tx<'_>, id: ConsentId) -> Result<Option<PersonalConsent>, Failure> {
    let one = personal_consents::table.find(bind(id));
    let row: Option<Row> = db!(tx, first, one.select(Row::as_select())).optional()?;
    let line = own(tx, row.into_iter().collect()).await?.pop();
    Ok(line.and_then(|it| match it {
        Line::Own(row, signatures) => Some(row.whole(&signatures)),
        Line::OfMentorship(_) => None,
    }))
}

/// The consents of these beneficiaries to a purpose, in the sight of nobody.
pub(super) async fn of_purpose(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
    purpose: ConsentPurpose,
) -> Result<Vec<Line>, Failure> {
    let theirs = personal_consents::table
        .filter(personal_consents::beneficiary_id.eq_any(binds(of)))
        .filter(personal_consents::purpose.eq(bind(purpose)))
        .order(personal_consents::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    own(tx, rows).await
}

/// Whether the right of this transaction reaches the consent.
pub(crate) async fn reaches_consent(tx: &mut Tx<'_>, id: ConsentId) -> Result<bool, Failure> {
    match line(tx, id).await {
        Ok(_) => Ok(true),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Those of the given consents that were signed under mentorships which the caller sees, each with its recipient and day.
async fn signed_of(
    tx: &mut Tx<'_>,
    ids: &[ConsentId],
) -> Result<Vec<(ConsentId, BeneficiaryId, NaiveDate)>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let seen = mentorships::id.eq_any(visible_ids!(scope));
        let some = consents::table.inner_join(mentorships::table).filter(consents::id.eq_any(binds(ids)));
        some.filter(seen).select((consents::id, mentorships::beneficiary_id, consents::signed_on))
    })?)
}

/// The names of those of the given consents that the right of this transaction reaches: the purpose and the last day; of one under a
/// mentorship, the day of the signature.
pub(crate) async fn consent_names(
    tx: &mut Tx<'_>,
    ids: &[ConsentId],
) -> Result<Vec<(ConsentId, String)>, Failure> {
    let some = personal_consents::table.filter(personal_consents::id.eq_any(binds(ids)));
    let columns = (
        personal_consents::id,
        personal_consents::beneficiary_id,
        personal_consents::purpose,
        personal_consents::valid_until,
    );
    let own: Vec<(ConsentId, BeneficiaryId, ConsentPurpose, NaiveDate)> =
        db!(tx, load, some.select(columns))?;
    let others: Vec<ConsentId> = ids.iter().copied().filter(|id| own.iter().all(|it| it.0 != *id)).collect();
    let signed = if others.is_empty() { Vec::new() } else { signed_of(tx, &others).await? };
    let of: Vec<BeneficiaryId> = own.iter().map(|it| it.1).chain(signed.iter().map(|it| it.1)).collect();
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let reached = reached_beneficiaries(tx, &of).await?;
    let own = own.into_iter().map(|(id, of, purpose, last)| (id, of, format!("{}, по {last}", purpose.ru())));
    let purpose = ConsentPurpose::Mentorship.ru();
    let signed = signed.into_iter().map(|(id, of, day)| (id, of, format!("{purpose}, {day}")));
    Ok(own.chain(signed).filter(|it| reached.contains(&it.1)).map(|(id, _, name)| (id, name)).collect())
}

/// The consents of a person, under all records that the caller sees, and those of mentorships that the caller sees among them, the newest
/// first. A consent that is granted under one record is granted under all.
pub async fn list_personal_consents(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    filter: &ConsentFilter,
    window: &Window,
) -> Result<Page<PersonalConsentCard>, Failure> {
    beneficiary(tx, of).await?;
    let mut records = vec![of];
    for it in one_person::of(tx, of).await?.others() {
        if reaches_beneficiary(tx, it).await? {
            records.push(it);
        }
    }
    let (mut lines, mut signers) = (Vec::new(), HashMap::new());
    let asks = |it: ConsentPurpose| filter.purpose.as_ref().is_none_or(|asked| asked.has(&it));
    let asks_own = ConsentPurpose::ALL.iter().any(|it| *it != ConsentPurpose::Mentorship && asks(*it));
    for of in records {
        if asks_own {
            lines.extend(own_of(tx, of, filter, window).await?);
        }
        if asks(ConsentPurpose::Mentorship) {
            lines.extend(with_mentorships(tx, of, window).await?);
        }
        signers.insert(of, signers_of(tx, of).await?);
    }
    let page = window.page(window.first_of(lines, false, Line::id), |it| Place::id(it.id()));
    let today = tx.today();
    let card = |it: Line| {
        let of = signers.get(&it.beneficiary_id())?;
        Some(it.card(of, today))
    };
    Ok(Page { items: page.items.into_iter().filter_map(card).collect(), next: page.next })
}

/// Consents under one record that are looked through at most.
const LOOKED_THROUGH: i64 = 200;

/// Consents of the caller, under all records, that await the caller's own signature, the newest first. That of a mentorship is signed with
/// the mentorship.
pub async fn consents_to_sign(
    tx: &mut Tx<'_>,
    window: &Window,
) -> Result<Page<PersonalConsentCard>, Failure> {
    let (records, today) = (tx.scope_of(Right::GiveConsents).beneficiaries, tx.today());
    let mut cards: Vec<PersonalConsentCard> = Vec::new();
    for of in records {
        let running = personal_consents::table
            .filter(personal_consents::beneficiary_id.eq(bind(of)))
            .filter(personal_consents::withdrawn_on.is_null())
            .filter(personal_consents::valid_until.ge(today))
            .order(personal_consents::id.desc())
            .limit(LOOKED_THROUGH);
        let rows: Vec<Row> = db!(tx, load, running.select(Row::as_select()))?;
        let mut lines = own(tx, rows).await?;
        lines.retain(|it| !it.has_own_signature());
        if lines.is_empty() {
            continue;
        }
        let signers = signers_of(tx, of).await?;
        let theirs = lines.into_iter().map(|it| it.card(&signers, today));
        cards.extend(theirs.filter(|it| it.signatures_missing.contains(&Signatory::Recipient)));
    }
    let cards = window.first_of(cards, false, |it| it.id);
    Ok(window.page(cards, |it| Place::id(it.id)))
}

/// The first consents of the ledger's own table, for each purpose that is asked for.
async fn own_of(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    filter: &ConsentFilter,
    window: &Window,
) -> Result<Vec<Line>, Failure> {
    let rows: Vec<Row> = db!(tx, load, {
        let mut all = personal_consents::table
            .filter(personal_consents::beneficiary_id.eq(bind(of)))
            .select(Row::as_select())
            .order(personal_consents::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(purpose) = &filter.purpose {
            all = all.filter(personal_consents::purpose.eq_any(any_of(purpose.values())));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(personal_consents::id.lt(bind(after)));
        }
        all
    })?;
    own(tx, rows).await
}

/// The rows of the ledger's own table with their signatures.
async fn own(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Line>, Failure> {
    let ids: Vec<ConsentId> = rows.iter().map(|it| it.id).collect();
    let mut signatures: HashMap<ConsentId, Vec<ConsentSignatureCard>> = HashMap::new();
    if !ids.is_empty() {
        let theirs = consent_signatures::table.filter(consent_signatures::consent_id.eq_any(binds(&ids)));
        let ordered = theirs.order((consent_signatures::consent_id, consent_signatures::signatory));
        let found: Vec<(ConsentId, ConsentSignatureCard)> = db!(
            tx,
            load,
            ordered.select((consent_signatures::consent_id, ConsentSignatureCard::as_select()))
        )?;
        for (id, it) in found {
            signatures.entry(id).or_default().push(it);
        }
    }
    let line = |row: Row| {
        let signatures = signatures.remove(&row.id).unwrap_or_default();
        Line::Own(row, signatures)
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The first consents of those mentorships of the recipient that the caller sees.
async fn with_mentorships(tx: &mut Tx<'_>, of: BeneficiaryId, window: &Window) -> Result<Vec<Line>, Failure> {
    let scope = tx.scope().clone();
    let rows: Vec<OfMentorship> = db!(tx, load, {
        let mut all = of_mentorships!()
            .filter(mentorships::beneficiary_id.eq(bind(of)))
            .filter(mentorships::id.eq_any(visible_ids!(scope)))
            .order(consents::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(consents::id.lt(bind(after)));
        }
        all
    })?;
    Ok(rows.into_iter().map(Line::OfMentorship).collect())
}
