//! Conversion of stored data about people into the profiles of a round on a given day.
use super::people::{AgeWish, BeneficiaryProfile, MentorProfile, Place, Reach, Tags};
use super::profiles::{BeneficiaryProfileForm, MatchingNeedsForm, MentorProfileForm};
use super::rules::Risk;
use super::words::{Barrier, Barriers};
use crate::base::id::{BeneficiaryId, MentorId, PersonId};
use crate::base::moment::age_years;
use crate::base::refusal::Reason;
use crate::base::text::Code;
use crate::mentors::{
    DOCUMENT_EXPIRED, DOCUMENT_MISSING, DOCUMENT_UNDATED, MentorFacts, NO_NGO, NOT_APPROVED, REMOVED,
    TRAINING_EXPIRED, TRAINING_MISSING, TrainingFacts, UNDERAGE, ineligibility,
};
use crate::mentorships::{MentorshipState, TerminationGround};
use crate::people::consents::HumanFacts;
use crate::people::{BeneficiaryKind, Sex};
use crate::region::programs::{EditionForm, MentorRules, Serves};
use chrono::NaiveDate;
use std::collections::HashMap;

/// The training courses of the region, in the order of their codes. A set of courses is kept as bits, like a set of words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Courses(Vec<Code>);

/// The bit of every course that is unknown or beyond the 63rd. No mentor gets this bit, so nobody is matched by mistake.
const NO_ROOM: u32 = 63;

impl Courses {
    /// The courses, sorted by code.
    pub fn new(mut codes: Vec<Code>) -> Self {
        codes.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        codes.dedup();
        Self(codes)
    }
    fn number(&self, code: &Code) -> u32 {
        let at = self.0.iter().position(|it| it == code).and_then(|it| u32::try_from(it).ok());
        at.map_or(NO_ROOM, |it| it.min(NO_ROOM))
    }
    /// The bits of required courses.
    fn asked(&self, codes: &[Code]) -> Tags {
        Tags(codes.iter().fold(0, |all, it| all | 1 << self.number(it)))
    }
    /// The bits of courses that a person has completed and that are valid on the day.
    fn passed(&self, trainings: &[TrainingFacts], on: NaiveDate) -> Tags {
        let counts =
            |it: &&TrainingFacts| it.completed_on <= on && it.valid_until.is_none_or(|last| on <= last);
        let numbers = trainings.iter().filter(counts).map(|it| self.number(&it.course));
        Tags(numbers.filter(|it| *it != NO_ROOM).fold(0, |all, it| all | 1 << it))
    }
}

/// The stored data of a mentor.
#[derive(Debug, Clone, PartialEq)]
pub struct MentorOnRecord {
    /// The id of the mentor.
    pub id: MentorId,
    /// The person who is the mentor.
    pub person_id: PersonId,
    /// The data for eligibility.
    pub facts: MentorFacts,
    /// Sex.
    pub sex: Sex,
    /// The place where the mentor lives.
    pub place: Place,
    /// The profile for matching. `None` if it is not filled in.
    pub profile: Option<MentorProfileForm>,
    /// The highest risk level of a case for which the mentor is qualified, 0 to 3.
    pub qualified_risk_level: i32,
    /// The greatest number of mentorships at a time.
    pub capacity: i32,
    /// The number of mentorships that have not ended, proposals included.
    pub taken: i64,
    /// The number of those mentorships in the program.
    pub taken_in_program: i64,
    /// Whether a reported ground for the mentor's removal is still open.
    pub has_open_grounds: bool,
}

impl MentorOnRecord {
    /// The profile of the mentor for a round of the program on the day.
    pub fn on(&self, edition: &EditionForm, courses: &Courses, on: NaiveDate) -> MentorProfile {
        // Residence in the municipality is checked for each pair, not here.
        let asked = MentorRules { residence_required: false, ..edition.mentor.clone() };
        let profile = self.profile.clone().unwrap_or_default();
        let against = ineligibility(&self.facts, &asked, on);
        let barriers: Barriers = against.iter().filter_map(barrier_of).collect();
        MentorProfile {
            id: self.id,
            barriers: barriers
                .with(Barrier::GroundOpen, self.has_open_grounds)
                .with(Barrier::MentorAway, is_away(&profile, on))
                .with(Barrier::ProfileMissing, self.profile.is_none()),
            place: self.place,
            reach: reach(&profile, edition.mentor.residence_required),
            age_years: years(age_years(self.facts.profile.birth_date, on)),
            sex: self.sex,
            beneficiary_sex: profile.beneficiary_sex,
            beneficiary_age: wish(profile.beneficiary_age_min_years, profile.beneficiary_age_max_years),
            languages: Tags::of(&profile.languages),
            hours: Tags::of(&profile.hours),
            interests: Tags::of(&profile.interests),
            dislikes: Tags::of(&profile.dislikes),
            skills: Tags::of(&profile.skills),
            special_training: courses.passed(&self.facts.trainings, on),
            qualified_for: Risk::new(years(self.qualified_risk_level)),
            free_seats: self.free_seats(edition),
        }
    }

    /// The free seats in the program, limited by the mentor's own capacity and by the program.
    fn free_seats(&self, edition: &EditionForm) -> u32 {
        let own = i64::from(self.capacity) - self.taken;
        let allowed = i64::from(edition.mentor_capacity) - self.taken_in_program;
        u32::try_from(own.min(allowed)).unwrap_or(0)
    }
}

fn is_away(profile: &MentorProfileForm, on: NaiveDate) -> bool {
    profile.away_from.is_some_and(|first| first <= on) && profile.away_until.is_none_or(|last| on <= last)
}

fn reach(profile: &MentorProfileForm, residence_required: bool) -> Reach {
    match profile.travel_radius_km.and_then(|it| u32::try_from(it).ok()) {
        _ if residence_required => Reach::Municipality,
        _ if profile.works_remotely => Reach::Anywhere,
        Some(km) => Reach::Metres(km.saturating_mul(1000)),
        None => Reach::Municipality,
    }
}

fn wish(at_least: Option<i32>, at_most: Option<i32>) -> AgeWish {
    AgeWish { at_least: at_least.map(years), at_most: at_most.map(years) }
}

fn years(it: i32) -> u16 {
    u16::try_from(it.max(0)).unwrap_or(u16::MAX)
}

/// The barrier that corresponds to a reason of ineligibility.
fn barrier_of(it: &Reason) -> Option<Barrier> {
    let table: [(&[&crate::base::refusal::Rule], Barrier); 6] = [
        (&[&UNDERAGE], Barrier::MentorMinor),
        (&[&NOT_APPROVED], Barrier::MentorNotApproved),
        (&[&REMOVED], Barrier::MentorRemoved),
        (&[&NO_NGO], Barrier::NoOrganization),
        (&[&DOCUMENT_EXPIRED, &DOCUMENT_MISSING, &DOCUMENT_UNDATED], Barrier::DocumentsExpired),
        (&[&TRAINING_EXPIRED, &TRAINING_MISSING], Barrier::TrainingMissing),
    ];
    table.iter().find(|(rules, _)| rules.contains(&it.rule)).map(|it| it.1)
}

/// The latest mentorship of a beneficiary in the program that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestMentorship {
    /// The state of the mentorship.
    pub state: MentorshipState,
    /// The ground of the termination, if it was terminated.
    pub ground: Option<TerminationGround>,
    /// The day of the proposal.
    pub proposed_on: NaiveDate,
    /// The day of its end.
    pub ended_on: Option<NaiveDate>,
}

/// The first day of waiting, or `None` if the beneficiary does not wait. `entered` is the stored day.
///
/// A beneficiary whose mentor is replaced or lost keeps the first day, and so the priority (002 §3.10). After a completion or a
/// withdrawal of the recipient the wait is over, and a new one must be entered.
pub fn waiting_since(entered: Option<NaiveDate>, latest: Option<&LatestMentorship>) -> Option<NaiveDate> {
    use MentorshipState as State;
    let Some(latest) = latest else { return entered };
    let gave_up = latest.ground == Some(TerminationGround::ConsentWithdrawn);
    match latest.state {
        State::Replaced => Some(entered.unwrap_or(latest.proposed_on)),
        State::Terminated if !gave_up => entered,
        _ => entered.filter(|since| latest.ended_on.is_some_and(|ended| *since >= ended)),
    }
}

/// The record under which a person waits, with the first day: of all records of the person that which waits longest. `entered` has the
/// stored days of the records, `latest` is the person's latest mentorship under any of them, with its record.
pub fn waiting_record(
    entered: &HashMap<BeneficiaryId, NaiveDate>,
    latest: Option<(BeneficiaryId, &LatestMentorship)>,
) -> Option<(NaiveDate, BeneficiaryId)> {
    let since = |it: BeneficiaryId| waiting_since(entered.get(&it).copied(), latest.map(|it| it.1));
    let records = entered.keys().copied().chain(latest.map(|it| it.0));
    records.filter_map(|it| Some((since(it)?, it))).min()
}

/// The greatest number of days of waiting in a profile. Greater numbers are reduced to it.
const DAYS_TOLD: u32 = 100_000;

/// The stored data of a beneficiary.
#[derive(Debug, Clone, PartialEq)]
pub struct BeneficiaryOnRecord {
    /// The id of the beneficiary.
    pub id: BeneficiaryId,
    /// A person or a family.
    pub kind: BeneficiaryKind,
    /// The person alone, or the present members of the family.
    pub people: Vec<HumanFacts>,
    /// The sex of the person. `None` for a family.
    pub sex: Option<Sex>,
    /// Whether the family has minor children.
    pub has_minor_children: bool,
    /// Whether the beneficiary has an open case in the responsible institution.
    pub has_open_case: bool,
    /// The place where the beneficiary lives. If mentors must live in the municipality, the place of the institution.
    pub place: Place,
    /// The profile for matching. `None` if it is not filled in.
    pub profile: Option<BeneficiaryProfileForm>,
    /// The needs, as entered by specialists.
    pub needs: Option<MatchingNeedsForm>,
    /// The first day of waiting, as entered.
    pub entered: Option<NaiveDate>,
    /// Whether a mentorship in the program has not ended.
    pub is_taken: bool,
    /// Whether the person waits, or has a mentor, in the program under another record. One person counts once.
    pub is_other_record: bool,
    /// Whether the person is removed from the register.
    pub is_removed: bool,
    /// The latest mentorship in the program that has begun.
    pub latest: Option<LatestMentorship>,
}

impl BeneficiaryOnRecord {
    /// The first day of waiting in the program. `None` while a mentorship has not ended, where another record of the person counts, and for
    /// one who is removed from the register.
    pub fn waits_since(&self) -> Option<NaiveDate> {
        let is_counted = self.is_taken || self.is_other_record || self.is_removed;
        if is_counted { None } else { waiting_since(self.entered, self.latest.as_ref()) }
    }

    /// The profile of the beneficiary for a round of the program on the day.
    pub fn on(&self, edition: &EditionForm, courses: &Courses, on: NaiveDate) -> BeneficiaryProfile {
        let profile = self.profile.clone().unwrap_or_default();
        let needs = self.needs.clone().unwrap_or_default();
        let since = self.waits_since();
        let person = self.people.first().filter(|_| self.kind == BeneficiaryKind::Person);
        let waited = since.map_or(0, |it| on.signed_duration_since(it).num_days());
        BeneficiaryProfile {
            id: self.id,
            barriers: Barriers::NONE
                .with(Barrier::NotWaiting, since.is_none())
                .with(Barrier::OtherRecord, self.is_other_record)
                .with(Barrier::NoConsent, !needs.agrees_to_matching)
                .with(Barrier::NoOpenCase, edition.requires_open_case && !self.has_open_case)
                .with(Barrier::ProgramMismatch, !self.is_served(edition, on))
                .with(Barrier::ProfileMissing, self.profile.is_none()),
            place: self.place,
            age_years: person.map(|it| years(age_years(it.birth_date, on))),
            sex: self.sex.unwrap_or(Sex::Unknown),
            mentor_sex: profile.mentor_sex,
            mentor_age: wish(profile.mentor_age_min_years, profile.mentor_age_max_years),
            languages: Tags::of(&profile.languages),
            hours: Tags::of(&profile.hours),
            interests: Tags::of(&profile.interests),
            dislikes: Tags::of(&profile.dislikes),
            needs: Tags::of(&needs.needs),
            special_training: courses.asked(&needs.special_course_codes),
            risk: Risk::new(years(needs.risk_level)),
            waiting_days: u32::try_from(waited).unwrap_or(0).min(DAYS_TOLD),
        }
    }

    fn is_served(&self, edition: &EditionForm, on: NaiveDate) -> bool {
        let fits = |it: &HumanFacts| edition.fits_age(it.birth_date, on);
        self.kind.is_served_by(edition.serves)
            && (!edition.requires_minor_children || self.has_minor_children)
            && (edition.serves != Serves::Person || self.people.iter().all(fits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::word::Word;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn latest(state: MentorshipState, ground: Option<TerminationGround>) -> LatestMentorship {
        let (proposed_on, ended_on) = (day("2026-02-01"), Some(day("2026-05-01")));
        LatestMentorship { state, ground, proposed_on, ended_on }
    }

    #[test]
    fn whoever_lost_the_mentor_waits_since_the_first_day_and_whoever_is_done_does_not_wait() {
        let entered = Some(day("2026-01-10"));
        let since = |latest: &LatestMentorship| waiting_since(entered, Some(latest));
        assert_eq!(waiting_since(entered, None), entered);
        assert_eq!(since(&latest(MentorshipState::Replaced, None)), entered);
        assert_eq!(
            waiting_since(None, Some(&latest(MentorshipState::Replaced, None))),
            Some(day("2026-02-01"))
        );
        for ground in TerminationGround::ALL {
            let gave_up = *ground == TerminationGround::ConsentWithdrawn;
            let expected = if gave_up { None } else { entered };
            assert_eq!(since(&latest(MentorshipState::Terminated, Some(*ground))), expected, "{ground}");
        }
        assert_eq!(since(&latest(MentorshipState::Completed, None)), None);
        let anew = Some(day("2026-06-01"));
        assert_eq!(waiting_since(anew, Some(&latest(MentorshipState::Completed, None))), anew);
        assert_eq!(waiting_since(None, None), None);
    }

    #[test]
    fn of_two_records_of_one_person_the_one_that_waits_longest_waits() {
        let record = |it: u128| BeneficiaryId::from(uuid::Uuid::from_u128(it));
        let days = |all: &[(u128, &str)]| all.iter().map(|it| (record(it.0), day(it.1))).collect();
        let both = days(&[(1, "2026-06-02"), (2, "2026-06-01")]);
        assert_eq!(waiting_record(&both, None), Some((day("2026-06-01"), record(2))));
        let together = days(&[(2, "2026-06-01"), (1, "2026-06-01")]);
        assert_eq!(waiting_record(&together, None), Some((day("2026-06-01"), record(1))));
        let replaced = latest(MentorshipState::Replaced, None);
        let own = Some((record(2), &replaced));
        assert_eq!(waiting_record(&HashMap::new(), own), Some((day("2026-02-01"), record(2))));
        let completed = latest(MentorshipState::Completed, None);
        let early = days(&[(1, "2026-01-10")]);
        assert_eq!(
            waiting_record(&early, Some((record(2), &completed))),
            None,
            "done under the other record"
        );
        assert_eq!(
            waiting_record(&both, Some((record(2), &completed))),
            Some((day("2026-06-01"), record(2)))
        );
        assert_eq!(waiting_record(&HashMap::new(), None), None);
    }

    #[test]
    fn a_course_without_room_is_passed_by_nobody() {
        let codes: Vec<Code> = (0..70).map(|it| Code::new(&format!("course-{it:02}"))).collect();
        let courses = Courses::new(codes.clone());
        let training = |code: &Code| TrainingFacts {
            course: code.clone(),
            completed_on: day("2026-01-01"),
            valid_until: None,
        };
        let all: Vec<TrainingFacts> = codes.iter().map(training).collect();
        let passed = courses.passed(&all, day("2026-02-01"));
        assert_eq!(courses.asked(&codes[..1]).common(passed), 1);
        assert_eq!(courses.asked(&codes[65..]).common(passed), 0);
        assert_eq!(courses.passed(&all, day("2025-12-31")), Tags(0));
    }

    #[test]
    fn every_reason_against_a_mentor_is_a_barrier_but_the_one_judged_for_each_pair() {
        let personal = [
            &UNDERAGE,
            &NOT_APPROVED,
            &REMOVED,
            &NO_NGO,
            &DOCUMENT_EXPIRED,
            &DOCUMENT_MISSING,
            &DOCUMENT_UNDATED,
            &TRAINING_EXPIRED,
            &TRAINING_MISSING,
        ];
        assert!(personal.iter().all(|it| barrier_of(&it.reason()).is_some()));
        assert_eq!(barrier_of(&crate::mentors::NOT_RESIDENT.reason()), None);
    }
}
