//! Consents of recipients (annex 3) in the database.
use super::{By, row};
use crate::engine::card::Card;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::consents;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::mentorships::{Consent, ConsentForm};
use domain::people::consents::Signatory;
use shape::card;

/// A consent of the recipient (annex 3), as every endpoint returns it.
#[card]
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = consents)]
pub struct ConsentCard {
    /// The id of the consent.
    pub id: ConsentId,
    /// The mentorship of the consent.
    pub mentorship_id: MentorshipId,
    /// The capacity in which the person signed.
    pub signatory: Signatory,
    /// The person who signed.
    pub person_id: PersonId,
    /// The authority by which a representative signed.
    pub representative_id: Option<RepresentativeId>,
    /// The day of signing.
    pub signed_on: NaiveDate,
    /// The file of the signed paper, if somebody else recorded the consent.
    pub file_id: Option<FileId>,
    /// The moment at which the consent was recorded.
    pub recorded_at: Moment,
    /// The first day on which the consent no longer holds.
    pub withdrawn_on: Option<NaiveDate>,
    /// The members of the family that the mentorship covers; absent: all members.
    #[schema(value_type = Vec<PersonId>, max_items = 30)]
    pub covered_person_ids: Option<Json<Vec<PersonId>>>,
    /// The version of annex 3 that was signed.
    pub annex_id: Option<AnnexId>,
    /// The family member whom the mentor contacts first.
    pub primary_contact_id: Option<PersonId>,
}

impl Card for ConsentCard {
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Mentorship, self.mentorship_id)]
    }
}

impl ConsentCard {
    pub(super) fn consent(self) -> Consent {
        let Self { id, signatory, person_id, representative_id, signed_on, file_id, withdrawn_on, .. } = self;
        let covered_person_ids = self.covered_person_ids.map(|it| it.0).unwrap_or_default();
        let primary_contact_id = self.primary_contact_id;
        let form = ConsentForm {
            signatory,
            person_id,
            representative_id,
            signed_on,
            file_id,
            annex_id: self.annex_id,
            covered_person_ids,
            primary_contact_id,
        };
        Consent { id, form, withdrawn_on }
    }
}

/// The consents of the given mentorships, in the order of their recording.
pub(super) async fn of(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<Vec<ConsentCard>, Failure> {
    let theirs = consents::table.filter(consents::mentorship_id.eq_any(binds(ids)));
    let mut found: Vec<ConsentCard> = db!(tx, load, theirs.select(ConsentCard::as_select()))?;
    found.sort_unstable_by_key(|it| it.id);
    Ok(found)
}

/// The consents of a mentorship, the newest first.
pub async fn list_consents(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    window: &Window,
) -> Result<Page<ConsentCard>, Failure> {
    row(tx, id, By::Reach).await?;
    let rows: Vec<ConsentCard> = db!(tx, load, {
        let mut all = consents::table
            .filter(consents::mentorship_id.eq(bind(id)))
            .select(ConsentCard::as_select())
            .order(consents::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if let Some(after) = window.after_id() {
            all = all.filter(consents::id.lt(bind(after)));
        }
        all
    })?;
    Ok(window.page(rows, |it| Place::id(it.id)))
}

/// Adds a signature to a mentorship.
pub(super) async fn insert(tx: &mut Tx<'_>, of: MentorshipId, it: &Consent) -> Result<(), Failure> {
    let covered = Json(it.form.covered_person_ids.clone());
    let row = (
        consents::id.eq(bind(it.id)),
        consents::mentorship_id.eq(bind(of)),
        consents::signatory.eq(bind(it.form.signatory)),
        consents::person_id.eq(bind(it.form.person_id)),
        consents::representative_id.eq(bind(it.form.representative_id)),
        consents::signed_on.eq(it.form.signed_on),
        consents::file_id.eq(bind(it.form.file_id)),
        consents::recorded_at.eq(bind(tx.now())),
        consents::covered_person_ids.eq(bind(Some(covered).filter(|it| !it.0.is_empty()))),
        consents::primary_contact_id.eq(bind(it.form.primary_contact_id)),
        consents::annex_id.eq(bind(it.form.annex_id)),
    );
    db!(tx, execute, diesel::insert_into(consents::table).values(row))?;
    Ok(())
}

/// Notes that the consents of a mentorship no longer hold.
pub(super) async fn withdraw(tx: &mut Tx<'_>, of: MentorshipId, on: NaiveDate) -> Result<(), Failure> {
    let theirs = consents::table.filter(consents::mentorship_id.eq(bind(of)));
    db!(tx, execute, prepared(diesel::update(theirs).set(consents::withdrawn_on.eq(Some(on)))))?;
    Ok(())
}
