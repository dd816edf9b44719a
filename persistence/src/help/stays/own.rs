//! Stays as the person reads them: without the notes and the papers of staff.
use super::Row;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{facilities, stays};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, FacilityId, OrganizationId};
use domain::base::text::Title;
use domain::help::places::FacilityKind;
use domain::help::stays::{StayPurpose, StayState};
use shape::card;

/// A stay without the notes and the papers of staff.
#[card]
pub struct OwnStay {
    /// The organization of the facility.
    pub organization_id: OrganizationId,
    /// The facility.
    pub facility_id: FacilityId,
    /// The name of the facility.
    pub facility_name: Option<Title>,
    /// The kind of the facility.
    pub facility_kind: FacilityKind,
    /// The state now.
    pub state: StayState,
    /// The purpose.
    pub purpose: StayPurpose,
    /// The first night.
    pub from_on: NaiveDate,
    /// The planned day of the departure.
    pub until_on: NaiveDate,
    /// The day of the departure or of the cancellation.
    pub ended_on: Option<NaiveDate>,
}

/// So many of the latest stays of a person, by all these records, that are told, and whether there are more. The caller's scope does not
/// limit them. Each is a read that the journal records.
pub(crate) async fn of_person(
    tx: &mut Tx<'_>,
    records: &[BeneficiaryId],
    is_told: impl Fn(FacilityKind, StayPurpose) -> bool,
    at_most: usize,
) -> Result<(Vec<OwnStay>, bool), Failure> {
    let theirs =
        stays::table.inner_join(facilities::table).filter(stays::beneficiary_id.eq_any(binds(records)));
    let mut rows: Vec<(Row, Title, FacilityKind)> =
        db!(tx, load, theirs.select((Row::as_select(), facilities::name, facilities::kind)))?;
    rows.retain(|(it, _, kind)| is_told(*kind, it.purpose));
    rows.sort_unstable_by_key(|it| std::cmp::Reverse((it.0.from_on, it.0.id)));
    let has_more = rows.len() > at_most;
    rows.truncate(at_most);
    tx.disclose(rows.iter().map(|it| Subject::new(SubjectKind::Stay, it.0.id)))?;
    let now = tx.now();
    let own = |(it, name, facility_kind): (Row, Title, FacilityKind)| OwnStay {
        organization_id: it.organization_id,
        facility_id: it.facility_id,
        facility_name: Some(name),
        facility_kind,
        state: it.state.at(it.held_until, now),
        purpose: it.purpose,
        from_on: it.from_on,
        until_on: it.until_on,
        ended_on: it.ended_on,
    };
    Ok((rows.into_iter().map(own).collect(), has_more))
}
