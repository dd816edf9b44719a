//! Questions of lower areas to higher ones, and notices to them. `crate::registry` answers for all areas.
use super::Tx;
use crate::engine::failure::Failure;
use chrono::NaiveDate;
use domain::accompaniment::monthly_records::MonthItem;
use domain::base::access::Right;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::correction::Recorded;
use domain::base::id::{BeneficiaryId, CaseId, ConsentId, MentorshipId, MonthItemId, PersonId, ProgramId};
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::base::text::Oktmo;
use domain::mentors::{Mentor, Removal};
use domain::mentorships::{MentorshipState, Pairing};
use domain::people::consents::CasePart;
use domain::people::register::merges::Clash;
use std::any::Any;
use std::pin::Pin;
use uuid::Uuid;

/// The answer to a question, as a future, because it needs statements.
pub(crate) type Asked<'t, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 't>>;

/// The higher areas. Areas depend on each other in one direction, and these calls are the only ones in the other
/// direction.
pub(crate) trait Registry: Send + Sync {
    /// The right to read a kind of thing.
    fn right_to_see(&self, kind: SubjectKind) -> Option<Right>;
    /// The table whose rows have the versions of a kind of thing; none for things without versions.
    fn versioned_in(&self, kind: SubjectKind) -> Option<&'static str>;
    /// Whether the right of this transaction reaches that thing.
    fn reaches<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool>;
    /// Whether a thing was annulled, in the sight of nobody.
    fn is_annulled<'t>(&self, tx: &'t mut Tx<'_>, subject: Subject) -> Asked<'t, bool>;
    /// The names of those of the given rows of a kind that the right of this transaction reaches.
    fn names<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        kind: SubjectKind,
        ids: Vec<Uuid>,
    ) -> Asked<'t, Vec<(Uuid, String)>>;
    /// The reason against any choice of a mentor or a beneficiary after an activity that the caller sees.
    fn against_choosing<'t>(&self, tx: &'t mut Tx<'_>, chooser: Subject) -> Asked<'t, Option<Reason>>;
    /// Whether somebody objects to a pair in its program.
    fn is_objected<'t>(&self, tx: &'t mut Tx<'_>, pair: ObjectedPair) -> Asked<'t, bool>;
    /// Handles the end of a mentorship. The consequences belong to the same transaction.
    fn mentorship_ended<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        pairing: &'t Pairing,
        state: MentorshipState,
    ) -> Asked<'t, ()>;
    /// Counts anew whether a recipient waits in a program, after a mentorship of theirs there was proposed, has ended or goes on.
    fn wait_changed<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        program: ProgramId,
        recipient: BeneficiaryId,
    ) -> Asked<'t, ()>;
    /// Whether the right of this transaction reaches what stands under that thing.
    fn reaches_under<'t>(&self, tx: &'t mut Tx<'_>, parent: Subject) -> Asked<'t, bool>;
    /// The reasons against days of what is entered under a thing: outside of the lives that it is about, or of its case.
    fn against_days<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        under: Subject,
        days: &'t [ToldDay],
    ) -> Asked<'t, Vec<Reason>>;
    /// Handles the death of a person. Everything that it ends, it ends in the same transaction.
    fn person_died<'t>(&self, tx: &'t mut Tx<'_>, person: PersonId, died_on: NaiveDate) -> Asked<'t, ()>;
    /// Handles the annulment of a death: the person is alive, and may wait again.
    fn person_lives_on<'t>(&self, tx: &'t mut Tx<'_>, person: PersonId) -> Asked<'t, ()>;
    /// The running mentorships of these recipients whose consents hold today for the last time, or no more.
    fn void_consents<'t>(&self, tx: &'t mut Tx<'_>, of: &'t [BeneficiaryId]) -> Asked<'t, Vec<MentorshipId>>;
    /// The first day within the given ones on which a version of the life plan of a beneficiary was adopted.
    fn life_plan_adopted<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        beneficiary: BeneficiaryId,
        within: (NaiveDate, NaiveDate),
    ) -> Asked<'t, Option<NaiveDate>>;
    /// The reasons against an entry, under a thing or alone, that need other rows. `form` is the form of an entry, `before` the one before an
    /// edit or a step.
    fn against_entry<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        under: Option<Subject>,
        form: &'t dyn Any,
        before: Option<&'t dyn Any>,
    ) -> Asked<'t, Vec<Reason>>;
    /// The reasons against what comes of a step of an entry, beside the entry itself.
    fn against_step<'t>(&self, tx: &'t mut Tx<'_>, of: Subject, order: &'t dyn Any)
    -> Asked<'t, Vec<Reason>>;
    /// Handles a step or an edit of an entry that was just saved. The consequences of the order belong to the same transaction.
    fn entry_changed<'t>(&self, tx: &'t mut Tx<'_>, of: Subject, order: &'t dyn Any) -> Asked<'t, ()>;
    /// The first day of papers from which something new follows. Refuses anything new that follows from a thing which was annulled, or is
    /// over.
    fn must_go_on<'t>(&self, tx: &'t mut Tx<'_>, of: Subject) -> Asked<'t, Option<NaiveDate>>;
    /// The reasons against an edit or a step of an entry that need other rows. `before` and `after` are its forms.
    fn against_edit<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        id: Uuid,
        before: &'t dyn Any,
        after: &'t dyn Any,
    ) -> Asked<'t, Vec<Reason>>;
    /// The record of an entry about the past that was made at that instant and is about these things, as the rules about corrections see it.
    fn recorded<'t>(&self, tx: &'t mut Tx<'_>, made_at: Moment, about: &'t [Subject]) -> Asked<'t, Recorded>;
    /// The things that rest on an entry, under a thing or alone, as reasons against its annulment.
    fn built_on<'t>(&self, tx: &'t mut Tx<'_>, of: Subject, under: Option<Subject>)
    -> Asked<'t, Vec<Reason>>;
    /// Everything that one person has once, and both sides of a merge have.
    fn clashes<'t>(&self, tx: &'t mut Tx<'_>, sides: &'t MergedSides) -> Asked<'t, Vec<Clash>>;
    /// Everything that was begun under these records after that id was made, until a moment.
    fn begun_under<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        of: &'t [BeneficiaryId],
        within: (Uuid, Moment),
    ) -> Asked<'t, Vec<Subject>>;
    /// Handles a merge of two records in the register, or its reversal.
    fn records_joined<'t>(&self, tx: &'t mut Tx<'_>, both: [BeneficiaryId; 2]) -> Asked<'t, ()>;
    /// Handles the removal of somebody from the register, or their restoration.
    fn register_changed<'t>(&self, tx: &'t mut Tx<'_>, of: BeneficiaryId) -> Asked<'t, ()>;
    /// Everything of higher areas on which the closing of a case rests.
    fn open_in_case<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, OpenInCase>;
    /// The part of it that holds on any day and for any order.
    fn blocking_in_case<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, OpenInCase>;
    /// The reasons of higher areas against handing a case over.
    fn against_transfer<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<Reason>>;
    /// The reasons of higher areas against the stages of a case that wait until something has ended.
    fn against_leaving<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<Reason>>;
    /// Handles the closing of a case on that day. Everything open in it ends in the same transaction.
    fn case_closed<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId, closed_on: NaiveDate) -> Asked<'t, ()>;
    /// Handles the territory in which a beneficiary lives from now on.
    fn beneficiary_moved<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        beneficiary: BeneficiaryId,
        territory: &'t Oktmo,
    ) -> Asked<'t, ()>;
    /// Hands what is open in a case over to the one that continues it in another organization, today.
    fn case_passed_on<'t>(&self, tx: &'t mut Tx<'_>, it: &'t HandedOver) -> Asked<'t, ()>;
    /// The things of higher areas that happened in a case within these days.
    fn month_items<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        case: CaseId,
        within: (NaiveDate, NaiveDate),
    ) -> Asked<'t, Vec<MonthItem>>;
    /// Those of the crises of months that concern the caller, who learns of none of them.
    fn crises_about_caller<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        among: &'t [MonthItemId],
    ) -> Asked<'t, Vec<MonthItemId>>;
    /// Handles the withdrawal of a consent. The sight of others by it ends in the same transaction.
    fn consent_withdrawn<'t>(&self, tx: &'t mut Tx<'_>, consent: ConsentId) -> Asked<'t, ()>;
    /// The parts of a case that higher areas open to the caller today, such as a referral does.
    fn opened_parts<'t>(&self, tx: &'t mut Tx<'_>, case: CaseId) -> Asked<'t, Vec<CasePart>>;
    /// Handles the removal of a mentor. The mentor's mentorships end in the same transaction.
    fn mentor_removed<'t>(
        &self,
        tx: &'t mut Tx<'_>,
        mentor: &'t Mentor,
        removal: &'t Removal,
    ) -> Asked<'t, ()>;
}

/// Both sides of a merge in the register, each with all records of its person.
#[derive(Debug)]
pub(crate) struct MergedSides {
    pub(crate) one: Vec<BeneficiaryId>,
    pub(crate) other: Vec<BeneficiaryId>,
}

/// Everything of higher areas on which the closing of a case rests.
#[derive(Debug, Default)]
pub(crate) struct OpenInCase {
    /// The reasons against a closing that does not end what is open.
    pub(crate) ends_with_case: Vec<Reason>,
    /// The reasons against any closing.
    pub(crate) outlasts_case: Vec<Reason>,
    /// The reasons against handing the case over.
    pub(crate) against_transfer: Vec<Reason>,
    /// The last day of the case on record there.
    pub(crate) recorded_until: Option<NaiveDate>,
}

/// A case that another organization takes over.
#[derive(Debug)]
pub(crate) struct HandedOver {
    /// The case that closes.
    pub(crate) from: CaseId,
    /// The case that goes on.
    pub(crate) to: CaseId,
    /// The parts of the former case that the other organization reads.
    pub(crate) parts: Vec<CasePart>,
}

/// A day that a form tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToldDay {
    /// The name of its member.
    pub name: &'static str,
    pub day: NaiveDate,
    /// Whether it is the day of what is told, and not one before or after it.
    pub is_own: bool,
}

/// A pair in a program, for the question about objections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObjectedPair {
    pub(crate) program_id: domain::base::id::ProgramId,
    pub(crate) beneficiary_id: domain::base::id::BeneficiaryId,
    pub(crate) mentor_id: domain::base::id::MentorId,
}
