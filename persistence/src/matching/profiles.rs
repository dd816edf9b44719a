//! Profiles of mentors and beneficiaries for matching, in their own words. Everybody has one; it has version 0 before
//! the first change.
use crate::engine::card::Card;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiary_profiles, mentor_profiles};
use crate::mentors;
use crate::sight::{offered, passes};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorId};
use domain::base::moment::Moment;
use domain::matching::{
    BENEFICIARY_PROFILE, BeneficiaryProfileForm, MENTOR_PROFILE, MentorProfileForm, ProfileOfBeneficiary,
    ProfileOfMentor,
};
use shape::card;

/// A mentor's own profile for matching.
#[card]
pub struct MentorProfileCard {
    /// The mentor with this profile.
    pub mentor_id: MentorId,
    /// The version number; it grows with every change and is the value of the `ETag` header. It is 0 before the first
    /// change.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// Whether the profile was filled in.
    pub filled: bool,
    /// The content of the profile.
    pub form: MentorProfileForm,
    /// Orders that this caller may send to the profile now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment of the last change.
    pub updated_at: Option<Moment>,
}

/// A beneficiary's own profile for matching.
#[card]
pub struct BeneficiaryProfileCard {
    /// The beneficiary with this profile.
    pub beneficiary_id: BeneficiaryId,
    /// The version number; it grows with every change and is the value of the `ETag` header. It is 0 before the first
    /// change.
    #[schema(minimum = 0, example = 1)]
    pub version: i64,
    /// Whether the profile was filled in.
    pub filled: bool,
    /// The content of the profile.
    pub form: BeneficiaryProfileForm,
    /// Orders that this caller may send to the profile now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment of the last change.
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

/// The stored profile of an id: its version, its form and the moment of the last change. Without a row, an empty form
/// at version 0.
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

/// Stores a form under an id. The first form gets version 1, and each change adds 1.
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

/// The profile of a mentor that the caller may see.
pub async fn mentor_card(tx: &mut Tx<'_>, id: MentorId) -> Result<MentorProfileCard, Failure> {
    mentors::must_reach(tx, id).await?;
    let (version, form, updated_at) = kept!(tx, mentor_profiles, id);
    let edits =
        passes(tx, Right::EditMentorProfiles, async |tx| mentors::must_speak_for(tx, id).await).await?;
    let available_actions = available(&MENTOR_PROFILE, id, Judged::Whole, |_| edits, |_| true);
    let filled = updated_at.is_some();
    Ok(MentorProfileCard { mentor_id: id, version, filled, form, available_actions, updated_at })
}

/// Loads a mentor's profile that a rule will change. It is the caller's own, or of a mentor for whom the caller
/// answers.
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
    let subject = Subject::new(SubjectKind::Beneficiary, id);
    let available_actions = offered(tx, &BENEFICIARY_PROFILE, subject).await?;
    let filled = updated_at.is_some();
    Ok(BeneficiaryProfileCard { beneficiary_id: id, version, filled, form, available_actions, updated_at })
}

/// Loads the profile of a beneficiary that a rule will change.
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
