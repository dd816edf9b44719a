//! What mentors and beneficiaries tell of themselves. Everyone has a profile: what nobody filled stands at version 0.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiary_profiles, mentor_profiles};
use crate::mentors;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId};
use domain::base::moment::Moment;
use domain::matching::{BeneficiaryProfileForm, MentorProfileForm, ProfileOfBeneficiary, ProfileOfMentor};
use shape::card;

/// What a mentor tells of themselves for matching.
#[card]
pub struct MentorProfileCard {
    /// The mentor.
    pub mentor_id: MentorId,
    /// Grows with every change; the `ETag`. 0 while nobody has filled it.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// Whether anybody has filled it.
    pub filled: bool,
    /// What it says.
    pub form: MentorProfileForm,
    /// When it last changed.
    pub updated_at: Option<Moment>,
}

/// What a beneficiary tells of themselves for matching.
#[card]
pub struct BeneficiaryProfileCard {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// Grows with every change; the `ETag`. 0 while nobody has filled it.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// Whether anybody has filled it.
    pub filled: bool,
    /// What it says.
    pub form: BeneficiaryProfileForm,
    /// When it last changed.
    pub updated_at: Option<Moment>,
}

impl Card for MentorProfileCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Mentor, self.mentor_id)]
    }
}
impl Card for BeneficiaryProfileCard {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
    fn personal(&self) -> Vec<Subject> {
        vec![Subject::new(SubjectKind::Beneficiary, self.beneficiary_id)]
    }
}

/// The profile kept for an id: its version, its form and when it last changed; the least where nobody filled any.
macro_rules! kept {
    ($tx:expr, $table:ident, $id:expr) => {{
        let one = $table::table.find(bind($id)).select(($table::version, $table::form, $table::updated_at));
        let row: Option<(i64, Json<_>, Moment)> = db!($tx, first, one).optional()?;
        match row {
            Some((version, form, at)) => (version, form.0, Some(at)),
            None => (0, Default::default(), None),
        }
    }};
}

/// Keeps a form under an id: the first at version 1, each further one at the next.
macro_rules! keep {
    ($tx:expr, $table:ident, $key:ident, $it:expr) => {{
        let form = ($table::form.eq(bind(Json($it.form.clone()))), $table::updated_at.eq(bind($tx.now())));
        let next = $table::version.eq($table::version + 1);
        let again = diesel::update($table::table.find(bind($it.id))).set((next, form.clone()));
        match db!($tx, execute, prepared(again))? {
            0 => {
                let head = ($table::$key.eq(bind($it.id)), $table::version.eq(1));
                db!($tx, execute, diesel::insert_into($table::table).values((head, form)))?
            }
            rows => rows,
        }
    }};
}

/// The profile of a mentor whom the caller sees.
pub async fn mentor_card(tx: &mut Tx<'_>, id: MentorId) -> Result<MentorProfileCard, Failure> {
    mentors::must_be_visible(tx, id).await?;
    let (version, form, updated_at) = kept!(tx, mentor_profiles, id);
    Ok(MentorProfileCard { mentor_id: id, version, filled: updated_at.is_some(), form, updated_at })
}

/// The profile of a mentor for a rule to change: the mentor's own, or of one for whom the caller answers.
pub async fn load_mentor(tx: &mut Tx<'_>, id: MentorId) -> Result<ProfileOfMentor, Failure> {
    mentors::must_speak_for(tx, id).await?;
    let it = mentor_card(tx, id).await?;
    tx.expect(it.version)?;
    Ok(ProfileOfMentor { id, form: it.form })
}

/// Saves the edited profile of a mentor.
pub async fn save_mentor(tx: &mut Tx<'_>, change: Changed<ProfileOfMentor>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = keep!(tx, mentor_profiles, mentor_id, it);
    tx.established(rows, records)
}

/// The profile of a beneficiary whom the right of this transaction reaches.
pub async fn beneficiary_card(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<BeneficiaryProfileCard, Failure> {
    super::beneficiary(tx, id).await?;
    let (version, form, updated_at) = kept!(tx, beneficiary_profiles, id);
    Ok(BeneficiaryProfileCard { beneficiary_id: id, version, filled: updated_at.is_some(), form, updated_at })
}

/// The profile of a beneficiary for a rule to change.
pub async fn load_beneficiary(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<ProfileOfBeneficiary, Failure> {
    let it = beneficiary_card(tx, id).await?;
    tx.expect(it.version)?;
    Ok(ProfileOfBeneficiary { id, form: it.form })
}

/// Saves the edited profile of a beneficiary.
pub async fn save_beneficiary(tx: &mut Tx<'_>, change: Changed<ProfileOfBeneficiary>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = keep!(tx, beneficiary_profiles, beneficiary_id, it);
    tx.established(rows, records)
}
