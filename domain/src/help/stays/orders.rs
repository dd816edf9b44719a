//! Orders about stays: the bodies of requests.
use super::words::{DepartureReason, SentDepartureReason, StayPurpose};
use crate::base::clauses::{all_hold, clash, lack, unexplained};
use crate::base::id::{
    BedId, BeneficiaryId, CaseId, FileId, HouseRulesId, LivingEnrolmentId, PlaceRequestId,
};
use crate::base::moment::Moment;
use crate::base::text::{Note, OrderNumber};
use crate::base::word::only_sent;
use crate::help::places::nights::Span;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// An order to book a bed.
#[form]
#[validate(schema(function = "stay_is_whole"))]
#[schema(example = json!({"beneficiary_id": "01980000-0000-7000-8000-000000000008", "bed_id": "01980000-0000-7000-8000-000000000063", "from_on": "2026-03-02", "until_on": "2026-04-01", "purpose": "hardship", "case_id": "01980000-0000-7000-8000-00000000000a"}))]
pub struct StayForm {
    /// The beneficiary, a person: of the organization of the facility, or with an open case there.
    pub beneficiary_id: BeneficiaryId,
    /// The bed.
    pub bed_id: BedId,
    /// The first night: tonight or later, or one whose hold is not over yet.
    pub from_on: NaiveDate,
    /// The day of the departure: the day after the last night, at most 366 nights later.
    pub until_on: NaiveDate,
    /// The purpose.
    pub purpose: StayPurpose,
    /// The open case of the person in the organization of the facility. Required without an order of the director.
    pub case_id: Option<CaseId>,
    /// The number of the director's order, for a person without a case or of another age than the facility takes.
    pub order_number: Option<OrderNumber>,
    /// The day of that order. Required with its number.
    pub order_on: Option<NaiveDate>,
    /// The enrolment into a programme of independent living to which the stay belongs.
    pub enrolment_id: Option<LivingEnrolmentId>,
    /// The permission of the guardianship authority. Required for a person under 18 on the first night.
    pub permission_file_id: Option<FileId>,
    /// The request of the waiting list which the stay settles. An offer of it gives way to the stay.
    pub place_request_id: Option<PlaceRequestId>,
}

impl StayForm {
    /// The nights.
    pub fn span(&self) -> Span {
        Span::new(self.from_on, self.until_on)
    }
}

fn stay_is_whole(it: &StayForm) -> Result<(), ValidationError> {
    all_hold([
        clash(!it.span().is_possible(), &["until_on", "from_on"]),
        lack(it.order_number.is_some() && it.order_on.is_none(), &["order_on", "order_number"]),
        clash(it.order_on.is_some() && it.order_number.is_none(), &["order_on", "order_number"]),
    ])
}

/// An order to record an arrival.
#[form]
#[validate(schema(function = "arrival_is_whole"))]
#[schema(example = json!({"arrived_at": "2026-03-02T09:00:00Z", "house_rules_id": "01980000-0000-7000-8000-000000000067", "rules_file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct StayArrival {
    /// The moment of the arrival, on the first day of the stay or later.
    pub arrived_at: Moment,
    /// The edition of the house rules that the person has signed. Required where the facility has house rules in force.
    pub house_rules_id: Option<HouseRulesId>,
    /// The signed house rules. Required with the edition.
    pub rules_file_id: Option<FileId>,
}

fn arrival_is_whole(it: &StayArrival) -> Result<(), ValidationError> {
    all_hold([
        lack(it.house_rules_id.is_some() && it.rules_file_id.is_none(), &["rules_file_id", "house_rules_id"]),
        clash(
            it.rules_file_id.is_some() && it.house_rules_id.is_none(),
            &["rules_file_id", "house_rules_id"],
        ),
    ])
}

/// An order to extend a stay.
#[form]
#[schema(example = json!({"until_on": "2026-05-01"}))]
pub struct StayExtension {
    /// The new day of the departure, later than the present one.
    pub until_on: NaiveDate,
}

/// An order to move a person to another bed of the facility, from tonight on.
#[form]
#[schema(example = json!({"bed_id": "01980000-0000-7000-8000-000000000063"}))]
pub struct StayMove {
    /// The other bed.
    pub bed_id: BedId,
}

/// An order to record a departure. The nights from that day on are free.
#[form]
#[validate(schema(function = "departure_is_whole"))]
#[schema(example = json!({"departed_on": "2026-03-20", "reason": "housing"}))]
pub struct StayDeparture {
    /// The day of the departure: from the arrival until the planned day, and not in the future.
    pub departed_on: NaiveDate,
    /// The reason.
    #[schema(value_type = SentDepartureReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: DepartureReason,
    /// The departure in words. Required when the reason is `other`.
    pub note: Option<Note>,
}

fn departure_is_whole(it: &StayDeparture) -> Result<(), ValidationError> {
    all_hold([unexplained(it.reason, it.note.as_ref())])
}

/// An order to cancel a reservation.
#[form]
#[schema(example = json!({"note": "Поселился у родных."}))]
pub struct StayCancellation {
    /// The reason in words.
    pub note: Option<Note>,
}
